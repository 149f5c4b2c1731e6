"""ModSecurity's audit log in its serial native form (ModSecurity 2 Data Formats; version 3 writes the same).

    --7d0c19ab-A--
    [19/Mar/2025:09:00:01 +0900] aZk3Xw8AAQEAAB2cY5UAAAAB 192.0.2.1 50443 192.0.2.9 443
    --7d0c19ab-B--
    GET /admin/ HTTP/1.1
    …
    --7d0c19ab-Z--

A record is one transaction; its first line counts as the event, the others as ``continuation``. Inside a record only
boundaries with its own random mark count: what a request body holds can look like one. A record without its end is read
as far as it goes (``unmapped`` says ``cut_off``). The zone ``--0400`` (a fault of its writer) is read as ``-0400``.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.web.lines import EventRows, decoded
from kakuho.evidence.formats.web.modsecurity_transaction import event_of_sections
from kakuho.evidence.formats.web.records import IN_RECORD, Line, line_record_blocks
from kakuho.language import Bilingual

BEGIN = re.compile(rb"-{2,3}[0-9A-Za-z]{6,32}-{1,3}A--[ \t]*\r?$", re.MULTILINE)
_AFTER_A_RECORD = re.compile(
    rb"(?:(?<=-Z--\n\n)|(?<=-Z--\n)|(?<=-Z--\r\n\r\n)|(?<=-Z--\r\n))" + BEGIN.pattern, re.MULTILINE
)
_BOUNDARY = re.compile(rb"-{2,3}([0-9A-Za-z]{6,32})-{1,3}([A-Z])--[ \t]*")
_MOST_KEPT_OF_A_SECTION = 1 << 20


class ModsecurityAuditLog(TextFormat):
    """ModSecurity audit logs in the native form."""

    name = "modsecurity_audit_log"
    label = Bilingual(ja="ModSecurity の監査ログ（ネイティブ形式）", en="ModSecurity audit log (native form)")
    role = "partial_log"
    tables = ("http_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the boundary of the first record."""
        if not head.lines or not any(BEGIN.match(line) for line in head.lines):
            return None
        first = 1.0 if BEGIN.match(head.lines[0]) else 0.7
        return Recognition(
            first, "", Bilingual(ja="監査記録の区切り行（--…-A--）がある", en="it has the boundaries of audit records")
        )

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks cut where a record begins after the end of another."""
        return line_record_blocks(source.content, _AFTER_A_RECORD)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every record is an event or rejected; its lines after the first are ignored as continuation."""
        part = Part(lines=len(block), facts={"lines_not_utf8": 0, "records_cut_off": 0})
        rows = EventRows("http_activity")
        lines = list(block.lines())
        marks = [(index, found) for index, line in enumerate(lines) if (found := _BOUNDARY.fullmatch(line[2]))]
        at = 0
        is_inside = block.context == IN_RECORD
        for record in _records(lines, marks):
            _outside(lines[at : record[0]], part, is_inside=is_inside)
            at, is_inside = record[1], False
            _read(lines[record[0] : record[1]], record[2], declared, part, rows)
        _outside(lines[at:], part, is_inside=is_inside)
        part.events = rows.count
        part.tables["http_activity"] = rows.table()
        return part


def _records(lines: list[Line], marks: list[tuple[int, re.Match[bytes]]]) -> Iterator[tuple[int, int, bool]]:
    """(first line, line after the last, whether its end is there) of each record.

    A record ends with its own end. Where that is missing, it ends where the next record begins: behind the last of its
    own boundaries, and at a beginning with the same mark at the latest.
    """
    places: dict[bytes, list[tuple[int, bytes]]] = {}
    for index, found in marks:
        places.setdefault(found[1], []).append((index, found[2]))
    begins = [(index, found[1]) for index, found in marks if found[2] == b"A"]
    until = 0
    for index, mark in begins:
        if index < until:
            continue
        own = places[mark]
        last, is_whole = index, False
        for number in range(bisect.bisect_right(own, (index, b"Z")), len(own)):
            place, letter = own[number]
            if letter == b"A":
                break
            last, is_whole = place, letter == b"Z"
            if is_whole:
                break
        following = bisect.bisect_right(begins, (last, b"\xff"))
        until = last + 1 if is_whole else begins[following][0] if following < len(begins) else len(lines)
        yield index, until, is_whole


def _outside(lines: list[Line], part: Part, *, is_inside: bool) -> None:
    for number, offset, line in lines:
        if not line.strip():
            part.ignored["blank"] += 1
        elif is_inside:
            part.ignored["continuation"] += 1
        else:
            part.reject(number, offset, "not_modsecurity")


def _read(lines: list[Line], is_whole: bool, declared: Declared, part: Part, rows: EventRows) -> None:
    number, offset, first = lines[0]
    part.ignored["continuation"] += len(lines) - 1
    row = event_of_sections(_sections(lines, first, declared, part), declared, is_whole=is_whole)
    part.facts["records_cut_off"] += not is_whole
    if isinstance(row, str):
        part.reject(number, offset, row)
        return
    rows.add(row, number, offset)


def _sections(lines: list[Line], first: bytes, declared: Declared, part: Part) -> dict[str, str]:
    """The text of each section by its letter."""
    found = _BOUNDARY.fullmatch(first)
    mark = found[1] if found else b""
    gathered: dict[str, list[bytes]] = {}
    letter = ""
    for _, _, line in lines:
        boundary = _BOUNDARY.fullmatch(line) if line.startswith(b"--") else None
        if boundary is not None and boundary[1] == mark:
            letter = boundary[2].decode()
            gathered[letter] = []
        else:
            gathered[letter].append(line)
    joined = {letter: b"\n".join(texts).rstrip(b"\n")[:_MOST_KEPT_OF_A_SECTION] for letter, texts in gathered.items()}
    return {letter: decoded(data, declared, part) for letter, data in joined.items()}
