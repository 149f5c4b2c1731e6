"""nginx's error log.

    2025/03/19 09:00:01 [error] 8817#0: *1 open() "/x" failed (2: No such file or directory), client: 192.0.2.1,
    server: localhost, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:8000/x", host: "h", referrer: "http://h/"

Its times name no zone: it has to be declared. A line that does not begin with a time goes on from the one before (what
a FastCGI program wrote): the first line counts as the event, the others as ``continuation``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.web.by_columns import texts_of
from kakuho.evidence.formats.web.fields import Event
from kakuho.evidence.formats.web.nginx_error_columns import CODE, regular_records
from kakuho.evidence.formats.web.records import line_record_blocks, read_records
from kakuho.evidence.formats.web.requests import split_request, unmapped
from kakuho.evidence.formats.web.times import iso_time, need_zone
from kakuho.language import Bilingual

BEGIN = re.compile(rb"\d{4}/\d{2}/\d{2} \d{2}:\d{2}:\d{2} \[[a-z]{2,8}\] \d+[#:]\d+")
_LINE = re.compile(
    r"""
    (?P<time>\d{4}/\d{2}/\d{2}\ \d{2}:\d{2}:\d{2})\ \[(?P<level>[a-z]{2,8})\]
    \ (?P<pid>\d{1,18})[#:](?P<tid>\d{1,18}):?\ ?(?:\*(?P<connection>\d{1,18})\ ?)?(?P<message>.*)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_CONTEXT = re.compile(
    r', (client|server|request|subrequest|upstream|host|referrer): (?:"((?:[^"\\]|\\.)*+)"|([^,"]*))', re.DOTALL
)


class NginxErrorLog(TextFormat):
    """nginx error logs."""

    name = "nginx_error_log"
    label = Bilingual(ja="nginx のエラーログ", en="nginx error log")
    role = "application_log"
    tables = ("base_event",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the first lines: one that begins like a record in the first place, and others or what goes on."""
        share = head.share(BEGIN.match)
        if share and BEGIN.match(head.lines[0]):
            share = max(share, 0.9)
        return Recognition(share, "", share_in_words(share, "nginx error log")) if share else None

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks cut where a record begins."""
        return line_record_blocks(source.content, BEGIN)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every record is an event or rejected; its lines after the first are ignored as continuation."""
        need_zone(declared)
        return read_records(
            block,
            declared,
            BEGIN,
            "base_event",
            "not_error_log",
            lambda text: _event(text, declared),
            lambda some: regular_records(texts_of(some), declared.time_zone),
        )


def _event(text: str, declared: Declared) -> Event | str:
    found = _LINE.fullmatch(text)
    if found is None:
        return "not_error_log"
    time = iso_time(found["time"], declared.time_zone)
    if time is None:
        return "time_not_valid"
    context: dict[str, Any] = {}
    for part in _CONTEXT.finditer(found["message"]):
        context.setdefault(part[1], part[2] if part[2] is not None else part[3])
    client = context.pop("client", None)
    request = split_request(context["request"]) if "request" in context else {}
    code = CODE.search(found["message"])
    rest = {"thread": found["tid"], "connection": found["connection"], **context, **request}
    return {
        "time": time,
        "application": "nginx",
        "pid": int(found["pid"]),
        "severity": found["level"],
        "event_code": code[1] if code else None,
        "src_ip": client,
        "message": found["message"],
        "unmapped": unmapped(rest),
    }
