"""What changed between the intruder's statements and the snapshot, as far as it can be known.

A row changed since may have held another value or stood elsewhere: what replay finds of it is possible, not confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_TABLE = r"(?:only\s+)?(?:\"?\w+\"?\.)?\"?(\w+)\"?"
_WRITE = re.compile(
    rf"\b(?:(?P<write>insert\s+into\s+{_TABLE}|update\s+{_TABLE}|copy\s+{_TABLE}\s*(?:\([^)]*\)\s*)?from\b)"
    rf"|(?:delete\s+from|merge\s+into|drop\s+table(?:\s+if\s+exists)?|alter\s+table(?:\s+if\s+exists)?)\s+{_TABLE}"
    rf"|truncate\s+(?:table\s+)?(?P<list>[\w\".,\s]+))",
    re.IGNORECASE,
)
"""Wherever it stands in a text: behind WITH, behind a semicolon, in a function's body."""


@dataclass(frozen=True)
class History:
    """``known``: a database log covers the time from the first statement to the snapshot.

    ``written``, ``removed``: tables that it shows being written, or losing rows.
    """

    known: bool
    written: frozenset[str] = field(default_factory=frozenset)
    removed: frozenset[str] = field(default_factory=frozenset)

    def may_have_lost_rows(self, table: str) -> bool:
        return not self.known or table.lower() in self.removed

    def may_have_changed(self, table: str) -> bool:
        """Whether rows of a table without a change stamp can differ from what they were."""
        return not self.known or table.lower() in self.written | self.removed


def history(statements: Iterable[str], *, known: bool) -> History:
    """Read off the writing statements of everybody, from the first of the intruder's to the snapshot."""
    written: set[str] = set()
    removed: set[str] = set()
    for statement in statements:
        for match in _WRITE.finditer(statement):
            names = [name.lower() for name in match.groups()[1:-1] if name is not None]
            if match.group("list") is not None:
                removed |= {word.lower() for word in re.findall(r"\w+", match.group("list"))}
            elif match.group("write") is not None:
                written |= set(names)
            else:
                removed |= set(names)
    return History(known, frozenset(written), frozenset(removed))
