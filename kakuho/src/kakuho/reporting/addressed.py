"""What a letter says about its addressee: shapes that the notification room fills. Personal values stay out of repr."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kakuho.reporting.wording import Level


@dataclass(frozen=True)
class PersonItem:
    """An item and what is known of it; ``level`` None: ruled out. ``masked``: it was shown masked only."""

    item: str
    level: Level | None
    masked: bool


@dataclass(frozen=True)
class PersonItems:
    """``subjects``: all records of the person; ``categories``: those of the records that have an affected item."""

    person_id: str
    kind: Literal["person", "organisation"]
    subjects: tuple[str, ...]
    categories: tuple[str, ...]
    items: tuple[PersonItem, ...]

    @property
    def affected(self) -> tuple[PersonItem, ...]:
        return tuple(item for item in self.items if item.level is not None)


@dataclass(frozen=True)
class Recipient:
    """Name and place as printed in the letter's window."""

    name: str = field(repr=False)
    postcode: str = field(repr=False, default="")
    address: str = field(repr=False, default="")


@dataclass(frozen=True)
class Letter:
    person: PersonItems
    recipient: Recipient
