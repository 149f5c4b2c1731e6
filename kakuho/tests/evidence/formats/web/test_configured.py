"""Settings of nginx and Apache as they stand in a configuration, compiled to what reads their lines."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from kakuho.errors import UsageError
from kakuho.evidence.formats import Declared, Head
from kakuho.evidence.formats.web.access_log import AccessLog
from kakuho.evidence.formats.web.configured import compiled
from kakuho.evidence.formats.web.fast_layout import fast_layout
from kakuho.evidence.formats.web.fields import Reading

STAMP = "[19/Mar/2025:09:00:01 +0900]"


def _event(setting: str, line: str, zone: str | None = None) -> dict[str, Any]:
    event = compiled(setting).event(line, Reading(zone))
    assert isinstance(event, dict)
    event["time"] = (dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=event["time"])).isoformat()  # noqa: DTZ001
    return event


@pytest.mark.parametrize(
    ("setting", "stamp", "time"),
    [
        ("%t", STAMP, "2025-03-19T00:00:01"),
        ("%{sec}t", "1742342401", "2025-03-19T00:00:01"),
        ("%{msec}t", "1742342401005", "2025-03-19T00:00:01.005000"),
        ("%{usec}t", "1742342401000005", "2025-03-19T00:00:01.000005"),
        ("%{end:%Y-%m-%dT%H:%M:%S%z}t", "2025-03-19T09:00:01+0900", "2025-03-19T00:00:01"),
        ("%{%d/%b/%Y %T}t.%{msec_frac}t", "19/Mar/2025 09:00:01.250", "2025-03-19T00:00:01.250000"),
        ("$time_iso8601", "2025-03-19T09:00:01+09:00", "2025-03-19T00:00:01"),
        ("$msec", "1742342401.005", "2025-03-19T00:00:01.005000"),
    ],
)
def test_every_way_to_write_the_time(setting: str, stamp: str, time: str) -> None:
    assert _event(f"{setting}|{'$status' if '$' in setting else '%>s'}", f"{stamp}|200", "Asia/Tokyo")["time"] == time


def test_a_clock_without_a_zone_needs_one_declared() -> None:
    pattern = compiled("%{%Y-%m-%d %H:%M:%S}t %h")
    with pytest.raises(UsageError, match="name no zone"):
        pattern.event("2025-03-19 09:00:01 10.0.0.7", Reading())


@pytest.mark.parametrize(
    ("setting", "written", "column", "value"),
    [
        ("%D", "1234", "duration_us", 1234),
        ("%T", "2", "duration_us", 2_000_000),
        ("%{ms}T", "15", "duration_us", 15_000),
        ("%{us}T", "15", "duration_us", 15),
        ("%I", "9", "bytes_in", 9),
        ("%O", "-", "bytes_out", None),
        ("%B", "0", "bytes_out", 0),
        ("%a", "2001:db8::1", "src_ip", "2001:db8::1"),
        ("%{remote}p", "4711", "src_port", 4711),
        ("%v:%p", "www.example.jp:443", "host", "www.example.jp"),
        ("%U%q", "/a?b=c", "url_query", "b=c"),
        ('\\"%{X-Forwarded-For}i\\"', '"203.0.113.9, 10.0.0.1"', "forwarded_for", "203.0.113.9, 10.0.0.1"),
        ("%H", "HTTP/2.0", "http_version", "2.0"),
        ("%u", "tanaka taro", "user_name", "tanaka taro"),
        ("$request_time", "0.005", "duration_us", 5000),
        ("$request_length", "9", "bytes_in", 9),
        ("$proxy_add_x_forwarded_for", "203.0.113.9, 10.0.0.7", "src_ip", "10.0.0.7"),
        ('"$request_body"', r'"a=\x22b\x22"', "request_body", r"a=\x22b\x22"),
        ("$http_host", "h:8080", "host", "h:8080"),
        ("$args", "-", "url_query", None),
    ],
)
def test_what_a_directive_says(setting: str, written: str, column: str, value: object) -> None:
    before = "%t" if "%" in setting else "$time_iso8601"
    stamp = STAMP if "%" in setting else "2025-03-19T09:00:01+09:00"
    assert _event(f"{before} {setting} x", f"{stamp} {written} x").get(column) == value


def test_what_has_no_column_is_kept_under_its_own_name() -> None:
    setting = (
        "log_format up '$msec $remote_addr $upstream_addr $upstream_status [$upstream_cache_status] \"$sent_http_x\"';"
    )
    event = _event(setting, '1742342401.005 10.0.0.7 10.0.0.1:80, 10.0.0.2:80 502, 200 [MISS] "a b"')
    assert json.loads(event["unmapped"]) == {
        "upstream_addr": "10.0.0.1:80, 10.0.0.2:80",
        "upstream_status": "502, 200",
        "upstream_cache_status": "MISS",
        "sent_http_x": "a b",
    }


def test_escape_decides_what_a_quote_in_a_field_is() -> None:
    line = '{"t":"2025-03-19T09:00:01+09:00","ua":"say \\"hi\\" \\u3042"}'
    event = _event('escape=json {"t":"$time_iso8601","ua":"$http_user_agent"}', line)
    assert event["user_agent"] == 'say "hi" あ'
    event = _event('escape=none $time_iso8601 "$http_user_agent" "$http_referer"', '2025-03-19T09:00:01Z "a "b" c" "-"')
    assert event["user_agent"] == 'a "b" c'


@pytest.mark.parametrize("setting", ["%h %l %u", "%t %h%u", "%t %&", "%t %{nonsense}T", "$remote_addr $status"])
def test_a_setting_that_no_line_can_be_read_by_is_refused(setting: str) -> None:
    if setting == "%t %&":
        assert compiled(setting).pieces[-1] == "] %&"
        return
    with pytest.raises(UsageError):
        compiled(setting)


@pytest.mark.parametrize(
    ("setting", "is_fast"),
    [
        ('%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"', True),
        ('%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i" %D', True),
        (
            '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent rt=$request_time uht="$x"',
            True,
        ),
        ("$msec $remote_addr", False),
        ('%h %t "%m %U" %s', False),
    ],
)
def test_which_settings_are_read_all_lines_at_once(setting: str, is_fast: bool) -> None:
    assert (fast_layout(compiled(setting)) is not None) == is_fast


@pytest.mark.parametrize("pattern", ["%m [%p] %q%u@%d ", "%t [%p]: ", "#Fields: date time c-ip", "$nothing"])
def test_patterns_of_other_programs_do_not_concern_the_access_log(pattern: str) -> None:
    line = b"2025-03-19 09:00:01 JST [1]: LOG: statement"
    assert (
        AccessLog().recognise(Head("x.log", line, (line,), is_whole=True, declared=Declared(pattern=pattern))) is None
    )
