"""``journalctl -o export`` (systemd's JOURNAL_EXPORT_FORMATS, "Journal Export Format").

An entry is fields, each ``NAME=text`` on a line, or for what is no plain text: the name alone on a line, the size as 64
bits little-endian, as many bytes, a line end. An empty line ends the entry. A message can hold anything, also what
looks like another entry, so every size is followed. The unit is the entry: ``line`` is its ordinal from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kakuho.evidence.content import Content
from kakuho.evidence.formats.base import Head, Part, Recognition, SourceFile
from kakuho.evidence.formats.host.journal_entries import Entry, add_entry
from kakuho.evidence.formats.host.text_lines import text_of_bytes
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.evidence.formats.rows_by_table import BLOCK_BYTES, RowsByTable
from kakuho.language import Bilingual

LONGEST_ENTRY = 64 << 20
_ENTRIES_A_PART = 20_000
_TEXT_FIELDS = re.compile(rb"(?:[A-Za-z0-9_]{1,64}=[^\n]*\n)*")
_TEXT_FIELD = re.compile(rb"([A-Za-z0-9_]{1,64})=([^\n]*)\n")
_NAME = re.compile(rb"([A-Za-z0-9_]{1,64})\n")
_SIZE_BYTES = 8
_MORE = "more"
_SURE = 0.99


class JournalExport:
    """The systemd journal in its export format."""

    name = "journal_export"
    label = Bilingual(ja="systemd ジャーナル（export 形式）", en="systemd journal (export format)")
    role = "host_log"
    tables = ("authentication", "process_activity", "base_event")
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By its first entry: it has a journal's time stamp."""
        entry, _ = _entry(head.data, 0, head.declared.encoding)
        if isinstance(entry, str) or "__REALTIME_TIMESTAMP" not in entry:
            return None
        why = Bilingual(ja="先頭がジャーナルの export 形式の記録", en="it begins with an entry in the export format")
        return Recognition(_SURE, "export", why)

    def parse(self, source: SourceFile) -> Iterator[Part]:
        """Every entry is an event or rejected."""
        part, rows, number, begun = Part(), RowsByTable(), 0, 0
        with no_collection():
            for offset, end, entry in _entries(source.content, source.declared.encoding):
                number += 1
                part.lines += 1
                reason = entry if isinstance(entry, str) else add_entry(entry, number, offset, rows)
                if reason is None:
                    part.events += 1
                else:
                    part.reject(number, offset, reason)
                if part.lines == _ENTRIES_A_PART:
                    rows.into(part)
                    part.bytes_read = end - begun
                    yield part
                    part, rows, begun = Part(), RowsByTable(), end
        rows.into(part)
        part.bytes_read = source.content.size - begun
        yield part


def _entries(content: Content, encoding: str | None) -> Iterator[tuple[int, int, Entry | str]]:
    """Where each entry begins and ends in the file, and the entry, or the reason why it is none."""
    data, base, at = b"", 0, 0
    while True:
        while data[at : at + 1] == b"\n":
            at += 1
        entry, end = _entry(data, at, encoding)
        if entry == _MORE:
            more = content.read(base + len(data), BLOCK_BYTES)
            if more and len(data) - at <= LONGEST_ENTRY:
                data, base, at = data[at:] + more, base + at, 0
                continue
            if at == len(data):
                return
            entry, end = "line_cut_off", len(data)
        yield base + at, base + end, entry
        at = end


def _entry(data: bytes, at: int, encoding: str | None) -> tuple[Entry | str, int]:
    """The entry that begins at ``at`` and where it ends; ``more`` where it does not end in ``data``."""
    entry: Entry = {}
    while True:
        found = _TEXT_FIELDS.match(data, at)
        end = found.end() if found else at
        for name, value in _TEXT_FIELD.findall(data, at, end):
            _add(entry, name, text_of_bytes(value, encoding))
        if data[end : end + 1] == b"\n" and entry:
            return entry, end + 1
        named = _NAME.match(data, end)
        if named is None:
            return (_MORE, end) if data.find(b"\n", end) < 0 else ("not_a_journal_entry", _after_damage(data, end))
        begin = named.end() + _SIZE_BYTES
        size = int.from_bytes(data[named.end() : begin], "little")
        if len(data) < begin + size + 1 and size <= LONGEST_ENTRY:
            return _MORE, end
        if data[begin + size : begin + size + 1] != b"\n":
            return "not_a_journal_entry", _after_damage(data, end)
        _add(entry, named[1], text_of_bytes(data[begin : begin + size], encoding))
        at = begin + size + 1


def _after_damage(data: bytes, at: int) -> int:
    end = data.find(b"\n\n", at)
    return len(data) if end < 0 else end + 2


def _add(entry: Entry, name: bytes, text: str) -> None:
    key = name.decode("ascii")
    before = entry.get(key)
    if before is None:
        entry[key] = text
    elif isinstance(before, list):
        before.append(text)
    else:
        entry[key] = [before, text]
