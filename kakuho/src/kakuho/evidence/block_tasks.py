"""A block on its way to the process that reads it: where its bytes lie goes over the pipe, not the bytes.

A block cut from a plain file is read once more over there, out of the system's cache: a third of the time that pickling
16 MiB, a pipe and unpickling take. In this process nothing is read twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kakuho.errors import KakuhoError
from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.language import Bilingual


@dataclass(frozen=True)
class BlockOnItsWay:
    """A block that may have to go to another process."""

    block: LineBlock

    def taken(self) -> LineBlock:
        """The block."""
        return self.block

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as the place of its bytes where that is known, else with its bytes."""
        block = self.block
        if block.lies_in is None:
            return BlockOnItsWay, (block,)
        place = (block.lies_in, block.byte_offset, len(block.data), block.first_line, block.context)
        return BlockElsewhere, place


@dataclass(frozen=True)
class BlockElsewhere:
    """The same without the bytes."""

    content: PlainContent
    byte_offset: int
    size: int
    first_line: int
    context: Any

    def taken(self) -> LineBlock:
        """The block, read from its file. Raises KakuhoError where the file has become shorter meanwhile."""
        data = self.content.read(self.byte_offset, self.size)
        if len(data) != self.size:
            raise KakuhoError(
                Bilingual(ja="読み取り中にファイルが短くなりました。", en="the file became shorter while it was read"),
                where=f"{self.content.path.name}: {self.byte_offset}",
            )
        return LineBlock(data, self.byte_offset, self.first_line, self.context)
