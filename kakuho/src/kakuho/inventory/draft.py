"""The first version of an inventory, out of a schema: for a person to correct.

In: a ``SourceSchema``. Out: a ``Draft``, which ``draft_text`` writes. What is unsure says so (``review``), and nothing
unsure is passed off as nobody's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kakuho.inventory.classify import Judgement, TableJudgement, classify
from kakuho.inventory.classify.model import Link
from kakuho.inventory.classify.topics import SUBJECTS
from kakuho.inventory.classify.types import kind
from kakuho.inventory.classify.words import joined
from kakuho.inventory.item_labels import ITEMS
from kakuho.inventory.sources import SourceColumn, SourceSchema, SourceTable

_CREATED = re.compile(
    r"_(created|create|created_at|created_on|date_created|create_date|registered_at|registration_date|toroku\w*|sakusei\w*|inserted_at|date_joined)(_at|_on|_date|_time|_nichiji)?_$"
)
_CHANGED = re.compile(
    r"_(updated|update|modified|changed|date_changed|update_date|updated_at|last_modified|koshin\w*|henko\w*)(_at|_on|_date|_time|_nichiji)?_$"
)
GENERIC = "person"


@dataclass(frozen=True)
class DraftedField:
    column: SourceColumn
    judgement: Judgement


@dataclass(frozen=True)
class DraftedCollection:
    """``why``: (ja, en) about the table as a whole."""

    table: SourceTable
    key: str
    record_of: str | None
    subject: tuple[Link, ...]
    personal: bool
    created_at: str | None
    changed_at: str | None
    unique: tuple[str, ...]
    review: bool
    why: tuple[str, str]
    fields: tuple[DraftedField, ...]


@dataclass(frozen=True)
class Draft:
    system: str
    categories: tuple[str, ...]
    items: tuple[str, ...]
    collections: tuple[DraftedCollection, ...]


def draft(schema: SourceSchema, system: str) -> Draft:
    """Judge the schema; views are left out, since their rows are those of tables."""
    tables = tuple(table for table in schema.tables if not table.view)
    judged = classify(SourceSchema(schema.name, schema.dialect, tables)).tables
    collections = tuple(_collection(table, judged[table.name]) for table in tables if table.columns)
    used = {one.record_of for one in collections if one.record_of is not None}
    items = {field.judgement.item for one in collections for field in one.fields}
    return Draft(
        system,
        tuple(subject for subject in SUBJECTS if subject in used) or (GENERIC,),
        tuple(item for item in ITEMS if item in items) or ("name",),
        collections,
    )


def _collection(table: SourceTable, judged: TableJudgement) -> DraftedCollection:
    key, key_is_sure = _key(table)
    record_of, subject, personal, review, why = _whose(judged)
    if not key_is_sure and personal:
        review = True
        why = (f"{why[0]}。一列の主キーがない", f"{why[1]}; no primary key of one column")
    return DraftedCollection(
        table,
        key,
        record_of,
        subject,
        personal,
        _moment(table, _CREATED) if personal else None,
        _moment(table, _CHANGED) if personal else None,
        _unique(table, key, judged) if personal else (),
        review,
        why,
        tuple(DraftedField(column, judged.columns[column.name]) for column in table.columns),
    )


def _whose(judged: TableJudgement) -> tuple[str | None, tuple[Link, ...], bool, bool, tuple[str, str]]:
    """(record_of, subject, personal, review, why)."""
    if judged.about in ("person", "organisation"):
        subject = judged.subject or GENERIC
        review = subject == GENERIC
        return subject, (), True, review, (f"行は {SUBJECTS[subject][1]}", f"rows are {SUBJECTS[subject][2].lower()}")
    if judged.about == "detail":
        declared = all(link.declared for link in judged.links)
        tables = ", ".join(dict.fromkeys(link.table for link in judged.links))
        if declared:
            return None, judged.links, True, False, (f"外部キーが {tables} へ", f"foreign keys lead to {tables}")
        return (
            None,
            judged.links,
            True,
            True,
            (f"列名から {tables} へ（外部キーなし）", f"by name to {tables}, without a foreign key"),
        )
    named = [name for name, one in judged.columns.items() if one.item is not None]
    if named and judged.about == "system":
        shown = ", ".join(named[:3])
        return (
            GENERIC,
            (),
            True,
            True,
            (f"誰の行か分からない（{shown}）", f"whose rows they are is not known ({shown})"),
        )
    if named:
        shown = ", ".join(named[:3])
        return (
            None,
            (),
            False,
            True,
            (f"人の表ではないと見えるが {shown} がある", f"it seems not to be about persons, but there is {shown}"),
        )
    review = judged.personal or (judged.about == "thing" and bool(judged.links))
    return None, (), False, review, ("人に関する列がない", "no column about persons")


def _key(table: SourceTable) -> tuple[str, bool]:
    """The column that is a row's key, and whether it surely is."""
    if len(table.primary_key) == 1:
        return table.primary_key[0], True
    alone = [one[0] for one in table.unique if len(one) == 1 and not _nullable(table, one[0])]
    if alone:
        return alone[0], True
    if table.primary_key:
        return table.primary_key[0], False
    named = [one.name for one in table.columns if joined(one.name) in ("_id_", joined(table.name)[:-1] + "_id_")]
    return (named[0] if named else table.columns[0].name), False


def _nullable(table: SourceTable, column: str) -> bool:
    return any(one.name == column and one.nullable for one in table.columns)


def _moment(table: SourceTable, pattern: re.Pattern[str]) -> str | None:
    return next(
        (one.name for one in table.columns if kind(one.type) == "date" and pattern.search(joined(one.name))), None
    )


def _unique(table: SourceTable, key: str, judged: TableJudgement) -> tuple[str, ...]:
    """Columns that are one row's alone, keys of other tables left out."""
    foreign = {column for one in table.foreign_keys for column in one.columns}
    found = [one[0] for one in table.unique if len(one) == 1 and one[0] != key and one[0] not in foreign]
    return tuple(dict.fromkeys(name for name in found if table.has(name) and name in judged.columns))
