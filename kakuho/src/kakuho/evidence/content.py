"""The bytes of a source as its program wrote them, wherever they lie: a sealed file itself, or unpacked from one.

What was unpacked lies beside the parsed tables as a seekable copy (:mod:`kakuho.evidence.unpacking.seekable`): whoever
reads at a place reads one frame of it, never the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Content(Protocol):
    """Bytes that can be read in order and at any place."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

    def read(self, byte_offset: int, size: int) -> bytes:
        """At most ``size`` bytes from ``byte_offset``; fewer only where the content ends."""

    def as_file(self) -> AbstractContextManager[Path]:
        """The path of a plain file with these bytes, for programs that need one."""


@dataclass(frozen=True)
class PlainContent:
    """A file as it lies."""

    path: Path

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return self.path.stat().st_size

    def read(self, byte_offset: int, size: int) -> bytes:
        """At most ``size`` bytes from ``byte_offset``."""
        with self.path.open("rb") as file:
            file.seek(byte_offset)
            return file.read(size)

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """The file itself."""
        yield self.path
