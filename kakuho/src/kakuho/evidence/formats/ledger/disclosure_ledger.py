"""A segment of the disclosure ledger: who was shown which items about whom (``docs/dev/interfaces.md`` section 2).

One row an event, with the item set of each person whom it shows. The chain is verified line by line; where it breaks,
``facts["breaks"]`` holds the stretch of time that is no longer proven, and the events are kept. A line changed after it
was written is rejected. ``facts`` also holds what the checkpoints are compared with: the segment, its start and its
last line; ``tables["ledger_chain"]`` the hashes of its good lines.

Fast path: :mod:`.canonical`, for lines in exactly the bytes that the ledger writes. Every other line is read one by one
(:mod:`.records`). A block is read apart from the others: it is told how the chain stood before it, for which one line
a block has to be read beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from kakuho.errors import UsageError
from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.evidence.formats.ledger.block import ROLE, read_lines
from kakuho.evidence.formats.ledger.chain import Chain, Opening
from kakuho.evidence.formats.ledger.records import ledger_line, record_of
from kakuho.language import Bilingual

_EVENT_KEYS = ("time", "segment", "actor", "method", "route", "status", "disclosures")


@dataclass(frozen=True)
class End:
    """The context of the empty block after the last one: the chain as it ended."""

    chain: Chain


class DisclosureLedger(TextFormat):
    """One ``<segment>.jsonl``."""

    name = "disclosure_ledger"
    label = Bilingual(ja="開示台帳", en="disclosure ledger")
    role = ROLE
    tables = ("ledger_event",)
    version = 4

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines that are a header or an event of a ledger."""
        share = head.share(_is_ours)
        if not share:
            return None
        why = Bilingual(ja=f"先頭の行の {share:.0%} が開示台帳", en=f"{share:.0%} of its first lines are of a ledger")
        return Recognition(share, "v1", why)

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks with the chain as it stood before each; at last an empty one with the chain as it ended."""
        chain, block = Chain(), None
        for block in line_blocks(source.content):
            if chain.opening is None:
                chain.opening = _opening(block)
            yield replace(block, context=replace(chain))
            chain.pass_over(block.data)
        if block is None or chain.opening is None:
            raise UsageError(
                Bilingual(ja="開示台帳の行がありません。", en="no line of a disclosure ledger in it"),
                where=source.name,
                remedy=Bilingual(ja="形式の指定（--format）を確かめてください。", en="check --format"),
            )
        yield LineBlock(b"", block.byte_offset + len(block.data), block.first_line, End(chain))

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, a header or blank (ignored), or rejected."""
        if isinstance(block.context, End):
            return Part(facts=_closing_facts(replace(block.context.chain)))
        return read_lines(block, replace(block.context))


def _closing_facts(chain: Chain) -> dict[str, Any]:
    ended = chain.end_of_break(None)
    return {
        "segment": chain.opening.segment if chain.opening else None,
        "started": chain.opening.started if chain.opening else None,
        "last_time": chain.last_time,
        "last_seq": chain.seq,
        "keyed": chain.keyed,
        "breaks": [ended] if ended else [],
    }


def _opening(block: LineBlock) -> Opening | None:
    for _, _, raw in block.lines():
        line = ledger_line(raw) if raw.strip() else "blank"
        if not isinstance(line, str):
            return Opening(line.segment, line.time if line.is_header else None, line.is_keyed)
    return None


def _is_ours(line: bytes) -> bool:
    record = record_of(line)
    if isinstance(record, str):
        return False
    return record.get("ledger") == "disclosure" or all(key in record for key in _EVENT_KEYS)
