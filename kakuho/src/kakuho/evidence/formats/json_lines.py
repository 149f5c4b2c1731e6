"""Logs of one JSON object a line: what all of them have in common.

A line that is not UTF-8 is kept: its bytes stand as ``\\xNN`` (``facts["lines_not_utf8"]`` counts such lines), or are
decoded by the encoding that was declared.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from orjson import JSONDecodeError, loads

from kakuho.evidence.formats.base import Declared, Part, TextFormat
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.json_documents import records_of
from kakuho.evidence.formats.json_records import NOT_JSON, Rows, json_of
from kakuho.evidence.formats.no_collection import no_collection

Line = tuple[int, int, bytes]
"""Number, byte offset and bytes."""


class JsonLinesFormat(TextFormat):
    """A format of JSON objects, one a line."""

    ignored_as: str | None = None
    """The rule by which records that are no events are ignored."""

    @abstractmethod
    def add_rows(self, record: dict[str, Any], line: int, byte_offset: int, rows: Rows) -> str | None:
        """Add the rows of a record; where it is no event, the reason, or :attr:`ignored_as`."""

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank (ignored), ignored by rule or rejected."""
        return self.read_lines(block, declared)

    @no_collection()
    def read_lines(self, block: LineBlock, declared: Declared, some: Iterable[Line] | None = None) -> Part:
        """The records of a block of lines; where ``some`` of its lines are given, of these alone."""
        part = Part(lines=len(block), facts={"lines_not_utf8": 0})
        rows = Rows()
        whole, events, add_rows = block.is_utf8, 0, self.add_rows
        for number, offset, line in block.lines() if some is None else some:
            try:
                # What orjson reads is no blank line, and UTF-8.
                record = loads(line)
            except JSONDecodeError:
                if not line or line.isspace():
                    part.ignored["blank"] += 1
                    continue
                reason = self._read(line if whole else _utf8(line, declared, part), number, offset, rows)
            else:
                reason = add_rows(record, number, offset, rows) if type(record) is dict else "not_json"
            if reason is None:
                events += 1
            else:
                self._count(reason, number, offset, part)
        part.events += events
        part.tables = rows.tables()
        return part

    @no_collection()
    def read_records(self, block: LineBlock) -> Part:
        """The records of a block out of a JSON document (:mod:`.json_documents`)."""
        part = Part(facts={"lines_not_utf8": 0})
        rows = Rows()
        for number, offset, data, is_sound in records_of(block):
            part.lines += 1
            reason = self._read(data, number, offset, rows) if is_sound else "record_not_json"
            self._count(reason, number, offset, part)
        part.tables = rows.tables()
        return part

    def _count(self, reason: str | None, number: int, offset: int, part: Part) -> None:
        if reason is None:
            part.events += 1
        elif reason == self.ignored_as:
            part.ignored[reason] += 1
        else:
            part.reject(number, offset, reason)

    def _read(self, line: bytes, number: int, offset: int, rows: Rows) -> str | None:
        record = json_of(line)
        if record is NOT_JSON:
            return "not_json" if line.rstrip().endswith(b"}") else "line_cut_off"
        if not isinstance(record, dict):
            return "not_json"
        return self.add_rows(record, number, offset, rows)


def _utf8(line: bytes, declared: Declared, part: Part) -> bytes:
    """The line in UTF-8. Bytes that are none become ``\\\\xNN``, which is JSON for a backslash, x and two digits."""
    try:
        line.decode("utf-8")
        return line
    except UnicodeDecodeError:
        pass
    part.facts["lines_not_utf8"] += 1
    if declared.encoding:
        try:
            return line.decode(declared.encoding).encode("utf-8")
        except (UnicodeError, LookupError):
            pass
    return b"".join(_escaped(line))


def _escaped(line: bytes) -> list[bytes]:
    text = line.decode("utf-8", "surrogateescape")
    return [f"\\\\x{ord(c) - 0xDC00:02x}".encode() if "\udc80" <= c <= "\udcff" else c.encode() for c in text]
