"""Rows of a lake table out of columns: what a format does not know is null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from kakuho.engine.schemas import part_schema


def table_of(table: str, columns: Mapping[str, Any]) -> pa.Table:
    """The rows of ``table`` (a part: without ``source_id``). Each column is an Arrow array, a numpy array or a list.

    All have one length; ``time``, ``line`` and ``byte_offset`` have to be there. Raises KeyError for a column that the
    table has not.
    """
    schema = part_schema(table)
    unknown = set(columns) - set(schema.names)
    if unknown:
        raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
    length = len(columns["line"])
    arrays = []
    for name in schema.names:
        declared = schema.field(name)
        values = columns.get(name)
        if values is None:
            arrays.append(pa.nulls(length, declared.type))
        elif isinstance(values, pa.Array | pa.ChunkedArray):
            arrays.append(values if values.type == declared.type else values.cast(declared.type))
        else:
            arrays.append(pa.array(values, declared.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def table_of_rows(table: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The same out of one mapping a row; for the few rows that are read one by one."""
    return pa.Table.from_pylist([dict(row) for row in rows], schema=part_schema(table))


def in_line_order(tables: Sequence[pa.Table]) -> pa.Table:
    """The rows of all in the order of their lines, of which none is in two; each table is in that order by itself."""
    together = pa.concat_tables(tables).unify_dictionaries()
    lines = together["line"].to_numpy()
    if (np.diff(lines) >= 0).all():
        return together
    return together.combine_chunks().take(pa.array(np.argsort(lines, kind="stable")))
