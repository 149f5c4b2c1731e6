"""Run blocks on the restored snapshot: which base rows each one read.

Everything runs as the sandbox's restricted role: read-only, with a time limit. What fails, takes too long or gives too
many rows widens to the rows that its identity names, else to every row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kakuho.engine.answers import Answers, QueryFailedError, Rows
from kakuho.exposure.history import History
from kakuho.exposure.methods.proven import only_proven
from kakuho.exposure.sql import Block, Schema, Slot
from kakuho.exposure.sql.dialect import MYSQL
from kakuho.exposure.sql.fold import quoted

MOST_ROWS = 2_000_000
"""Result rows of one query that are taken into memory; a query with more widens."""
TOGETHER = 50
"""Plans that make one query."""
FEW_ROWS = 10_000
"""Result rows of a plan; one with more runs alone."""
_KEY = " AS k"
_TOKEN = re.compile(r'["`]__(existing|touched)_(\d+)["`]')
_SEPARATOR = "\x1f"
_LOCAL_TIME = timedelta(hours=38)
"""A day and the widest time zone: how far a stamp that is not in UTC, or only names a day, can be from it."""


@dataclass(frozen=True)
class RowSet:
    """Rows of one slot of a block. ``keys`` None: every row. ``exact[i]``: row i certainly stood in the output.

    ``probed``: these are the rows that a condition asked about, not the rows that came out.
    """

    slot: int
    keys: tuple[str, ...] | None
    exact: tuple[bool, ...] = ()
    probed: bool = False


class TooManyRowsError(Exception):
    """More rows than are taken into memory."""


class Replay:
    """Runs blocks; ``first`` and ``last``: the time span of the statements being replayed."""

    def __init__(self, answers: Answers, schema: Schema, history: History) -> None:
        self._answers = answers
        self._schema = schema
        self._history = history
        self._moved: dict[tuple[str, datetime], int] = {}

    def rows(self, block: Block, first: datetime, last: datetime) -> Iterator[RowSet]:
        """The row sets of every slot; together they hold at least the rows that the block read at that time."""
        block = self._runnable(block)
        try:
            found = list(self._found(block, first, last)) if block.source is not None else None
        except (QueryFailedError, TooManyRowsError):
            found = None
        if found is None:
            found = self._bare_rows(block, first, last)
        yield from found
        yield from self._without_partners(block, found, first)

    def plan(self, block: Block, first: datetime, last: datetime) -> str | None:
        """The one query that finds all rows of a simple block, for running many at once; None where it takes more."""
        block = self._runnable(block)
        if block.source is None or block.window is not None or any(slot.probed or slot.many for slot in block.slots):
            return None
        touched = self._touched(block, first)
        if block.depends or block.partners or (not self._same(block) and touched != "FALSE"):
            return None
        return self._query(block, block.source, block.condition, block.existing, touched, first, last)

    def planned(self, block: Block, rows: Rows, first: datetime) -> Iterator[RowSet]:
        """The row sets out of the answer to ``plan``."""
        found = list(_by_slot(block, rows, exact=block.exact))
        yield from found
        yield from self._without_partners(block, found, first)

    def fetch_all(self, queries: Sequence[str]) -> list[Rows | None]:
        """The answers to many plans in few round trips; None for each that fails or gives more than a few rows."""
        found: dict[int, Rows | None] = {}
        by_width: dict[int, list[int]] = {}
        for place, query in enumerate(queries):
            by_width.setdefault(query.count(_KEY), []).append(place)
        for places in by_width.values():
            for start in range(0, len(places), TOGETHER):
                part = places[start : start + TOGETHER]
                found.update(zip(part, self._fetch_together([queries[place] for place in part]), strict=True))
        return [found[place] for place in range(len(queries))]

    def _fetch_together(self, queries: Sequence[str]) -> list[Rows | None]:
        """Queries of the same width as one: ``SELECT 0, … UNION ALL SELECT 1, …``; one by one where it fails."""
        parts = (f"SELECT {n}, q.* FROM ({query} LIMIT {FEW_ROWS + 1}) q" for n, query in enumerate(queries))
        try:
            rows = self._answers.rows(" UNION ALL ".join(parts))
        except QueryFailedError:
            return [None] if len(queries) == 1 else [self._fetch_together([query])[0] for query in queries]
        answers: list[Rows] = [[] for _ in queries]
        for row in rows:
            answers[int(str(row[0]))].append(row[1:])
        return [answer if len(answer) <= FEW_ROWS else None for answer in answers]

    def _bare_rows(self, block: Block, first: datetime, last: datetime) -> list[RowSet]:
        """Where the block cannot be run: the rows that its steady conditions leave, none of them certain."""
        if block.bare is not None and (block.identity or len(block.slots) > 1):
            try:
                rows = self._run(block, block.bare, block.identity, first, last)
            except (QueryFailedError, TooManyRowsError):
                pass
            else:
                found = list(_by_slot(block, rows, exact=False))
                found += [RowSet(f.slot, f.keys, f.exact, probed=True) for f in found if block.slots[f.slot].probed]
                return found
        return [
            RowSet(index, None, probed=probed)
            for index, slot in enumerate(block.slots)
            for probed, columns in ((False, slot.in_full | slot.in_part), (True, slot.probed))
            if columns
        ]

    def _found(self, block: Block, first: datetime, last: datetime) -> Iterator[RowSet]:
        touched = self._touched(block, first)
        if any(self._has_moved(table, first) for table in block.depends | block.partners):
            touched = "TRUE"
        rows = self._windowed(block, touched, first, last)
        yield from _by_slot(block, rows, exact=block.exact)
        probed = any(slot.probed for slot in block.slots)
        moving = (block.window is not None and not block.window.stable) or not self._same(block)
        moving = moving and touched != "FALSE"
        if not (probed or moving):
            return
        if block.bare is None or (probed and not block.identity and len(block.slots) == 1):
            for index, slot in enumerate(block.slots):
                if slot.probed:
                    yield RowSet(index, None, probed=True)
                if moving and block.bare is None and slot.reads:
                    yield RowSet(index, None)
            probed = False
        if block.bare is None or not (probed or moving):
            return
        if moving:
            there = self._run(block, block.bare, block.kept, first, last, touched)
            yield from _by_slot(block, [row for row in there if row[-1]], exact=False)
        if probed:
            asked = self._run(block, block.bare, block.identity, first, last, touched)
            for found in _by_slot(block, asked, exact=False):
                if block.slots[found.slot].probed:
                    yield RowSet(found.slot, found.keys, found.exact, probed=True)

    @staticmethod
    def _same(block: Block) -> bool:
        """Whether nothing but steady conditions decides which rows take part."""
        return block.condition in (block.identity, block.kept) and block.source == block.bare

    def _without_partners(self, block: Block, found: list[RowSet], first: datetime) -> Iterator[RowSet]:
        """A row came out for the sake of another table's row: where such a row may be gone, any row may have.

        Unless a literal names the row. A row that the statement leads to by a name was there if it is there now.
        """
        if len(block.slots) < 2 and not block.partners:
            return
        there = {rows.slot for rows in found if rows.keys}
        gone = [
            slot
            for index, slot in enumerate(block.slots)
            if self._lost(slot.table) and not (slot.anchored and index in there)
        ]
        moved = any(self._has_moved(table, first) for table in block.partners)
        for index, slot in enumerate(block.slots):
            without = any(other is not slot and slot.number not in other.spares for other in gone)
            if slot.reads and (moved or without):
                keys = self._named(slot)
                sure = (False,) * len(keys or ())
                yield RowSet(index, keys, sure)
                if slot.probed:
                    yield RowSet(index, keys, sure, probed=True)

    def _named(self, slot: Slot) -> tuple[str, ...] | None:
        """The rows that a literal names in the table alone; None where none does."""
        if not slot.named:
            return None
        try:
            key = self._schema.dialect.as_text(quoted(slot.key), self._schema.tables[slot.table].get(slot.key, ""))
            rows = self._fetch(f"SELECT {key} FROM {quoted(slot.table)} WHERE {slot.named}")
        except (QueryFailedError, TooManyRowsError):
            return None
        return tuple(str(key) for (key,) in rows)

    def _lost(self, table: str) -> bool:
        return any(self._history.may_have_lost_rows(name) for name in self._schema.family(table))

    def _changed(self, table: str) -> bool:
        return any(self._history.may_have_changed(name) for name in self._schema.family(table))

    def _has_moved(self, table: str, first: datetime) -> bool:
        holder = self._schema.holder(table)
        if holder is None and table not in self._schema.tables:
            return True
        if holder is None:
            return self._changed(table)
        return self._lost(holder) or self._lost(table) or self._moves(holder, first) > 0

    def _existing(self, slot: Slot, last: datetime) -> str:
        """Leaves out rows made after the last run."""
        column = self._schema.created_at.get(slot.table)
        if column is None:
            return "TRUE"
        name = f"{quoted(slot.alias)}.{quoted(column)}"
        return f"({name} IS NULL OR {name} <= {self._stamp(slot.table, column, last, later=True)})"

    def _touched_row(self, slot: Slot, first: datetime) -> str:
        """A condition that holds for rows that can have changed since the first run."""
        column = self._schema.changed_at.get(slot.table)
        if column is not None:
            return f"COALESCE({quoted(slot.alias)}.{quoted(column)} >= {self._stamp(slot.table, column, first)}, FALSE)"
        return "TRUE" if self._changed(slot.table) else "FALSE"

    def _touched(self, block: Block, first: datetime) -> str:
        parts = []
        for slot in block.slots:
            row = self._touched_row(slot, first)
            if row != "FALSE":
                nested = slot.touched and not slot.touched.startswith('"__touched')
                parts.append(f"COALESCE({slot.touched}, FALSE)" if nested else row)
        return " OR ".join(parts) if parts else "FALSE"

    def _windowed(self, block: Block, touched: str, first: datetime, last: datetime) -> Rows:
        window, source = block.window, block.source or ""
        if window is None:
            return self._run(block, source, block.condition, first, last, touched)
        lost = any(self._lost(slot.table) for slot in block.slots)
        moves = 0 if window.stable else sum(self._moves(slot.table, first) for slot in block.slots)
        moves += sum(
            self._moves(self._schema.holder(t) or t, first) for t in block.depends | block.partners if not window.stable
        )
        high = None if window.limit is None else window.offset + window.limit
        if not window.order or lost or touched == "TRUE":
            rows = self._run(block, source, block.condition, first, last, touched)
            whole = not lost and window.offset == 0 and (high is None or len(rows) <= high)
            return rows if whole else [(*row[:-1], True) for row in rows]
        order = ", ".join(window.order)
        low, top = window.offset - moves, None if high is None else high + moves
        steady = "FALSE" if moves else f"lo > {window.offset}" + ("" if high is None else f" AND hi <= {high}")
        names = [f"k{index}" for index, slot in enumerate(block.slots) if slot.reads]
        query = (
            f"SELECT {', '.join(names)}, touched OR NOT ({steady}) FROM ("
            f"SELECT {self._keys(block)}, ({touched}) AS touched, RANK() OVER (ORDER BY {order}) AS lo, "
            f"COUNT(*) OVER (ORDER BY {order} RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS hi "
            f"{source} {_where(block.condition, block.existing)}) AS ranked "
            f"WHERE hi > {low}" + ("" if top is None else f" AND lo <= {top}")
        )
        return self._fetch(self._timed(query, block, first, last))

    def _moves(self, table: str, first: datetime) -> int:
        """How many rows can have changed their place in an order since ``first``."""
        if (table, first) not in self._moved:
            column = self._schema.changed_at.get(table)
            if column is None and not self._changed(table):
                count = 0
            else:
                stamp = "" if column is None else self._stamp(table, column, first)
                condition = "TRUE" if column is None else f'"{column}" >= {stamp}'
                count = int(str(self._fetch(f'SELECT count(*) FROM "{table}" WHERE {condition}')[0][0]))
            self._moved[table, first] = count
        return self._moved[table, first]

    def _run(
        self, block: Block, source: str, condition: str, first: datetime, last: datetime, touched: str = "TRUE"
    ) -> Rows:
        """Keys of every slot that is read, then whether the row is uncertain."""
        return self._fetch(self._query(block, source, condition, block.existing, touched, first, last))

    def _query(
        self, block: Block, source: str, condition: str, existing: str, touched: str, first: datetime, last: datetime
    ) -> str:
        distinct = "DISTINCT " if any(slot.many for slot in block.slots) or len(block.slots) > 1 else ""
        text = f"SELECT {distinct}{self._keys(block)}, ({touched}) {source} {_where(condition, existing)}"
        return self._timed(text, block, first, last)

    def _timed(self, query: str, block: Block, first: datetime, last: datetime) -> str:
        slots = {slot.number: slot for slot in block.slots}

        def condition(found: re.Match[str]) -> str:
            slot = slots[int(found[2])]
            return self._existing(slot, last) if found[1] == "existing" else self._touched_row(slot, first)

        return _TOKEN.sub(condition, query)

    def _keys(self, block: Block) -> str:
        read = [(index, slot) for index, slot in enumerate(block.slots) if slot.reads]
        return ", ".join(f"{self._schema.dialect.as_output(slot.place)}{_KEY}{index}" for index, slot in read)

    def _stamp(self, table: str, column: str, time: datetime, *, later: bool = False) -> str:
        """The lake's times are UTC without a zone; so are PostgreSQL's stamps with time zone and MySQL's TIMESTAMP."""
        if self._schema.dialect is not MYSQL:
            return f"TIMESTAMPTZ '{time.isoformat()}+00'"
        if not self._schema.tables.get(table, {}).get(column, "").lower().startswith("timestamp"):
            time = time + _LOCAL_TIME if later else time - _LOCAL_TIME
        return f"TIMESTAMP '{time.isoformat(sep=' ')}'"

    def _runnable(self, block: Block) -> Block:
        return block if self._answers.is_same_system else only_proven(block, self._schema)

    def _fetch(self, query: str) -> Rows:
        rows = self._answers.rows(f"{query} LIMIT {MOST_ROWS + 1}")
        if len(rows) > MOST_ROWS:
            raise TooManyRowsError
        return rows


def _by_slot(block: Block, rows: Rows, *, exact: bool) -> Iterator[RowSet]:
    read = [(index, slot) for index, slot in enumerate(block.slots) if slot.reads]
    for place, (index, slot) in enumerate(read):
        best: dict[str, bool] = {}
        for row in rows:
            value = row[place]
            if value is not None:
                sure = exact and not row[-1]
                for key in str(value).split(_SEPARATOR) if slot.many else (str(value),):
                    best[key] = best.get(key, False) or sure
        if best:
            ordered = sorted(best.items())
            yield RowSet(index, tuple(key for key, _ in ordered), tuple(sure for _, sure in ordered))


def _where(*conditions: str) -> str:
    parts = [f"({part})" for part in conditions if part]
    return f"WHERE {' AND '.join(parts)}" if parts else ""
