"""What changed between the intruder's statements and the snapshot, as far as it can be known.

A row changed since may have held another value or stood elsewhere: what replay finds of it is possible, not confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_WRITE = re.compile(
    r"\s*(?:(insert\s+into|update(?:\s+only)?|copy)|(delete\s+from(?:\s+only)?|truncate(?:\s+table)?|merge\s+into"
    r"|drop\s+table|alter\s+table))\s+(?:\"?\w+\"?\.)?\"?(\w+)\"?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class History:
    """``known``: a database log covers the time from the first statement to the snapshot.

    ``written``, ``removed``: tables that it shows being written, or losing rows.
    """

    known: bool
    written: frozenset[str] = field(default_factory=frozenset)
    removed: frozenset[str] = field(default_factory=frozenset)

    def may_have_lost_rows(self, table: str) -> bool:
        return not self.known or table in self.removed

    def may_have_changed(self, table: str) -> bool:
        """Whether rows of a table without a change stamp can differ from what they were."""
        return not self.known or table in self.written or table in self.removed


def history(statements: Iterable[str], *, known: bool) -> History:
    """Read off the writing statements of everybody, from the first of the intruder's to the snapshot."""
    written: set[str] = set()
    removed: set[str] = set()
    for statement in statements:
        match = _WRITE.match(statement)
        if match is not None:
            (removed if match.group(2) else written).add(match.group(3).lower())
    return History(known, frozenset(written), frozenset(removed))
