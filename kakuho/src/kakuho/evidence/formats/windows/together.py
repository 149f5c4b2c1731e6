"""Events read together where many have one shape."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kakuho.evidence.formats.json_shapes import Shape, shapes_of
from kakuho.evidence.formats.windows.event_columns import Events, OneByOneError, tables_of

Indices = npt.NDArray[np.int64]
Tables = dict[str, list[pa.Table]]


def read_together(texts: Sequence[bytes], events_of: Callable[[Shape], Events]) -> tuple[Tables, Indices]:
    """Rows by table of the events that could be read together, and the indices of the others, ascending.

    ``events_of`` makes the events of a shape; it raises OneByOneError where they cannot be read together.
    """
    shapes, left = shapes_of(texts)
    made: Tables = defaultdict(list)
    others = [left]
    for shape in shapes:
        try:
            tables, unread = tables_of(events_of(shape))
        except OneByOneError:
            others.append(shape.rows)
            continue
        others.append(shape.rows[unread])
        for table, rows in tables:
            made[table].append(rows)
    return made, np.sort(np.concatenate(others))


def in_order(together: Tables, one_by_one: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The rows of both, in the order of their lines."""
    tables = {table: [*together.get(table, []), *_of(one_by_one, table)] for table in {*together, *one_by_one}}
    return {table: _in_order(rows) for table, rows in sorted(tables.items())}


def _of(tables: Mapping[str, pa.Table], table: str) -> list[pa.Table]:
    return [tables[table]] if table in tables else []


def _in_order(tables: list[pa.Table]) -> pa.Table:
    if len(tables) == 1:
        return tables[0]
    rows = pa.concat_tables(tables).combine_chunks()
    return rows.take(np.argsort(rows["line"].to_numpy(), kind="stable"))
