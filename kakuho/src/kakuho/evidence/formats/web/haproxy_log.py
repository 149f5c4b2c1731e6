"""HAProxy's logs (Configuration Manual, chapter 8): HTTP, HTTPS, TCP, default and error lines, behind a syslog header.

    Feb  6 12:14:14 localhost haproxy[14389]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1
      10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1"

The time is when the request or the connection was accepted; it names no zone, which has to be declared. Default lines
have the syslog header's time alone, whose year follows from when the file was last written. HTTP lines become
``http_activity``, the others ``network_activity``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.evidence.formats.web.by_columns import read_block_by_columns, texts_of
from kakuho.evidence.formats.web.fields import Event
from kakuho.evidence.formats.web.haproxy_columns import regular_requests
from kakuho.evidence.formats.web.requests import given, split_request, unescaped, unmapped
from kakuho.evidence.formats.web.times import MONTHS, clf_time, iso_time, local_to_utc, need_zone
from kakuho.language import Bilingual

_HEADER = re.compile(
    r"""
    (?:<\d{1,3}>)?(?:1\ )?
    (?:(?P<month>[A-Z][a-z]{2})\ +(?P<day>\d{1,2})\ (?P<clock>\d{2}:\d{2}:\d{2})|(?P<stamp>\d{4}-\d{2}-\d{2}T\S{8,24}))
    \ (?:(?P<host>\S{1,255})\ )?haproxy(?:\[(?P<pid>\d{1,10})\]:|\ (?P<pid5424>\d{1,10})\ \S+\ \S+)\ ?
    """,
    re.VERBOSE | re.ASCII,
)
_ACCEPTED = (
    r"(?P<src>\S{1,100}):(?P<port>\d{1,5})\ \[(?P<time>\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)\]"
)
_HTTP_COLUMNS = (
    _ACCEPTED
    + r"""
    \ (?P<frontend>\S+)\ (?P<backend>[^\ /]+)/(?P<server>\S+)(?:\ (?P<extra>[^\ /]+))?  # captured host
    \ (?P<timers>[-+]?\d{1,12}(?:/[-+]?\d{1,12}){3,4})
    \ (?P<status>-1|\d{3})\ \+?(?P<bytes>\d{1,18})\ (?P<cookie_in>\S+)\ (?P<cookie_out>\S+)\ (?P<state>\S{4})
    \ (?P<connections>[\d+]{1,12}(?:/[\d+]{1,12}){4})\ (?P<queues>\d{1,10}/\d{1,10})
    (?:\ \{(?P<captured_1>[^}]*)\})?(?:\ \{(?P<captured_2>[^}]*)\})?
    """
)
_HTTP = re.compile(
    _HTTP_COLUMNS + r"""\ "(?P<request>.*?)"?(?P<tls>\ [-\d]{1,6}(?:/[-\w]{1,12}){4}\ \S+)?""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_TCP = re.compile(
    _ACCEPTED
    + r"""
    \ (?P<frontend>\S+)\ (?P<backend>[^\ /]+)/(?P<server>\S+)
    \ (?P<timers>[-+]?\d{1,12}(?:/[-+]?\d{1,12}){2})\ \+?(?P<bytes>\d{1,18})\ (?P<state>\S{2})
    \ (?P<connections>[\d+]{1,12}(?:/[\d+]{1,12}){4})\ (?P<queues>\d{1,10}/\d{1,10})(?:\ .*)?
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ERROR = re.compile(
    _ACCEPTED + r"\ (?P<frontend>[^\ /]+)/(?P<server>[^:]{1,100}):\ (?P<message>.*)", re.VERBOSE | re.DOTALL
)
_CONNECT = re.compile(
    r"Connect from (?P<src>\S{1,100}):(?P<port>\d{1,5}) to (?P<dst>\S{1,100}):(?P<dst_port>\d{1,5})"
    r" \((?P<frontend>[^/)]*)/(?P<mode>[^)]*)\)",
    re.ASCII,
)
_TIMERS = ("Tq", "Tw", "Tc", "Tr", "Tt")
_DAY = 86_400_000_000


class HaproxyLog(TextFormat):
    """HAProxy logs."""

    name = "haproxy_log"
    label = Bilingual(ja="HAProxy のログ", en="HAProxy log")
    role = "access_log"
    tables = ("http_activity", "network_activity")
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of first lines that are its."""
        share = head.share(lambda line: _is_ours(line.decode("utf-8", "backslashreplace")))
        return Recognition(share, "", share_in_words(share, "HAProxy log")) if share else None

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks that know when the file was last written, for stamps without a year."""
        for block in line_blocks(source.content):
            yield replace(block, context=source.modified)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event of one of two tables, blank (ignored) or rejected."""
        need_zone(declared)
        modified = block.context or datetime.now(UTC)
        return read_block_by_columns(
            block,
            declared,
            ("http_activity", "network_activity"),
            lambda some: regular_requests(texts_of(some), declared.time_zone),
            lambda text: _event(text, declared, modified),
            table_of_event=lambda row: "network_activity" if "activity" in row else "http_activity",
            facts={"lines_not_utf8": 0},
        )


def _is_ours(text: str) -> bool:
    header = _HEADER.match(text)
    body = text[header.end() :] if header else text
    return any(pattern.fullmatch(body) for pattern in (_HTTP, _TCP, _ERROR, _CONNECT)[: 4 if header else 2])


def _event(text: str, declared: Declared, modified: datetime) -> Event | str:
    """The columns of a line, or the reason why it is none."""
    header = _HEADER.match(text)
    begin = header.end() if header else 0
    request = _HTTP.fullmatch(text, begin)
    if request is not None:
        server = header.group("host", "pid", "pid5424") if header else None
        return _http(request, server, declared)
    known = _known(text[begin:])
    if known is None or (header is None and "time" not in known[1].groupdict()):
        return "not_haproxy"
    event, found = known
    if "time" in found.groupdict():
        time = clf_time(found["time"], declared.time_zone)
    else:
        assert header is not None  # noqa: S101 - asked for above; for the type checker
        time = _header_time(header, declared, modified)
    if time is None:
        return "time_not_valid"
    rest = event.pop("rest")
    if header is not None:
        rest |= {"pid": int(header["pid"] or header["pid5424"]), "server_name": header["host"]}
    return {**event, "time": time, "unmapped": unmapped(rest)}


def _known(body: str) -> tuple[Event, re.Match[str]] | None:
    """The columns of a line in one of the three forms that are no request; ``rest`` is what goes to ``unmapped``."""
    if found := _TCP.fullmatch(body):
        return _tcp(found), found
    if found := _ERROR.fullmatch(body):
        rest = {"frontend": found["frontend"], "server": found["server"]}
        event = {"activity": "fail", "outcome": "failure", "message": found["message"], "rest": rest}
        return {**event, **_client(found)}, found
    if found := _CONNECT.fullmatch(body):
        rest = {"frontend": found["frontend"], "mode": found["mode"]}
        dst = {"dst_ip": found["dst"], "dst_port": _port(found["dst_port"])}
        return {"activity": "open", **_client(found), **dst, "rest": rest}, found
    return None


def _client(found: re.Match[str]) -> Event:
    return {"src_ip": given(found["src"]), "src_port": _port(found["port"])}


def _port(text: str) -> int | None:
    return int(text) if int(text) < 65536 else None


def _http(found: re.Match[str], server: tuple[Any, ...] | None, declared: Declared) -> Event | str:
    """A request; ``server``: the host and the process as the syslog header tells them."""
    src, port, stamp, frontend, backend, name, extra, timers, status, size, cookie_in, cookie_out, *more = (
        found.groups()
    )
    state, connections, queues, captured_1, captured_2, request, tls = more
    time = clf_time(stamp, declared.time_zone)
    if time is None:
        return "time_not_valid"
    taken = list(map(int, timers.split("/")))
    tls = (tls or "").strip()
    rest = {
        "frontend": frontend,
        "backend": backend,
        "server": name,
        "termination_state": state,
        "connections": connections,
        "queues": queues,
        "timers": dict(zip(_TIMERS if len(taken) == 5 else _TIMERS[1:], taken, strict=True)),
        "request_cookie": cookie_in,
        "response_cookie": cookie_out,
        "captured_1": captured_1,
        "captured_2": captured_2,
        "tls": tls,
    }
    if server is not None:
        rest["server_name"], rest["pid"] = server[0], int(server[1] or server[2])
    host = extra or (words[1].partition("/")[0] if len(words := tls.split()) == 2 else None)
    return {
        "src_ip": given(src),
        "src_port": _port(port),
        "duration_us": taken[-1] * 1000 if taken[-1] >= 0 else None,
        "status": None if status == "-1" else int(status),
        "bytes_out": int(size),
        "host": host,
        **split_request(unescaped(request, declared.encoding)),
        "time": time,
        "unmapped": unmapped(rest),
    }


def _tcp(found: re.Match[str]) -> Event:
    timers = [int(value) for value in found["timers"].split("/")]
    rest = {
        "frontend": found["frontend"],
        "backend": found["backend"],
        "server": found["server"],
        "termination_state": found["state"],
        "connections": found["connections"],
        "queues": found["queues"],
        "timers": dict(zip(("Tw", "Tc", "Tt"), timers, strict=True)),
    }
    return {
        **_client(found),
        "activity": "traffic",
        "duration_us": timers[-1] * 1000 if timers[-1] >= 0 else None,
        "bytes_out": int(found["bytes"]),
        "rest": rest,
    }


def _header_time(header: re.Match[str], declared: Declared, modified: datetime) -> int | None:
    """The syslog header's time; without a year it is in the last one that is not after the file was written."""
    if header["stamp"] is not None:
        return iso_time(header["stamp"], declared.time_zone)
    if header["month"] not in MONTHS:
        return None
    month, clock = MONTHS.index(header["month"]) + 1, header["clock"]
    latest = int(modified.timestamp()) * 1_000_000 + _DAY
    for year in (modified.year + 1, modified.year, modified.year - 1):
        time = iso_time(f"{year:04}-{month:02}-{int(header['day']):02} {clock}", "UTC")
        if time is not None and (time := local_to_utc(time, declared.time_zone)) <= latest:
            return time
    return None
