"""The entries of a block as a part: those alike by columns, the others one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
import pyarrow as pa

from kakuho.evidence.formats.base import Part
from kakuho.evidence.formats.host.journal_columns import read_alike
from kakuho.evidence.formats.host.journal_entries import Entry, add_entry
from kakuho.evidence.formats.host.message_columns import in_order
from kakuho.evidence.formats.rows_by_table import RowsByTable

ENTRIES_AT_ONCE = 2048
FEWEST = 16
"""Fewer entries with the same fields are not worth columns."""
_TEXT_ALONE = {str}

Found = tuple[int, int, Entry | str]
"""Number, byte offset, and the entry or the reason why it is none."""


def read_entries(found: Iterable[Found], part: Part) -> None:
    """Make the rows of entries the tables of ``part``; counts events and keeps rejects, both in order."""
    tables: dict[str, list[pa.Table]] = defaultdict(list)
    remaining: Iterator[Found] = iter(found)
    while some := list(islice(remaining, ENTRIES_AT_ONCE)):
        for table, rows in _read(some, part).items():
            tables[table].append(rows)
    part.rejects.sort()
    part.tables |= {table: pa.concat_tables(made) for table, made in sorted(tables.items())}


def _read(some: list[Found], part: Part) -> dict[str, pa.Table]:
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    alone = []
    for index, (number, offset, entry) in enumerate(some):
        if isinstance(entry, str):
            part.reject(number, offset, entry)
        elif set(map(type, entry.values())) == _TEXT_ALONE:
            alike[tuple(entry)].append(index)
        else:
            alone.append(index)
    tables: dict[str, list[pa.Table]] = defaultdict(list)
    for names, indices in alike.items():
        if len(indices) < FEWEST:
            alone += indices
            continue
        lines, offsets = (np.array([some[index][place] for index in indices], np.int64) for place in (0, 1))
        values = [tuple(some[index][2].values()) for index in indices]  # type: ignore[union-attr]
        made, is_read = read_alike(names, values, lines, offsets)
        part.events += int(is_read.sum())
        alone += [index for index, read in zip(indices, is_read.tolist(), strict=True) if not read]
        for table, rows in made.items():
            tables[table] += rows
    for table, one_by_one in _one_by_one([some[index] for index in sorted(alone)], part).items():
        tables[table].append(one_by_one)
    return {table: in_order(rows) for table, rows in tables.items()}


def _one_by_one(some: list[Found], part: Part) -> dict[str, pa.Table]:
    rows, own = RowsByTable(), Part()
    for number, offset, entry in some:
        assert not isinstance(entry, str)  # noqa: S101 - those are rejected before; for the type checker
        reason = add_entry(entry, number, offset, rows)
        if reason is None:
            part.events += 1
        else:
            part.reject(number, offset, reason)
    rows.into(own)
    return own.tables
