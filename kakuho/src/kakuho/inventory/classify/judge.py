"""The judgement itself: tables first, then every column in the light of its table."""

from __future__ import annotations

from dataclasses import dataclass

from kakuho.inventory.classify import tables
from kakuho.inventory.classify.columns import ColumnContext, judge_column
from kakuho.inventory.classify.model import About, Classified, Link, TableJudgement
from kakuho.inventory.classify.topics import Topic
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
    claims = any((topic := tables.topic_of(table.name)) is not None and topic.id == "claim" for table in schema.tables)
    return Classified(
        {table.name: _judge(table, _about(table, known, leads), held[table.name], claims) for table in schema.tables}
    )


def _about(table: SourceTable, known: dict[str, tuple[About, str | None]], leads: dict[str, tuple[Link, ...]]) -> _About:
    topic = tables.topic_of(table.name)
    if table.name in known:
        about, subject = known[table.name]
        return _About(about, subject, (), topic)
    if table.name in leads:
        return _About("detail", None, leads[table.name], topic)
    words = tables.table_words(table.name.rpartition(".")[2])
    if words and words[-1] in tables.THINGS:
        return _About("vocabulary", None, (), None)
    return _About("system", tables.subject_of(table.name), (), topic)


def _judge(table: SourceTable, about: _About, held: tuple[Link, ...], claims: bool) -> TableJudgement:
    keys = {key.columns[0]: key.table for key in table.foreign_keys if len(key.columns) == 1}
    keys |= {link.field: link.table for link in held if link.field not in keys}
    context = ColumnContext(table, about.about, about.subject, about.topic, keys, claims)
    columns = {column.name: judge_column(column, context) for column in table.columns}
    confidence = 0.9 if about.about != "system" else 0.6
    if about.links and not all(link.declared for link in about.links):
        confidence = 0.7
    return TableJudgement(
        about.about, about.topic.id if about.topic else None, about.subject, about.links, confidence, columns
    )
