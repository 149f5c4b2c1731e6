"""What a format reads out of a file, without a case."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from kakuho.case import Case
from kakuho.engine.parts import table_parts
from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats import Declared, Format, Head, Part, Recognition, SourceFile
from kakuho.evidence.formats.base import NOTHING_DECLARED, add_facts
from kakuho.evidence.identification import head_of

MODIFIED = datetime(2025, 4, 22, tzinfo=UTC)


def source_file(path: Path, declared: Declared = NOTHING_DECLARED, variant: str = "") -> SourceFile:
    """A plain file as a source."""
    return SourceFile(PlainContent(path), path.name, MODIFIED, variant, declared)


def recognise(known: Format, path: Path, declared: Declared = NOTHING_DECLARED) -> Recognition | None:
    """How surely a format takes a file for its own."""
    head: Head = head_of(PlainContent(path), path.name, declared)
    return known.recognise(head)


def read_whole(known: Format, source: SourceFile) -> Part:
    """All parts of a file as one, its tables in the order of their lines; conservation is checked."""
    whole = Part()
    for part in known.parse(source):
        assert part.lines == part.events + len(part.rejects) + part.ignored.total()
        whole.lines += part.lines
        whole.events += part.events
        whole.ignored.update(part.ignored)
        whole.rejects += part.rejects
        add_facts(whole.facts, part.facts)
        for table, rows in part.tables.items():
            before = whole.tables.get(table)
            whole.tables[table] = rows if before is None else pa.concat_tables([before, rows])
    return whole


def read(
    known: Format, path: Path, time_zone: str | None = None, declared: Declared | None = None
) -> tuple[list[dict[str, Any]], Part]:
    """The rows of all event tables in the order of their lines (what is null left out), and the whole part."""
    recognised = recognise(known, path, declared or Declared(time_zone))
    source = source_file(path, declared or Declared(time_zone), recognised.variant if recognised else "")
    whole = read_whole(known, source)
    rows = [row for table in known.tables if table in whole.tables for row in whole.tables[table].to_pylist()]
    present = [{key: value for key, value in row.items() if value is not None} for row in rows]
    return sorted(present, key=lambda row: row["line"]), whole


def lake_rows(case: Case, table: str, columns: str = "*", rest: str = "") -> list[tuple[Any, ...]]:
    """Columns of a table of a case's lake, as SQL gives them."""
    paths = [str(path) for path in table_parts(case.lake, table)]
    return duckdb.sql(f"SELECT {columns} FROM read_parquet({paths!r}) {rest}").fetchall() if paths else []
