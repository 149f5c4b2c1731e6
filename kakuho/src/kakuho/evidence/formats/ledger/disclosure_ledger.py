"""A segment of the disclosure ledger: who was shown which items about whom (``docs/dev/interfaces.md`` section 2).

One row a (event, subject, item). The chain is verified line by line; where it breaks, ``facts["breaks"]`` holds the
stretch of time that is no longer proven, and the events are kept. A line changed after it was written is rejected.
``facts`` also holds what the checkpoints are compared with: the segment, its start and its last line;
``tables["chain"]`` its hashes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from kakuho.engine.schemas import part_schema
from kakuho.errors import UsageError
from kakuho.evidence.formats.base import Head, Part, Recognition, SourceFile
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.evidence.formats.ledger.chain import Chain
from kakuho.language import Bilingual

ROLE = "disclosure_ledger"
KEYED_MAC = "hmac-sha256"
_SCHEMA = part_schema("disclosure")
_COLUMNS = _SCHEMA.names
_EVENT_KEYS = ("time", "segment", "actor", "method", "route", "status", "disclosures")


class DisclosureLedger:
    """One ``<segment>.jsonl``."""

    name = "disclosure_ledger"
    label = Bilingual(ja="開示台帳", en="disclosure ledger")
    role = ROLE
    tables = ("disclosure",)
    version = 2

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines that are a header or an event of a ledger."""
        share = head.share(_is_ours)
        if not share:
            return None
        why = Bilingual(ja=f"先頭の行の {share:.0%} が開示台帳", en=f"{share:.0%} of its first lines are of a ledger")
        return Recognition(share, "v1", why)

    def parse(self, source: SourceFile) -> Iterator[Part]:
        """Read every line and verify the chain."""
        reading = _Segment()
        for block in line_blocks(source.content):
            reading.part = Part(lines=len(block), bytes_read=len(block.data))
            reading.part.tables["disclosure"] = reading.read(block)
            yield reading.part
        if reading.segment is None:
            raise UsageError(
                Bilingual(ja="開示台帳の行がありません。", en="no line of a disclosure ledger in it"),
                where=source.name,
                remedy=Bilingual(ja="形式の指定（--format）を確かめてください。", en="check --format"),
            )
        chain = pa.table(
            {"seq": pa.array(reading.hashes.keys(), pa.int64()), "hash": pa.array(reading.hashes.values(), pa.string())}
        )
        yield Part(facts=reading.facts(), tables={"ledger_chain": chain})


class _Segment:
    """Reads one segment; remembers what later has to be compared with the checkpoints."""

    def __init__(self) -> None:
        self.part = Part()
        self.segment: str | None = None
        self.started: str | None = None
        self.last_time: str | None = None
        self.chain = Chain(keyed=False)
        self.hashes: dict[int, str] = {}
        self.breaks: list[dict[str, str | None]] = []
        self.unproven_since: str | None = None
        self.pending_break: str | None = None

    def read(self, block: LineBlock) -> pa.Table:
        columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
        for number, offset, line in block.lines():
            if not line.strip():
                self.part.ignored["blank"] += 1
                continue
            rows = self._rows_of(line, number, offset)
            if isinstance(rows, str):
                self.part.reject(number, offset, rows)
                self._note_break(rows)
            elif rows is None:
                self.part.ignored["header"] += 1
            else:
                self.part.events += 1
                for name, values in zip(_COLUMNS, rows, strict=True):
                    columns[name].extend(values)
        return pa.table(columns, schema=_SCHEMA)

    def _rows_of(self, line: bytes, number: int, offset: int) -> list[Sequence[Any]] | str | None:
        """The columns of a line's rows, None for a header, or the reason for rejecting it."""
        record = _record(line)
        if isinstance(record, str):
            return record
        rows = _rows(record, number, offset)
        return rows if isinstance(rows, str) else self._take(line, record) or rows

    def facts(self) -> dict[str, Any]:
        self._close_break(None)
        return {
            "segment": self.segment,
            "started": self.started,
            "last_time": self.last_time,
            "last_seq": self.chain.seq,
            "keyed": self.chain.keyed,
            "breaks": self.breaks,
        }

    def _take(self, line: bytes, record: dict[str, Any]) -> str | None:
        """Check a line against the chain; the reason for rejecting it, or None."""
        if record["kind"] == "header":
            self.chain.keyed = record.get("mac") == KEYED_MAC
            self.started = record.get("started")
        reason = self.chain.break_at(line, record)
        if self.segment is None:
            self.segment = record.get("segment")
        if reason in {"hash_wrong", "field_missing"}:
            return reason
        if reason is not None:
            self._note_break(reason)
        if self.chain.hash is not None:
            self.hashes[self.chain.seq] = self.chain.hash
        time = record.get("time") or record.get("started")
        if isinstance(time, str):
            self._close_break(time)
            self.last_time = time
        return None

    def _note_break(self, reason: str) -> None:
        if self.pending_break is None:
            self.pending_break, self.unproven_since = reason, self.last_time or self.started

    def _close_break(self, time: str | None) -> None:
        if self.pending_break is not None:
            self.breaks.append({"reason": self.pending_break, "from": self.unproven_since, "to": time})
            self.pending_break = None


def utc(text: str) -> datetime:
    """An RFC 3339 time as UTC without a zone."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)


def _rows(record: dict[str, Any], line: int, offset: int) -> list[Sequence[Any]] | str | None:
    """The columns of an event's rows; None for a header; the reason where a field is missing or wrong."""
    if record["kind"] == "header":
        return None
    try:
        actor = record["actor"]
        shown = [
            (str(entry["subject"]), str(item), masked)
            for entry in record["disclosures"]
            for masked, items in ((False, entry["items"]), (True, entry.get("masked", ())))
            for item in items
        ]
        common = (
            utc(record["time"]),
            line,
            offset,
            record["segment"],
            int(record["seq"]),
            actor.get("kind"),
            actor.get("id"),
            actor.get("subject"),
            record.get("session"),
            record.get("address"),
            record["method"],
            record["route"],
            int(record["status"]),
            record.get("purpose"),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return "field_missing"
    if any(not isinstance(value, str | None) for value in (common[3], *common[5:12], common[13])):
        return "field_missing"
    columns: list[Sequence[Any]] = [[value] * len(shown) for value in common]
    return columns + (list(zip(*shown, strict=True)) or [(), (), ()])


def _record(line: bytes) -> dict[str, Any] | str:
    """The object of a line, or the reason why it is none."""
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "not_utf8"
    except (ValueError, RecursionError):
        return "not_json" if line.endswith(b"}") else "line_cut_off"
    if not isinstance(record, dict) or record.get("kind") not in {"header", "disclosure"}:
        return "not_a_ledger_line"
    return record


def _is_ours(line: bytes) -> bool:
    record = _record(line)
    if isinstance(record, str):
        return False
    return record.get("ledger") == "disclosure" or all(key in record for key in _EVENT_KEYS)
