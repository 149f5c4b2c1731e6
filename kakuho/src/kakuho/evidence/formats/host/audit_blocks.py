"""The audit log in blocks, each with whole events although the records of events interleave.

The records of an event lie close together, but on a busy machine there may be no line at which none is open. So a block
may end in the middle of events: it carries their records among the next :data:`LOOK_AHEAD` lines, and the block after
it knows that those lines are taken. An event whose records lie further apart would be two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kakuho.evidence.content import Content
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.evidence.formats.rows_by_table import BLOCK_BYTES

LOOK_AHEAD = 1000
_EVENT = re.compile(rb"(?:node=(\S{1,255}) )?type=[^\s=]{1,64} msg=audit\((\d{1,11}\.\d{3}:\d{1,18})\)")
_HEADING_BYTES = 400
_MOST_BLOCKS = 4
"""Where lines are so long that this many blocks hold fewer than twice LOOK_AHEAD, less is looked ahead."""

Identity = tuple[bytes | None, bytes]
"""Node, and ``seconds.milliseconds:serial``."""


@dataclass(frozen=True)
class AcrossBlocks:
    """``taken``: events of the block before, whose records in this one are taken already. ``late``: lines of the block
    after that belong to events of this one.
    """

    taken: frozenset[Identity] = frozenset()
    late: tuple[bytes, ...] = ()


def identity_of(line: bytes) -> Identity | None:
    """The event that a line belongs to; None for a line that is no record."""
    found = _EVENT.match(line)
    return (found[1], found[2]) if found else None


def audit_blocks(content: Content, block_bytes: int = BLOCK_BYTES) -> Iterator[LineBlock]:
    """The whole file in order; ``context`` is an :class:`AcrossBlocks`."""
    rest: LineBlock | None = None
    taken: frozenset[Identity] = frozenset()
    for block in line_blocks(content, block_bytes):
        joined = block if rest is None else LineBlock(rest.data + block.data, rest.byte_offset, rest.first_line)
        cut = len(joined) - LOOK_AHEAD
        if cut < LOOK_AHEAD:
            if len(joined.data) < _MOST_BLOCKS * block_bytes:
                rest = joined
                continue
            cut = max(len(joined) // 2, 1)
        open_events = {_identity(joined, index) for index in range(max(cut - LOOK_AHEAD, 0), cut)} - taken
        late = [index for index in range(cut, len(joined)) if (one := _identity(joined, index)) and one in open_events]
        lines = tuple(_line(joined, index) for index in late)
        yield replace(joined.part(0, cut), context=AcrossBlocks(taken, lines))
        taken = frozenset(one for line in lines if (one := identity_of(line)))
        rest = joined.part(cut, len(joined)) if cut < len(joined) else None
    if rest is not None:
        yield replace(rest, context=AcrossBlocks(taken))


def _identity(block: LineBlock, index: int) -> Identity | None:
    begin, end = int(block.starts[index]), int(block.starts[index + 1])
    return identity_of(block.data[begin : min(end, begin + _HEADING_BYTES)])


def _line(block: LineBlock, index: int) -> bytes:
    return block.data[int(block.starts[index]) : int(block.starts[index + 1])].rstrip(b"\r\n")
