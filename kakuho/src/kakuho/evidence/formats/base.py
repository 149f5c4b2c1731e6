"""What every format has in common: what it is given, how it says that a file is its own, what it gives back.

A format only parses. It is given a :class:`SourceFile` and gives :class:`Part` after part, in the order of the file; it
knows neither the case nor the other sources. Conservation holds in every part: each of its lines is the line of an
event, rejected with a reason, or ignored by a named rule.

A format whose blocks can be read apart, each in any process, is a :class:`TextFormat`: it says how the file is cut
(:meth:`TextFormat.blocks`, cheap and in order) and what a block holds (:meth:`TextFormat.read_block`, pure).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa

from kakuho.evidence.content import Content
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.language import Bilingual


@dataclass(frozen=True)
class Declared:
    """What people declare about a source because the file does not tell; None where nothing was declared.

    ``time_zone``: IANA name of the zone of its local times. ``encoding``: Python's name of the encoding of text that is
    not UTF-8 (``cp932``, ``euc_jp``). ``pattern``: the setting that the program wrote it with, as it stands in its
    configuration (nginx ``log_format``, Apache ``LogFormat``, PostgreSQL ``log_line_prefix``).
    """

    time_zone: str | None = None
    encoding: str | None = None
    pattern: str | None = None


NOTHING_DECLARED = Declared()


@dataclass(frozen=True)
class SourceFile:
    """A file to parse. ``name`` is what its owner called it; ``modified`` (UTC) when it was last written there.

    ``variant`` is what the format said of it when it was recognised.
    """

    content: Content
    name: str
    modified: datetime
    variant: str = ""
    declared: Declared = NOTHING_DECLARED


@dataclass(frozen=True)
class Head:
    """The beginning of a file, to recognise it by: its first bytes and its first whole lines without their ends.

    ``lines`` holds no blank line and at most a few hundred; ``is_whole`` says that ``data`` is all of the file.
    """

    name: str
    data: bytes
    lines: tuple[bytes, ...]
    is_whole: bool
    declared: Declared = NOTHING_DECLARED

    def share(self, is_ours: Any) -> float:
        """The share of the lines of which ``is_ours(line)`` is true; 0 where there is none."""
        return sum(bool(is_ours(line)) for line in self.lines) / len(self.lines) if self.lines else 0.0


@dataclass(frozen=True)
class Recognition:
    """That a file is in a format: how sure (0 to 1), in which variant of it, and why, in words."""

    confidence: float
    variant: str
    why: Bilingual


def share_in_words(share: float, what: str) -> Bilingual:
    """Why a file is taken for ``what``: the share of its first lines that are."""
    return Bilingual(ja=f"先頭の行の {share:.0%} が {what} の形", en=f"{share:.0%} of its first lines are {what}")


@dataclass
class Part:
    """What a stretch of a file holds.

    ``events`` counts the lines (or records) that became rows; ``tables`` holds the rows by table of the lake, in the
    columns of that table but ``source_id``; ``ignored`` counts lines by the rule they were ignored by; ``rejects`` are
    (line, byte offset, reason). Rules and reasons are keys of ``evidence.wording``. ``facts`` add up over the parts
    where they are whole numbers and are joined where they are lists; of others the last one stays.
    """

    lines: int = 0
    events: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    rejects: list[tuple[int, int, str]] = field(default_factory=list)
    tables: dict[str, pa.Table] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    bytes_read: int = 0

    def reject(self, line: int, byte_offset: int, reason: str) -> None:
        """Keep a line that is not an event, with the reason."""
        self.rejects.append((line, byte_offset, reason))


class Format(Protocol):
    """One evidence format."""

    @property
    def name(self) -> str:
        """What ``--format`` calls it."""

    @property
    def label(self) -> Bilingual:
        """What people call it."""

    @property
    def role(self) -> str:
        """What it witnesses: a key of :data:`kakuho.evidence.roles.ROLES`."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The lake's tables that its events may go to."""

    @property
    def version(self) -> int:
        """Raised when the same file would give other events."""

    def recognise(self, head: Head) -> Recognition | None:
        """How surely this file is in the format; None where nothing speaks for it."""

    def parse(self, source: SourceFile) -> Iterator[Part]:
        """Read the whole file. Raises UsageError where the file as a whole cannot be understood."""


@runtime_checkable
class ReadsBlocks(Protocol):
    """A format whose blocks can be read apart."""

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """The whole file in blocks, in order; each carries what is needed to read it alone in its ``context``."""

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """What a block holds. Pure: depends on its arguments alone, so that it can run in any process."""


class TextFormat(ABC):
    """A format of lines or records whose blocks can be read apart."""

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks of whole lines; to be overridden where a block needs a context or records span lines."""
        return line_blocks(source.content)

    @abstractmethod
    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """What a block holds; pure."""

    def parse(self, source: SourceFile) -> Iterator[Part]:
        """Block after block, in this process."""
        for block in self.blocks(source):
            part = self.read_block(block, source.declared)
            part.bytes_read = len(block.data)
            yield part


def add_facts(total: dict[str, Any], facts: Mapping[str, Any]) -> None:
    """Add a part's facts to those before: whole numbers add up, lists are joined, of others the last one stays."""
    for key, value in facts.items():
        if isinstance(value, list):
            total[key] = [*total.get(key, []), *value]
        else:
            counts = isinstance(value, int) and not isinstance(value, bool)
            total[key] = total.get(key, 0) + value if counts else value
