"""The lake's evidence tables, out of all parsed sources: lists of parts, statements with their outcomes, coverage.

A stage: runs again only when a source was added, declared otherwise or parsed anew. It reads parsed tables, never
evidence. Events stay where parsing wrote them; a table that is only put together is a list of its parts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from kakuho.case import Case, Stage
from kakuho.engine.schemas import IN_PARTS, TABLES
from kakuho.engine.settings import engine_settings
from kakuho.engine.write import write_batches, write_lake_table
from kakuho.evidence.coverage import VERSION, CoveredSource, coverage_of
from kakuho.evidence.coverage.source import EVENT_TABLES
from kakuho.evidence.outcomes import with_outcomes
from kakuho.evidence.parsing import part_files, read_facts
from kakuho.evidence.sealed import SealedSource

CLOCKS = "clocks.json"
"""What is known of each source's clock, by its number."""
MEMORY = "768MiB"
"""What DuckDB may hold of the statements before it spills: memory stays flat however long the logs are."""


def tables_stage(case: Case) -> Stage:
    """The stage that makes the evidence tables."""
    return Stage(case.directory, "evidence")


def parsed_folder(case: Case, source: SealedSource) -> Path:
    """Where a source's parsed tables lie."""
    return case.lake / "parsed" / source.sha256[:16]


def tables_inputs(case: Case, sources: Sequence[SealedSource]) -> dict[str, Any]:
    """What the tables depend on: the parsed files of every source, and what is told of it."""
    return {
        "files": {source.sha256: _outputs(case, source) for source in sources},
        "parameters": {
            "coverage": VERSION,
            "names": {source.sha256: source.name for source in sources},
        },
    }


def write_tables(case: Case, sources: Sequence[SealedSource], folder: Path) -> None:
    """Write every evidence table into ``folder``."""
    (case.lake / ".spill").mkdir(exist_ok=True)
    for table in IN_PARTS:
        _write_list(case, sources, table, folder)
    with duckdb.connect(config={**engine_settings(case.lake), "memory_limit": MEMORY}) as connection:
        _write_statements(connection, case, sources, folder)
        _write_sources(connection, case, sources, folder)
        _write_coverage(connection, case, sources, folder)
    (case.lake / ".spill").rmdir()


def _outputs(case: Case, source: SealedSource) -> dict[str, str] | None:
    record = Stage(case.directory, f"parse-{source.sha256[:16]}").record()
    return record["outputs"] if record else None


def _write_list(case: Case, sources: Sequence[SealedSource], table: str, folder: Path) -> None:
    parts = []
    for source in sources:
        outputs = _outputs(case, source) or {}
        for path in part_files(parsed_folder(case, source), table):
            name = path.relative_to(case.directory).as_posix()
            parts.append({"path": path.relative_to(case.lake).as_posix(), "sha256": outputs[name]})
    text = json.dumps(sorted(parts, key=lambda part: part["path"]), indent=1)
    (folder / f"{table}.json").write_text(text + "\n", encoding="utf-8")


def _write_statements(
    connection: duckdb.DuckDBPyConnection, case: Case, sources: Sequence[SealedSource], folder: Path
) -> None:
    """Statements know whether they failed only together with the errors that follow, maybe in the next file."""
    declared = TABLES["datastore_activity"]
    parts = [(source, part_files(parsed_folder(case, source), "datastore_activity")) for source in sources]
    selected = [
        f"SELECT *, '{source.format}' AS format FROM read_parquet([{_listed(paths)}])"
        for source, paths in parts
        if paths
    ]
    if not selected:
        write_batches(folder / "datastore_activity.parquet", declared.schema, ())
        return
    query = with_outcomes(" UNION ALL ".join(selected))
    columns, order = ", ".join(f'"{name}"' for name in declared.schema.names), ", ".join(declared.order)
    batches = connection.sql(f"SELECT {columns} FROM ({query}) ORDER BY {order}").to_arrow_reader(65_536)
    write_batches(folder / "datastore_activity.parquet", declared.schema, batches)


def _write_sources(
    connection: duckdb.DuckDBPyConnection, case: Case, sources: Sequence[SealedSource], folder: Path
) -> None:
    rows = []
    for source in sources:
        parsed = parsed_folder(case, source)
        facts = read_facts(parsed)
        first, last = _span(connection, parsed)
        known = {
            key: getattr(source, key)
            for key in ("source_id", "name", "format", "variant", "role", "series", "sha256", "size")
        }
        counts = {key: facts[key] for key in ("lines", "events", "rejected")}
        ignored = sum(facts["ignored"].values())
        problem = json.dumps(facts["facts"]["problem"], ensure_ascii=False) if "problem" in facts["facts"] else None
        rows.append({**known, **counts, "ignored": ignored, "first": first, "last": last, "problem": problem})
    write_lake_table(folder, "sources", pa.Table.from_pylist(rows, schema=TABLES["sources"].schema))


def _span(connection: duckdb.DuckDBPyConnection, parsed: Path) -> tuple[Any, Any]:
    """The times of the first and the last event of a source."""
    paths = [path for table in EVENT_TABLES for path in part_files(parsed, table)]
    if not paths:
        return None, None
    query = f"SELECT min(time), max(time) FROM read_parquet([{_listed(paths)}], union_by_name = true)"
    first, last = connection.execute(query).fetchall()[0]
    return first, last


def _write_coverage(
    connection: duckdb.DuckDBPyConnection, case: Case, sources: Sequence[SealedSource], folder: Path
) -> None:
    covered = coverage_of(connection, [_to_cover(case, source) for source in sources])
    write_lake_table(folder, "coverage", covered.coverage)
    write_lake_table(folder, "gaps", covered.gaps)
    clocks = {str(number): clock for number, clock in sorted(covered.clocks.items())}
    text = json.dumps(clocks, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    (folder / CLOCKS).write_text(text + "\n", encoding="utf-8")


def _to_cover(case: Case, source: SealedSource) -> CoveredSource:
    parsed = parsed_folder(case, source)
    record = read_facts(parsed)
    return CoveredSource(
        source_id=source.source_id,
        name=source.name,
        format=source.format,
        role=source.role,
        series=source.series,
        facts=record["facts"],
        folder=parsed,
        truncated=source.damage,
        ends_in_mid_line=record["ends_in_mid_line"],
    )


def _listed(paths: Sequence[Path]) -> str:
    """Paths as a list in SQL."""
    return ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
