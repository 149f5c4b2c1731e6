"""What every document is made of: one assessment, the inventory, what people declared; and the phrases they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kakuho.case import CaseSettings
from kakuho.case.settings import PLACEHOLDER_EN, PLACEHOLDER_JA
from kakuho.inventory import Category, Inventory, Item
from kakuho.language import Language
from kakuho.reporting.assessment import Assessment, Cells
from kakuho.reporting.dates import local_day
from kakuho.reporting.declarations import Declarations
from kakuho.reporting.declarations import Words as Declared
from kakuho.reporting.figures import Form, figure_text
from kakuho.reporting.model import Block, Day, Document, Figure, Inline, Line, Missing, Source, Text
from kakuho.reporting.words import Words, as_line, join


@dataclass(frozen=True)
class Material:
    """``first``: the manifest of the first report, where it was published from this case."""

    assessment: Assessment
    inventory: Inventory
    settings: CaseSettings
    declarations: Declarations
    first: Mapping[str, Any] | None = None


class Writer:
    """Material in one language, with one document's texts."""

    def __init__(self, material: Material, document: str, language: Language, form: Form = "public") -> None:
        self.material = material
        self.assessment = material.assessment
        self.inventory = material.inventory
        self.declarations = material.declarations
        self.language: Language = language
        self.words = Words(document, language)
        self.name = document
        self.form: Form = form

    def figure(self, name: str, *, bare: bool = False) -> Figure:
        """The fact ``A001.<name>`` as a printed number; ``bare``: under a head that says what is counted."""
        fact = self.assessment.fact(name)
        return Figure(fact.id, fact.value, figure_text(fact.value, fact.unit, self.language, self.form, bare=bare))

    def missing(self, key: str) -> Missing:
        return Missing(self.words.template(f"placeholders.{key}"))

    def day(self, day: date | None, key: str) -> Inline:
        return self.missing(key) if day is None else Day(day)

    def declared(self, words: Declared | None, key: str) -> Inline:
        return self.missing(key) if words is None else Text(words.text(self.language))

    def declared_list(self, entries: tuple[Declared, ...], key: str) -> tuple[Line, ...]:
        if not entries:
            return ((self.missing(key),),)
        return tuple((Text(entry.text(self.language)),) for entry in entries)

    def setting(self, value: str, key: str) -> Inline:
        """A field of ``case.toml``; one that still holds its placeholder is missing."""
        blank = value.strip() in {"", PLACEHOLDER_JA, PLACEHOLDER_EN}
        return self.missing(key) if blank else Text(value)

    def organisation(self) -> Inline:
        organisation = self.material.settings.organisation
        return self.setting(organisation.ja if self.language == "ja" else organisation.en, "organisation")

    def system(self) -> Inline:
        return self.declared(self.declarations.system, "system")

    def category(self, category: Category) -> Text:
        return Text(category.label.ja if self.language == "ja" else category.label.en)

    def item(self, item: Item) -> Text:
        return Text(item.label.ja if self.language == "ja" else item.label.en, whole=self.language == "ja")

    def list_of(self, lines: list[Line]) -> Line:
        return join(lines, self.words.template("separators.list"))

    def items(self, identifiers: list[str] | tuple[str, ...]) -> Line:
        """Item labels, one after the other, in the order given."""
        return self.list_of([as_line(self.item(self.inventory.item(identifier))) for identifier in identifiers])

    def affected_items(self, category: Category) -> dict[str, Cells]:
        """The items of a category with an affected cell, in the inventory's order."""
        found = {item.id: self.assessment.of_item(category.id, item.id) for item in self.inventory.items}
        return {item: cells for item, cells in found.items() if cells.affected}

    def held_items(self, category: Category) -> list[str]:
        """The items that the system holds about a category."""
        held = {
            item
            for record in self.inventory.records()
            if record.record_of == category.id
            for item in self.inventory.record_items(record.name)
        }
        return [item.id for item in self.inventory.items if item.id in held]

    def period(self) -> Line | None:
        """「3月19日から4月21日まで」; None where no act of the intruder is known."""
        return self.period_of(self.assessment.window)

    def period_of(self, window: Mapping[str, Any]) -> Line | None:
        zone = self.material.settings.time_zone
        first = local_day(window.get("first") or window.get("widened_first"), zone)
        last = local_day(window.get("last") or window.get("widened_last"), zone)
        if first is None or last is None:
            return None
        latest = "" if window.get("start_established") else "_at_latest"
        if first == last:
            return self.words.line(f"period.one_day{latest}", first=Day(first))
        return self.words.line(
            "period.since_at_latest" if latest else "period.between", first=Day(first), last=Day(last)
        )

    def document(self, title: str, blocks: list[Block], issued: date | None) -> Document:
        """The finished document, its figures numbered as first printed; ``|`` marks where the title may break."""
        phrases = tuple(title.split("|"))
        draft = Document(self.name, self.language, phrases, tuple(blocks), issued=issued)
        sources: dict[str, Source] = {}
        for figure in draft.figures():
            fact = self.assessment.facts[figure.fact_id]
            exact = figure_text(fact.value, fact.unit, self.language, "exact")
            definition = fact.definition[self.language]
            sources.setdefault(fact.id, Source(len(sources) + 1, fact.id, exact, definition))
        return Document(self.name, self.language, phrases, draft.blocks, tuple(sources.values()), issued)
