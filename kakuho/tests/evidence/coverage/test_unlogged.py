"""A database's log is silent on what it was told to leave out."""

from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from kakuho.engine.postgresql import EmbeddedServer
from kakuho.evidence.coverage import CoveredSource

from .covering import coverage, covered, gaps, made, stretches

_BEGIN = datetime(2025, 3, 19, 9, 0)  # noqa: DTZ001 - the lake's times are UTC without a zone
_READ = "SELECT name FROM policyholder WHERE id = 7"
_END = _BEGIN + timedelta(minutes=9)


def _log(folder: Path, statements: dict[int, str], *, durations: int | None = None, ends: int | None = None):
    """Ten lines, a minute apart, of one session that reads; ``ends``: the minute at which it closes its connection."""
    told = [statements.get(minute, _READ) for minute in range(10)]
    kinds = ["connection" if minute == ends else "statement" for minute in range(10)]
    columns = {
        "session_id": ["67da.1" if ends is None or minute <= ends else "67da.2" for minute in range(10)],
        "session_line": list(range(1, 11)) if ends is None else [*range(1, ends + 2), *range(1, 10 - ends)],
        "kind": kinds,
        "statement": [None if kind == "connection" else text for kind, text in zip(kinds, told, strict=True)],
        "duration_us": [durations] * 10,
    }
    times = [_BEGIN + timedelta(minutes=minute) for minute in range(10)]
    return made(1, "database_log", times, folder, table="datastore_activity", columns=columns)


def _unlogged(source: CoveredSource) -> list[tuple[datetime, datetime, str]]:
    ours = {"reads_not_logged", "slow_reads_only", "logging_switched_off"}
    return [gap for gap in gaps(coverage(source)) if gap[2] in ours]


def test_a_log_of_slow_reads_alone_covers_nothing(tmp_path: Path) -> None:
    source = _log(tmp_path, {}, durations=250_000)
    assert _unlogged(source) == [(_BEGIN, _END, "slow_reads_only")]
    assert stretches(coverage(source)) == []


@pytest.mark.parametrize("duration", [999, None])
def test_one_read_that_was_not_slow_shows_that_all_are_logged(tmp_path: Path, duration: int | None) -> None:
    assert _unlogged(_log(tmp_path, {}, durations=duration)) == []


@pytest.mark.parametrize(
    "statement",
    [
        "SET log_statement = 'none'",
        "set session log_min_duration_statement to -1;",
        "SELECT 1; SET log_statement TO none",
        "SELECT set_config('log_statement', 'none', false)",
        "SET pgaudit.log = 'none'",
        "RESET log_statement",
        "ALTER SYSTEM SET log_statement = 'none'",
        "ALTER ROLE petinsurance_web SET log_statement TO 'none'",
        "SET GLOBAL general_log = 'OFF'",
        "SET @@global.general_log = 0",
        "SET sql_log_off = ON",
        "SET GLOBAL server_audit_logging = OFF",
    ],
)
def test_what_follows_a_statement_that_switches_logging_off_is_not_covered(tmp_path: Path, statement: str) -> None:
    source = _log(tmp_path, {4: statement})
    assert _unlogged(source) == [(_BEGIN + timedelta(minutes=4), _END, "logging_switched_off")]
    assert stretches(coverage(source)) == [(_BEGIN, _BEGIN + timedelta(minutes=4))]


@pytest.mark.parametrize(
    "statement",
    [
        "SET log_statement = 'all'",
        "SET statement_timeout = 0",
        "SHOW log_statement",
        "SELECT setting FROM pg_settings WHERE name = 'log_statement'",
        "SET client_encoding = 'UTF8'",
        "SET NAMES utf8mb4",
    ],
)
def test_other_settings_leave_the_log_whole(tmp_path: Path, statement: str) -> None:
    assert _unlogged(_log(tmp_path, {4: statement})) == []


def test_a_setting_of_a_session_ends_with_the_session(tmp_path: Path) -> None:
    source = _log(tmp_path, {2: "SET log_statement = 'none'"}, ends=5)
    start = _BEGIN + timedelta(minutes=2)
    assert _unlogged(source) == [(start, start + timedelta(minutes=3), "logging_switched_off")]


def test_a_setting_of_the_server_does_not(tmp_path: Path) -> None:
    source = _log(tmp_path, {2: "ALTER SYSTEM SET log_statement = 'none'"}, ends=5)
    assert _unlogged(source) == [(_BEGIN + timedelta(minutes=2), _END, "logging_switched_off")]


def test_the_log_of_a_real_server_tells_what_it_leaves_out(tmp_path: Path) -> None:
    settings = {"logging_collector": "on", "log_destination": "jsonlog", "log_min_duration_statement": "100"}
    with EmbeddedServer(
        tmp_path / "server", settings | {"log_filename": "log", "log_min_messages": "warning"}
    ) as server:
        with psycopg.connect(server.connection_string(), autocommit=True) as connection:
            connection.execute("SELECT 1")
            connection.execute("SELECT pg_sleep(0.2)")
        with psycopg.connect(server.connection_string(), autocommit=True) as connection:
            connection.execute("SELECT pg_sleep(0.2)")
    text = (server.data / "log" / "log.json").read_text(encoding="utf-8")
    assert "SELECT 1" not in text
    kept = tmp_path / "postgresql.json"
    kept.write_text(text, encoding="utf-8")
    answer = covered([kept], tmp_path)
    assert "slow_reads_only" in {reason for _, _, reason in gaps(answer)}
    assert stretches(answer) == []
