"""The checkpoints of a disclosure ledger: how far each segment had come. No events; compared with the segments later.

``facts["checkpoints"]`` keeps, for each segment, the first time, the last checkpoint and whether it closed in order.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kakuho.evidence.formats.base import Sink, SourceFile
from kakuho.evidence.formats.blocks import line_blocks
from kakuho.evidence.formats.disclosure_ledger import ROLE, utc

_KEYS = ("segment", "seq", "hash", "time")


class DisclosureLedgerCheckpoints:
    """``checkpoints.jsonl`` of a ledger."""

    name = "disclosure_ledger_checkpoints"
    role = ROLE
    table = None
    version = 1

    def recognises(self, head: bytes, lines: Sequence[bytes]) -> float:
        """The share of lines that are checkpoints."""
        return sum(isinstance(_checkpoint(line), dict) for line in lines) / len(lines) if lines else 0.0

    def parse(self, source: SourceFile, sink: Sink) -> None:
        """Read every line; a checkpoint is no event and counts as ignored."""
        found: dict[str, list[dict[str, Any]]] = {}
        for block in line_blocks(source.path):
            sink.lines += len(block)
            for number, offset, line in block.lines():
                checkpoint = _checkpoint(line) if line.strip() else None
                if isinstance(checkpoint, str):
                    sink.reject(number, offset, checkpoint)
                    continue
                sink.ignored += 1
                if checkpoint is not None:
                    found.setdefault(checkpoint["segment"], []).append(checkpoint)
            sink.advance(len(block.data))
        sink.facts["checkpoints"] = found


def _checkpoint(line: bytes) -> dict[str, Any] | str:
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "not_utf8"
    except (ValueError, RecursionError):
        return "not_json" if line.endswith(b"}") else "line_cut_off"
    if not isinstance(record, dict) or "kind" in record or any(key not in record for key in _KEYS):
        return "not_a_checkpoint"
    try:
        utc(record["time"])
        taken: dict[str, Any] = {key: record[key] for key in _KEYS}
        taken["seq"] = int(record["seq"])
    except (ValueError, TypeError, AttributeError):
        return "field_missing"
    return {**taken, "closed": bool(record.get("closed", False))}
