"""Files parsed as intake does it, and what coverage says of them, without a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from kakuho.engine.schemas import TABLES
from kakuho.evidence.content import PlainContent
from kakuho.evidence.coverage import Covered, CoveredSource, coverage_of
from kakuho.evidence.formats import Declared, SourceFile
from kakuho.evidence.formats.rows import table_of
from kakuho.evidence.identification import identify
from kakuho.evidence.parsing import PartPlace, parse, read_facts

MODIFIED = datetime(2025, 4, 22, tzinfo=UTC)


@dataclass(frozen=True)
class Given:
    """A file, and what the intake knows of it besides."""

    path: Path
    name: str | None = None
    series: str | None = None
    truncated: str | None = None
    ends_in_mid_line: bool = False


def parsed(given: Path | Given, source_id: int, folder: Path, declared: Declared | None = None) -> CoveredSource:
    """One file parsed into ``folder``."""
    file = given if isinstance(given, Given) else Given(given)
    content, name = PlainContent(file.path), file.name or file.path.name
    declared = declared or Declared(time_zone="UTC")
    found = identify(content, name, declared=declared)
    place = folder / f"parsed-{source_id}"
    place.mkdir(parents=True)
    parse(found.format.name, SourceFile(content, name, MODIFIED, found.variant, declared), PartPlace(place, source_id))
    facts = read_facts(place)["facts"]
    source = CoveredSource(source_id, name, found.format.name, found.format.role, file.series or name, facts, place)
    return replace(source, truncated=file.truncated, ends_in_mid_line=file.ends_in_mid_line)


def covered(files: Sequence[Path | Given], folder: Path) -> Covered:
    """What these files cover; they are numbered from 1."""
    sources = [parsed(file, number, folder) for number, file in enumerate(files, 1)]
    with duckdb.connect() as connection:
        return coverage_of(connection, sources)


def gaps(answer: Covered) -> list[tuple[Any, ...]]:
    """(start, end, reason) of each gap."""
    return [(row["start"], row["end"], row["reason"]) for row in answer.gaps.to_pylist()]


def stretches(answer: Covered) -> list[tuple[Any, ...]]:
    """(start, end) of each covered stretch."""
    return [(row["start"], row["end"]) for row in answer.coverage.to_pylist()]


def made(
    source_id: int,
    role: str,
    times: Sequence[datetime],
    folder: Path,
    *,
    name: str = "",
    series: str | None = None,
    facts: dict[str, Any] | None = None,
    columns: dict[str, list[Any]] | None = None,
    table: str = "base_event",
) -> CoveredSource:
    """A parsed source with events at these times (UTC without a zone), in lines 1, 2, 3 …"""
    name = name or f"{role}-{source_id}.log"
    place = folder / f"made-{source_id}"
    place.mkdir(parents=True, exist_ok=True)
    count = len(times)
    given = {"time": list(times), "line": list(range(1, count + 1)), "byte_offset": [0] * count, **(columns or {})}
    rows = table_of(table, given).append_column("source_id", pa.array([source_id] * count, pa.int32()))
    pq.write_table(rows.select(TABLES[table].schema.names), place / f"{table}-00000.parquet")
    return CoveredSource(source_id, name, "made", role, series or name, facts or {}, place)


def coverage(*sources: CoveredSource) -> Covered:
    """What these sources cover."""
    with duckdb.connect() as connection:
        return coverage_of(connection, sources)
