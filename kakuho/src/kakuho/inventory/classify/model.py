"""What the classifier says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

About = Literal["person", "organisation", "detail", "thing", "vocabulary", "system"]
"""What a row of a table is: a person, an organisation, something of one of them, a thing, a word of a list,
technical."""

OPERATIONS = "system.operations"
SURE = 0.75
"""Below this a person is asked to look."""


@dataclass(frozen=True)
class Judgement:
    """A column's ``category`` (Fideslang's data category) and ``item`` (None: nothing that a notice would name)."""

    category: str
    item: str | None
    confidence: float
    why: tuple[str, str]
    """(ja, en); it names no value."""
    review: bool = False

    @property
    def personal(self) -> bool:
        return self.category.startswith("user")


@dataclass(frozen=True)
class Link:
    """``field`` holds the key of a row of ``table``; ``declared``: by a foreign key, else by its name."""

    field: str
    table: str
    declared: bool


@dataclass(frozen=True)
class TableJudgement:
    """``subject``: whose data (a key of ``SUBJECTS``) where ``about`` is a person or an organisation."""

    about: About
    topic: str | None
    subject: str | None
    links: tuple[Link, ...]
    confidence: float
    columns: Mapping[str, Judgement]

    @property
    def personal(self) -> bool:
        return any(one.personal for one in self.columns.values())


@dataclass(frozen=True)
class Classified:
    tables: Mapping[str, TableJudgement]
