"""Where the rows of a table of the lake lie: in one file, or in the parts that a list names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kakuho.engine.schemas import IN_PARTS, VIEWS


def table_file(lake: Path, name: str) -> Path:
    """The file that changes with a table: the table itself, the list of its parts, or that of what it is a view of."""
    name = VIEWS.get(name, name)
    return lake / (f"{name}.json" if name in IN_PARTS else f"{name}.parquet")


def table_parts(lake: Path, name: str) -> list[Path]:
    """The Parquet files of a table; none where no stage has written it yet."""
    file = table_file(lake, name)
    if not file.exists():
        return []
    if name not in IN_PARTS:
        return [file]
    return [lake / part["path"] for part in json.loads(file.read_text(encoding="utf-8"))]


def read_rows(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of one Parquet file. ``pyarrow.parquet.read_table`` does it too, but looks for whole data sets first."""
    with pq.ParquetFile(path) as file:
        return file.read(columns=None if columns is None else list(columns))
