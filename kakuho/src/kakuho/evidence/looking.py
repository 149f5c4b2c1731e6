"""What files are, without a case: nothing is copied, sealed or written but what a nested ZIP needs meanwhile."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kakuho.evidence.content import PlainContent
from kakuho.evidence.finding import Found, find_files
from kakuho.evidence.formats import Declared
from kakuho.evidence.identification import HEAD_BYTES, Identification, identify
from kakuho.evidence.unpacking import is_packed
from kakuho.evidence.unpacking.chunks import ChunkReader
from kakuho.evidence.unpacking.limits import Budget
from kakuho.evidence.unpacking.unpack import HEAD_BYTES as PACKED_HEAD_BYTES
from kakuho.evidence.unpacking.unpack import Unpacking, chunks_of


@dataclass(frozen=True)
class Looked:
    """A file, or a member of one, and what it is. ``layers``: what it is packed in, outermost first."""

    name: str
    size: int | None
    layers: tuple[str, ...]
    identification: Identification


@dataclass(frozen=True)
class _Beginning:
    """The beginning of a content of which no more is read."""

    data: bytes
    size: int

    def read(self, byte_offset: int, size: int) -> bytes:
        return self.data[byte_offset : byte_offset + size]

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        with tempfile.NamedTemporaryFile() as file:
            file.write(self.data)
            file.flush()
            yield Path(file.name)


class _Looking(Unpacking):
    """Unpacks no further than the beginning of each member."""

    def __init__(self, folder: Path, budget: Budget, chosen: str | None, declared: Declared) -> None:
        super().__init__(folder, budget)
        self.chosen = chosen
        self.declared = declared
        self.looked: list[Looked] = []

    def keep(self, stream: ChunkReader, name: str, layers: tuple[str, ...]) -> None:
        self.budget.members += 1
        data = stream.peek(HEAD_BYTES + 1)
        content = _Beginning(data[:HEAD_BYTES], len(data))
        self.looked.append(Looked(name, None, layers, identify(content, name, self.chosen, self.declared)))


def look_at(
    paths: Sequence[Path], chosen: str | None, declared: Declared
) -> tuple[list[Looked], list[tuple[str, str]]]:
    """What each file under ``paths`` is, and what is left out as (name, reason key). Raises UsageError as intake."""
    found, left_out = find_files(paths)
    looked: list[Looked] = []
    for one in found:
        inside, more = _look_at(one, chosen, declared)
        looked += inside
        left_out += more
    return looked, left_out


def _look_at(one: Found, chosen: str | None, declared: Declared) -> tuple[list[Looked], list[tuple[str, str]]]:
    content = PlainContent(one.path)
    if not is_packed(content.read(0, PACKED_HEAD_BYTES)):
        return [Looked(one.name, one.size, (), identify(content, one.name, chosen, declared))], []
    with tempfile.TemporaryDirectory(prefix="kakuho-identify-") as folder, one.path.open("rb") as file:
        looking = _Looking(Path(folder), Budget(one.size), chosen, declared)
        looking.take(ChunkReader(chunks_of(file)), one.name, (), one.path)
    return looking.looked, looking.found.left_out
