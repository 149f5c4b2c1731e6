"""Logs of one JSON object a line: what all of them have in common.

A line that is not UTF-8 is kept: its bytes stand as ``\\xNN`` (``facts["lines_not_utf8"]`` counts such lines), or are
decoded by the encoding that was declared.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from kakuho.evidence.formats.base import Declared, Part, TextFormat
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.json_records import NOT_JSON, Rows, json_of


class JsonLinesFormat(TextFormat):
    """A format of JSON objects, one a line."""

    @abstractmethod
    def add_rows(self, record: dict[str, Any], line: int, byte_offset: int, rows: Rows) -> str | None:
        """Add the rows of a record; the reason where it is no event."""

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank (ignored) or rejected."""
        part = Part(lines=len(block), facts={"lines_not_utf8": 0})
        rows = Rows()
        whole = block.is_utf8
        for number, offset, line in block.lines():
            if not line or line.isspace():
                part.ignored["blank"] += 1
                continue
            reason = self._read(line if whole else _utf8(line, declared, part), number, offset, rows)
            if reason is None:
                part.events += 1
            else:
                part.reject(number, offset, reason)
        part.tables = rows.tables()
        return part

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
