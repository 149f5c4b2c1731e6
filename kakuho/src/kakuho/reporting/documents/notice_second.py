"""The second public notice (第2報): categories, items and counts, and what changed since the first."""

from __future__ import annotations

from kakuho.language import Language
from kakuho.reporting.documents.parts import caution, desk, heading, no_such_data, paragraphs, sender, total_line
from kakuho.reporting.documents.scope import scope_table
from kakuho.reporting.material import Material, Writer
from kakuho.reporting.model import Block, Bullets, Document, Line, Paragraph
from kakuho.reporting.wording import level_of


def build_second_notice(material: Material, language: Language) -> Document:
    writer = Writer(material, "notice-2", language)
    words, declarations = writer.words, writer.declarations
    first_notice = writer.day(declarations.notice_1_on, "first_notice")
    level = level_of(writer.assessment.total)
    title = {"confirmed": "title.confirmed", None: "title.none"}.get(level, "title.possible")
    blocks: list[Block] = [
        sender(writer, declarations.notice_2_on, "published_on"),
        *paragraphs(words.lines("lead", first_notice=first_notice, system=writer.system())),
        heading(writer, "changes"),
        Bullets(_changes(writer)),
        heading(writer, "overview"),
        Bullets(_overview(writer)),
        heading(writer, "scope"),
        *_scope(writer),
        heading(writer, "cause"),
        Paragraph(((writer.declared(declarations.cause, "cause"),),)),
        heading(writer, "response"),
        Bullets((*writer.declared_list(declarations.response, "response"), words.line("response.evidence"))),
        heading(writer, "prevention"),
        Bullets(writer.declared_list(declarations.prevention, "prevention")),
        heading(writer, "contact"),
        *paragraphs(words.lines("contact.points")),
        caution(writer),
        heading(writer, "desk"),
        *desk(writer),
    ]
    return writer.document(words.template(title), blocks, declarations.notice_2_on)


def _changes(writer: Writer) -> tuple[Line, ...]:
    """Counts are always new, since the first notice states none; the period is compared with the one it stated."""
    first = writer.material.first
    if first is None:
        return (writer.words.line("changes.unknown"),)
    changes = [writer.words.line("changes.counts")]
    before, now = writer.period_of(first.get("window") or {}), writer.period()
    if now is None:
        return tuple(changes)
    if before is None:
        changes.append(writer.words.line("changes.period_new", period=now))
    elif before == now:
        changes.append(writer.words.line("changes.period_same"))
    else:
        changes.append(writer.words.line("changes.period_changed", before=before, period=now))
    return tuple(changes)


def _overview(writer: Writer) -> tuple[Line, ...]:
    words, declarations = writer.words, writer.declarations
    period = writer.period()
    known_on = writer.day(declarations.known_on, "known_on")
    first_notice = writer.day(declarations.notice_1_on, "first_notice")
    lines = [words.line("overview.period", period=period) if period else words.line("overview.period_unknown")]
    if period and not writer.assessment.window.get("start_established"):
        lines.append(words.line("overview.start_open"))
    lines.append(words.line("overview.known_on", known_on=known_on, first_notice=first_notice))
    lines.append(words.line("overview.method"))
    return tuple(lines)


def _scope(writer: Writer) -> list[Block]:
    words = writer.words
    table, notes = scope_table(writer)
    lines: list[Line] = []
    if writer.assessment.total.affected:
        lines.append(total_line(writer, "scope.total"))
    if writer.assessment.value("total.records.confirmed"):
        lines.append(words.line("scope.confirmed", confirmed=writer.figure("total.records.confirmed")))
    if writer.assessment.value("total.records.possible"):
        total = writer.assessment.total
        key = "scope.reach" if total.possible == total.reach else "scope.possible"
        lines.append(words.line(key, possible=writer.figure("total.records.possible")))
    return [*paragraphs(tuple(lines)), table, notes, *paragraphs(tuple(no_such_data(writer)))]
