"""``journalctl -o json``: one JSON object a line (systemd's JOURNAL_EXPORT_FORMATS, "Journal JSON Format").

A value is a string, a list of numbers (bytes that are no text), a list of such values (a field that is there several
times), or null (too long: journalctl left it out). Times are UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.host.journal_blocks import Found, read_entries
from kakuho.evidence.formats.host.journal_entries import Entry
from kakuho.evidence.formats.host.text_lines import text_of_bytes
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.language import Bilingual

_TEXT_ALONE = {str}


class JournalJson(TextFormat):
    """The systemd journal as JSON lines."""

    name = "journal_json"
    label = Bilingual(ja="systemd ジャーナル（journalctl -o json）", en="systemd journal (journalctl -o json)")
    role = "host_log"
    tables = ("authentication", "process_activity", "base_event")
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines that are objects with a journal's time stamp."""
        share = head.share(lambda line: b'"__REALTIME_TIMESTAMP"' in line and isinstance(_entry(line, None), dict))
        return Recognition(share, "json", share_in_words(share, "journalctl -o json")) if share else None

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank or rejected."""
        part = Part(lines=len(block))
        with no_collection():
            read_entries(_entries(block, declared, part), part)
        return part


def _entries(block: LineBlock, declared: Declared, part: Part) -> Iterator[Found]:
    for number, offset, line in block.lines():
        if not line or line.isspace():
            part.ignored["blank"] += 1
        else:
            yield number, offset, _entry(line, declared.encoding)


def _entry(line: bytes, encoding: str | None) -> Entry | str:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return "not_json" if line.rstrip().endswith(b"}") else "line_cut_off"
    if not isinstance(found, dict):
        return "not_json"
    if set(map(type, found.values())) == _TEXT_ALONE:
        return found
    return {key: _value(value, encoding) for key, value in found.items() if value is not None}


def _value(value: Any, encoding: str | None) -> str | list[str]:
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return str(value)
    if value and all(isinstance(byte, int) and 0 <= byte < 256 for byte in value):
        return text_of_bytes(bytes(value), encoding)
    texts = [_value(one, encoding) for one in value]
    return [text if isinstance(text, str) else " ".join(text) for text in texts]
