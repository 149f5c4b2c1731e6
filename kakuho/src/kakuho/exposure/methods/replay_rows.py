"""Run blocks on the restored snapshot: which base rows each one read.

Everything runs as the sandbox's restricted role: read-only, with a time limit. What fails or takes too long widens to
the rows that its identity names, else to every row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import psycopg

from kakuho.exposure.history import History
from kakuho.exposure.sql import Block, Schema


@dataclass(frozen=True)
class RowSet:
    """Rows of one slot of a block. ``keys`` None: every row. ``exact[i]``: row i certainly stood in the output.

    ``probed``: these are the rows that a condition asked about, not the rows that came out.
    """

    slot: int
    keys: tuple[str, ...] | None
    exact: tuple[bool, ...] = ()
    probed: bool = False


class Replay:
    """Runs blocks over one connection; ``first`` and ``last``: the time span of the statements being replayed."""

    def __init__(self, connection: psycopg.Connection[tuple[object, ...]], schema: Schema, history: History) -> None:
        self._connection = connection
        self._schema = schema
        self._history = history
        self._moved: dict[tuple[str, datetime], int] = {}

    def rows(self, block: Block, first: datetime, last: datetime) -> Iterator[RowSet]:
        """The row sets of every slot; together they hold at least the rows that the block read at that time."""
        if block.source is None:
            yield from self._everything(block)
            return
        for attempt in (block, replace(block, condition=block.identity, window=None, exact=False)):
            try:
                yield from list(self._found(attempt, first, last))
            except psycopg.Error:
                self._connection.rollback()
            else:
                return
            if not block.identity:
                break
        yield from self._everything(block)

    def _everything(self, block: Block) -> Iterator[RowSet]:
        for index, slot in enumerate(block.slots):
            if slot.in_full or slot.in_part:
                yield RowSet(index, None)
            if slot.probed:
                yield RowSet(index, None, probed=True)

    def _found(self, block: Block, first: datetime, last: datetime) -> Iterator[RowSet]:
        existing = self._existing(block, last)
        touched = self._touched(block, first)
        condition = _both(block.condition, existing)
        rows = self._windowed(block, condition, touched, first)
        yield from _by_slot(block, rows, exact=block.exact)
        moving = block.window is not None and not block.window.stable
        if (moving or block.condition != block.identity) and touched != "FALSE":
            moved = _both(_both(block.identity, existing), touched)
            yield from _by_slot(block, self._run(block, moved, "TRUE"), exact=False)
        if any(slot.probed for slot in block.slots):
            if not block.identity:
                for index, slot in enumerate(block.slots):
                    if slot.probed:
                        yield RowSet(index, None, probed=True)
            else:
                asked = self._run(block, _both(block.identity, existing), "TRUE")
                for row_set in _by_slot(block, asked, exact=False):
                    if block.slots[row_set.slot].probed:
                        yield RowSet(row_set.slot, row_set.keys, row_set.exact, probed=True)

    def _existing(self, block: Block, last: datetime) -> str:
        """Leaves out rows made after the last run."""
        parts = []
        for slot in block.slots:
            column = self._schema.created_at.get(slot.table)
            if column is not None:
                name = f'"{slot.alias}"."{column}"'
                parts.append(f"({name} IS NULL OR {name} <= {_stamp(last)})")
        return " AND ".join(parts)

    def _touched(self, block: Block, first: datetime) -> str:
        """A condition that holds for rows that can have changed since the first run."""
        parts = []
        for slot in block.slots:
            column = self._schema.changed_at.get(slot.table)
            if column is not None:
                parts.append(f'COALESCE("{slot.alias}"."{column}" >= {_stamp(first)}, FALSE)')
            elif self._history.may_have_changed(slot.table):
                parts.append("TRUE")
        return " OR ".join(parts) if parts else "FALSE"

    def _windowed(self, block: Block, condition: str, touched: str, first: datetime) -> list[tuple[object, ...]]:
        window = block.window
        if window is None:
            return self._run(block, condition, touched)
        lost = any(self._history.may_have_lost_rows(slot.table) for slot in block.slots)
        moves = 0 if window.stable else sum(self._moves(slot.table, first) for slot in block.slots)
        last = None if window.limit is None else window.offset + window.limit
        if not window.order or lost:
            rows = self._run(block, condition, touched)
            whole = not lost and window.offset == 0 and (last is None or len(rows) <= last)
            return rows if whole else [(*row[:-1], True) for row in rows]
        order = ", ".join(window.order)
        keys = [f"k{index}" for index in range(len(block.slots))]
        low, high = window.offset - moves, "NULL" if last is None else str(last + moves)
        steady = "FALSE" if moves else f"lo > {window.offset}" + ("" if last is None else f" AND hi <= {last}")
        query = (
            f"{block.preamble} SELECT {', '.join(keys)}, touched OR NOT ({steady}) FROM ("
            f"SELECT {_keys(block)}, ({touched}) AS touched, RANK() OVER (ORDER BY {order}) AS lo, "
            f"COUNT(*) OVER (ORDER BY {order} RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS hi "
            f"{block.source} {_where(condition)}) AS ranked "
            f"WHERE hi > {low} AND ({high}::bigint IS NULL OR lo <= {high})"
        )
        return self._fetch(query)

    def _moves(self, table: str, first: datetime) -> int:
        """How many rows can have changed their place in an order since ``first``."""
        if (table, first) not in self._moved:
            column = self._schema.changed_at.get(table)
            if column is None and not self._history.may_have_changed(table):
                count = 0
            else:
                condition = "TRUE" if column is None else f'"{column}" >= {_stamp(first)}'
                count = int(str(self._fetch(f'SELECT count(*) FROM "{table}" WHERE {condition}')[0][0]))
            self._moved[table, first] = count
        return self._moved[table, first]

    def _run(self, block: Block, condition: str, touched: str) -> list[tuple[object, ...]]:
        """Keys of every slot, then whether the row is uncertain."""
        return self._fetch(f"{block.preamble} SELECT {_keys(block)}, ({touched}) {block.source} {_where(condition)}")

    def _fetch(self, query: str) -> list[tuple[object, ...]]:
        # With parameters, even none, PostgreSQL takes one statement only. The role can only read.
        return self._connection.execute(query.replace("%", "%%").encode(), ()).fetchall()


def _by_slot(block: Block, rows: list[tuple[object, ...]], *, exact: bool) -> Iterator[RowSet]:
    for index, slot in enumerate(block.slots):
        if not (slot.in_full or slot.in_part or slot.probed):
            continue
        best: dict[str, bool] = {}
        for row in rows:
            if row[index] is not None:
                key = str(row[index])
                best[key] = best.get(key, False) or (exact and not row[-1])
        if best:
            ordered = sorted(best.items())
            yield RowSet(index, tuple(key for key, _ in ordered), tuple(sure for _, sure in ordered))


def _keys(block: Block) -> str:
    return ", ".join(f'"{slot.alias}"."{slot.key}" AS k{index}' for index, slot in enumerate(block.slots))


def _where(condition: str) -> str:
    return f"WHERE {condition}" if condition else ""


def _both(one: str, other: str) -> str:
    parts = [f"({part})" for part in (one, other) if part]
    return " AND ".join(parts)


def _stamp(time: datetime) -> str:
    return f"TIMESTAMPTZ '{time.isoformat()}+00'"  # the lake's times are UTC without a zone
