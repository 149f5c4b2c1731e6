"""The checkpoints of a disclosure ledger: how far each segment had come. No events; compared with the segments later.

``facts["checkpoints"]`` keeps, for each segment, the first time, the last checkpoint and whether it closed in order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kakuho.evidence.formats.base import Head, Part, Recognition, SourceFile
from kakuho.evidence.formats.blocks import line_blocks
from kakuho.evidence.formats.ledger.block import ROLE
from kakuho.evidence.formats.ledger.records import number_of, text_of, utc
from kakuho.language import Bilingual

_KEYS = ("segment", "seq", "hash", "time")


class DisclosureLedgerCheckpoints:
    """``checkpoints.jsonl`` of a ledger."""

    name = "disclosure_ledger_checkpoints"
    label = Bilingual(ja="開示台帳のチェックポイント", en="disclosure ledger's checkpoints")
    role = ROLE
    tables = ()
    version = 2

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines that are checkpoints."""
        share = head.share(lambda line: isinstance(_checkpoint(line), dict))
        if not share:
            return None
        why = Bilingual(ja=f"先頭の行の {share:.0%} がチェックポイント", en=f"{share:.0%} of its lines are checkpoints")
        return Recognition(share, "v1", why)

    def parse(self, source: SourceFile) -> Iterator[Part]:
        """Read every line; a checkpoint is no event and is ignored as such."""
        found: dict[str, list[dict[str, Any]]] = {}
        for block in line_blocks(source.content):
            part = Part(lines=len(block), bytes_read=len(block.data))
            for number, offset, line in block.lines():
                checkpoint = _checkpoint(line) if line.strip() else None
                if isinstance(checkpoint, str):
                    part.reject(number, offset, checkpoint)
                    continue
                part.ignored["checkpoint" if checkpoint else "blank"] += 1
                if checkpoint is not None:
                    found.setdefault(checkpoint["segment"], []).append(checkpoint)
            part.facts = {"checkpoints": found}
            yield part


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
        taken: dict[str, Any] = {key: text_of(record[key]) for key in ("segment", "hash", "time")}
        taken["seq"] = number_of(record, "seq")
        utc(taken["time"])
    except (ValueError, TypeError):
        return "field_missing"
    return {**taken, "closed": record.get("closed") is True}
