"""A seekable copy: bytes compressed in frames of one size, with the place of each frame.

``<name>.frames`` holds zstd frames of :data:`FRAME` bytes each (the last may be shorter), ``<name>.places`` where each
begins and at last where the file ends, as little-endian 64-bit numbers. A read at any place decompresses the frames it
touches and nothing else.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import zstandard

FRAME = 1 << 20
_LEVEL = 1


@dataclass(frozen=True)
class SeekableContent:
    """The content of a seekable copy; ``path`` is the file of its frames."""

    path: Path
    size: int

    @cached_property
    def places(self) -> npt.NDArray[np.int64]:
        """Where each frame begins, and where the last one ends."""
        return np.fromfile(self.path.with_suffix(".places"), dtype="<i8")

    def read(self, byte_offset: int, size: int) -> bytes:
        """At most ``size`` bytes from ``byte_offset``; fewer only at the end."""
        end = min(byte_offset + size, self.size)
        if byte_offset >= end:
            return b""
        first, last = byte_offset // FRAME, (end - 1) // FRAME
        decompressor = zstandard.ZstdDecompressor()
        with self.path.open("rb") as file:
            file.seek(int(self.places[first]))
            parts = [
                decompressor.decompress(file.read(int(self.places[number + 1] - self.places[number])))
                for number in range(first, last + 1)
            ]
        begin = byte_offset - first * FRAME
        return b"".join(parts)[begin : begin + end - byte_offset]

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """A plain file with these bytes, gone afterwards."""
        with tempfile.NamedTemporaryFile(dir=self.path.parent, prefix=".plain-") as file:
            for place in range(0, self.size, FRAME * 16):
                file.write(self.read(place, FRAME * 16))
            file.flush()
            yield Path(file.name)


def write_seekable(path: Path, chunks: Iterable[bytes]) -> tuple[int, str]:
    """Write a seekable copy with its frames at ``path``; returns the size and the SHA-256 of the bytes."""
    compressor = zstandard.ZstdCompressor(level=_LEVEL)
    digest = hashlib.sha256()
    places, size, pending = [0], 0, bytearray()
    with path.open("xb") as file:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            pending += chunk
            while len(pending) >= FRAME:
                places.append(places[-1] + file.write(compressor.compress(bytes(pending[:FRAME]))))
                del pending[:FRAME]
        if pending:
            places.append(places[-1] + file.write(compressor.compress(bytes(pending))))
    np.array(places, dtype="<i8").tofile(path.with_suffix(".places"))
    return size, digest.hexdigest()
