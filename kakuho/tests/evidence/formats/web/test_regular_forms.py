"""What reads the regular form of a line at once gives what the reading of any line gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuho.evidence.formats import FORMATS, Declared
from kakuho.evidence.formats.base import Part, TextFormat
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.web import (
    aws_elb_log,
    by_columns,
    haproxy_log,
    json_access_log,
    json_columns,
    nginx_error_log,
    requests,
)
from kakuho.evidence.formats.web.aws_elb_columns import regular_lines
from kakuho.evidence.formats.web.fields import Reading
from kakuho.evidence.formats.web.haproxy_columns import regular_requests
from kakuho.evidence.formats.web.json_columns import regular_records
from kakuho.evidence.formats.web.json_fields import flat
from kakuho.evidence.formats.web.nginx_error_columns import regular_records as regular_errors

from .lines_of_each import LINES

_SIGNS = ['"', "\\", " ", "-", "/", "?", ":", "[", "]", "1", "0.5", "\x1c", "全", ":80", " -/1/2/3/4 x", "99999", "#"]
_MORE_SIGNS = [
    *(*_SIGNS, "\udcff", "\r", "\n", "\t", "\x7f"),
    *("null", '""', ",", "{", "}", "\\u00e9", "\\ud800", ", host: x"),
]
_NGINX_JSON = (
    '{"time":"2025-03-19T09:00:01+09:00","remote_addr":"10.0.0.7","remote_user":"","request_method":"GET",'
    '"request_uri":"/a?b=c","server_protocol":"HTTP/1.1","status":"200","body_bytes_sent":"512","host":"h",'
    '"request_time":"0.005","http_referer":"-","upstream_status":"200","remote_port":"4711"}'
)
_CADDY = LINES["json_access_log"][1]
_NEARLY_REGULAR = {
    "json_access_log": [_NGINX_JSON],
    "haproxy_log": [LINES["haproxy_log"][0].replace(":33317", ":70000")],
    "aws_elb_log": [
        LINES["aws_elb_log"][0].replace(":2817", ":70000"),
        LINES["aws_elb_log"][0].replace("www.example.jp:443", "h" * 300),
    ],
}
"""Further lines: other keys, a port that is none, a host longer than any."""
_MODULES: dict[str, tuple[Any, str]] = {
    "haproxy_log": (haproxy_log, "regular_requests"),
    "aws_elb_log": (aws_elb_log, "regular_lines"),
    "json_access_log": (json_access_log, "regular_records"),
    "nginx_error_log": (nginx_error_log, "regular_records"),
}
"""Where a format's reading by columns can be taken away."""


@st.composite
def _mutated(draw: st.DrawFn, lines: list[str], signs: list[str] = _SIGNS) -> str:
    """A line with up to three signs put in, or in the place of a few of its own."""
    line = draw(st.sampled_from(lines))
    for _ in range(draw(st.integers(0, 3))):
        place, length = draw(st.integers(0, len(line))), draw(st.integers(0, 3))
        line = line[:place] + draw(st.sampled_from(signs)) + line[place + length :]
    return line


def _read(name: str, lines: list[str], *, end: str = "\n") -> tuple[Any, ...]:
    """What a block of these lines holds."""
    known = FORMATS[name]
    assert isinstance(known, TextFormat)
    data = ("\n".join(lines) + end).encode("utf-8", "surrogateescape")
    context = datetime(2025, 4, 22, tzinfo=UTC) if name == "haproxy_log" else None
    part = known.read_block(LineBlock(data, 0, 1, context), Declared("Asia/Tokyo"))
    return _told(part)


def _told(part: Part) -> tuple[Any, ...]:
    tables = {table: rows.to_pylist() for table, rows in part.tables.items() if len(rows)}
    return part.lines, part.events, +part.ignored, part.rejects, part.facts, tables


@pytest.mark.parametrize("name", list(_MODULES))
@given(data=st.data())
def test_by_columns_as_line_by_line(name: str, data: st.DataObject) -> None:
    lines = [*LINES[name], *_NEARLY_REGULAR.get(name, [])]
    drawn = data.draw(st.lists(_mutated(lines, _MORE_SIGNS), min_size=1, max_size=12))
    end = data.draw(st.sampled_from(["\n", ""]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(by_columns, "LINES_AT_ONCE", 5)
        patch.setattr(json_columns, "FEWEST", 1)
        at_once = _read(name, drawn, end=end)
        patch.setattr(*_MODULES[name], lambda *given: [])
        assert at_once == _read(name, drawn, end=end)


_ZONE = "Asia/Tokyo"
_REGULAR: dict[str, tuple[Callable[[list[str]], Any], list[str]]] = {
    "HAProxy": (lambda lines: regular_requests(lines, _ZONE), LINES["haproxy_log"][:1]),
    "load balancers": (
        lambda lines: regular_lines(LineBlock("\n".join([*lines, ""]).encode(), 9, 1)),
        LINES["aws_elb_log"],
    ),
    "JSON of nginx": (lambda lines: regular_records(lines * 16, Reading(_ZONE)), [_NGINX_JSON]),
    "JSON of Caddy": (lambda lines: regular_records(lines * 16, Reading(_ZONE)), [_CADDY]),
    "nginx's errors": (lambda lines: regular_errors(lines, _ZONE), LINES["nginx_error_log"][:1]),
}


@pytest.mark.parametrize("name", list(_REGULAR))
def test_usual_lines_are_regular(name: str) -> None:
    read, lines = _REGULAR[name]
    taken = sorted(int(index) for indices, _ in read(lines) for index in indices)
    assert len(taken) == len(lines) * (16 if name.startswith("JSON") else 1)


def test_nested_keys_are_named_with_points() -> None:
    assert flat({"a": {"b": [1], "c": [1, 2]}, "d": None}, "", 0) == [("a.b", 1), ("a.c", [1, 2]), ("d", None)]


@given(_mutated(["GET /a?b=c HTTP/1.1", "POST /あ HTTP/2.0", "GET /a b HTTP/1.0", "GET /", "-"]))
def test_a_regular_request_line_is_split_as_any(line: str) -> None:
    at_once = requests.split_request(line)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests, "_REGULAR_REQUEST", re.compile(r"(?!)"))
        by_steps = requests.split_request(line)
    assert {key: value for key, value in at_once.items() if value is not None} == {
        key: value for key, value in by_steps.items() if value is not None
    }
