"""What is, and what is not, the syntax of an SQL injection in a request."""

from __future__ import annotations

from urllib.parse import quote

import duckdb
import pytest

from kakuho.detection.decoding import define_macros
from kakuho.detection.detectors.injection_syntax import has_syntax

from .events import SEARCHES, Events, at, found_by

INJECTIONS = [
    "P1' UNION ALL SELECT NULL,NULL,login FROM account-- -",
    "P1'/**/UNION/**/SELECT/**/1,2",
    "P1' AND 4821=4821 AND 'abcd'='abcd",
    "P1' OR 'x'='x",
    "P1' AND ASCII(SUBSTRING((SELECT name FROM policyholder LIMIT 1)::text FROM 1 FOR 1))>64 AND 'a'='a",
    "P1';SELECT PG_SLEEP(5)--",
    "P1' AND 1=CAST((CHR(113)||CHR(118)||CHR(113)) AS NUMERIC)--",
    "1 OR 2>1",
    "P1' ORDER BY 7-- -",
    "P1' AND (SELECT COUNT(*) FROM information_schema.tables)>0 AND 'a'='a",
    "P1'||(SELECT version())||'",
]
ORDINARY = [
    *SEARCHES,
    "P00012345",
    "保険金の請求; 写真を添付しました",
    "union hotel select room",
    "ワンちゃん(柴犬) and 猫",
    "2025-03-19",
    "https://example.jp/?a=1&b=2",
    "it's 5 o'clock",
    "' ",
    "'95年生まれ",
    "--",
    "sleep (10時間)",
]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    define_macros(opened)
    return opened


def is_injection(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    condition = has_syntax("fully_decoded(?::VARCHAR)")
    return bool(connection.execute(f"SELECT {condition}", ["/legacy/policy-status?" + query]).fetchall()[0][0])


@pytest.mark.parametrize("value", INJECTIONS)
def test_an_injection_is_seen_however_it_is_encoded(connection: duckdb.DuckDBPyConnection, value: str) -> None:
    once = quote(value)
    assert is_injection(connection, "no=" + once)
    assert is_injection(connection, "no=" + once.replace("%20", "+"))
    assert is_injection(connection, "no=" + quote(once))
    assert is_injection(connection, "no=" + quote(value.swapcase()))


@pytest.mark.parametrize("value", ORDINARY)
def test_what_people_type_is_none(connection: duckdb.DuckDBPyConnection, value: str) -> None:
    assert not is_injection(connection, "q=" + quote(value) + "&page=2")


def test_bytes_that_are_not_utf_8_hide_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    assert is_injection(connection, "no=%83%65%FF%27%20UNION%20SELECT%201--")
    assert not is_injection(connection, "q=%8d%b2%93%a1")


def test_one_probe_is_medium_three_are_high() -> None:
    events = Events()
    events.request(at(1), "203.0.113.1", "/search/", "q=1%27+OR+%271%27%3D%271")
    for second in range(3):
        events.request(at(1, seconds=second), "203.0.113.2", "/search/", "q=1%27+OR+%271%27%3D%271")
    assert found_by(events) == [
        ("injection_syntax", "address", "203.0.113.1", "medium"),
        ("injection_syntax", "address", "203.0.113.2", "high"),
    ]


def test_one_at_a_route_whose_sql_is_known_is_high() -> None:
    events = Events()
    events.request(at(1), "203.0.113.1", "/legacy/policy-status", "no=1%27+OR+%271%27%3D%271")
    assert found_by(events) == [("injection_syntax", "address", "203.0.113.1", "high")]


def test_a_tool_that_does_nothing_else_gives_itself_away() -> None:
    events = Events()
    events.request(at(1), "203.0.113.1", "/", agent="sqlmap/1.9.4#stable (https://sqlmap.org)")
    assert found_by(events) == [
        ("injection_syntax", "address", "203.0.113.1", "high"),
        ("injection_syntax", "user_agent", "sqlmap/1.9.4#stable (https://sqlmap.org)", "high"),
    ]
