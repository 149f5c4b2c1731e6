"""Parquet files depend on their rows alone."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kakuho.engine.schemas import TABLES
from kakuho.engine.write import ROWS_PER_GROUP, write_lake_table


def _rejects(lines: range) -> pa.Table:
    return pa.table(
        {
            "reason": pa.array([f"reason {line % 7}" for line in lines]),
            "line": pa.array(lines, pa.int64()),
            "byte_offset": pa.array([line * 10 for line in lines], pa.int64()),
            "source_id": pa.array([1] * len(lines), pa.int32()),
        }
    )


def test_the_same_rows_give_the_same_bytes_in_whatever_order_and_pieces_they_come(tmp_path: Path) -> None:
    count = ROWS_PER_GROUP + 100
    whole = write_lake_table(tmp_path / "a", "rejects", _rejects(range(count)))
    pieces = [_rejects(range(50, count)), _rejects(range(50))]
    other = write_lake_table(tmp_path / "b", "rejects", pa.concat_tables(pieces))
    assert whole.read_bytes() == other.read_bytes()


def test_columns_types_and_order_are_the_declared_ones(tmp_path: Path) -> None:
    path = write_lake_table(tmp_path, "rejects", _rejects(range(9, -1, -1)))
    table = pq.read_table(path)
    assert table.schema.equals(TABLES["rejects"].schema)
    assert table["line"].to_pylist() == list(range(10))


def test_an_empty_table_is_a_file_with_its_columns(tmp_path: Path) -> None:
    path = write_lake_table(tmp_path, "gaps", TABLES["gaps"].schema.empty_table())
    assert pq.read_table(path).schema.equals(TABLES["gaps"].schema)
