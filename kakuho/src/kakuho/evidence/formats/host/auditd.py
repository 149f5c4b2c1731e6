"""The Linux audit log as auditd writes it: ``/var/log/audit/audit.log``, RAW or ENRICHED, with or without a node.

The records of one event (the same time, serial number and node) are one event wherever they stand in the file: the line
of the first counts as the event, the others as ``continuation``. Times are UTC. Every serial number is a row of
``sequence`` (stream: the node, or ``audit``; ``…/daemon`` for auditd's own records, which count for themselves).
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.host.audit_blocks import audit_blocks
from kakuho.evidence.formats.host.audit_events import AuditEvent, add_rows
from kakuho.evidence.formats.host.audit_records import HEADING
from kakuho.evidence.formats.host.audit_words import TYPE_NAMES
from kakuho.evidence.formats.host.no_collection import no_collection
from kakuho.evidence.formats.host.rows_by_table import RowsByTable
from kakuho.evidence.formats.host.text_lines import text_lines
from kakuho.evidence.formats.rows import table_of
from kakuho.language import Bilingual

_END_OF_EVENT = "EOE"


class Auditd(TextFormat):
    """Logs of the Linux audit daemon."""

    name = "auditd"
    label = Bilingual(ja="Linux 監査ログ（auditd）", en="Linux audit log (auditd)")
    role = "host_log"
    tables = ("process_activity", "file_activity", "network_activity", "authentication", "base_event")
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines with the heading of an audit record."""
        share = head.share(lambda line: HEADING.match(line.decode("utf-8", "backslashreplace")))
        if not share:
            return None
        enriched = any(b"\x1d" in line for line in head.lines)
        return Recognition(share, "enriched" if enriched else "raw", share_in_words(share, "auditd"))

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks that hold whole events."""
        return audit_blocks(source.content)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line begins an event, belongs to one, is blank or is rejected."""
        part = Part(lines=len(block), facts={"lines_not_utf8": 0})
        with no_collection():
            rows = RowsByTable()
            events = _events(block, declared, part)
            for event in events:
                add_rows(event, rows, declared.encoding)
            rows.into(part)
            part.tables["sequence"] = _serial_numbers(events)
        return part


def _events(block: LineBlock, declared: Declared, part: Part) -> list[AuditEvent]:
    events: dict[tuple[str | None, str], AuditEvent] = {}
    for number, offset, line in text_lines(block, declared.encoding, part):
        found = HEADING.match(line)
        if found is None:
            if not line.strip():
                part.ignored["blank"] += 1
            else:
                cut_off = offset + len(line.encode("utf-8", "surrogatepass")) == block.byte_offset + len(block.data)
                part.reject(number, offset, "line_cut_off" if cut_off else "not_an_audit_record")
            continue
        node, kind, identity = found.groups()
        event = events.get((node, identity))
        if event is None:
            events[node, identity] = event = _begun(node, identity, number, offset)
        if kind.startswith(("UNKNOWN[", "1")):
            kind = TYPE_NAMES.get(kind.removeprefix("UNKNOWN[").rstrip("]"), kind)
        if kind != _END_OF_EVENT or not event.records:
            event.records.append((kind, line[found.end() :]))
    part.events = len(events)
    part.ignored["continuation"] = len(block) - len(events) - len(part.rejects) - part.ignored["blank"]
    part.ignored = +part.ignored
    return list(events.values())


def _begun(node: str | None, identity: str, line: int, byte_offset: int) -> AuditEvent:
    stamp, _, serial = identity.partition(":")
    seconds, _, milliseconds = stamp.partition(".")
    return AuditEvent(int(seconds) * 1_000_000 + int(milliseconds) * 1000, line, byte_offset, node, int(serial))


def _serial_numbers(events: list[AuditEvent]) -> pa.Table:
    return table_of(
        "sequence",
        {
            "time": [event.time for event in events],
            "line": [event.line for event in events],
            "byte_offset": [event.byte_offset for event in events],
            "stream": [event.stream for event in events],
            "number": [event.serial for event in events],
        },
    )
