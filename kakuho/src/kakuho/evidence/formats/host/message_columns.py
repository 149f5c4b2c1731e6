"""Messages of many lines as rows: what a message says is found for each, what all lines have comes in columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.engine.schemas import part_schema
from kakuho.evidence.formats.rows import table_of
from kakuho.evidence.formats.rows_by_table import Row

Columns = dict[str, pa.Array]
Groups = dict[tuple[str, ...], tuple[list[int], list[Any]]]
"""The indices of lines and what their rows have, in the order of the names."""


class MessageRows:
    """Rows of some lines by their table and by what they tell; a line is an index into the columns of all."""

    def __init__(self) -> None:
        self._groups: dict[str, dict[tuple[str, ...], tuple[list[int], list[Any]]]] = defaultdict(dict)

    def add(self, index: int, table: str, row: Row) -> None:
        """What a message says in a table; in the order of the lines."""
        groups, names = self._groups[table], tuple(row)
        group = groups.get(names)
        if group is None:
            group = groups[names] = ([], [])
        group[0].append(index)
        group[1].append(row.values())

    def tables(self, common: Mapping[str, Columns]) -> dict[str, pa.Table]:
        """The rows with what their lines have besides, in the order of the lines.

        ``common`` is for each table what all lines have; a row that has such a column itself keeps its own value.
        """
        return {table: _table(table, groups, common[table]) for table, groups in self._groups.items()}


def _table(table: str, groups: Groups, common: Columns) -> pa.Table:
    indices = np.concatenate([np.array(places, np.int32) for places, _ in groups.values()])
    order = np.argsort(indices, kind="stable")
    places, is_sorted = pa.array(indices[order]), bool((order[1:] > order[:-1]).all())
    own: dict[str, list[Any]] = {name: [] for names in groups for name in names}
    count = 0
    for names, (_, rows) in groups.items():
        for name, values in zip(names, zip(*rows, strict=True), strict=True):
            own[name] += [None] * (count - len(own[name])) + list(values)
        count += len(rows)
    schema = part_schema(table)
    columns: dict[str, Any] = {name: array.take(places) for name, array in common.items()}
    for name, told in own.items():
        array = pa.array(told + [None] * (count - len(told)), schema.field(name).type)
        array = array if is_sorted else array.take(pa.array(order))
        columns[name] = pc.coalesce(array, columns[name]) if name in columns else array
    return table_of(table, columns)


def in_order(tables: Sequence[pa.Table]) -> pa.Table:
    """The rows of all in the order of their lines; several of a line stay in the order that they are given in."""
    if len(tables) == 1:
        return tables[0]
    together = pa.concat_tables(tables)
    lines = together["line"].to_numpy()
    return together.combine_chunks().take(pa.array(np.argsort(lines, kind="stable")))
