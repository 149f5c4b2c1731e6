"""Access logs: one event a line, at the right place, whichever path reads it."""

# ruff: noqa: E501 - lines of logs and configurations

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kakuho.evidence.formats import Declared, Part
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.web.access_log import AccessLog, read_carefully, read_fast, reader_of
from kakuho.evidence.formats.web.fast import lines_of
from kakuho.evidence.formats.web.layouts import LAYOUTS

from ...reading import read

LINE = '10.0.0.7 - tanaka [19/Mar/2025:09:00:01 +0900] "GET /a/?q=%E3%81%82 HTTP/1.1" 200 512 "http://h/" "UA 1" 1234'


def _read_text(tmp_path: Path, content: bytes) -> tuple[list[dict[str, object]], Part]:
    path = tmp_path / "access.log"
    path.write_bytes(content)
    return read(AccessLog(), path)


def test_a_line_becomes_an_event_in_utc(tmp_path: Path) -> None:
    events, _ = _read_text(tmp_path, LINE.encode() + b"\n")
    assert events == [
        {
            "time": dt.datetime(2025, 3, 19, 0, 0, 1),  # noqa: DTZ001 - the lake's times are UTC without a zone
            "duration_us": 1234,
            "line": 1,
            "byte_offset": 0,
            "src_ip": "10.0.0.7",
            "user_name": "tanaka",
            "method": "GET",
            "url_path": "/a/",
            "url_query": "q=%E3%81%82",
            "http_version": "1.1",
            "status": 200,
            "bytes_out": 512,
            "referrer": "http://h/",
            "user_agent": "UA 1",
        }
    ]


@pytest.mark.parametrize(
    ("old", "new", "column", "value"),
    [
        ("+0900", "-0330", "time", dt.datetime(2025, 3, 19, 12, 30, 1)),  # noqa: DTZ001
        (" 1234", "", "duration_us", None),
        (" 1234", " 0.005", "duration_us", 5000),
        (" 512 ", " - ", "bytes_out", None),
        ("tanaka", "-", "user_name", None),
        ("tanaka", "tanaka taro", "user_name", "tanaka taro"),
        ("?q=%E3%81%82", "?", "url_query", ""),
        ("?q=%E3%81%82", "", "url_query", None),
        ("UA 1", r"say \"hi\"", "user_agent", 'say "hi"'),
        ("UA 1", r"C:\x5C", "user_agent", r"C:\x5C"),
        ("GET /a/?q=%E3%81%82 HTTP/1.1", "GET /a b HTTP/1.1", "url_path", "/a b"),
        ("GET /a/?q=%E3%81%82 HTTP/1.1", r"\x16\x03\x01", "url_path", r"\x16\x03\x01"),
        ("GET /a/?q=%E3%81%82 HTTP/1.1", "-", "method", None),
        ('"UA 1" 1234', '"UA 1" "203.0.113.9"', "user_agent", "UA 1"),
        (' "http://h/" "UA 1" 1234', "", "referrer", None),
    ],
)
def test_what_a_field_can_be(tmp_path: Path, old: str, new: str, column: str, value: object) -> None:
    assert old in LINE
    (event,), _ = _read_text(tmp_path, LINE.replace(old, new).encode())
    assert event.get(column) == value


def test_bytes_that_are_not_utf8_stay_visible_and_are_counted(tmp_path: Path) -> None:
    (event,), part = _read_text(tmp_path, LINE.encode().replace(b"UA 1", b"UA \xe3\x81"))
    assert event["user_agent"] == r"UA \xe3\x81"
    assert part.facts == {"lines_not_utf8": 1}


def test_what_is_no_event_is_kept_with_the_reason(tmp_path: Path) -> None:
    lines = [LINE, "", "hello", LINE.replace("19/Mar", "31/Feb"), LINE, LINE[:70]]
    events, part = _read_text(tmp_path, "\r\n".join(lines).encode())
    size = len(LINE) + 2
    assert [(event["line"], event["byte_offset"]) for event in events] == [(1, 0), (5, size * 2 + 2 + 7)]
    assert part.rejects == [
        (3, size + 2, "not_access_log"),
        (4, size + 9, "time_not_valid"),
        (6, size * 3 + 9, "line_cut_off"),
    ]
    assert (part.lines, part.events, part.ignored.total()) == (6, 2, 1)


def test_gunicorn_as_petinsurance_runs_it(gunicorn_log: Path) -> None:
    events, part = read(AccessLog(), gunicorn_log)
    assert part.rejects == []
    assert [(e["method"], e["url_path"], e.get("url_query"), e["status"], e.get("user_agent")) for e in events] == [
        ("GET", "/mypage/", None, 200, "Mozilla/5.0 (X11)"),
        ("GET", "/legacy/policy-status", "no=1%27%20OR%201=1--&x=%22", 200, "sqlmap/1.9"),
        ("GET", "/nothing", None, 404, 'has "quotes" in it'),
        ("HEAD", "/mypage/", None, 200, None),
    ]
    assert all(event["src_ip"] == "127.0.0.1" and event["duration_us"] > 0 for event in events)
    assert events[0]["bytes_out"] == 300
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    assert all(abs(now - event["time"]) < dt.timedelta(minutes=10) for event in events)


_PART = st.text(st.sampled_from('aé "\\-[]/?&%0+:\t,'), max_size=8)


def _mostly(usual: st.SearchStrategy[str], *odd: str) -> st.SearchStrategy[str]:
    """The usual nine times of ten, so that most lines are regular but for one field."""
    unusual = st.sampled_from(odd) | _PART if odd else _PART
    return st.integers(0, 9).flatmap(lambda chance: unusual if chance == 0 else usual)


_TIME = st.builds(
    "{:02}/{}/2025:{:02}:{:02}:{:02} {}".format,
    st.integers(1, 28), st.sampled_from(["Mar", "Dec"]), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.sampled_from(["+0900", "-0330", "+0000"]),
)  # fmt: skip
_REQUEST = st.builds(
    "{} {} {}".format,
    st.sampled_from(["GET", "POST", "get", "G-T"]),
    st.sampled_from(["/", "/?a?b", "/あ?q=%22", "/a b", ""]),
    st.sampled_from(["HTTP/1.1", "HTTP/2.0", "HTTP/1.x", "HTTP/2", "http/1.1"]),
)
_MADE = st.builds(
    '{} {} {} [{}] "{}" {} {}{}{}'.format,
    _mostly(st.sampled_from(["10.0.0.1", "::1", "-"]), '"x"', "h:80 10.0.0.1", "h 10.0.0.1", "1.1.1.1, 2.2.2.2"),
    _mostly(st.just("-"), "x"),
    _mostly(st.sampled_from(["-", "u"]), "a b", '"q"'),
    _mostly(_TIME, "31/Feb/2025:09:00:01 +0900", "19/Mar/2025:24:00:01 +0000", "19/Mar/2025:09:00:61 +0900"),
    _mostly(_REQUEST, "-", "", "GET HTTP/1.1", r"\x16\x03"),
    _mostly(st.sampled_from(["200", "404", "-"]), "2000", "20"),
    _mostly(st.integers(0, 10**12).map(str) | st.just("-"), "999999999999999999", "9999999999999999999", "x", "1.5"),
    _mostly(st.sampled_from(["", ' "-" "UA 1"', ' "http://h/" "あ"'])),
    _mostly(
        st.sampled_from(["", " 12", " 0.005", " 31.250", ' "10.9.9.9, 10.8.8.8"', ' "-" 1.250']),
        " 1234567890123",
        " 0.5",
        " -",
        " x",
    ),
)
_FILLER = "\n" * 600
"""Places near the end of a block are not read all at once: what is tested stands before."""

_PATTERNS = [
    None,
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time',
    'log_format a escape=none \'$remote_addr - $remote_user [$time_local] "$request" $status $bytes_sent "$http_referer" "$http_x" rt=$request_time\'',
    '%v:%p %h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\" %D',
    '$remote_addr - $remote_user [$time_local] "$request" $status $upstream_addr "$a" "$b"',
]


@example([LINE.replace(" 1234", " 1234567890123")], "\n", "combined with duration", None, None)
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(_MADE | st.just(LINE), min_size=1, max_size=4),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(list(LAYOUTS)),
    st.sampled_from(_PATTERNS),
    st.sampled_from([None, "cp932"]),
)
def test_lines_read_all_at_once_read_as_one_by_one(
    lines: list[str], end: str, layout: str, pattern: str | None, encoding: str | None
) -> None:
    declared = Declared(encoding=encoding, pattern=pattern)
    block = LineBlock(("".join(line + end for line in lines) + _FILLER).encode(), 0, 1)
    reader = reader_of(layout, declared)
    places = lines_of(block)
    fast, taken = read_fast(block, places, reader)
    everything = Part()
    careful = read_carefully(block, places, np.zeros(0, np.int64), reader, declared, everything)
    assert fast is not None
    wanted = {int(index) + 1 for index in taken}
    assert fast.to_pylist() == [row for row in careful.to_pylist() if row["line"] in wanted]
    assert not wanted & {line for line, _, _ in everything.rejects}


def test_regular_lines_are_read_all_at_once_and_the_others_one_by_one_in_their_order(tmp_path: Path) -> None:
    regular = [LINE.replace("/a/", f"/a/{number}/") for number in range(3000)]
    odd = {700: LINE.replace("UA 1", r"\"odd\""), 1500: "no line at all", 2999: LINE.replace("tanaka", "a b")}
    lines = [odd.get(number, line) for number, line in enumerate(regular)]
    content = "\n".join(lines).encode() + b"\n"
    block = LineBlock(content, 0, 1)
    _, taken = read_fast(block, lines_of(block), reader_of("combined with duration", Declared()))
    assert 2990 < len(taken) < 2998
    assert not {700, 1500, 2999} & set(taken.tolist())
    events, part = _read_text(tmp_path, content)
    assert len(events) == 2999
    assert part.rejects == [(1501, content.index(b"no line"), "not_access_log")]
    assert [event["line"] for event in events] == [number for number in range(1, 3001) if number != 1501]
    assert events[700]["user_agent"] == '"odd"'
    assert all(content[int(event["byte_offset"]) :].startswith(b"10.0.0.7") for event in events)
