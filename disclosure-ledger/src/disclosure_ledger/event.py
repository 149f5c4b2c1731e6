"""What one event of the ledger says: who was shown which items about whom. It holds no values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from disclosure_ledger.names import identifier, reference

VERSION = 1


@dataclass(frozen=True, slots=True)
class Actor:
    """Who looked: ``Actor("policyholder", "account:17", subject="policyholder:12")``.

    ``kind`` is policyholder, staff, agency, public or api; ``subject`` is the party whose own account it is.
    """

    kind: str
    id: str | None = None
    role: str | None = None
    subject: str | None = None

    def __post_init__(self) -> None:
        identifier(self.kind, "Actor.kind")
        if self.id is not None:
            reference(self.id, "Actor.id")
        if self.role is not None:
            identifier(self.role, "Actor.role")
        if self.subject is not None:
            reference(self.subject, "Actor.subject")

    def to_record(self) -> dict[str, str | None]:
        return {"id": self.id, "kind": self.kind, "role": self.role, "subject": self.subject}


@lru_cache(maxsize=4096)
def _item_names(items: tuple[str, ...], masked: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Checked and sorted; an item shown in full is not masked. Remembered: a page shows the same items of everyone."""
    shown = {identifier(item, "Disclosure.items") for item in items}
    masked_only = {identifier(item, "Disclosure.masked") for item in masked} - shown
    return tuple(sorted(shown)), tuple(sorted(masked_only))


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What was shown about one subject: ``items`` in full, ``masked`` masked only."""

    subject: str
    items: tuple[str, ...]
    masked: tuple[str, ...] = ()

    def __init__(self, subject: str, items: Iterable[str], masked: Iterable[str] = ()) -> None:
        shown, masked_only = _item_names(tuple(items), tuple(masked))
        object.__setattr__(self, "subject", reference(subject, "Disclosure.subject"))
        object.__setattr__(self, "items", shown)
        object.__setattr__(self, "masked", masked_only)

    def to_record(self) -> dict[str, Any]:
        return {"items": self.items, "masked": self.masked, "subject": self.subject}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a segment; ``disclosures`` are sorted by subject."""

    segment: str
    seq: int
    time: datetime
    request: str
    actor: Actor
    session: str | None
    address: str | None
    method: str
    route: str | None
    status: int
    purpose: str | None
    disclosures: tuple[Disclosure, ...]
    prev: str
    hash: str

    def to_record(self) -> dict[str, Any]:
        """The line's object without ``hash``."""
        return {
            "v": VERSION,
            "kind": "disclosure",
            "segment": self.segment,
            "seq": self.seq,
            "time": timestamp(self.time),
            "request": self.request,
            "actor": self.actor.to_record(),
            "session": self.session,
            "address": self.address,
            "method": self.method,
            "route": self.route,
            "status": self.status,
            "purpose": self.purpose,
            "disclosures": [disclosure.to_record() for disclosure in self.disclosures],
            "prev": self.prev,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Event:
        """The event of a line; KeyError, TypeError or ValueError where the object is not one."""
        return cls(
            segment=record["segment"],
            seq=record["seq"],
            time=datetime.fromisoformat(record["time"]),
            request=record["request"],
            actor=Actor(**record["actor"]),
            session=record["session"],
            address=record["address"],
            method=record["method"],
            route=record["route"],
            status=record["status"],
            purpose=record["purpose"],
            disclosures=tuple(Disclosure(**disclosure) for disclosure in record["disclosures"]),
            prev=record["prev"],
            hash=record["hash"],
        )


def merged(disclosures: Iterable[Disclosure]) -> tuple[Disclosure, ...]:
    """One disclosure a subject, sorted by subject."""
    by_subject: dict[str, Disclosure] = {}
    for disclosure in disclosures:
        known = by_subject.get(disclosure.subject)
        by_subject[disclosure.subject] = (
            disclosure
            if known is None
            else Disclosure(disclosure.subject, (*known.items, *disclosure.items), (*known.masked, *disclosure.masked))
        )
    return tuple(by_subject[subject] for subject in sorted(by_subject))


def timestamp(time: datetime) -> str:
    """UTC, RFC 3339, microseconds, ``Z``."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
