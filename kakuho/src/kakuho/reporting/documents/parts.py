"""Parts that several documents share: who writes, what to beware of, the desk."""

from __future__ import annotations

from datetime import date

from kakuho.reporting.material import Writer
from kakuho.reporting.model import Block, Bullets, Heading, Line, Paragraph
from kakuho.reporting.wording import absent_kinds
from kakuho.reporting.words import as_line, join


def sender(writer: Writer, day: date | None, day_key: str) -> Paragraph:
    """Date, organisation and representative, at the right."""
    lines = (
        (writer.day(day, day_key),),
        (writer.organisation(),),
        (writer.declared(writer.declarations.representative, "representative"),),
    )
    return Paragraph(lines, "end")


def paragraphs(lines: tuple[Line, ...]) -> list[Block]:
    return [Paragraph((line,)) for line in lines]


def heading(writer: Writer, key: str) -> Heading:
    return Heading(2, writer.words.line(f"{key}.heading"))


def total_line(writer: Writer, key: str) -> Line:
    """Records, people and organisations in all categories; ``key`` has forms for one of the two kinds alone."""
    names = [name for name in ("persons", "organisations") if writer.assessment.value(f"total.{name}.affected")]
    form = f"{key}_{names[0]}" if len(names) == 1 else key
    figures = {name: writer.figure(f"total.{name}.affected") for name in names}
    return writer.words.line(form, records=writer.figure("total.records.affected"), **figures)


def caution(writer: Writer) -> Bullets:
    """Beware of calls and mails that pretend to be about this."""
    return Bullets(writer.words.lines("caution"))


def no_such_data(writer: Writer) -> list[Line]:
    """What the system does not hold and people ask about: card data, My Number."""
    kinds = absent_kinds(writer.inventory, writer.language)
    if not kinds:
        return []
    separator = {"ja": "および", "en": " and no "}[writer.language]
    return [writer.words.line("no_such_data", kinds=join([as_line(kind) for kind in kinds], separator))]


def desk(writer: Writer) -> list[Block]:
    """The desk for inquiries, from ``case.toml``."""
    contact = writer.material.settings.contact
    japanese = writer.language == "ja"
    fields = {
        "name": writer.setting(contact.desk_ja if japanese else contact.desk_en, "desk"),
        "telephone": writer.setting(contact.telephone, "telephone"),
        "hours": writer.setting(contact.hours_ja if japanese else contact.hours_en, "hours"),
        "email": writer.setting(contact.email, "email"),
        "postal_address": writer.setting(
            contact.postal_address_ja if japanese else contact.postal_address_en, "postal_address"
        ),
        "web_page": writer.setting(contact.web_page, "web_page"),
    }
    return [Paragraph(tuple(writer.words.line(f"desk.{key}", value=value) for key, value in fields.items()))]
