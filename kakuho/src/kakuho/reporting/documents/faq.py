"""Questions that people ask, answered from the same facts as the notice of the same round."""

from __future__ import annotations

from typing import Literal

from kakuho.language import Language
from kakuho.reporting.documents.parts import caution, desk, heading, no_such_data, paragraphs, total_line
from kakuho.reporting.material import Material, Writer
from kakuho.reporting.model import Block, Bullets, Document, Heading, Line, Paragraph
from kakuho.reporting.wording import noted_items

Round = Literal[1, 2]


def build_faq(material: Material, language: Language, round_: Round) -> Document:
    writer = Writer(material, "faq", language)
    words, declarations = writer.words, writer.declarations
    day = declarations.notice_1_on if round_ == 1 else declarations.notice_2_on
    blocks: list[Block] = [Paragraph((words.line(f"as_of.{round_}", day=writer.day(day, "published_on")),))]
    answers: dict[str, list[Block]] = {
        "included": _included(writer, round_),
        "items": _items(writer, round_),
        "money": _money(writer, round_),
        "genuine": [Paragraph((words.line("genuine.answer"),))],
        "letter": [Paragraph((words.line("letter.investigating" if round_ == 1 else "letter.answer"),))],
        "do": [Paragraph((words.line("do.answer"),))],
        "call": [caution(writer)],
        "misuse": [Paragraph(((writer.declared(declarations.secondary_damage, "secondary_damage"),),))],
        "cause": [Paragraph((_cause(writer, round_),))],
        "response": [Bullets(writer.declared_list(declarations.response, "response"))],
    }
    for key, answer in answers.items():
        blocks += [Heading(2, words.line(f"{key}.question")), *answer]
    blocks += [heading(writer, "desk"), *desk(writer)]
    return writer.document(words.template("title"), blocks, day)


def _included(writer: Writer, round_: Round) -> list[Block]:
    words = writer.words
    if round_ == 1:
        return [Paragraph((words.line("included.investigating"),))]
    if not writer.assessment.total.affected:
        return [Paragraph((words.line("included.none"),))]
    return [Paragraph((total_line(writer, "included.answer"),))]


def _items(writer: Writer, round_: Round) -> list[Block]:
    words = writer.words
    lines: list[Line] = []
    for category in writer.inventory.categories:
        items = writer.held_items(category) if round_ == 1 else list(writer.affected_items(category))
        if items:
            lines.append(words.line("items.of", category=writer.category(category), items=writer.items(items)))
    if not lines:
        return [Paragraph((words.line("included.none"),))]
    return [Paragraph((words.line("items.investigating" if round_ == 1 else "items.answer"),)), Bullets(tuple(lines))]


def _money(writer: Writer, round_: Round) -> list[Block]:
    words = writer.words
    blocks: list[Block] = []
    for item in noted_items():
        label = writer.item(writer.inventory.item(item))
        if round_ == 1:
            blocks.append(Paragraph((words.line("money.investigating", item=label),)))
            continue
        lines = tuple(
            words.line(
                "money.of",
                category=writer.category(category),
                count=writer.figure(f"{category.id}.item.{item}.affected"),
            )
            for category in writer.inventory.categories
            if item in writer.affected_items(category)
        )
        blocks.append(Paragraph((words.line("money.answer" if lines else "money.none", item=label),)))
        if lines:
            blocks.append(Bullets(lines))
    return [*blocks, *paragraphs((*no_such_data(writer), words.line("money.no_credentials")))]


def _cause(writer: Writer, round_: Round) -> Line:
    if round_ == 1 and writer.declarations.cause is None:
        return writer.words.line("cause.investigating")
    return (writer.declared(writer.declarations.cause, "cause"),)
