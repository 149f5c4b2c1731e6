"""Parquet files that depend on their rows alone: the same rows give the same bytes.

Row groups have a fixed number of rows and one chunk each, however the rows arrived; no clock time, no path and no
settings of the machine reach the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kakuho.engine.schemas import TABLES

ROWS_PER_GROUP = 131_072


def write_lake_table(folder: Path, name: str, rows: pa.Table) -> Path:
    """Write a table of the lake as ``folder/<name>.parquet`` in its declared columns and order."""
    declared = TABLES[name]
    rows = rows.select(declared.schema.names).cast(declared.schema)
    path = folder / f"{name}.parquet"
    write_batches(
        path, declared.schema, rows.sort_by([(column, "ascending") for column in declared.order]).to_batches()
    )
    return path


def write_batches(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """Write batches, already in order, as one file; returns the number of rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=3) as writer:
        for group in _groups(schema, batches):
            writer.write_table(group, row_group_size=ROWS_PER_GROUP)
            rows += group.num_rows
    return rows


def _groups(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterable[pa.Table]:
    pending: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        pending.append(batch)
        count += batch.num_rows
        while count >= ROWS_PER_GROUP:
            together = pa.Table.from_batches(pending).cast(schema)
            yield together.slice(0, ROWS_PER_GROUP).combine_chunks()
            rest = together.slice(ROWS_PER_GROUP)
            pending, count = rest.to_batches(), rest.num_rows
    if count:
        yield pa.Table.from_batches(pending).cast(schema).combine_chunks()
