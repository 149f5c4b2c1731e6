"""One person's letter: the items of this person, each with what its verdict allows to say; nobody else's anything."""

from __future__ import annotations

from kakuho.language import Language
from kakuho.reporting.addressed import Letter, PersonItem
from kakuho.reporting.documents.parts import caution, desk, heading, sender
from kakuho.reporting.material import Material, Writer
from kakuho.reporting.model import Block, Bullets, Cell, Document, Line, Paragraph, Table, Text
from kakuho.reporting.wording import Level, address, sentence
from kakuho.reporting.words import as_line, join

ORDER: tuple[Level, ...] = ("confirmed", "possible", "reach")


def build_letter(material: Material, letter: Letter, language: Language) -> Document:
    """The letter of ``letter.person``; its sender is the organisation, its items are the person's affected ones."""
    writer = Writer(material, "letter", language)
    words, declarations = writer.words, writer.declarations
    items = letter.person.affected
    strongest: Level = next(level for level in ORDER if any(item.level == level for item in items))
    you = as_line(address(letter.person.kind, letter.person.categories, language))
    period = writer.period()
    blocks: list[Block] = [
        _recipient(writer, letter),
        sender(writer, declarations.letters_on, "letter_on"),
        Paragraph((words.line("lead", system=writer.system(), you=you, sentence=sentence(strongest, language)),)),
        heading(writer, "items"),
        Paragraph((words.line("items.categories", categories=_categories(writer, letter)),)),
        _items(writer, items, you),
        Paragraph((words.line("items.only", you=you),)),
        heading(writer, "incident"),
        Bullets(
            (
                words.line("incident.period", period=period) if period else words.line("incident.period_unknown"),
                (writer.declared(declarations.cause, "cause"),),
            )
        ),
        heading(writer, "request"),
        caution(writer),
        heading(writer, "desk"),
        *desk(writer),
    ]
    title = "title.confirmed" if strongest == "confirmed" else "title.possible"
    title += "_organisation" if letter.person.kind == "organisation" else ""
    return writer.document(words.template(title), blocks, declarations.letters_on)


def _recipient(writer: Writer, letter: Letter) -> Paragraph:
    words, to = writer.words, letter.recipient
    lines: list[Line] = []
    if to.postcode:
        lines.append(words.line("recipient.postcode", postcode=Text(to.postcode, whole=True)))
    if to.address:
        lines.append(as_line(to.address))
    key = "recipient.organisation" if letter.person.kind == "organisation" else "recipient.person"
    lines.append(words.line(key, name=Text(to.name, whole=True)))
    return Paragraph(tuple(lines), "recipient")


def _categories(writer: Writer, letter: Letter) -> Line:
    labels = [as_line(writer.category(writer.inventory.category(c))) for c in letter.person.categories]
    return join(labels, "、" if writer.language == "ja" else "; ")


def _items(writer: Writer, items: tuple[PersonItem, ...], you: Line) -> Table:
    """One row a verdict, strongest first."""
    words = writer.words
    rows: list[tuple[Cell, ...]] = []
    for level in ORDER:
        found = [item.item for item in items if item.level == level]
        if found:
            said = sentence(level, writer.language)
            rows.append(((as_line(said[:1].upper() + said[1:]),), (writer.items(found),)))
    head = (words.line("items.state"), words.line("items.item"))
    return Table(words.line("items.caption", you=you), head, tuple(rows), widths=(9, 11))
