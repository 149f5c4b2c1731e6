"""Logs that nginx, Apache and HAProxy wrote (``data/make/web_servers.py``): the same requests, however logged."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from kakuho.evidence.formats import FORMATS, Declared

from ...reading import read, recognise

DATA = Path(__file__).parents[2] / "data"
MAKE = DATA / "make" / "web_servers.py"
TLS = r"\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXY"
LONG = "/" + "long" * 3000

REQUESTS: list[tuple[str | None, str | None, str | None, str | None]] = [
    ("GET", "/mypage/", "a=1&b=2", "1.1"),
    ("GET", "/search", "q=%E5%B1%B1%E7%94%B0", "1.1"),
    ("GET", "/nothing", None, "1.1"),
    ("POST", "/form", "x", "1.1"),
    ("GET", "/login", None, "1.1"),
    ("GET", "/全角", "q=ａ", "1.1"),
    ("GET", "/検索", "q=日本", "1.1"),
    ("GET", "/a", "b?c=%27%20or%201=1--%22", "1.0"),
    ("GET", LONG, None, "1.1"),
    ("DELETE", "/x", None, "1.1"),
    ("GET", "/no-protocol", None, None),
    (None, TLS, None, None),
    (None, None, None, None),
    (None, "hello", None, None),
]
"""Method, path, query and version of what was sent, in order; the bytes of Shift_JIS as the text they are."""


def _rows(
    format_name: str, *parts: str, pattern: str | None = None, encoding: str | None = "cp932"
) -> list[dict[str, Any]]:
    path = DATA.joinpath(*parts)
    declared = Declared("UTC", encoding, pattern)
    if pattern is None:
        recognised = recognise(FORMATS[format_name], path, declared)
        assert recognised is not None
        assert recognised.confidence > 0.85
    rows, part = read(FORMATS[format_name], path, declared=declared)
    assert part.rejects == []
    return rows


def _requests(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(row.get(name) for name in ("method", "url_path", "url_query", "http_version")) for row in rows]


def _log_format(name: str) -> str:
    """nginx's setting as it stands in the configuration that wrote the sample."""
    configuration = str(runpy.run_path(str(MAKE))["NGINX"])
    found = re.search(rf"log_format {name} .*?;\n", configuration, re.DOTALL)
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("format_name", "name", "declared"),
    [
        ("access_log", "combined", False),
        ("access_log", "main", False),
        ("access_log", "main", True),
        ("access_log", "timed", True),
        ("access_log", "object", True),
        ("json_access_log", "object", False),
    ],
)
def test_nginx_logs_every_request_and_each_is_read_from_every_format(
    format_name: str, name: str, declared: bool
) -> None:
    pattern = _log_format(name) if declared else None
    rows = _rows(format_name, "nginx", f"{name}.log", pattern=pattern)
    requests = _requests(rows)
    tls = requests[11][1]
    assert tls in {TLS, TLS.replace(r"\xFC", r"\xfc"), *_as_json_shows_it()}
    assert str(requests[8][1]).startswith("/longlonglong")
    del requests[11], requests[8]
    assert requests == REQUESTS[:8] + REQUESTS[9:11] + REQUESTS[12:]
    assert [row["status"] for row in rows] == [200, 404, 404, 404, 404, 404, 404, 404, 414, 405, 404, 400, 400, 400]
    assert [row.get("user_agent") for row in rows[:3]][:2] == ["Mozilla/5.0 (X11)"] * 2
    assert rows[0]["referrer"] == "http://www.example.jp/login"


def _as_json_shows_it() -> set[str]:
    raw = bytes([0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]) + bytes(range(40, 90))
    return {raw.decode("utf-8", "backslashreplace")}


def test_what_is_sent_along_with_a_request_is_in_its_columns() -> None:
    main = _rows("access_log", "nginx", "main.log")
    assert [row.get("user_name") for row in main[3:6]] == [None, "tanaka taro", None]
    assert main[1]["forwarded_for"] == "203.0.113.9, 198.51.100.7"
    assert main[2]["user_agent"] == r"has \x22quotes\x22 and \x5C in it"
    timed = _rows("access_log", "nginx", "timed.log", pattern=_log_format("timed"))
    assert [row["bytes_in"] for row in timed[:3]] == [143, 161, 91]
    assert [row.get("host") for row in timed[:3]] == ["www.example.jp", "www.example.jp", "h"]
    assert all(1024 <= row["src_port"] < 65536 and row["duration_us"] < 1_000_000 for row in timed)
    objects = _rows("json_access_log", "nginx", "object.log")
    assert objects[2]["user_agent"] == 'has "quotes" and \\ in it'


def test_a_format_without_quotes_where_nothing_is_escaped() -> None:
    rows = _rows("access_log", "nginx", "parts.log", pattern=_log_format("parts"))
    expected = [request for request in REQUESTS if request[1] not in {LONG, TLS, "hello", None}]
    assert [request for request in _requests(rows) if request[1] is not None] == expected
    assert [row["status"] for row in rows][8] == 414


@pytest.mark.parametrize("name", ["combined", "vhost_combined"])
def test_apache_logs_what_it_could_read_as_a_request(name: str) -> None:
    rows = _rows("access_log", "apache", f"{name}.log")
    read_as_requests = [request for request in _requests(rows) if "longlong" not in request[1]]
    assert read_as_requests == [request for request in REQUESTS[:11] if request[1] != LONG]
    assert [row["status"] for row in rows] == [404] * 8 + [414, 405, 404]
    assert rows[2]["user_agent"] == r'has "quotes" and \\ in it'
    assert {row.get("host") for row in rows} == ({"www.example.jp"} if name == "vhost_combined" else {None})


def test_apache_with_a_format_of_ones_own() -> None:
    configuration = str(runpy.run_path(str(MAKE))["APACHE"])
    pattern = next(
        line for line in configuration.split("\n") if line.startswith("LogFormat") and line.endswith("custom")
    )
    rows = _rows("access_log", "apache", "custom.log", pattern=pattern)
    assert len(rows) == 11
    first = rows[0]
    assert first["time"].isoformat().startswith("2026-11-25T")
    assert first["time"].microsecond > 0
    assert (first["method"], first["url_path"], first["url_query"]) == ("GET", "/mypage/", "a=1&b=2")
    assert (first["http_version"], first["bytes_in"]) == ("1.1", 143)
    assert rows[1]["forwarded_for"] == "203.0.113.9, 198.51.100.7"


def test_the_error_logs_name_the_client_and_the_cause() -> None:
    nginx = _rows("nginx_error_log", "nginx", "error.log")
    refused = [row for row in nginx if row["severity"] == "error"]
    assert {row["src_ip"] for row in refused} == {"127.0.0.1"}
    assert {row["event_code"] for row in refused} == {"2"}
    assert any("全角" in row["message"] for row in refused)
    apache = _rows("apache_error_log", "apache", "error.log")
    missing = [row for row in apache if row.get("event_code") == "AH00128"]
    assert len(missing) == 9
    assert {row["src_ip"] for row in missing} == {"127.0.0.1"}
    assert '"referrer":"http://www.example.jp/login"' in missing[0]["unmapped"]


def test_haproxy_logs_requests_bad_requests_and_connections() -> None:
    rows = _rows("haproxy_log", "haproxy", "haproxy.log")
    requests = {request for request in _requests(rows) if request[0] is not None}
    assert ("GET", "/mypage/", "a=1&b=2", "1.1") in requests
    assert ("GET", "/a", "b?c=%27%20or%201=1--%22", "1.0") in requests
    assert sum(row.get("url_path") == "<BADREQ>" for row in rows) >= 5
    assert [row["activity"] for row in rows if "activity" in row] == ["traffic"]
