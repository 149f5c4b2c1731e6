"""The lake's evidence tables, out of all parsed sources: lists of parts, statements with their outcomes, coverage.

A stage: runs again only when a source was added, declared otherwise or parsed anew. It reads parsed tables, never
evidence. Events stay where parsing wrote them; a table that is only put together is a list of its parts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from kakuho.case import Case, Stage
from kakuho.engine.schemas import IN_PARTS, TABLES
from kakuho.engine.settings import engine_settings
from kakuho.engine.write import write_batches, write_lake_table
from kakuho.evidence.coverage import LONGEST_SILENCE, holes, joined, united, without
from kakuho.evidence.ledger_witness import Interval, Segment, ledger_intervals
from kakuho.evidence.outcomes import WITH_OUTCOMES
from kakuho.evidence.parsing import part_files, read_facts
from kakuho.evidence.sealed import SealedSource
from kakuho.evidence.witnesses import LOG_ROLES

EVENT_TABLES = (*(table for table in IN_PARTS if table != "rejects"), "datastore_activity")
_WHOLE_SECONDS = timedelta(seconds=1)
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
            "longest_silence_hours": LONGEST_SILENCE.total_seconds() / 3600,
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
    query = WITH_OUTCOMES.replace("FROM records)", f"FROM ({' UNION ALL '.join(selected)}))", 1)
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
    covered_rows: list[dict[str, Any]] = []
    gap_rows: list[dict[str, Any]] = []
    for role in LOG_ROLES:
        ours = [source for source in sources if source.role == role]
        if role == "disclosure_ledger":
            intervals, gaps = _of_ledger(connection, case, ours)
        else:
            intervals, gaps = _of_logs(connection, case, ours)
        intervals = joined(intervals)
        gaps = united([*gaps, *holes(intervals)])
        covered_rows += [_row(one, role) for one in without(intervals, gaps)]
        gap_rows += [{**_row(one, role), "reason": one.reason} for one in gaps]
    write_lake_table(folder, "coverage", pa.Table.from_pylist(covered_rows, schema=TABLES["coverage"].schema))
    write_lake_table(folder, "gaps", pa.Table.from_pylist(gap_rows, schema=TABLES["gaps"].schema))


def _of_ledger(
    connection: duckdb.DuckDBPyConnection, case: Case, sources: Sequence[SealedSource]
) -> tuple[list[Interval], list[Interval]]:
    segments, checkpoints = [], []
    for source in sources:
        facts = read_facts(parsed_folder(case, source))["facts"]
        if source.format == "disclosure_ledger":
            paths = part_files(parsed_folder(case, source), "ledger_chain")
            chain = connection.execute(f"SELECT seq, hash FROM read_parquet([{_listed(paths)}])").fetchall()
            segments.append(Segment(source.source_id, facts, dict(chain).get))
        elif "checkpoints" in facts:
            checkpoints.append((source.source_id, facts["checkpoints"]))
    intervals, gaps = ledger_intervals(segments, checkpoints)
    paths = [path for source in sources for path in part_files(parsed_folder(case, source), "disclosure")]
    return intervals, gaps + _silences(connection, paths, together=True)


def _of_logs(
    connection: duckdb.DuckDBPyConnection, case: Case, sources: Sequence[SealedSource]
) -> tuple[list[Interval], list[Interval]]:
    intervals: list[Interval] = []
    gaps: list[Interval] = []
    for source in sources:
        parsed = parsed_folder(case, source)
        first, last = _span(connection, parsed)
        if first is None:
            continue
        table = "http_activity" if source.role == "access_log" else "datastore_activity"
        end = _WHOLE_SECONDS if source.role == "access_log" else timedelta(0)
        one = Interval(source.source_id, first, last + end)
        intervals.append(one)
        events, rejects = part_files(parsed, table), part_files(parsed, "rejects")
        gaps += _silences(connection, events, together=False)
        if rejects:
            around = _AROUND_REJECTS.format(events=_listed(events), rejects=_listed(rejects))
            found = connection.execute(around).fetchall()
            gaps += [Interval(number, start, stop + end, "rejected_lines") for number, start, stop in found]
        if source.role == "database_log" and not connection.execute(_READING.format(events=_listed(events))).fetchall():
            gaps.append(Interval(one.source_id, one.start, one.end, "reads_not_logged"))
    return intervals, gaps


def _silences(connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], *, together: bool) -> list[Interval]:
    if not paths:
        return []
    query = _SILENCES.format(
        events=_listed(paths),
        partition="" if together else "PARTITION BY source_id",
        seconds=int(LONGEST_SILENCE.total_seconds()),
    )
    rows = connection.execute(query).fetchall()
    return [Interval(source_id, start, end, "silence") for source_id, start, end in rows]


def _row(one: Interval, role: str) -> dict[str, Any]:
    return {"source_id": one.source_id, "role": role, "start": one.start, "end": one.end}


def _listed(paths: Sequence[Path]) -> str:
    """Paths as a list in SQL."""
    return ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)


_SILENCES = """
SELECT source_id, before, time FROM (
    SELECT source_id, time, lag(time) OVER ({partition} ORDER BY time) AS before
    FROM (SELECT DISTINCT source_id, time FROM read_parquet([{events}]))
) WHERE time - before > INTERVAL {seconds} SECOND ORDER BY ALL
"""

_AROUND_REJECTS = """
WITH events AS (SELECT source_id, line, time FROM read_parquet([{events}])),
ends AS (SELECT source_id, min(time) AS first, max(time) AS last FROM events GROUP BY 1)
SELECT rejects.source_id, coalesce(before.time, ends.first), coalesce(after.time, ends.last)
FROM read_parquet([{rejects}]) AS rejects JOIN ends USING (source_id)
ASOF LEFT JOIN events AS before ON before.source_id = rejects.source_id AND before.line < rejects.line
ASOF LEFT JOIN events AS after ON after.source_id = rejects.source_id AND after.line > rejects.line
ORDER BY ALL
"""

_READING = """
SELECT source_id FROM read_parquet([{events}])
WHERE kind = 'statement' AND regexp_matches(statement, '^\\s*(select|with|copy|table|fetch|execute|declare)\\b', 'i')
LIMIT 1
"""
