"""Windows events as one mapping each: the columns of their row together with what stands in ``unmapped``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kakuho.evidence.formats.windows.evtx import Evtx

from ...reading import read_whole, source_file


def events_of(path: Path) -> list[dict[str, Any]]:
    """Each event's columns, ``unmapped`` as a mapping, and its ``table``, in the order of the records."""
    whole = read_whole(Evtx(), source_file(path))
    rows = [
        {**row, "table": table, "unmapped": json.loads(row["unmapped"])}
        for table, found in whole.tables.items()
        if table != "sequence"
        for row in found.to_pylist()
    ]
    return sorted(rows, key=lambda row: row["line"])
