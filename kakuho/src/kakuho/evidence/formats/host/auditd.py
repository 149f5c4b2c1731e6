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
from kakuho.evidence.formats.host.audit_blocks import AcrossBlocks, audit_blocks
from kakuho.evidence.formats.host.audit_events import AuditEvent, add_rows
from kakuho.evidence.formats.host.audit_records import HEADING
from kakuho.evidence.formats.host.text_lines import text_lines, text_of_bytes
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.evidence.formats.rows import table_of
from kakuho.evidence.formats.rows_by_table import RowsByTable
from kakuho.language import Bilingual


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
    across = block.context if isinstance(block.context, AcrossBlocks) else AcrossBlocks()
    taken = {(node.decode() if node else None, identity.decode()) for node, identity in across.taken}
    events: dict[tuple[str | None, str], AuditEvent] = {}
    for number, offset, line in text_lines(block, declared.encoding, part):
        found = HEADING.match(line)
        if found is None:
            if not line.strip():
                part.ignored["blank"] += 1
            else:
                part.reject(number, offset, "not_an_audit_record")
            continue
        node, kind, identity = found.groups()
        event = events.get((node, identity))
        if event is None:
            if taken and (node, identity) in taken:
                continue
            events[node, identity] = event = _begun(node, identity, number, offset)
        event.add(kind, line[found.end() :])
    for data in across.late:
        line = text_of_bytes(data, declared.encoding)
        if (found := HEADING.match(line)) and (event := events.get((found[1], found[3]))):
            event.add(found[2], line[found.end() :])
    part.events = len(events)
    part.ignored["continuation"] = len(block) - len(events) - len(part.rejects) - part.ignored["blank"]
    part.ignored = +part.ignored
    if part.rejects and not block.data.endswith(b"\n") and part.rejects[-1][0] == block.first_line + len(block) - 1:
        number, offset, _ = part.rejects.pop()
        part.reject(number, offset, "line_cut_off")
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
