"""What the statements of a MySQL or MariaDB log can have changed: every table that a writing statement names.

Wider than what PostgreSQL's are read for: MySQL has more ways to spell a write, and a word too many only makes a row
uncertain. What runs statements that are not in the text makes all uncertain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kakuho.exposure.history import History

DUMPED = r"(?i)^\s*SELECT /\*!40001 SQL_NO_CACHE \*/ "
"""How mysqldump and mariadb-dump read a table."""
_READS = re.compile(
    r"(?:\s|\(|--[^\n]*\n|/\*(?!M?!).*?\*/)*(?:select|show|set|use|explain|desc|describe|begin|start|commit|rollback"
    r"|lock|unlock|savepoint|release|analyze|flush|kill|prepare|deallocate)\b[^;]*;?\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
_PROGRAMS = re.compile(
    r"\b(?:call|execute|do|handler|begin\s+not|create\s+(?:\S+\s+)*?(?:trigger|event))\b", re.IGNORECASE
)
_REMOVES = re.compile(r"\b(?:delete|replace|truncate|drop|alter|rename|load|import|duplicate)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d]\w*")


def mysql_history(statements: Iterable[str], *, known: bool) -> History:
    """Read off the statements of everybody, from the first of the intruder's to the snapshot."""
    written: set[str] = set()
    removed: set[str] = set()
    for statement in statements:
        if _READS.match(statement) and not re.match(r"\s*set\b.*\bstatement\b", statement, re.IGNORECASE):
            continue
        if _PROGRAMS.search(statement):
            return History(known=False)
        words = {word.lower() for word in _WORD.findall(statement)}
        written |= words
        if _REMOVES.search(statement):
            removed |= words
    return History(known, frozenset(written), frozenset(removed))
