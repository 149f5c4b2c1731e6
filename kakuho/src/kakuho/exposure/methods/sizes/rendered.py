"""What statements give on the restored snapshot, as values, and how its tables lie. Read-only, as all of replay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kakuho.engine.answers import Answers, QueryFailedError
from kakuho.exposure.history import History
from kakuho.exposure.sql import Schema
from kakuho.exposure.sql.fold import quoted

MOST_ROWS = 1_000
"""Rows of a known answer; one with more is not used."""
MOST_CANDIDATES = 200_000
MOST_BYTES = 16 * 1024 * 1024
"""Of a table. From a quarter of ``shared_buffers`` on (128 MB where nobody set it) PostgreSQL may begin to read a table
at any place (synchronize_seqscans); a live table is also larger than the restored one."""
_PAGE = 8192


@dataclass(frozen=True)
class Lying:
    """A row of a table, in the order in which the table lies."""

    key: str
    changed: bool
    existed: bool
    """It was there at the first statement; one made later stood nowhere."""


@dataclass(frozen=True)
class Table:
    """``ordered``: the rows tell how the table lay. ``lost``: rows may be gone; ``still``: nothing was written."""

    rows: Sequence[Lying]
    rows_a_page: float
    ordered: bool
    lost: bool
    still: bool


class Snapshot:
    """Asks the restored snapshot; gives None where it cannot tell."""

    def __init__(self, answers: Answers, schema: Schema, history: History) -> None:
        self._answers = answers
        self.schema = schema
        self._history = history

    def rows_of(self, query: str) -> list[tuple[object, ...]] | None:
        """The output of a query of few rows."""
        found = self._fetch(f"SELECT q.* FROM ({query}) AS q LIMIT {MOST_ROWS + 1}")
        return None if found is None or len(found) > MOST_ROWS else found

    def outputs_of(self, query: str) -> dict[str, list[tuple[object, ...]]] | None:
        """The output columns of a query of (key, output columns), by key."""
        found = self._fetch(f"{query} LIMIT {MOST_CANDIDATES + 1}")
        if found is None or len(found) > MOST_CANDIDATES:
            return None
        outputs: dict[str, list[tuple[object, ...]]] = {}
        for key, *values in found:
            outputs.setdefault(str(key), []).append(tuple(values))
        return outputs

    def table(self, name: str, first: datetime, last: datetime) -> Table | None:
        """How a table lay between two moments."""
        changed_at, created_at = self.schema.changed_at.get(name), self.schema.created_at.get(name)
        moved = self._history.may_have_changed(name)
        changed = f"COALESCE({quoted(changed_at)} >= {_stamp(first)}, FALSE)" if changed_at else str(moved).upper()
        made = f"COALESCE({quoted(created_at)} > {_stamp(first)}, FALSE)" if created_at else "FALSE"
        during = f"COALESCE({quoted(created_at)} <= {_stamp(last)}, TRUE)" if created_at else "TRUE"
        key = quoted(self.schema.keys[name])
        found = self._fetch(
            f"SELECT {key}::text, {changed}, {made}, {during}, pg_relation_size('public.{quoted(name)}')"
            f" FROM public.{quoted(name)} ORDER BY ctid LIMIT {MOST_CANDIDATES + 1}"
        )
        if not found or len(found) > MOST_CANDIDATES or len({row[0] for row in found}) != len(found):
            return None
        size = int(str(found[0][4]))
        grew = any(made and during for _, _, made, during, _ in found)
        stamped = bool(changed_at and created_at) or not moved
        return Table(
            rows=[Lying(str(key), bool(changed), not made) for key, changed, made, _, _ in found],
            rows_a_page=max(1.0, len(found) * _PAGE / max(size, _PAGE)),
            ordered=stamped and not grew and size <= MOST_BYTES,
            lost=self._history.may_have_lost_rows(name),
            still=not moved,
        )

    def _fetch(self, query: str) -> list[tuple[object, ...]] | None:
        try:
            return self._answers.rows(query)
        except (QueryFailedError, UnicodeError, ValueError, OverflowError):
            return None


def _stamp(time: datetime) -> str:
    return f"TIMESTAMPTZ '{time.isoformat()}+00'"  # the lake's times are UTC without a zone
