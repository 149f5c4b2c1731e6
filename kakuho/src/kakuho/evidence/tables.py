"""The lake's evidence tables, put together from all parsed sources: ordered, joined, with coverage and gaps.

A stage: runs again only when a source was added or a parsed file changed. It reads parsed tables, never evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from kakuho.case import Case, Stage
from kakuho.engine.schemas import TABLES
from kakuho.engine.settings import engine_settings
from kakuho.engine.write import write_batches, write_lake_table
from kakuho.evidence.coverage import LONGEST_SILENCE, holes, joined, united, without
from kakuho.evidence.formats import FORMATS
from kakuho.evidence.ledger_witness import Interval, Segment, ledger_intervals
from kakuho.evidence.outcomes import WITH_OUTCOMES
from kakuho.evidence.parsing import facts_of, parsed_folder, parsing_stage
from kakuho.evidence.sealed import SealedSource

EVENT_TABLES = ("http_activity", "datastore_activity", "disclosure")
_WHOLE_SECONDS = timedelta(seconds=1)


def tables_stage(case: Case) -> Stage:
    """The stage that makes the evidence tables."""
    return Stage(case.directory, "evidence")


def tables_inputs(case: Case, sources: Sequence[SealedSource]) -> dict[str, Any]:
    """What the tables depend on: the parsed files of every source, and the longest silence."""
    records = {source.sha256: parsing_stage(case, source).record() for source in sources}
    return {
        "files": {sha256: record["outputs"] if record else None for sha256, record in sorted(records.items())},
        "parameters": {
            "longest_silence_hours": LONGEST_SILENCE / timedelta(hours=1),
            "names": {source.sha256: source.name for source in sources},
        },
    }


def write_tables(case: Case, sources: Sequence[SealedSource], folder: Path) -> None:
    """Write every evidence table into ``folder``."""
    (case.lake / ".spill").mkdir(exist_ok=True)
    with duckdb.connect(config=engine_settings(case.lake)) as connection:
        for table in EVENT_TABLES:
            _write_events(connection, case, sources, table, folder)
        _write_rejects(connection, case, sources, folder)
        spans = _spans(connection, folder)
        _write_sources(case, sources, spans, folder)
        _write_coverage(connection, case, sources, spans, folder)
    (case.lake / ".spill").rmdir()


def _parsed(case: Case, sources: Sequence[SealedSource], table: str) -> list[tuple[str, Path]]:
    chosen = [source for source in sources if FORMATS[source.format].table == table]
    return [(source.format, parsed_folder(case, source) / "events.parquet") for source in chosen]


def _write_events(
    connection: duckdb.DuckDBPyConnection, case: Case, sources: Sequence[SealedSource], table: str, folder: Path
) -> None:
    declared = TABLES[table]
    parsed = _parsed(case, sources, table)
    if not parsed:
        write_batches(folder / f"{table}.parquet", declared.schema, ())
        return
    union = " UNION ALL ".join(
        f"SELECT *, '{name}' AS format FROM read_parquet('{_quoted(path)}')" for name, path in parsed
    )
    query = f"SELECT * FROM ({union})"
    if table == "datastore_activity":
        query = WITH_OUTCOMES.replace("FROM records)", f"FROM ({query}))", 1)
    columns, order = ", ".join(f'"{name}"' for name in declared.schema.names), ", ".join(declared.order)
    batches = connection.sql(f"SELECT {columns} FROM ({query}) ORDER BY {order}").to_arrow_reader(65_536)
    write_batches(folder / f"{table}.parquet", declared.schema, batches)


def _write_rejects(
    connection: duckdb.DuckDBPyConnection, case: Case, sources: Sequence[SealedSource], folder: Path
) -> None:
    tables = [pq.read_table(parsed_folder(case, source) / "rejects.parquet") for source in sources]
    rows = pa.concat_tables([TABLES["rejects"].schema.empty_table(), *tables])
    write_lake_table(folder, "rejects", rows)


def _spans(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[int, tuple[datetime, datetime]]:
    union = " UNION ALL ".join(
        f"SELECT source_id, min(time), max(time) FROM read_parquet('{_quoted(folder / f'{table}.parquet')}') GROUP BY 1"
        for table in EVENT_TABLES
    )
    return {source_id: (first, last) for source_id, first, last in connection.sql(union).fetchall()}


def _write_sources(
    case: Case, sources: Sequence[SealedSource], spans: dict[int, tuple[datetime, datetime]], folder: Path
) -> None:
    rows = []
    for source in sources:
        facts = facts_of(case, source)
        first, last = spans.get(source.source_id, (None, None))
        known = {key: getattr(source, key) for key in ("source_id", "name", "format", "role", "sha256", "size")}
        counts = {key: facts[key] for key in ("lines", "events", "rejected", "ignored")}
        rows.append({**known, **counts, "first": first, "last": last})
    write_lake_table(folder, "sources", pa.Table.from_pylist(rows, schema=TABLES["sources"].schema))


def _write_coverage(
    connection: duckdb.DuckDBPyConnection,
    case: Case,
    sources: Sequence[SealedSource],
    spans: dict[int, tuple[datetime, datetime]],
    folder: Path,
) -> None:
    covered_rows: list[dict[str, Any]] = []
    gap_rows: list[dict[str, Any]] = []
    for role in sorted({source.role for source in sources} - {"snapshot"}):
        ours = [source for source in sources if source.role == role]
        if role == "disclosure_ledger":
            intervals, gaps = _of_ledger(case, ours)
            gaps += _silences(connection, folder, "disclosure", {source.source_id for source in ours}, together=True)
        else:
            intervals, gaps = _of_logs(connection, ours, spans, folder, role)
        intervals = joined(intervals)
        gaps = united([*gaps, *holes(intervals)])
        covered_rows += [_row(one, role) for one in without(intervals, gaps)]
        gap_rows += [{**_row(one, role), "reason": one.reason} for one in gaps]
    write_lake_table(folder, "coverage", pa.Table.from_pylist(covered_rows, schema=TABLES["coverage"].schema))
    write_lake_table(folder, "gaps", pa.Table.from_pylist(gap_rows, schema=TABLES["gaps"].schema))


def _of_ledger(case: Case, sources: Sequence[SealedSource]) -> tuple[list[Interval], list[Interval]]:
    segments, checkpoints = [], []
    for source in sources:
        facts = facts_of(case, source)["facts"]
        if source.format == "disclosure_ledger":
            chain = pq.read_table(parsed_folder(case, source) / "chain.parquet")
            hashes = dict(zip(chain["seq"].to_pylist(), chain["hash"].to_pylist(), strict=True))
            segments.append(Segment(source.source_id, facts, hashes.get))
        else:
            checkpoints.append((source.source_id, facts["checkpoints"]))
    return ledger_intervals(segments, checkpoints)


def _of_logs(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[SealedSource],
    spans: dict[int, tuple[datetime, datetime]],
    folder: Path,
    role: str,
) -> tuple[list[Interval], list[Interval]]:
    table = "http_activity" if role == "access_log" else "datastore_activity"
    end = _WHOLE_SECONDS if role == "access_log" else timedelta(0)
    ours = {source.source_id for source in sources}
    intervals = [
        Interval(source_id, first, last + end) for source_id, (first, last) in spans.items() if source_id in ours
    ]
    gaps = _silences(connection, folder, table, ours, together=False)
    gaps += [
        Interval(source_id, start, stop + end, "rejected_lines")
        for source_id, start, stop in connection.execute(
            _AROUND_REJECTS.format(
                events=_quoted(folder / f"{table}.parquet"), rejects=_quoted(folder / "rejects.parquet")
            )
        ).fetchall()
        if source_id in ours
    ]
    if role == "database_log":
        reading = {
            row[0]
            for row in connection.execute(_READING.format(events=_quoted(folder / f"{table}.parquet"))).fetchall()
        }
        gaps += [
            Interval(one.source_id, one.start, one.end, "reads_not_logged")
            for one in intervals
            if one.source_id not in reading
        ]
    return intervals, gaps


def _silences(
    connection: duckdb.DuckDBPyConnection, folder: Path, table: str, sources: set[int], *, together: bool
) -> list[Interval]:
    query = _SILENCES.format(
        events=_quoted(folder / f"{table}.parquet"),
        partition="" if together else "PARTITION BY source_id",
        seconds=int(LONGEST_SILENCE.total_seconds()),
    )
    rows = connection.execute(query).fetchall()
    return [Interval(source_id, start, end, "silence") for source_id, start, end in rows if source_id in sources]


def _row(one: Interval, role: str) -> dict[str, Any]:
    return {"source_id": one.source_id, "role": role, "start": one.start, "end": one.end}


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


_SILENCES = """
SELECT source_id, before, time FROM (
    SELECT source_id, time, lag(time) OVER ({partition} ORDER BY time) AS before
    FROM (SELECT DISTINCT source_id, time FROM read_parquet('{events}'))
) WHERE time - before > INTERVAL {seconds} SECOND ORDER BY ALL
"""

_AROUND_REJECTS = """
WITH events AS (SELECT source_id, line, time FROM read_parquet('{events}')),
ends AS (SELECT source_id, min(time) AS first, max(time) AS last FROM events GROUP BY 1)
SELECT rejects.source_id, coalesce(before.time, ends.first), coalesce(after.time, ends.last)
FROM read_parquet('{rejects}') AS rejects JOIN ends USING (source_id)
ASOF LEFT JOIN events AS before ON before.source_id = rejects.source_id AND before.line < rejects.line
ASOF LEFT JOIN events AS after ON after.source_id = rejects.source_id AND after.line > rejects.line
ORDER BY ALL
"""

_READING = """
SELECT DISTINCT source_id FROM read_parquet('{events}')
WHERE kind = 'statement' AND regexp_matches(statement, '^\\s*(select|with|copy|table|fetch|execute|declare)\\b', 'i')
"""
