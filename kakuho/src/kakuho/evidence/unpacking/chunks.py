"""A stream of chunks as a file that can be read and looked into, for programs that read files."""

from __future__ import annotations

from collections.abc import Iterable


class ChunkReader:
    """Reads an iterable of chunks; ``peek`` looks ahead without taking."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._pending = b""

    def peek(self, size: int) -> bytes:
        """The next bytes, at most ``size``, fewer only at the end; they stay to be read."""
        parts, length = [self._pending], len(self._pending)
        while length < size and (chunk := next(self._chunks, None)) is not None:
            parts.append(chunk)
            length += len(chunk)
        self._pending = b"".join(parts)
        return self._pending[:size]

    def read(self, size: int = -1) -> bytes:
        """The next ``size`` bytes, fewer only at the end; all that is left where ``size`` is negative."""
        if size < 0:
            size = 1 << 62
        taken = self.peek(size)
        self._pending = self._pending[len(taken) :]
        return taken

    def __iter__(self) -> ChunkReader:
        return self

    def __next__(self) -> bytes:
        if self._pending:
            taken, self._pending = self._pending, b""
            return taken
        return next(self._chunks)
