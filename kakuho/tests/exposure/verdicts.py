"""Verdicts of a test, written as an assessment writes them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from kakuho.exposure.verdict_sets import pack, write_verdicts

COLUMNS = ("category", "subject", "item", "verdict", "reason_id", "method", "masked")


def write_cells(folder: Path, rows: list[tuple[object, ...]], columns: tuple[str, ...] = COLUMNS) -> None:
    """``rows``: a tuple a cell, in the order of ``columns``."""
    write_verdicts(folder, pack(pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))))
