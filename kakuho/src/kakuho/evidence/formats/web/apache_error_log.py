"""Apache's error log (core, ``ErrorLogFormat``), as 2.2 and 2.4 write it.

    [Wed Mar 19 09:00:01 2025] [error] [client 192.0.2.1] message
    [Wed Mar 19 09:00:01.204518 2025] [proxy:warn] [pid 2203:tid 1] [client 192.0.2.1:51022] AH01136: message

Its times name no zone: it has to be declared. A line that does not begin with a time goes on from the one before
(a script's standard error): the first line counts as the event, the others as ``continuation``; what comes before any
event is rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.web.fields import Event
from kakuho.evidence.formats.web.records import line_record_blocks, read_records
from kakuho.evidence.formats.web.requests import unmapped
from kakuho.evidence.formats.web.times import ctime, need_zone
from kakuho.language import Bilingual

BEGIN = re.compile(rb"\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]?\d \d{2}:\d{2}:\d{2}(?:\.\d{1,9})? \d{4}\] ?\[")
_LINE = re.compile(
    r"""
    \[(?P<time>[^\]]{20,40})\]
    \ ?\[(?:(?P<module>[\w.-]*):)?(?P<level>[a-z]+\d?)\]
    (?:\ \[pid\ (?P<pid>\d{1,18})(?::tid\ (?P<tid>\d{1,20}))?\])?
    (?:\ \[(?P<connection>[^\]]{1,60}:[^\]]{1,60})\](?=\ \[client))?
    (?:\ (?P<source>[\w./-]{1,100}\(\d{1,7}\)):)?
    (?:\ (?P<system>\(\d{1,6}\)[^:\[]{1,200}):(?=\ \[(?:client|remote)))?
    (?:\ \[(?:client|remote)\ (?P<client>[^\]]{1,100})\])?
    \ ?(?P<message>(?:(?P<code>AH\d{5}):)?.*)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_CLIENT = re.compile(r"(?P<address>.*?)(?::(?P<port>\d{1,5}))?", re.DOTALL)
_REFERRER = re.compile(r", referer: (\S+)$")


class ApacheErrorLog(TextFormat):
    """Apache error logs."""

    name = "apache_error_log"
    label = Bilingual(ja="Apache のエラーログ", en="Apache error log")
    role = "application_log"
    tables = ("base_event",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of first lines that begin with its time and level."""
        share = head.share(BEGIN.match)
        return Recognition(share, "", share_in_words(share, "Apache error log")) if share else None

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks cut where a record begins."""
        return line_record_blocks(source.content, BEGIN)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every record is an event or rejected; its lines after the first are ignored as continuation."""
        need_zone(declared)
        return read_records(block, declared, BEGIN, "base_event", "not_error_log", lambda text: _event(text, declared))


def _event(text: str, declared: Declared) -> Event | str:
    found = _LINE.fullmatch(text)
    if found is None:
        return "not_error_log"
    time = ctime(found["time"], declared.time_zone)
    if time is None:
        return "time_not_valid"
    client = _CLIENT.fullmatch(found["client"] or "")
    referrer = _REFERRER.search(found["message"][-4000:])
    rest = {
        "module": found["module"],
        "thread": found["tid"],
        "source": found["source"],
        "connection": found["connection"],
        "system_error": found["system"],
        "src_port": int(client["port"]) if client and client["port"] else None,
        "referrer": referrer[1] if referrer else None,
    }
    return {
        "time": time,
        "application": "apache",
        "pid": int(found["pid"]) if found["pid"] else None,
        "severity": found["level"],
        "event_code": found["code"],
        "src_ip": (client["address"] or None) if client else None,
        "message": found["message"],
        "unmapped": unmapped(rest),
    }
