"""How long it takes to find what many events cover: ``python -m benchmarks.coverage``.

100 million events in parsed sources, as intake leaves them: three fifths an access log rotated every day, one fifth a
PostgreSQL csvlog with the line numbers of its sessions, one fifth a Windows event log with its record numbers. A few
hours are missing in each, and some numbers. What is measured is what ``evidence add`` does behind the parsing.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import duckdb
from benchmarks._measuring import run

from kakuho.engine.schemas import TABLES

ROOT = Path(__file__).resolve().parent.parent
FIRST_US = 1_742_342_400_000_000
DAYS = 34
DAY_US = 86_400_000_000
ROWS_OF_A_PART = 1_000_000
LINES_OF_A_SESSION = 1000
LOGS = (("access_log", 3), ("postgresql_csvlog", 1), ("windows_evtx", 1))
"""Format and share (fifths) of the events."""
TABLES_OF = {
    "access_log": ("http_activity",),
    "postgresql_csvlog": ("datastore_activity",),
    "windows_evtx": ("authentication", "sequence"),
}
COLUMNS = {
    "http_activity": "'192.0.2.7' AS src_ip, '/' AS url_path, 200 AS status",
    "datastore_activity": f"""
        'S' || (i // {LINES_OF_A_SESSION}) AS session_id, i % {LINES_OF_A_SESSION} + 1 AS session_line,
        'statement' AS kind, 'SELECT 1' AS statement""",
    "authentication": "'logon' AS activity",
    "sequence": "'dc1/Security' AS stream, i + 1 AS number",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--events", type=int, default=100_000_000)
    parser.add_argument("--folder", type=Path, help="where the files are made; they go away at the end")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder, prefix="kakuho-bench-") as name:
        folder = Path(name)
        make_sources(folder, arguments.events)
        size = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
        done = run([sys.executable, "-m", "benchmarks._coverage_alone", str(folder)], cwd=ROOT)
        if done.exit_code:
            print(done.output)
            return 1
        told = json.loads(done.output.strip().splitlines()[-1])
        print(f"{arguments.events:,} events, {size / 1e9:.1f} GB of Parquet")
        print(f"{done.seconds:.1f} s, {done.processor_seconds:.0f} CPU s, {done.memory:,.0f} MiB at most")
        print(f"  {told['intervals']} intervals, gaps: {told['gaps']}")
    return 0


def make_sources(folder: Path, events: int) -> None:
    """A folder a source, with its tables and ``source.json``."""
    number = 0
    with duckdb.connect() as connection:
        for log, share in LOGS:
            count = events * share // 5
            files = DAYS if log == "access_log" else 1
            for file in range(files):
                number += 1
                parsed = folder / f"{number:03}"
                parsed.mkdir()
                _write(connection, parsed, number, log, (count * file // files, count * (file + 1) // files), count)
                told = {"source_id": number, "format": log, "file": file}
                (parsed / "source.json").write_text(json.dumps(told), encoding="utf-8")


def _write(
    connection: duckdb.DuckDBPyConnection, parsed: Path, number: int, log: str, rows: tuple[int, int], count: int
) -> None:
    begin, end = rows
    for part, first in enumerate(range(begin, end, ROWS_OF_A_PART)):
        for table in TABLES_OF[log]:
            query = f"""
                SELECT make_timestamp({FIRST_US} + (i * {DAYS * DAY_US}::HUGEINT // {count})::BIGINT) AS time,
                    {number}::INTEGER AS source_id, i - {begin} + 1 AS line, 200 * i AS byte_offset, {COLUMNS[table]}
                FROM range({first}, {min(first + ROWS_OF_A_PART, end)}) t(i)
                WHERE i % {count} NOT BETWEEN {count // 2} AND {count // 2 + count // 100} AND i % 900_007 <> 17"""
            connection.register("shape", TABLES[table].schema.empty_table())
            whole = f"SELECT * FROM shape UNION ALL BY NAME ({query})"
            path = parsed / f"{table}-{part:05}.parquet"
            connection.execute(f"COPY ({whole}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")


if __name__ == "__main__":
    sys.exit(main())
