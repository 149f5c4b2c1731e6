"""The sources of a case, as the journal tells them: what each sealed file holds, and what was declared of it.

A source is known by the SHA-256 of its content: the same log, plain or compressed, alone or in an archive, is one
source however often it was handed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from kakuho.case import Case, Entry
from kakuho.case.verify import SEALED_ACT
from kakuho.evidence.content import Content, PlainContent
from kakuho.evidence.formats import Declared
from kakuho.evidence.unpacking import Member

DECLARED_ACT = "evidence.declared"
_ROTATION = re.compile(
    r"""
    [._-]\d{4}-?\d{2}-?\d{2}(?:[T_.-]?\d{2}[-:]?\d{2}(?:[-:]?\d{2})?)?(?=[._-]|$)   # a date, with a time of day
    | [.]\d{1,4}(?=[.]|$)                                                          # a number
    | [.](?:gz|zst|xz|bz2|old|bak)$
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class SealedSource:
    """One source.

    ``sha256``, ``size``: of its content. ``sealed``: the SHA-256 of the sealed file that holds it; ``member``: its
    number there where it was unpacked. ``name``: what it was called where it came from. ``damage``: a reason key where
    what it was packed in broke off. ``clock_offset_us``: how far its clock was ahead, as declared.
    """

    sha256: str
    name: str
    size: int
    format: str
    variant: str
    role: str
    modified: datetime
    declared: Declared
    clock_offset_us: int
    sealed: str
    member: int | None
    layers: tuple[str, ...]
    damage: str | None

    @property
    def source_id(self) -> int:
        """A number that depends on the content alone, so that no order of intake changes it (31 bits of SHA-256)."""
        return int(self.sha256[:8], 16) >> 1

    def is_hash(self, name: str) -> bool:
        """Whether ``name`` begins its SHA-256, or that of the sealed file that holds it, with eight digits or more."""
        return len(name) >= 8 and (self.sha256.startswith(name) or self.sealed.startswith(name))

    @property
    def series(self) -> str:
        """The log that this is a stretch of: the name without what rotation adds to it."""
        folder, slash, name = self.name.rpartition("/")
        return folder + slash + (_ROTATION.sub("", name) or name)

    def content(self, case: Case) -> Content:
        """Its bytes."""
        if self.member is None:
            return PlainContent(case.evidence / self.sealed)
        member = Member(self.member, self.name, self.layers, self.size, self.sha256, self.damage)
        return member.content(unpacked_folder(case, self.sealed))


def unpacked_folder(case: Case, sealed: str) -> Path:
    """Where what a sealed file holds was unpacked to."""
    return case.lake / "unpacked" / sealed[:16]


def sealed_sources(case: Case) -> list[SealedSource]:
    """All sources, ordered by role and content, whatever the order they came in."""
    return sources_of(case.journal.entries())


def sources_of(entries: Iterable[Entry]) -> list[SealedSource]:
    """The sources that these journal entries tell of."""
    found: dict[str, SealedSource] = {}
    declared: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if entry.act == DECLARED_ACT:
            declared.setdefault(entry.details["sha256"], {}).update(entry.details["declared"])
        elif entry.act == SEALED_ACT:
            for one in entry.details["sources"]:
                source = _source(one, entry.details)
                before = found.get(source.sha256)
                if before is None or (source.name, source.sealed) < (before.name, before.sealed):
                    found[source.sha256] = source
    told = [_with(source, declared.get(source.sha256, {})) for source in found.values()]
    return sorted(told, key=lambda source: (source.role, source.sha256))


def sealed_snapshots(case: Case) -> list[SealedSource]:
    """The database snapshots among them."""
    return [source for source in sealed_sources(case) if source.role == "snapshot"]


def _source(one: Mapping[str, Any], details: Mapping[str, Any]) -> SealedSource:
    plain = {key: one[key] for key in ("sha256", "name", "size", "format", "variant", "role", "member", "damage")}
    return SealedSource(
        **plain,
        modified=datetime.fromisoformat(details["modified"]),
        declared=Declared(**{key: one.get(key) for key in ("time_zone", "encoding", "pattern")}),
        clock_offset_us=one.get("clock_offset_us", 0),
        sealed=details["sha256"],
        layers=tuple(one["layers"]),
    )


def _with(source: SealedSource, later: Mapping[str, Any]) -> SealedSource:
    """The source with what was declared of it after it was sealed."""
    spoken = {key: later[key] for key in ("time_zone", "encoding", "pattern") if key in later}
    own = {key: later[key] for key in ("clock_offset_us", "format", "variant", "role") if key in later}
    return replace(source, declared=replace(source.declared, **spoken), **own)
