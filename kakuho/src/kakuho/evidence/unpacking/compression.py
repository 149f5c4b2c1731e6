"""Compressed streams, read as far as they can be: gzip, zstd, xz and bzip2, also several streams one after the other.

A stream that breaks off or is damaged gives what came before; :attr:`Decompression.damage` then says why it ended.
Zeros or other bytes after the last stream are left alone (tapes and block devices pad with them).
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import zstandard

CHUNK = 1 << 20
_DAMAGE = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zstandard.ZstdError)


class Readable(Protocol):
    """Anything that gives its next bytes."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; none at the end."""


@dataclass(frozen=True)
class Compression:
    """One way of compressing: its name, its first bytes, the ending of its files."""

    name: str
    magic: bytes
    ending: str
    start: Callable[[], Any]


def compression_of(head: bytes) -> Compression | None:
    """How a file that begins with ``head`` is compressed; None where it is not."""
    found = next((one for one in COMPRESSIONS if head.startswith(one.magic)), None)
    if found is not None and found.name == "bzip2" and head[3:4] not in set(map(bytes, zip(b"123456789", strict=True))):
        return None
    return found


class Decompression:
    """What a compressed stream holds, in chunks; ``damage`` is a reason key once it has ended badly, else None."""

    def __init__(self, compression: Compression, packed: Readable) -> None:
        self.compression = compression
        self.packed = packed
        self.damage: str | None = None
        self.read = 0

    def __iter__(self) -> Iterator[bytes]:
        stream = self.compression.start()
        begun, data = True, b""
        while True:
            if not data:
                data = self.packed.read(CHUNK)
                self.read += len(data)
                if not data:
                    if begun:
                        self.damage = "compressed_stream_cut_off"
                    return
            if not begun:
                data = self._next_stream(data)
                if not data:
                    continue
                stream, begun = self.compression.start(), True
            try:
                yield from stream.chunks(data)
            except _DAMAGE:
                self.damage = "compressed_stream_damaged"
                return
            data = stream.unused if stream.ended else b""
            begun = not stream.ended

    def _next_stream(self, data: bytes) -> bytes:
        """What is left of ``data`` from the next stream on; nothing where none follows."""
        data = data.lstrip(b"\x00")
        while data and len(data) < len(self.compression.magic):
            more = self.packed.read(CHUNK)
            if not more:
                break
            self.read += len(more)
            data += more
        return data if data.startswith(self.compression.magic) else b""


class _Bounded:
    """A decompressor of the standard library that gives at most so many bytes at once."""

    def __init__(self, decompressor: Any) -> None:
        self.decompressor = decompressor

    def chunks(self, data: bytes) -> Iterator[bytes]:
        while True:
            out = self.decompressor.decompress(data, CHUNK)
            data = b""
            if out:
                yield out
            if self.decompressor.eof or self.decompressor.needs_input:
                return

    @property
    def ended(self) -> bool:
        return bool(self.decompressor.eof)

    @property
    def unused(self) -> bytes:
        return bytes(self.decompressor.unused_data)


class _Zlib:
    def __init__(self) -> None:
        self.decompressor = zlib.decompressobj(wbits=31)

    def chunks(self, data: bytes) -> Iterator[bytes]:
        while data and not self.decompressor.eof:
            out = self.decompressor.decompress(data, CHUNK)
            data = self.decompressor.unconsumed_tail
            if out:
                yield out

    @property
    def ended(self) -> bool:
        return self.decompressor.eof

    @property
    def unused(self) -> bytes:
        return self.decompressor.unused_data


class _Zstd:
    """One frame. Its decompressor cannot be bounded from outside, so the input is handed over in small pieces."""

    _PIECE = 1 << 12

    def __init__(self) -> None:
        self.decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 31).decompressobj(write_size=CHUNK)
        self.left = b""

    def chunks(self, data: bytes) -> Iterator[bytes]:
        for begin in range(0, len(data), self._PIECE):
            out = self.decompressor.decompress(data[begin : begin + self._PIECE])
            if out:
                yield out
            if self.decompressor.eof:
                self.left = self.decompressor.unused_data + data[begin + self._PIECE :]
                return

    @property
    def ended(self) -> bool:
        return bool(self.decompressor.eof)

    @property
    def unused(self) -> bytes:
        return self.left


COMPRESSIONS = (
    Compression("gzip", b"\x1f\x8b\x08", ".gz", _Zlib),
    Compression("zstd", b"\x28\xb5\x2f\xfd", ".zst", _Zstd),
    Compression("xz", b"\xfd7zXZ\x00", ".xz", lambda: _Bounded(lzma.LZMADecompressor(lzma.FORMAT_XZ))),
    Compression("bzip2", b"BZh", ".bz2", lambda: _Bounded(bz2.BZ2Decompressor())),
)
