"""The judgement itself: tables first, then every column in the light of its table."""

from __future__ import annotations

from dataclasses import dataclass

from kakuho.inventory.classify import tables
from kakuho.inventory.classify.columns import judge_column
from kakuho.inventory.classify.context import ColumnContext
from kakuho.inventory.classify.model import About, Classified, Link, TableJudgement
from kakuho.inventory.classify.topics import THINGS, Topic
from kakuho.inventory.classify.words import table_words
from kakuho.inventory.sources.model import SourceSchema, SourceTable


@dataclass(frozen=True)
class _About:
    about: About
    subject: str | None
    links: tuple[Link, ...]
    topic: Topic | None


def classify(schema: SourceSchema) -> Classified:
    """Judge every table and column of ``schema``; each gets a judgement, and what is unsure is marked for review."""
    held = {table.name: tables.links(schema, table) for table in schema.tables}
    known = tables.parties(schema)
    leads = tables.leading(schema, held, known)
    field = _field_of(schema)
    people = set(leads) | {name for name, (about, _) in known.items() if about in ("person", "organisation")}
    persons = _with_persons(known, leads)
    judged = {}
    for table in schema.tables:
        about = _about(table, known, leads, field)
        judged[table.name] = _judge(table, about, held[table.name], field, people, table.name in persons)
    return Classified(judged)


def _field_of(schema: SourceSchema) -> frozenset[str]:
    """What the system is about, by its tables: ``insurance``, ``medicine``; it decides what an amount or an order
    is."""
    words = {word for table in schema.tables for word in table_words(table.name)}
    found = set()
    if any((topic := tables.topic_of(table.name)) is not None and topic.id == "claim" for table in schema.tables):
        found.add("insurance")
    if words & {"patient", "kanja", "karute", "encounter", "患者"}:
        found.add("medicine")
    return frozenset(found)


def _with_persons(known: dict[str, tuple[About, str | None]], leads: dict[str, tuple[Link, ...]]) -> set[str]:
    """The tables that lead to a person, not to organisations alone."""
    found = {name for name, (about, _) in known.items() if about == "person"}
    while True:
        fresh = {
            name for name, links in leads.items() if name not in found and any(link.table in found for link in links)
        }
        if not fresh:
            return found
        found |= fresh


def _about(
    table: SourceTable,
    known: dict[str, tuple[About, str | None]],
    leads: dict[str, tuple[Link, ...]],
    field: frozenset[str],
) -> _About:
    topic = tables.topic_of(table.name)
    if topic is not None and topic.id == "purchase" and "medicine" in field:
        topic = tables.topic("health")  # a doctor's order
    if table.name in known:
        about, subject = known[table.name]
        return _About(about, subject, (), topic)
    if table.name in leads:
        return _About("detail", None, leads[table.name], topic)
    words = table_words(table.name.rpartition(".")[2])
    if words and words[-1] in THINGS:
        return _About("vocabulary", None, (), None)
    return _About("system", tables.subject_of(table.name), (), topic)


def _judge(
    table: SourceTable, about: _About, held: tuple[Link, ...], field: frozenset[str], people: set[str], persons: bool
) -> TableJudgement:
    keys = {key.columns[0]: key.table for key in table.foreign_keys if len(key.columns) == 1}
    keys |= {link.field: link.table for link in held if link.field not in keys}
    declared = frozenset(key.columns[0] for key in table.foreign_keys)
    context = ColumnContext(
        table, about.about, about.topic, keys, declared, frozenset(people), "insurance" in field, persons
    )
    columns = {column.name: judge_column(column, context) for column in table.columns}
    confidence = 0.9 if about.about != "system" else 0.6
    if about.links and not all(link.declared for link in about.links):
        confidence = 0.7
    return TableJudgement(
        about.about, about.topic.id if about.topic else None, about.subject, about.links, confidence, columns
    )
