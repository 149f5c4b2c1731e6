"""The sealed sources of a case, as the journal tells them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kakuho.case import Case
from kakuho.case.verify import SEALED_ACT


@dataclass(frozen=True)
class SealedSource:
    """One sealed file. ``name`` is what it was called where it came from."""

    sha256: str
    name: str
    size: int
    format: str
    role: str
    time_zone: str | None

    @property
    def source_id(self) -> int:
        """A number that depends on the content alone, so that no order of intake changes it (31 bits of SHA-256)."""
        return int(self.sha256[:8], 16) >> 1

    def path(self, case: Case) -> Path:
        """Where the sealed copy lies."""
        return case.evidence / self.sha256


def sealed_sources(case: Case) -> list[SealedSource]:
    """All sealed sources, ordered by role and content, whatever the order they came in."""
    found = [
        SealedSource(**{key: entry.details[key] for key in ("sha256", "name", "size", "format", "role", "time_zone")})
        for entry in case.journal.entries(SEALED_ACT)
    ]
    return sorted(found, key=lambda source: (source.role, source.sha256))


def sealed_snapshots(case: Case) -> list[SealedSource]:
    """The database snapshots among them."""
    return [source for source in sealed_sources(case) if source.role == "snapshot"]
