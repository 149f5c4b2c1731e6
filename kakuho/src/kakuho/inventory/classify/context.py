"""What is known around a column, and how a judgement is put."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kakuho.inventory.classify.model import SURE, About, Judgement
from kakuho.inventory.classify.topics import Topic
from kakuho.inventory.sources.model import SourceTable

ENOUGH = 5
"""Values needed before their looks count."""


@dataclass(frozen=True)
class ColumnContext:
    """What is known around a column.

    ``keys``: column → the table whose key it holds, ``declared`` by a foreign key or by its name; ``people``: tables
    that are
    of persons or organisations or lead there; ``claims``: the system is an insurer's; ``persons``: the row leads to a
    person.
    """

    table: SourceTable
    about: About
    topic: Topic | None
    keys: Mapping[str, str]
    declared: frozenset[str]
    people: frozenset[str]
    claims: bool
    persons: bool

    @property
    def of_party(self) -> bool:
        return self.about in ("person", "organisation", "detail")


def said(category: str, item: str | None, confidence: float, ja: str, en: str) -> Judgement:
    confidence = round(min(confidence, 0.99), 2)
    return Judgement(category, item, confidence, (ja, en), review=confidence < SURE)
