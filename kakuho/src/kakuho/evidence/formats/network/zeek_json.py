"""Zeek logs of one JSON object a line (``LogAscii::use_json``), of every log that Zeek writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, share_in_words
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.evidence.formats.json_lines import JsonLinesFormat
from kakuho.evidence.formats.json_records import Rows, json_of
from kakuho.evidence.formats.network.zeek_records import ZEEK_TABLES, add_record, path_of, time_of
from kakuho.language import Bilingual

_OWN_KEYS = ("id.orig_h", "uid", "uids", "fuid", "_path")
_LESS_OWN_KEYS = ("peer", "node", "fingerprint", "hashAlgorithm", "machine", "host", "suppress_for", "id")
_LESS_SURE = 0.6
_LOG_NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")


class ZeekJson(JsonLinesFormat):
    """Zeek logs as JSON."""

    name = "zeek_json"
    label = Bilingual(ja="Zeek のログ（JSON）", en="Zeek log (JSON)")
    role = "network_log"
    tables = ZEEK_TABLES
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines with Zeek's own names of fields; less sure where only a time and a peer are given."""
        shares = [_sureness(line) for line in head.lines]
        share = sum(shares) / len(shares) if shares else 0.0
        return Recognition(share, "json", share_in_words(share, "Zeek JSON")) if share else None

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Lines, with the log's name as the file's name tells it."""
        found = _LOG_NAME.match(source.name.rpartition("/")[2])
        for block in line_blocks(source.content):
            yield replace(block, context=found[0] if found else None)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank (ignored) or rejected."""
        return _Reader(block.context).read_lines(block, declared)

    def add_rows(self, record: dict[str, Any], line: int, byte_offset: int, rows: Rows) -> str | None:
        """The row of a record that says itself which log it belongs to."""
        return add_record(path_of(record, None), record, line, byte_offset, rows)


class _Reader(ZeekJson):
    """Reads the lines of a file whose name tells the log."""

    def __init__(self, path: str | None) -> None:
        self.path = path

    def add_rows(self, record: dict[str, Any], line: int, byte_offset: int, rows: Rows) -> str | None:
        return add_record(path_of(record, self.path), record, line, byte_offset, rows)


def _sureness(line: bytes) -> float:
    if b'"ts"' not in line:
        return 0.0
    record = json_of(line)
    if not isinstance(record, dict) or time_of(record.get("ts")) is None:
        return 0.0
    if any(key in record for key in _OWN_KEYS):
        return 1.0
    is_of_another = "level" in record or "logger" in record or "request" in record
    is_zeek = any(key in record for key in _LESS_OWN_KEYS) or all(key in record for key in ("src", "dst", "proto"))
    return _LESS_SURE if is_zeek and not is_of_another else 0.0
