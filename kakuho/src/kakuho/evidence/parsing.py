"""One sealed file parsed into a folder: ``events.parquet``, ``rejects.parquet``, ``facts.json``.

The folder depends on the file's bytes, the format and the declared time zone, and on nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kakuho.case import Case, Stage
from kakuho.engine.schemas import TABLES
from kakuho.engine.write import write_batches, write_lake_table
from kakuho.errors import KakuhoError, UsageError
from kakuho.evidence.formats import FORMATS, Sink, SourceFile
from kakuho.evidence.sealed import SealedSource
from kakuho.language import Bilingual


def parsed_folder(case: Case, source: SealedSource) -> Path:
    """Where a source's parsed tables lie."""
    return case.lake / "parsed" / source.sha256[:16]


def parsing_stage(case: Case, source: SealedSource) -> Stage:
    """The stage that parses one source."""
    return Stage(case.directory, f"parse-{source.sha256[:16]}")


def parsing_inputs(source: SealedSource) -> dict[str, Any]:
    """What the parsing of a source depends on; the sealed file is named by its content."""
    known = FORMATS[source.format]
    return {
        "files": {f"evidence/{source.sha256}": source.sha256},
        "parameters": {"format": known.name, "version": known.version, "time_zone": source.time_zone},
    }


def facts_of(case: Case, source: SealedSource) -> dict[str, Any]:
    """The counts and facts of a parsed source."""
    facts: dict[str, Any] = json.loads((parsed_folder(case, source) / "facts.json").read_text(encoding="utf-8"))
    return facts


def parse(path: Path, source: SealedSource, folder: Path, advance: Callable[[int], None]) -> None:
    """Parse the file at ``path`` into ``folder``. Raises UsageError where nothing of it is in the format."""
    known = FORMATS[source.format]
    writer = _EventWriter(folder, known.table, source.source_id)
    sink = Sink(writer.write, advance)
    with writer:
        known.parse(SourceFile(path, source.name, source.source_id, source.time_zone), sink)
    _require_something(sink, source)
    if sink.lines != sink.events + len(sink.rejects) + sink.ignored:
        raise KakuhoError(
            Bilingual(ja="行数が合いません（プログラムの不具合）。", en="lines were lost: a fault of the program"),
            where=f"{source.name}: {sink.lines} != {sink.events} + {len(sink.rejects)} + {sink.ignored}",
        )
    rejects = pa.table(
        {
            "source_id": pa.array([source.source_id] * len(sink.rejects), pa.int32()),
            "line": pa.array([line for line, _, _ in sink.rejects], pa.int64()),
            "byte_offset": pa.array([offset for _, offset, _ in sink.rejects], pa.int64()),
            "reason": pa.array([reason for _, _, reason in sink.rejects], pa.string()),
        }
    )
    write_lake_table(folder, "rejects", rejects)
    for name, table in sorted(sink.tables.items()):
        write_batches(folder / f"{name}.parquet", table.schema, table.to_batches())
    counts = {"lines": sink.lines, "events": sink.events, "rejected": len(sink.rejects), "ignored": sink.ignored}
    text = json.dumps({**counts, "facts": sink.facts}, ensure_ascii=False, sort_keys=True, indent=1)
    (folder / "facts.json").write_text(text + "\n", encoding="utf-8")


def _require_something(sink: Sink, source: SealedSource) -> None:
    if sink.lines and sink.rejects and not sink.events and len(sink.rejects) >= sink.ignored:
        raise UsageError(
            Bilingual(
                ja=f"{source.format} として読める行が一つもありません。",
                en=f"not one line of it reads as {source.format}",
            ),
            where=f"{source.name}:{sink.rejects[0][0]}",
            remedy=Bilingual(
                ja="--format を確かめるか、原本を確かめてください。", en="check --format, or the original"
            ),
        )


class _EventWriter:
    """Writes the events of one source, in the order of its lines, as they come."""

    def __init__(self, folder: Path, table: str | None, source_id: int) -> None:
        self.schema = TABLES[table].schema if table else None
        self.path = folder / "events.parquet"
        self.source_id = source_id
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> None:
        if self.schema is not None:
            self._writer = pq.ParquetWriter(self.path, self.schema, compression="zstd", compression_level=1)

    def write(self, events: pa.Table) -> None:
        """Take one table of events; adds the source's number."""
        if self._writer is None or self.schema is None or not len(events):
            return
        numbers = pa.array([self.source_id], pa.int32()).take(pa.array([0] * len(events)))
        complete = events.append_column("source_id", numbers).select(self.schema.names)
        self._writer.write_table(complete.cast(self.schema).combine_chunks())

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()
