"""What a format reads out of a file, without a case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from kakuho.evidence.formats import Format, Sink, SourceFile


def read(known: Format, path: Path, time_zone: str | None = None) -> tuple[list[dict[str, Any]], Sink]:
    """The events in the order of their lines, and the sink with counts, rejects and facts."""
    tables: list[pa.Table] = []
    sink = Sink(tables.append, lambda size: None)
    known.parse(SourceFile(path, path.name, 1, time_zone), sink)
    events = [row for table in tables for row in table.to_pylist()]
    assert sink.lines == sink.events + len(sink.rejects) + sink.ignored
    return sorted(events, key=lambda row: row["line"]), sink
