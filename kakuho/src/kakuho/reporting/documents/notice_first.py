"""The first public notice (第1報): what is known, what is not yet; what the system holds, and no counts."""

from __future__ import annotations

from kakuho.language import Language
from kakuho.reporting.documents.parts import caution, desk, heading, no_such_data, paragraphs, sender
from kakuho.reporting.material import Material, Writer
from kakuho.reporting.model import Block, Bullets, Cell, Document, Paragraph, Table


def build_first_notice(material: Material, language: Language) -> Document:
    writer = Writer(material, "notice-1", language)
    words, declarations = writer.words, writer.declarations
    period = writer.period()
    known = [words.line("known.discovery", known_on=writer.day(declarations.known_on, "known_on"))]
    known.append(words.line("known.period", period=period) if period else words.line("known.period_unknown"))
    blocks: list[Block] = [
        sender(writer, declarations.notice_1_on, "published_on"),
        *paragraphs(words.lines("lead", system=writer.system())),
        heading(writer, "known"),
        Bullets(tuple(known)),
        heading(writer, "data"),
        Paragraph((words.line("data.lead"),)),
        _held(writer),
        *paragraphs(tuple(no_such_data(writer))),
        heading(writer, "open"),
        Bullets(words.lines("open.points")),
        heading(writer, "response"),
        Bullets((*writer.declared_list(declarations.response, "response"), words.line("response.evidence"))),
        heading(writer, "request"),
        caution(writer),
        heading(writer, "desk"),
        *desk(writer),
    ]
    return writer.document(words.template("title"), blocks, declarations.notice_1_on)


def _held(writer: Writer) -> Table:
    """Category → the items that the system holds about it, from the inventory."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (((writer.category(category),),), (writer.items(writer.held_items(category)),))
        for category in writer.inventory.categories
    )
    words = writer.words
    head = (words.line("data.category"), words.line("data.items"))
    return Table(words.line("data.caption"), head, rows, widths=(5, 8))
