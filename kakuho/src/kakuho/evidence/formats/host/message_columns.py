"""Messages of many lines as rows: what a message says is found for each, what all lines have comes in columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from kakuho.evidence.formats.rows import table_of
from kakuho.evidence.formats.rows_by_table import Row

Columns = dict[str, pa.Array]


class MessageRows:
    """Rows of some lines by their table and by what they tell; a line is an index into the columns of all."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, ...], tuple[list[int], list[Any]]] = {}

    def add(self, index: int, table: str, row: Row) -> None:
        """What a message says in a table."""
        key = (table, *row)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = ([], [])
        group[0].append(index)
        group[1].append(row.values())

    def tables(self, common: Mapping[str, Columns]) -> dict[str, list[pa.Table]]:
        """The rows with what their lines have besides: ``common`` for each table, a row's own values first."""
        made: dict[str, list[pa.Table]] = defaultdict(list)
        for (table, *names), (indices, rows) in self._groups.items():
            places = pa.array(indices, pa.int32())
            columns: dict[str, Any] = {
                name: array.take(places) for name, array in common[table].items() if name not in names
            }
            made[table].append(table_of(table, columns | dict(zip(names, zip(*rows, strict=True), strict=True))))
        return made


def in_order(tables: Sequence[pa.Table]) -> pa.Table:
    """The rows of all in the order of their lines; several of a line stay in the order that they are given in."""
    if len(tables) == 1:
        return tables[0]
    together = pa.concat_tables(tables)
    lines = together["line"].to_numpy()
    return together.combine_chunks().take(pa.array(np.argsort(lines, kind="stable")))
