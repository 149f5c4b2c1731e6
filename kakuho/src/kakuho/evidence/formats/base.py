"""What every format has in common: where it reads from, where it puts what it read.

A format only parses. It is given a :class:`SourceFile`, puts events, rejects and counts into a :class:`Sink`, and
knows neither the case nor the other sources. Every line of the file ends up in exactly one of three counts: events,
rejected, ignored by rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa


@dataclass(frozen=True)
class SourceFile:
    """A file to parse. ``name`` is what its owner called it; ``time_zone`` what was declared for its local times."""

    path: Path
    name: str
    source_id: int
    time_zone: str | None = None


@dataclass
class Sink:
    """Takes what a format reads; ``write_events`` receives tables in the columns of the format's lake table."""

    write_events: Callable[[pa.Table], None]
    advance: Callable[[int], None]
    lines: int = 0
    events: int = 0
    ignored: int = 0
    rejects: list[tuple[int, int, str]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, pa.Table] = field(default_factory=dict)

    def reject(self, line: int, byte_offset: int, reason: str) -> None:
        """Keep a line that is not an event, with the reason (a key of ``evidence.wording``)."""
        self.rejects.append((line, byte_offset, reason))


class Format(Protocol):
    """One evidence format."""

    @property
    def name(self) -> str:
        """What ``--format`` calls it."""

    @property
    def role(self) -> str:
        """What it witnesses: ``access_log``, ``database_log``, ``disclosure_ledger`` or ``snapshot``."""

    @property
    def table(self) -> str | None:
        """The lake's table of its events."""

    @property
    def version(self) -> int:
        """Raised when the same file would give other events."""

    def recognises(self, head: bytes, lines: Sequence[bytes]) -> float:
        """The share of these first whole lines that are in this format; ``head`` is the first bytes of the file."""

    def parse(self, source: SourceFile, sink: Sink) -> None:
        """Read the whole file. Raises UsageError where the file as a whole cannot be understood."""
