"""Zeek logs of tab-separated values with their header, of every log that Zeek writes.

The header may come again in mid-file with other fields; from there on it holds. Header lines, ``#open`` and ``#close``
are ignored by rule; ``facts["zeek_opened"]`` and ``["zeek_closed"]`` count the latter two: a file that was not closed
was cut off or is still written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.evidence.formats.json_records import Rows
from kakuho.evidence.formats.network.zeek_header import ZeekHeader, ZeekReader
from kakuho.evidence.formats.network.zeek_records import ZEEK_TABLES, add_record
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.language import Bilingual


class ZeekTsv(TextFormat):
    """Zeek logs as tab-separated values."""

    name = "zeek_tsv"
    label = Bilingual(ja="Zeek のログ（TSV）", en="Zeek log (TSV)")
    role = "network_log"
    tables = ZEEK_TABLES
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the header."""
        if not head.lines or not head.lines[0].removeprefix(b"\xef\xbb\xbf").startswith(b"#separator "):
            return None
        header = ZeekHeader()
        for line in head.lines:
            if line.startswith(b"#"):
                header = header.after(line)
        if not header.fields:
            return None
        why = Bilingual(ja=f"Zeek の見出し（{header.path}）", en=f"the header of a Zeek log ({header.path})")
        return Recognition(1.0, f"tsv {header.path}", why)

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Lines, with the header that holds where the block begins."""
        header = ZeekHeader()
        for block in line_blocks(source.content):
            yield replace(block, context=header)
            for line in _header_lines(block.data):
                header = header.after(line)

    @no_collection()
    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, a header line or blank (ignored), or rejected."""
        part = Part(lines=len(block), facts={"lines_not_utf8": 0, "zeek_opened": 0, "zeek_closed": 0})
        rows = Rows()
        reader = ZeekReader(block.context)
        encoding = declared.encoding or "utf-8"
        for number, offset, line in block.lines():
            if line.startswith(b"#"):
                reader = ZeekReader(reader.header.after(line))
                _count_header(line, part)
                continue
            if not line:
                part.ignored["blank"] += 1
                continue
            try:
                text = line.decode(encoding)
            except (UnicodeError, LookupError):
                text = line.decode("utf-8", "backslashreplace")
                part.facts["lines_not_utf8"] += 1
            reason = _read(text, reader, number, offset, rows)
            if reason is None:
                part.events += 1
            else:
                is_cut = reason == "zeek_fields_differ" and block.data.endswith(line)
                part.reject(number, offset, "line_cut_off" if is_cut else reason)
        part.tables = rows.tables()
        return part


def _read(text: str, reader: ZeekReader, number: int, offset: int, rows: Rows) -> str | None:
    if not reader.header.fields:
        return "zeek_header_missing"
    record = reader.record(text)
    if record is None:
        return "zeek_fields_differ"
    return add_record(reader.header.path, record, number, offset, rows)


def _header_lines(data: bytes) -> Iterator[bytes]:
    at = 0 if data.startswith(b"#") else data.find(b"\n#") + 1
    while at or data.startswith(b"#", at):
        end = data.find(b"\n", at)
        yield data[at : end if end >= 0 else len(data)].rstrip(b"\r")
        found = data.find(b"\n#", at)
        if found < 0:
            return
        at = found + 1


def _count_header(line: bytes, part: Part) -> None:
    part.ignored["header"] += 1
    part.facts["zeek_opened"] += line.startswith(b"#open")
    part.facts["zeek_closed"] += line.startswith(b"#close")
