"""The same questions asked of an access log by lnav and of a case's lake: ``python -m benchmarks._questions CASE N``.

lnav reads the log anew in every run and keeps its lines in memory while it answers; kakuho reads it once, at intake,
and is asked through DuckDB over the Parquet files that the lake lists for ``http_activity``. The first question is the
one that ``benchmarks.intake`` compares by. Prints the answers, one list of rows a line, as JSON.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kakuho.engine.parts import table_parts

LAKE_TABLE = "http_activity"


@dataclass(frozen=True)
class Question:
    """What is asked, in SQL over lnav's table ``access_log`` and over the lake's ``http_activity``."""

    lnav: str
    lake: str


QUESTIONS = (
    Question(
        "SELECT sc_status, count(*) AS n, sum(sc_bytes) FROM access_log GROUP BY sc_status ORDER BY sc_status",
        "SELECT status, count(*), sum(bytes_out) FROM http_activity GROUP BY status ORDER BY status",
    ),
    Question(
        "SELECT c_ip, count(*) AS n FROM access_log GROUP BY c_ip ORDER BY n DESC, c_ip LIMIT 20",
        "SELECT src_ip, count(*) AS n FROM http_activity GROUP BY src_ip ORDER BY n DESC, src_ip LIMIT 20",
    ),
    Question(
        "SELECT strftime('%Y-%m-%dT%H', log_time) AS hour, count(*), sum(sc_bytes) FROM access_log GROUP BY hour",
        "SELECT strftime(date_trunc('hour', time), '%Y-%m-%dT%H') AS hour, count(*), sum(bytes_out) "
        "FROM http_activity GROUP BY hour",
    ),
    Question(
        "SELECT cs_uri_stem, count(*) AS n FROM access_log GROUP BY cs_uri_stem ORDER BY n DESC, cs_uri_stem LIMIT 20",
        "SELECT url_path, count(*) AS n FROM http_activity GROUP BY url_path ORDER BY n DESC, url_path LIMIT 20",
    ),
)
"""By status, the busiest addresses, by hour, the paths most asked for."""


def asked_of_lnav(count: int) -> list[str]:
    """lnav's arguments for the first ``count`` questions."""
    return [
        word for one in QUESTIONS[:count] for command in (f";{one.lnav}", ":write-csv-to -") for word in ("-c", command)
    ]


def main() -> None:
    case, count = Path(sys.argv[1]), int(sys.argv[2])
    paths = [str(path) for path in table_parts(case / "lake", LAKE_TABLE)]
    with duckdb.connect() as connection:
        connection.read_parquet(paths).create_view(LAKE_TABLE)
        for question in QUESTIONS[:count]:
            print(json.dumps(connection.execute(question.lake).fetchall(), ensure_ascii=False))


if __name__ == "__main__":
    main()
