"""One sealed file unpacked, whatever is in what: a gzip in a tar in a zstd.

Each member becomes a seekable copy named by its number; its own name is only told. Nothing of an archive can therefore
leave the folder, overwrite a file or be a link. What is no file (links, devices), encrypted or beyond the limits is
left out and named with the reason.
"""

from __future__ import annotations

import json
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO

from kakuho.evidence.unpacking.chunks import ChunkReader
from kakuho.evidence.unpacking.compression import CHUNK, Decompression, compression_of
from kakuho.evidence.unpacking.limits import MOST_LAYERS, Budget
from kakuho.evidence.unpacking.seekable import SeekableContent, write_seekable

MEMBERS = "members.json"
HEAD_BYTES = 512
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ARCHIVE_DAMAGE = (tarfile.TarError, zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError)


@dataclass(frozen=True)
class Member:
    """A file out of a sealed one. ``layers``: what it was packed in, outermost first; ``damage``: a reason key."""

    number: int
    name: str
    layers: tuple[str, ...]
    size: int
    sha256: str
    damage: str | None = None

    def content(self, folder: Path) -> SeekableContent:
        """Its bytes; ``folder`` is where it was unpacked."""
        return SeekableContent(folder / f"{self.number:05d}.frames", self.size)


@dataclass
class Unpacked:
    """What came out of a sealed file: members, and what was left out as (name, reason key)."""

    members: list[Member] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def is_packed(head: bytes) -> bool:
    """Whether a file that begins with ``head`` (:data:`HEAD_BYTES` of it) holds others."""
    return compression_of(head) is not None or head.startswith(_ZIP) or _is_tar(head)


def unpack(path: Path, name: str, folder: Path) -> Unpacked:
    """Unpack the file at ``path``, called ``name``, into ``folder``.

    ``members.json`` there describes what came out but for the names, which only the journal keeps.
    """
    unpacking = Unpacking(folder, Budget(path.stat().st_size))
    with path.open("rb") as file:
        unpacking.take(ChunkReader(chunks_of(file)), name, (), path)
    described = [{k: v for k, v in asdict(member).items() if k != "name"} for member in unpacking.found.members]
    (folder / MEMBERS).write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
    return unpacking.found


def is_unpacked(folder: Path) -> bool:
    """Whether an earlier :func:`unpack` left everything in ``folder``."""
    try:
        described = json.loads((folder / MEMBERS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    return all((folder / f"{member['number']:05d}.frames").exists() for member in described)


class Unpacking:
    """Takes a sealed file apart; what is kept of a member is :meth:`keep`'s to say."""

    def __init__(self, folder: Path, budget: Budget) -> None:
        self.folder = folder
        self.budget = budget
        self.found = Unpacked()

    def take(self, stream: ChunkReader, name: str, layers: tuple[str, ...], path: Path | None = None) -> None:
        """Take a stream apart, or as a member where nothing is packed in it. ``path``: the same bytes as a file."""
        head = stream.peek(HEAD_BYTES)
        compression = compression_of(head)
        if self.budget.is_spent:
            self._leave_out(name, "expands_beyond_limit")
        elif len(layers) >= MOST_LAYERS and is_packed(head):
            self._leave_out(name, "packed_too_deep")
        elif compression is not None:
            inner = Decompression(compression, stream)
            before = len(self.found.members)
            self.take(ChunkReader(inner), _without_ending(name, compression.ending), (*layers, compression.name))
            if inner.damage and len(self.found.members) > before:
                self.found.members[-1] = replace(self.found.members[-1], damage=inner.damage)
            elif inner.damage:
                self._leave_out(name, inner.damage)
        elif _is_tar(head):
            self._take_tar(stream, name, (*layers, "tar"))
        elif head.startswith(_ZIP):
            self._take_zip(stream, name, (*layers, "zip"), path)
        else:
            self.keep(stream, name, layers)

    def keep(self, stream: ChunkReader, name: str, layers: tuple[str, ...]) -> None:
        """Keep a member that nothing is packed in."""
        number = len(self.found.members)
        self.budget.members += 1
        damage: list[str] = []
        chunks = self.budget.counted(_as_far_as_it_goes(stream, damage))
        size, sha256 = write_seekable(self.folder / f"{number:05d}.frames", chunks)
        if self.budget.is_spent:
            damage.insert(0, "expands_beyond_limit")
        self.found.members.append(Member(number, name, layers, size, sha256, damage[0] if damage else None))

    def _take_tar(self, stream: ChunkReader, name: str, layers: tuple[str, ...]) -> None:
        try:
            with tarfile.open(fileobj=stream, mode="r|") as archive:  # type: ignore[call-overload]
                for entry in archive:
                    inside = f"{name}/{entry.name}"
                    if entry.isdir():
                        continue
                    if not entry.isreg():
                        self._leave_out(inside, "link_or_device")
                        continue
                    file = archive.extractfile(entry)
                    if file is not None:
                        self.take(ChunkReader(chunks_of(file)), inside, layers)
                    if self.budget.is_spent:
                        self._leave_out(name, "expands_beyond_limit")
                        return
        except _ARCHIVE_DAMAGE:
            self._leave_out(name, "archive_damaged")

    def _take_zip(self, stream: ChunkReader, name: str, layers: tuple[str, ...], path: Path | None) -> None:
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".zip-") as spool:
            if path is None:
                shutil.copyfileobj(_Limited(stream, self.budget), spool)
                spool.flush()
            try:
                with zipfile.ZipFile(path or spool.name) as archive:
                    for entry in archive.infolist():
                        self._take_entry(archive, entry, name, layers)
            except _ARCHIVE_DAMAGE:
                self._leave_out(name, "archive_damaged")

    def _take_entry(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, layers: tuple[str, ...]) -> None:
        inside = f"{name}/{_zip_name(entry)}"
        if entry.is_dir():
            return
        if stat.S_ISLNK(entry.external_attr >> 16):
            self._leave_out(inside, "link_or_device")
        elif entry.flag_bits & 1:
            self._leave_out(inside, "encrypted")
        else:
            try:
                with closing(archive.open(entry)) as file:
                    self.take(ChunkReader(chunks_of(file)), inside, layers)
            except _ARCHIVE_DAMAGE:
                self._leave_out(inside, "archive_damaged")

    def _leave_out(self, name: str, reason: str) -> None:
        if (name, reason) not in self.found.left_out:
            self.found.left_out.append((name, reason))


class _Limited:
    """A stream that ends when the budget is spent."""

    def __init__(self, stream: ChunkReader, budget: Budget) -> None:
        self._chunks = budget.counted(stream)

    def read(self, size: int = -1) -> bytes:
        return next(self._chunks, b"")


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """A file in chunks."""
    while chunk := file.read(CHUNK):
        yield chunk


def _as_far_as_it_goes(stream: ChunkReader, damage: list[str]) -> Iterator[bytes]:
    """The chunks of a stream; one that cannot be read on is noted in ``damage`` and ends there."""
    try:
        yield from stream
    except _ARCHIVE_DAMAGE:
        damage.append("archive_damaged")


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _without_ending(name: str, ending: str) -> str:
    lower = name.lower()
    if lower.endswith((".tgz", ".tzst", ".txz", ".tbz2")):
        return name.rpartition(".")[0] + ".tar"
    return name[: -len(ending)] if lower.endswith(ending) and len(name) > len(ending) else name


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """An entry's name; one without the UTF-8 mark that reads as CP932 was written on a Japanese Windows."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("cp932")
    except UnicodeError:
        return entry.filename
