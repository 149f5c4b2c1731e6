"""The W3C extended log format (WD-logfile-960323) as IIS, HTTP.sys, CloudFront and others write it.

``#Fields`` names the columns and may change in mid-file, so each block carries what was in force before it. Times are
UTC by definition. Columns are parted by a blank, or by a tab (CloudFront). IIS writes ``+`` for blanks in agents.
Where the beginning of a file, and with it ``#Fields``, is lost, the line may be declared (``--pattern '#Fields: …'``);
else it is told from the number of columns where that is one of IIS's usual sets.
``time-taken`` is milliseconds (IIS), or seconds where it has a point (the standard, CloudFront).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.evidence.formats.web.fields import Event
from kakuho.evidence.formats.web.lines import EventRows, decoded
from kakuho.evidence.formats.web.requests import unmapped
from kakuho.evidence.formats.web.times import iso_time
from kakuho.evidence.formats.web.w3c_fields import COLUMNS, usual_sets
from kakuho.language import Bilingual

_FIELDS = b"#Fields:"
_DATE = re.compile(rb"#Date:\s*(\d{4}-\d{2}-\d{2})")
_DATED = re.compile(rb"\d{4}-\d{2}-\d{2}[ \t]\d{2}:\d{2}:\d{2}[ \t]")
_ERROR_FIELDS = {"s-reason", "s-queuename"}
_HTTP_FIELDS = {"cs-method", "cs-uri-stem", "cs-uri"}


@dataclass(frozen=True)
class InForce:
    """What the directives before a line say: the names of the columns, and the day where lines have none.

    ``is_told``: no ``#Fields`` said so, the columns were told from their number.
    """

    fields: tuple[str, ...] = ()
    day: str = ""
    is_told: bool = False

    def after(self, directive: bytes) -> InForce:
        """What is in force after a directive."""
        if directive.startswith(_FIELDS):
            return InForce(_names(directive), self.day)
        day = _DATE.match(directive)
        return InForce(self.fields, day[1].decode(), self.is_told) if day else self


def _names(directive: bytes) -> tuple[str, ...]:
    return tuple(directive[len(_FIELDS) :].decode("utf-8", "backslashreplace").lower().split())


class W3cLog(TextFormat):
    """W3C extended logs of web servers."""

    name = "w3c_log"
    label = Bilingual(ja="W3C 拡張ログ（IIS など）", en="W3C extended log (IIS …)")
    role = "access_log"
    tables: tuple[str, ...] = ("http_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By ``#Fields`` with HTTP's columns, or by lines of a usual number of columns."""
        fields = first_fields(head.lines, head.declared)
        if not self.is_ours(set(fields)):
            return None
        share = head.share(
            lambda line: line.startswith(b"#") or len(_columns(line)) == len(fields) or _told_by_columns(line)
        )
        if any(line.startswith(_FIELDS) for line in head.lines):
            share = max(share, 0.95)
        return Recognition(share, "", share_in_words(share, self.label.split(" (")[0])) if share else None

    def is_ours(self, fields: set[str]) -> bool:
        """Whether the columns are those of requests."""
        return bool(fields & _HTTP_FIELDS) and "time" in fields and not fields & _ERROR_FIELDS

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks that know the directives in force before them."""
        head = tuple(line for line in source.content.read(0, 1 << 16).splitlines() if line.strip())
        is_told = not any(line.startswith(_FIELDS) for line in head[:20]) and source.declared.pattern is None
        force = InForce(first_fields(head, source.declared), is_told=is_told)
        for block in line_blocks(source.content):
            yield replace(block, context=force)
            for directive in (_DATE, re.compile(rb"#Fields:[^\n]*")):
                last = _last_directive(block.data, directive)
                force = force.after(last) if last else force

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, a directive or blank (ignored), or rejected."""
        part = Part(lines=len(block), facts={"lines_not_utf8": 0})
        force = block.context or InForce()
        rows = EventRows("http_activity")
        for number, offset, line in block.lines():
            if line.startswith(b"#"):
                part.ignored["directive"] += 1
                force = force.after(line)
                continue
            if not line.strip():
                part.ignored["blank"] += 1
                continue
            row = self._event(decoded(line, declared, part), line, force)
            if isinstance(row, str):
                part.reject(number, offset, row)
                continue
            rows.add(row, number, offset)
        if part.rejects and part.rejects[-1][0] == block.first_line + part.lines - 1 and not block.data.endswith(b"\n"):
            part.rejects[-1] = (*part.rejects[-1][:2], "line_cut_off")
        part.events = rows.count
        part.tables["http_activity"] = rows.table()
        return part

    def _event(self, text: str, line: bytes, force: InForce) -> Event | str:
        row = event_of_line(text, force)
        if isinstance(row, str) and force.is_told:
            fields = _told_by_columns(line)
            return event_of_line(text, InForce(fields)) if self.is_ours(set(fields)) else row
        return row


class HttpErrLog(W3cLog):
    """HTTP.sys's error log (HTTPERR): requests that never reached IIS, and connections it dropped."""

    name = "httperr_log"
    label = Bilingual(ja="HTTP.sys のエラーログ（HTTPERR）", en="HTTP.sys error log (HTTPERR)")
    role = "partial_log"

    def is_ours(self, fields: set[str]) -> bool:
        """Whether the columns say why a request was refused."""
        return bool(fields & _ERROR_FIELDS) and "time" in fields


def first_fields(lines: tuple[bytes, ...], declared: Declared) -> tuple[str, ...]:
    """The columns at the beginning of a file: declared, told by ``#Fields``, or by how many there are."""
    if declared.pattern is not None and declared.pattern.startswith("#Fields:"):
        return _names(declared.pattern.encode())
    for line in lines:
        if line.startswith(_FIELDS):
            return _names(line)
        if not line.startswith(b"#"):
            return _told_by_columns(line)
    return ()


def _told_by_columns(line: bytes) -> tuple[str, ...]:
    """The usual set that a line can be read by."""
    if not _DATED.match(line):
        return ()
    text = line.decode("utf-8", "backslashreplace")
    sets = usual_sets(len(_columns(line)))
    return next((fields for fields in sets if isinstance(event_of_line(text, InForce(fields)), dict)), ())


def _columns(line: bytes) -> list[bytes]:
    return line.split(b"\t") if b"\t" in line else line.split(b" ")


def _last_directive(data: bytes, directive: re.Pattern[bytes]) -> bytes | None:
    """The last line of a block that is such a directive."""
    prefix = directive.pattern[: directive.pattern.index(b":") + 1]
    at = len(data)
    while (at := data.rfind(prefix, 0, at)) >= 0:
        found = directive.match(data, at)
        if found and (at == 0 or data[at - 1 : at] == b"\n"):
            return found[0].rstrip(b"\r\n")
    return None


@lru_cache(maxsize=256)
def _readers(fields: tuple[str, ...]) -> tuple[tuple[int, Callable[[Event, str], None]], ...]:
    """How the columns are read, but date and time."""
    readers = []
    for index, name in enumerate(fields):
        if name not in {"date", "time"}:
            readers.append((index, COLUMNS.get(name) or _rest(name)))
    return tuple(readers)


def _rest(name: str) -> Callable[[Event, str], None]:
    def read(event: Event, text: str) -> None:
        event["unmapped"][name] = text

    return read


def event_of_line(text: str, force: InForce) -> Event | str:
    """The columns of a line under the directives in force, or the reason why it is none."""
    columns = text.split("\t") if "\t" in text else text.split(" ")
    fields = force.fields
    if len(columns) != len(fields) or "time" not in fields:
        return "not_w3c"
    day = columns[fields.index("date")] if "date" in fields else force.day
    time = iso_time(f"{day} {columns[fields.index('time')]}", "UTC")
    if time is None:
        return "time_not_valid"
    event: Event = {"time": time, "unmapped": {}}
    try:
        for index, read in _readers(fields):
            value = columns[index]
            if value not in {"-", ""}:
                read(event, value)
    except ValueError:
        return "not_w3c"
    event["unmapped"] = unmapped(event["unmapped"])
    return event
