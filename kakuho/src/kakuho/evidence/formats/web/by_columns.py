"""Blocks of one event a line whose regular lines are read some thousand at once, the others one by one.

A reader of regular lines is given a few thousand lines and tells which of them it read (their indices, ascending) and
the columns of these, once or several times over. It reads a line as the careful reading does, or leaves it to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.base import Declared, Part
from kakuho.evidence.formats.blocks import BYTE_ORDER_MARK, LineBlock
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.evidence.formats.rows import in_line_order, table_of
from kakuho.evidence.formats.web.lines import EventRows, ReadLine, read_lines

LINES_AT_ONCE = 2048
"""So few that their texts are still near the processor when they become columns."""

Columns = dict[str, Any]
Read = tuple[Sequence[int] | npt.NDArray[np.int64], Columns]
ReadRegular = Callable[[LineBlock], Iterable[Read]]
TableOf = Callable[[dict[str, Any]], str]


def read_block_by_columns(
    block: LineBlock,
    declared: Declared,
    tables: Sequence[str],
    read_regular: ReadRegular,
    read_line: ReadLine,
    *,
    table_of_event: TableOf | None = None,
    is_json: bool = False,
    facts: dict[str, Any] | None = None,
) -> Part:
    """Every line is an event, blank (ignored) or rejected; regular lines are events of the first of ``tables``.

    ``table_of_event`` says where an event goes that was read by itself; the first table where it is not given.
    """
    part = Part(lines=len(block), facts=facts or {})
    made: dict[str, list[pa.Table]] = {table: [] for table in tables}
    offsets = block.offsets
    with no_collection():
        for begin in range(0, len(block), LINES_AT_ONCE):
            some = block.part(begin, min(begin + LINES_AT_ONCE, len(block)))
            taken = np.zeros(len(some), np.bool_)
            regular = []
            for indices, columns in map(valid, read_regular(some)):
                if len(indices):
                    taken[indices] = True
                    columns["line"] = indices + (begin + block.first_line)
                    columns["byte_offset"] = offsets[indices + begin]
                    regular.append(table_of(tables[0], columns))
            rows = {table: EventRows(table) for table in tables}
            left = begin + np.flatnonzero(~taken)
            part.events += len(some) - len(left)
            if len(left):
                _read_carefully(block, left, declared, part, read_line, rows, table_of_event, is_json=is_json)
            for table, careful in rows.items():
                found = [*regular, careful.table()] if careful.count else regular
                made[table] += [in_line_order(found)] if found else []
                regular = []
    for table, parts in made.items():
        part.tables[table] = pa.concat_tables(parts) if parts else EventRows(table).table()
    return part


def texts_of(block: LineBlock) -> list[str]:
    """The lines without their ends; bytes that are not UTF-8 as lone surrogates, which no regular form has."""
    texts = block.data.decode("utf-8", "surrogateescape").split("\n")
    if block.data.endswith(b"\n"):
        texts.pop()
    if block.byte_offset == 0:
        texts[0] = texts[0].removeprefix("\ufeff")
    return [text.rstrip("\r") for text in texts] if b"\r" in block.data else texts


def by_pattern(texts: Sequence[str], pattern: re.Pattern[str]) -> tuple[list[int], list[tuple[str | None, ...]]]:
    """The indices of the texts that are wholly in a pattern, and its groups, column by column."""
    fullmatch = pattern.fullmatch
    found = [(index, match.groups()) for index, text in enumerate(texts) if (match := fullmatch(text))]
    if not found:
        return [], [()] * pattern.groups
    indices, groups = zip(*found, strict=True)
    return list(indices), list(zip(*groups, strict=True))


def valid(read: Read) -> tuple[npt.NDArray[np.int64], Columns]:
    """Without the rows that have no time: of these the careful reading tells the reason."""
    indices, columns = np.asarray(read[0], np.int64), read[1]
    if len(indices) and columns["time"].null_count:
        kept = columns["time"].is_valid()
        columns = {name: column.filter(kept) for name, column in columns.items()}
        indices = indices[kept.to_numpy(zero_copy_only=False)]
    return indices, columns


def _read_carefully(
    block: LineBlock,
    left: npt.NDArray[np.int64],
    declared: Declared,
    part: Part,
    read_line: ReadLine,
    rows: dict[str, EventRows],
    table_of_event: TableOf | None,
    *,
    is_json: bool,
) -> None:
    first = next(iter(rows))

    def add(row: dict[str, Any], line: int, byte_offset: int) -> None:
        rows[table_of_event(row) if table_of_event else first].add(row, line, byte_offset)

    ends_here = not block.data.endswith(b"\n") and int(left[-1]) == len(block) - 1
    lines = (line_at(block, index) for index in left.tolist())
    read_lines(lines, declared, part, read_line, add, ends_here=ends_here, is_json=is_json)


def line_at(block: LineBlock, index: int) -> tuple[int, int, bytes]:
    """Number, byte offset in the file and bytes of a line, as :meth:`LineBlock.lines` gives them."""
    begin, end = int(block.starts[index]), int(block.starts[index + 1])
    line = block.data[begin:end].removesuffix(b"\n").rstrip(b"\r")
    offset = block.byte_offset + begin
    return block.first_line + index, offset, line.removeprefix(BYTE_ORDER_MARK) if offset == 0 else line


def at_second(seconds: pa.Array, fractions: pa.Array | None) -> pa.Array:
    """Microseconds of seconds (in microseconds) and the microseconds in them, as times."""
    total = seconds if fractions is None else pc.add(seconds, fractions)
    return total.cast(pa.timestamp("us"))
