"""How far the work on files is, in bytes."""

from __future__ import annotations

from collections.abc import Callable

Advance = Callable[[float, float | None], None]


class ByteProgress:
    """Tells ``advance`` the bytes done of ``total``."""

    def __init__(self, advance: Advance, total: int) -> None:
        self.advance = advance
        self.total = total
        self.done = 0

    def step(self, size: int) -> None:
        """Another ``size`` bytes are done."""
        self.done += size
        self.advance(self.done, self.total)
