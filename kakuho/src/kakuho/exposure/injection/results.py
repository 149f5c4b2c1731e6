"""What was decoded, in the form that people and programs read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class DecodedValue:
    """One value that the attacker obtained, or (``value`` None) asked for where the log does not hold the answer.

    ``value``: undecided characters are U+FFFD. ``complete``: every character and the end are decided. ``candidates``:
    of
    undecided characters (from 1) what they can be, where that is little.
    """

    query: str
    table: str | None
    column: str | None
    row: int | None
    value: str | None
    complete: bool
    lines: tuple[int, ...]
    candidates: dict[int, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The value as JSON."""
        return {
            "query": self.query,
            "table": self.table,
            "column": self.column,
            "row": self.row,
            "value": self.value,
            "complete": self.complete,
            "lines": list(self.lines),
            "candidates": {str(place): one for place, one in sorted(self.candidates.items())},
        }


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one parameter gave away by one technique."""

    host: str | None
    path: str
    parameter: str
    dbms: str | None
    technique: str
    oracle: str
    values: tuple[DecodedValue, ...]

    def as_json(self) -> dict[str, Any]:
        """The extraction as JSON."""
        return {
            "host": self.host,
            "path": self.path,
            "parameter": self.parameter,
            "dbms": self.dbms,
            "technique": self.technique,
            "oracle": self.oracle,
            "values": [one.as_json() for one in self.values],
        }
