"""The regulator's list: the nine matters of rule 8, the triggers of rule 7 and the clocks; exact numbers.

What the facts do not tell is said to be unknown: the report is due with what is known, and is supplemented.
"""

from __future__ import annotations

from kakuho.language import Language
from kakuho.reporting.declarations import Words as Declared
from kakuho.reporting.documents.faq import Round
from kakuho.reporting.documents.parts import heading, paragraphs
from kakuho.reporting.jurisdictions import deadlines, profile, triggers
from kakuho.reporting.material import Material, Writer
from kakuho.reporting.model import Block, Bullets, Cell, Document, Heading, Line, Paragraph, Table, Text
from kakuho.reporting.words import as_line

MATTERS = ("summary", "items", "persons", "cause", "secondary", "response", "publication", "prevention", "other")


def build_regulator_report(material: Material, language: Language, round_: Round) -> Document:
    writer = Writer(material, "regulator", language, form="exact")
    words, declarations = writer.words, writer.declarations
    matters: dict[str, list[Block]] = {
        "summary": [Bullets(_summary(writer))],
        "items": _items(writer),
        "persons": _persons(writer, round_),
        "cause": [_told(writer, (declarations.cause,))],
        "secondary": [_told(writer, (declarations.secondary_damage,))],
        "response": paragraphs((words.line("response.letters"),)),
        "publication": [Bullets(_publications(writer, round_))],
        "prevention": [_told(writer, declarations.prevention or (None,))],
        "other": [_told(writer, (declarations.other,), "nothing_entered")],
    }
    number = f"{writer.assessment.number:03d}"
    blocks: list[Block] = [Paragraph((words.line("lead", assessment=number),)), *_duty(writer), heading(writer, "nine")]
    for matter in MATTERS:
        blocks += [Heading(3, words.line(f"nine.{matter}")), *matters[matter]]
    issued = declarations.notice_1_on if round_ == 1 else declarations.notice_2_on
    return writer.document(words.template(f"title.{round_}"), blocks, issued)


def _told(writer: Writer, entries: tuple[Declared | None, ...], otherwise: str = "unknown") -> Bullets:
    """What people declared, or that it is unknown."""
    unknown = writer.words.line(otherwise)
    return Bullets(tuple((Text(e.text(writer.language)),) if e else unknown for e in entries))


def _duty(writer: Writer) -> list[Block]:
    words = writer.words
    found = triggers(writer.assessment, writer.inventory)
    rows: list[tuple[Cell, ...]] = []
    for trigger in found:
        basis = f"duty.basis_of.{trigger.id}.{trigger.answer}"
        slots = {"persons": writer.figure("total.persons.affected")} if trigger.id == "numerous" else {}
        rows.append(
            (
                (words.line(f"duty.triggers.{trigger.id}"),),
                (words.line(f"duty.answers.{trigger.answer}"),),
                (words.line(basis, **slots),),
            )
        )
    head = (words.line("duty.trigger"), words.line("duty.answer"), words.line("duty.basis"))
    table = Table(words.line("duty.caption"), head, tuple(rows), widths=(30, 14, 56))
    wrongful = any(trigger.id == "wrongful" and trigger.answer == "yes" for trigger in found)
    source = profile()["source"][writer.language]
    clocks = (*_clocks(writer, wrongful=wrongful), words.line("duty.counsel", source=source))
    return [heading(writer, "duty"), table, Bullets(clocks)]


def _clocks(writer: Writer, *, wrongful: bool) -> tuple[Line, ...]:
    known_on = writer.declarations.known_on
    if known_on is None:
        return (writer.words.line("duty.no_clock", known_on=writer.missing("known_on")),)
    due = deadlines(known_on, wrongful=wrongful)
    known = writer.day(known_on, "known_on")
    lines = [
        writer.words.line(
            "duty.preliminary",
            first=writer.day(due.preliminary_first, ""),
            last=writer.day(due.preliminary_last, ""),
            known_on=known,
        ),
        writer.words.line(
            "duty.moved" if due.moved else "duty.confirmed",
            due=writer.day(due.confirmed, ""),
            days=str(due.confirmed_days),
            known_on=known,
        ),
    ]
    if not due.calendar_known:
        lines.append(writer.words.line("duty.calendar"))
    return tuple(lines)


def _summary(writer: Writer) -> tuple[Line, ...]:
    words = writer.words
    period = writer.period()
    lines = [
        words.line("summary.incident", system=writer.system()),
        words.line("summary.known_on", known_on=writer.day(writer.declarations.known_on, "known_on")),
        words.line("summary.period", period=period or words.line("unknown")),
    ]
    if period and not writer.assessment.window.get("start_established"):
        lines.append(words.line("summary.start_open"))
    return tuple(lines)


def _items(writer: Writer) -> list[Block]:
    words = writer.words
    rows: list[tuple[Cell, ...]] = []
    for category in writer.inventory.categories:
        affected = writer.affected_items(category)
        confirmed = [item for item, cells in affected.items() if cells.confirmed]
        possible = [item for item, cells in affected.items() if not cells.confirmed]
        if affected:
            none = words.line("items.none")
            rows.append(
                (
                    (as_line(writer.category(category)),),
                    (writer.items(confirmed) or none,),
                    (writer.items(possible) or none,),
                )
            )
    if not rows:
        return paragraphs((words.line("nothing"),))
    head = (words.line("items.category"), words.line("items.confirmed"), words.line("items.possible"))
    return [Table(words.line("items.caption"), head, tuple(rows), widths=(26, 37, 37))]


def _persons(writer: Writer, round_: Round) -> list[Block]:
    words = writer.words
    lines = [words.line("persons.upper")] if round_ == 1 else []
    lines.append(
        words.line(
            "persons.total",
            persons=writer.figure("total.persons.affected"),
            confirmed=writer.figure("total.persons.confirmed"),
            organisations=writer.figure("total.organisations.affected"),
            records=writer.figure("total.records.affected"),
        )
    )
    rows: list[tuple[Cell, ...]] = []
    for category in writer.inventory.categories:
        unit = "persons" if category.kind == "person" else "organisations"
        rows.append(
            (
                (as_line(writer.category(category)),),
                ((writer.figure(f"{category.id}.records.affected", bare=True),),),
                ((writer.figure(f"{category.id}.{unit}.affected"),),),
                ((writer.figure(f"{category.id}.records.confirmed", bare=True),),),
            )
        )
    head = tuple(words.line(f"persons.{key}") for key in ("category", "records", "count", "confirmed"))
    table = Table(words.line("persons.caption"), head, tuple(rows), numeric=(1, 2, 3), widths=(32, 16, 28, 24))
    organisations = any(category.kind == "organisation" for category in writer.inventory.categories)
    return [*paragraphs(tuple(lines)), table, *paragraphs((words.line("persons.sole"),) if organisations else ())]


def _publications(writer: Writer, round_: Round) -> tuple[Line, ...]:
    declarations = writer.declarations
    lines = [
        writer.words.line("publication.first", day=writer.day(declarations.notice_1_on, "published_on")),
    ]
    if round_ == 2:
        lines.append(writer.words.line("publication.second", day=writer.day(declarations.notice_2_on, "published_on")))
    return tuple(lines)
