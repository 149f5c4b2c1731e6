"""The audit log in blocks, none of which holds only half of an event.

The records of an event lie close together, though those of other events come between. A block ends where no event that
began before it is among the :data:`LOOK_AHEAD` lines after it. Where there is no such place among the last
:data:`SEARCHED` lines, which the kernel does not write, the block ends at the last line that was searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kakuho.evidence.content import Content
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.evidence.formats.host.rows_by_table import BLOCK_BYTES

LOOK_AHEAD = 1000
SEARCHED = 3000
_EVENT = re.compile(rb"msg=audit\(([\d.]{1,20}:\d{1,18})\)")
_HEADING_BYTES = 400


def audit_blocks(content: Content, block_bytes: int = BLOCK_BYTES) -> Iterator[LineBlock]:
    """The whole file in order."""
    rest: LineBlock | None = None
    for block in line_blocks(content, block_bytes):
        joined = block
        if rest is not None:
            joined = LineBlock(rest.data + block.data, rest.byte_offset, rest.first_line)
        cut = _cut(joined)
        if cut:
            yield joined.part(0, cut)
        rest = joined.part(cut, len(joined)) if cut < len(joined) else None
    if rest is not None:
        yield rest


def _cut(block: LineBlock) -> int:
    """How many lines of the block are sure to hold whole events; 0 where more has to be read."""
    newest = len(block) - LOOK_AHEAD
    if newest <= 0:
        return 0
    oldest = max(newest - SEARCHED, 0)
    last_seen: dict[bytes, int] = {}
    identities: list[bytes | None] = []
    for index in range(oldest, len(block)):
        begin, end = int(block.starts[index]), int(block.starts[index + 1])
        found = _EVENT.search(block.data, begin, min(end, begin + _HEADING_BYTES))
        identities.append(found[1] if found else None)
        if found:
            last_seen[found[1]] = index
    best, open_until = newest, -1
    found_one = False
    for index in range(oldest, newest):
        identity = identities[index - oldest]
        if identity is not None:
            open_until = max(open_until, last_seen[identity])
        if open_until <= index:
            best, found_one = index + 1, True
    return best if found_one else newest
