"""``journalctl -o export`` (systemd's JOURNAL_EXPORT_FORMATS, "Journal Export Format").

An entry is fields, each ``NAME=text`` on a line, or for what is no plain text: the name alone on a line, the size as 64
bits little-endian, as many bytes, a line end. An empty line ends the entry. A message can hold anything, also what
looks like another entry, so every size is followed. The unit is the entry: ``line`` is its ordinal from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kakuho.evidence.content import Content
from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.host.journal_blocks import Found, read_entries
from kakuho.evidence.formats.host.journal_entries import Entry
from kakuho.evidence.formats.host.text_lines import text_of_bytes
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.evidence.formats.rows_by_table import BLOCK_BYTES
from kakuho.language import Bilingual

LONGEST_ENTRY = 64 << 20
_TEXT_FIELDS = re.compile(rb"(?:[A-Za-z0-9_]{1,64}=[^\n]*\n)*")
_TEXT_FIELD = re.compile(rb"([A-Za-z0-9_]{1,64})=([^\n]*)\n")
_NAME = re.compile(rb"([A-Za-z0-9_]{1,64})\n")
_SIZE_BYTES = 8
_MORE = "more"
_NO_ENTRY = "not_a_journal_entry"
_SURE = 0.99

Span = tuple[int, int, str | None]
"""Where an entry begins and ends, and the reason where it is none."""

Field = tuple[bytes | None, int, int]
"""Name, begin and end of the value of a field in bytes; without a name it is lines of fields that are text."""


class JournalExport(TextFormat):
    """The systemd journal in its export format."""

    name = "journal_export"
    label = Bilingual(ja="systemd ジャーナル（export 形式）", en="systemd journal (export format)")
    role = "host_log"
    tables = ("authentication", "process_activity", "base_event")
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By its first entry: it has a journal's time stamp."""
        fields, reason, _ = _fields(head.data, 0)
        if reason is not None or "__REALTIME_TIMESTAMP" not in _entry(head.data, fields, head.declared.encoding):
            return None
        why = Bilingual(ja="先頭がジャーナルの export 形式の記録", en="it begins with an entry in the export format")
        return Recognition(_SURE, "export", why)

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Whole entries; the ``context`` of a block tells where they lie in its data and why one is none."""
        first, begin, spans = 1, 0, list[Span]()
        for start, end, reason in _spans(source.content):
            if spans and end - begin > BLOCK_BYTES:
                yield _block(source.content, begin, first, spans)
                first, spans = first + len(spans), []
            if not spans:
                begin = start
            spans.append((start, end, reason))
        if spans:
            yield _block(source.content, begin, first, spans)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every entry is an event or rejected."""
        part = Part(lines=len(block.context or ()))
        with no_collection():
            read_entries(_entries(block, declared), part)
        return part


def _entries(block: LineBlock, declared: Declared) -> Iterator[Found]:
    spans: tuple[Span, ...] = block.context or ()
    for number, (begin, _, damage) in enumerate(spans, block.first_line):
        found = damage or _entry(block.data, _fields(block.data, begin)[0], declared.encoding)
        yield number, block.byte_offset + begin, found


def _block(content: Content, begin: int, first: int, spans: list[Span]) -> LineBlock:
    relative = tuple((start - begin, end - begin, reason) for start, end, reason in spans)
    return LineBlock(content.read(begin, spans[-1][1] - begin), begin, first, relative)


def _spans(content: Content) -> Iterator[Span]:
    """Where each entry begins and ends in the file, and the reason where it is none."""
    data, base, at = b"", 0, 0
    while True:
        while data[at : at + 1] == b"\n":
            at += 1
        _, reason, end = _fields(data, at)
        if reason == _MORE:
            more = content.read(base + len(data), BLOCK_BYTES)
            if more and len(data) - at <= LONGEST_ENTRY:
                data, base, at = data[at:] + more, base + at, 0
                continue
            if at == len(data):
                return
            reason, end = "line_cut_off", len(data)
        yield base + at, base + end, reason
        at = end


def _fields(data: bytes, at: int) -> tuple[list[Field], str | None, int]:
    """The fields of the entry that begins at ``at``, the reason where it is none, and where it ends.

    The reason is ``more`` where it does not end in ``data``.
    """
    fields: list[Field] = []
    while True:
        found = _TEXT_FIELDS.match(data, at)
        end = found.end() if found else at
        if end > at:
            fields.append((None, at, end))
        if data[end : end + 1] == b"\n" and fields:
            return fields, None, end + 1
        named = _NAME.match(data, end)
        if named is None:
            more = data.find(b"\n", end) < 0
            return fields, _MORE if more else _NO_ENTRY, end if more else _after_damage(data, end)
        begin = named.end() + _SIZE_BYTES
        size = int.from_bytes(data[named.end() : begin], "little")
        if len(data) < begin + size + 1 and size <= LONGEST_ENTRY:
            return fields, _MORE, end
        if data[begin + size : begin + size + 1] != b"\n":
            return fields, _NO_ENTRY, _after_damage(data, end)
        fields.append((named[1], begin, begin + size))
        at = begin + size + 1


def _entry(data: bytes, fields: list[Field], encoding: str | None) -> Entry:
    entry: Entry = {}
    for name, begin, end in fields:
        if name is not None:
            _add(entry, name.decode("ascii"), text_of_bytes(data[begin:end], encoding))
            continue
        try:
            lines = data[begin : end - 1].decode("utf-8").split("\n")
        except UnicodeDecodeError:
            for key, value in _TEXT_FIELD.findall(data, begin, end):
                _add(entry, key.decode("ascii"), text_of_bytes(value, encoding))
            continue
        if not entry:
            entry.update(dict(line.split("=", 1) for line in lines))
            if len(entry) == len(lines):
                continue
            entry.clear()
        for line in lines:
            key, _, text = line.partition("=")
            if key in entry:
                _add(entry, key, text)
            else:
                entry[key] = text
    return entry


def _after_damage(data: bytes, at: int) -> int:
    end = data.find(b"\n\n", at)
    return len(data) if end < 0 else end + 2


def _add(entry: Entry, key: str, text: str) -> None:
    before = entry.get(key)
    if before is None:
        entry[key] = text
    elif isinstance(before, list):
        before.append(text)
    else:
        entry[key] = [before, text]
