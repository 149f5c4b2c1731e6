"""How far unpacking goes before it is a bomb rather than a log.

Logs compress to between a tenth and a hundredth; a stream that grows a thousandfold past a quarter of a gigabyte is
none. Who knows better unpacks the file elsewhere and adds what came out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

FREE_BYTES = 256 << 20
MOST_GROWTH = 1000
MOST_MEMBERS = 100_000
MOST_LAYERS = 6


@dataclass
class Budget:
    """What may still come out of a sealed file of ``packed`` bytes."""

    packed: int
    members: int = 0
    unpacked: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether more came out than any log gives."""
        return self.unpacked > max(FREE_BYTES, MOST_GROWTH * self.packed) or self.members > MOST_MEMBERS

    def counted(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks, as long as the budget lasts."""
        for chunk in chunks:
            self.unpacked += len(chunk)
            if self.is_spent:
                return
            yield chunk
