"""PostgreSQL's plain log under any prefix: the same events as csvlog and jsonlog of the same server."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from kakuho.errors import UsageError
from kakuho.evidence.formats import Declared
from kakuho.evidence.formats.database.postgresql_csvlog import PostgresqlCsvlog
from kakuho.evidence.formats.database.postgresql_jsonlog import PostgresqlJsonlog
from kakuho.evidence.formats.database.postgresql_prefix import USUAL, line_prefix
from kakuho.evidence.formats.database.postgresql_stderr import PostgresqlStderr

from ...reading import read, recognise
from .conftest import PREFIX


def _comparable(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By session, without the place in the file and without line numbers: the plain log counts DETAIL lines, too."""
    ordered = sorted(events, key=lambda row: (row["session_id"], row["session_line"]))
    left_out = {"line", "byte_offset", "session_line"}
    return [{key: value for key, value in row.items() if key not in left_out} for row in ordered]


def test_three_logs_of_one_server_say_the_same(three_logs: Path) -> None:
    plain, part = read(PostgresqlStderr(), three_logs / "log-server", declared=Declared(pattern=PREFIX))
    from_csv, _ = read(PostgresqlCsvlog(), three_logs / "log-server.csv")
    from_json, _ = read(PostgresqlJsonlog(), three_logs / "log-server.json")
    assert part.rejects == []
    assert len(from_json) > 30
    assert _comparable(from_csv) == _comparable(from_json)
    assert _comparable(plain) == _comparable(from_json)


def test_what_the_three_logs_say(three_logs: Path) -> None:
    events, _ = read(PostgresqlStderr(), three_logs / "log-server", declared=Declared(pattern=PREFIX))
    statements = [(row["command"], row["statement"], row.get("parameters")) for row in events if "command" in row]
    assert (
        "INSERT",
        "insert into policyholder values ($1, $2), ($3, $4)",
        '["1", "O\'Neil \\"二\\n行\\"", "2", null]',
    ) in [*statements]
    assert ("SELECT", "select id -- 一行目\n\tfrom policyholder\n\n where name = $1", '["\' or 1=1"]') in statements
    (twice,) = [row for row in events if row.get("message", "").startswith("duplicate key")]
    assert json.loads(twice["unmapped"]) == {"detail": "Key (id)=(1) already exists.", "status_code": "23505"}
    assert any(row.get("duration_us", 0) > 0 for row in events)
    warned = [json.loads(row["unmapped"])["hint"] for row in events if row.get("message") == "ご注意: 1"]
    assert warned == ["なし"]


WRITTEN = {
    "%m [%p] %q%u@%d ": "2025-03-19 09:00:01.123 JST [77] web@clinic ",
    "%m [%p] user=%u,db=%d,app=%a,client=%h ": (
        "2025-03-19 09:00:01.123 JST [77] user=web,db=clinic,app=PostgreSQL JDBC Driver,client=10.0.0.7 "
    ),
    "%m [%p] user=%u,db=%d ": "2025-03-19 09:00:01.123 JST [77] user=web,db=clinic ",
    "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ": (
        "2025-03-19 09:00:01 JST [77]: [5-1] user=web,db=clinic,app=x,client=10.0.0.7 "
    ),
    "%t [%p]: [%l-1] user=%u,db=%d ": "2025-03-19 09:00:01 JST [77]: [5-1] user=web,db=clinic ",
    "%t [%p]: user=%u,db=%d,app=%a,client=%h ": "2025-03-19 09:00:01 JST [77]: user=web,db=clinic,app=,client=[local] ",
    "%t [%p]: db=%d,user=%u,app=%a,client=%h ": "2025-03-19 09:00:01 JST [77]: db=clinic,user=web,app=,client=::1 ",
    "%t:%r:%u@%d:[%p]:": "2025-03-19 09:00:01 JST:10.0.0.7(5123):web@clinic:[77]:",
    "%m [%p-%l] %q%u@%d ": "2025-03-19 09:00:01.123 JST [77-5] web@clinic ",
    "%t [%p-%l] %q%u@%d ": "2025-03-19 09:00:01 JST [77-5] web@clinic ",
    "%m [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ": (
        "2025-03-19 09:00:01.123 JST [77]: [5-1] user=web,db=clinic,app=a,client=db.example "
    ),
}
OTHERS = {
    "%n %5p %c %l %u %d %r %L %b %P %i %e %s %v %x %Q %% ": (
        "1742342401.123    77 67da3b01.4d 5 web clinic 10.0.0.7(5123) 10.0.0.1 client backend  SELECT 00000 "
        "2025-03-19 09:00:00 JST 3/4 0 -12 % "
    ),
    "<%m|%a|%u|%d>": "<2025-03-19 09:00:01.123 JST|a > b|web|clinic>",
    "%m %q[%a] %u/%d": "2025-03-19 09:00:01.123 JST [] web/clinic",
}


@pytest.mark.parametrize(("setting", "head"), [*WRITTEN.items(), *OTHERS.items()])
def test_any_prefix_gives_time_user_database_and_process(tmp_path: Path, setting: str, head: str) -> None:
    path = tmp_path / "postgresql.log"
    path.write_text(
        f"{head}LOG:  statement: SELECT 1,\n\t2\n{head}ERROR:  no\n{head}DETAIL:  of a kind\n", encoding="utf-8"
    )
    events, part = read(PostgresqlStderr(), path, declared=Declared(pattern=setting))
    milliseconds = 0 if "%t" in setting else 123_000
    time = dt.datetime(2025, 3, 19, 0, 0, 1, milliseconds)  # noqa: DTZ001 - UTC, as the lake has it
    assert [(row["time"], row["db_user"], row["database"], row["kind"]) for row in events] == [
        (time, "web", "clinic", "statement"),
        (time, "web", "clinic", "error"),
    ]
    assert events[0]["statement"] == "SELECT 1,\n2"
    assert json.loads(events[1]["unmapped"])["detail"] == "of a kind"
    assert part.ignored == {"continuation": 2}
    if "%h" in setting or "%r" in setting:
        assert events[0]["src_ip"] in {"10.0.0.7", "[local]", "::1", "db.example"}


@pytest.mark.parametrize("setting", USUAL)
def test_the_usual_prefixes_are_recognised_by_themselves(tmp_path: Path, setting: str) -> None:
    path = tmp_path / "postgresql.log"
    path.write_text(WRITTEN[setting] + "LOG:  statement: SELECT 1\n", encoding="utf-8")
    recognised = recognise(PostgresqlStderr(), path)
    assert recognised is not None and recognised.confidence > 0.9
    events, _ = read(PostgresqlStderr(), path)
    assert (events[0]["db_user"], events[0]["database"]) == ("web", "clinic")


def test_lines_of_background_processes_have_no_user(tmp_path: Path) -> None:
    path = tmp_path / "postgresql.log"
    path.write_text("2025-03-19 09:00:01.123 JST [77] LOG:  mail a@b LOG:  x\n", encoding="utf-8")
    (event,), _ = read(PostgresqlStderr(), path)
    assert event["message"] == "mail a@b LOG:  x" and "db_user" not in event


def test_japanese_labels(tmp_path: Path) -> None:
    head = "2025-03-19 09:00:01.123 JST [77] web@clinic "
    lines = [
        "LOG:  実行 <unnamed>: SELECT $1",
        "詳細:  パラメータ: $1 = '二'",
        "LOG:  期間: 1.500 ミリ秒  文: SELECT 2",
        'エラー:  列"x"は存在しません(8文字目)',
        "文:  SELECT x",
        'FATAL:  データベース"y"は存在しません',
    ]
    path = tmp_path / "postgresql.log"
    path.write_text("".join(f"{head}{line}\n" for line in lines), encoding="utf-8")
    events, _ = read(PostgresqlStderr(), path)
    assert [(row["kind"], row.get("statement"), row.get("parameters")) for row in events] == [
        ("statement", "SELECT $1", '["二"]'),
        ("statement", "SELECT 2", None),
        ("error", "SELECT x", None),
        ("connection", None, None),
    ]
    assert events[1]["duration_us"] == 1500
    assert events[2]["message"] == '列"x"は存在しません'


def test_a_prefix_without_a_time_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "postgresql.log"
    path.write_text("[77] LOG:  statement: SELECT 1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="log_line_prefix"):
        read(PostgresqlStderr(), path, declared=Declared(pattern="[%p] "))


def test_a_hostile_line_is_read_in_time() -> None:
    for setting in (*USUAL, *OTHERS, "*", "?"):
        line_prefix(setting).read("2025-03-19 09:00:01.123 JST [7] " + "user=,db=,app=@" * 20_000)
