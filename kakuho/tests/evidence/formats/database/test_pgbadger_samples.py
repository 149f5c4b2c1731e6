"""PostgreSQL logs of pgBadger's tests: the numbers that its tests state."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path
from typing import Any

import pytest

from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats import Declared
from kakuho.evidence.identification import identify

from ...reading import read
from ...samples import sample

OPENERS = {".gz": gzip.decompress, ".bz2": bz2.decompress}


def _read(folder: Path, name: str) -> tuple[str, list[dict[str, Any]], Any]:
    packed = sample("pgbadger-fixtures", "t", "fixtures", name)
    path = folder / packed.name.removesuffix(packed.suffix)
    path.write_bytes(OPENERS.get(packed.suffix, bytes)(packed.read_bytes()))
    known = identify(PlainContent(path), path.name)
    events, part = read(known.format, path, declared=Declared("Europe/Paris"))
    return known.format.name, events, part


def _authorized(events: list[dict[str, Any]], user: str) -> int:
    return sum(
        row.get("message", "").startswith("connection authorized") and row["db_user"] == row["database"] == user
        for row in events
    )


def test_the_database_postgres_has_629_queries(tmp_path: Path) -> None:
    _, events, _ = _read(tmp_path, "light.postgres.log.bz2")
    assert sum(row["kind"] == "statement" and row["database"] == "postgres" for row in events) == 629


def test_cloud_sql_has_151_connections(tmp_path: Path) -> None:
    name, events, part = _read(tmp_path, "cloudsql.log.gz")
    assert (name, part.rejects) == ("postgresql_cloud", [])
    assert _authorized(events, "cloudsqladmin") == 151


def test_cloudnativepg_has_378_connections(tmp_path: Path) -> None:
    name, events, part = _read(tmp_path, "cnpg.log.gz")
    assert (name, part.rejects) == ("postgresql_cloud", [])
    assert _authorized(events, "postgres") == 378


def test_rds_the_query_for_databases_took_2667_microseconds_but_for_one_client(tmp_path: Path) -> None:
    _, events, part = _read(tmp_path, "rds.log.bz2")
    query = "select datname from pg_database where not datistemplate and datallowconn;"
    took = [
        row["duration_us"]
        for row in events
        if row.get("statement", "").lower() == query and row.get("src_ip") != "192.168.1.201"
    ]
    assert (sum(took), part.events, part.rejects) == (2667, 114_604, [])


def test_heroku_the_statement_with_a_cte_took_21761546_microseconds(tmp_path: Path) -> None:
    name, events, part = _read(tmp_path, "logplex.gz")
    assert (name, part.rejects) == ("postgresql_syslog", [])
    took = [row["duration_us"] for row in events if row.get("command") == "WITH" and "duration_us" in row]
    assert 21_761_546 in took or sum(took) == 21_761_546


def test_sessions_begin_and_end(tmp_path: Path) -> None:
    _, events, _ = _read(tmp_path, "begin_end.log")
    assert sum(row["message"].startswith("disconnection") for row in events) == 8


@pytest.mark.parametrize("name", ["multiline_param.log", "postgresql_param_range.log"])
def test_parameters_in_a_detail_line_of_their_own(tmp_path: Path, name: str) -> None:
    _, events, part = _read(tmp_path, name)
    assert part.rejects == []
    assert any("parameters" in row for row in events if row["kind"] == "statement")


def test_lines_of_pg_ctl_are_rejected(tmp_path: Path) -> None:
    _, events, part = _read(tmp_path, "pg_rawcsv.log")
    assert [line for line, _, reason in part.rejects if reason == "no_log_line_prefix"] == [3, 4]
    assert [row["statement"] for row in events if row["kind"] == "error" and "statement" in row][-1] == (
        "select * from table_is_not_here order by total_time desc limit 20;"
    )
