"""Statements in the manner of PostgreSQL's regression suite: each a feature of SELECT that people write, or could.

Written for this database; nothing is taken over from the suite. Some fail, as there. A LIMIT counts
keys, not values: that a row sorts behind it is no value of its own, and is not asked.
"""

from pathlib import Path


def statements() -> list[str]:
    """One a line."""
    return Path(__file__).with_name("regression.sql").read_text(encoding="utf-8").splitlines()
