"""What a table's rows are, and whose: by its name, its columns and the keys that lead from it to persons."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kakuho.inventory.classify.model import About, Link
from kakuho.inventory.classify.recognisers import share
from kakuho.inventory.classify.topics import SUBJECT_WORDS, SUBJECTS, THINGS, TOPICS, Topic
from kakuho.inventory.classify.types import kind
from kakuho.inventory.classify.vocabulary import BOOKKEEPING, NAME_RULES
from kakuho.inventory.classify.words import joined, singular, table_words
from kakuho.inventory.sources.model import SourceColumn, SourceSchema, SourceTable

TELLING = frozenset({"name", "gender", "birth_date", "phone", "email", "address"})
"""Items that together make a row a person or an organisation."""
_OBJECTS = frozenset(
    [
        "pet",
        "animal",
        "dog",
        "cat",
        "product",
        "goods",
        "location",
        "shop",
        "store",
        "place",
        "country",
        "language",
        "currency",
        "config",
        "configuration",
        "page",
        "content",
        "plugin",
        "bloc",
        "module",
        "template",
        "role",
        "permission",
        "privilege",
        "menu",
        "ペット",
        "商品",
        "製品",
    ]
)
_ENOUGH = 5
_BY_VALUES = (("email", 0.6), ("phone", 0.8), ("address", 0.6), ("name", 0.25))
"""(item, least share of the values): where the names of columns tell nothing."""
_RECOGNISERS = {"name": "japanese_name"}
_GENERAL = ("user", "person", "organisation")
_STAFF = ("employee", "user")
_BY_STAFF = re.compile(
    r"_(creator|author|editor|operator|orderer|adjuster|assignee|handler|reviewer|registrar|\w+_by|by|audit\w*|tantosha|tanto)(_id|_user_id|_no)?_$"
)
_KEY_ENDING = re.compile(r"^(.*?)_?(id|key|no|code|bango)\d*$")


def links(schema: SourceSchema, table: SourceTable) -> tuple[Link, ...]:
    """The keys of other tables that ``table`` holds: declared, else by a name such as ``customer_id``.

    A key that only says which member of staff wrote the row is left out.
    """
    found: dict[str, Link] = {}
    for key in table.foreign_keys:
        if len(key.columns) == 1:
            found[key.columns[0]] = Link(key.columns[0], key.table, True)
    names = {_spelling(other.name): other.name for other in schema.tables}
    for column in table.columns:
        if column.name in found:
            continue
        guess = _KEY_ENDING.match("_".join(map(singular, table_words(column.name))))
        target = names.get(guess[1].replace("_", "")) if guess else None
        if target is not None and target != table.name:
            found[column.name] = Link(column.name, target, False)
    return tuple(link for link in found.values() if not _BY_STAFF.search(joined(link.field)))


def _spelling(name: str) -> str:
    return "".join(table_words(name.rpartition(".")[2]))


def signs(table: SourceTable) -> set[str]:
    """Which of ``TELLING`` the columns speak of, by name or else by their values; a plain ``name`` is not counted."""
    return {item for column in table.columns if (item := _sign(column)) is not None}


def _sign(column: SourceColumn) -> str | None:
    written = joined(column.name)
    if BOOKKEEPING.search(written):
        return None
    for rule in NAME_RULES:
        if rule.names.search(written) or (rule.japanese and rule.japanese.search(f"{column.name} {column.comment}")):
            return rule.item if rule.item in TELLING else None
    if len(column.samples) < _ENOUGH or kind(column.type) != "text":
        return None
    return next(
        (item for item, least in _BY_VALUES if share(_RECOGNISERS.get(item, item), column.samples) >= least), None
    )


def subject_of(name: str) -> str | None:
    """The data subject that a table's name speaks of: by its last telling word, a particular one before a general
    one."""
    found: list[str] = []
    for word in reversed(table_words(name.rpartition(".")[2])):
        for subject, telling in SUBJECT_WORDS.items():
            if word in telling or (not word.isascii() and any(not one.isascii() and one in word for one in telling)):
                found.append(subject)
                break
    return next((subject for subject in found if subject not in _GENERAL), found[0] if found else None)


def topic_of(name: str) -> Topic | None:
    found = table_words(name.rpartition(".")[2])
    whole = "_".join(found)
    for topic in TOPICS:
        if any(word in topic.words for word in found) or any("_" in word and word in whole for word in topic.words):
            return topic
        if any(not one.isascii() and one in name for one in topic.words):
            return topic
    return None


def topic(identifier: str) -> Topic:
    return next(one for one in TOPICS if one.id == identifier)


def parties(schema: SourceSchema) -> dict[str, tuple[About, str | None]]:
    """The tables whose rows are persons or organisations, with the subject; and things that are surely neither."""
    found: dict[str, tuple[About, str | None]] = {}
    for table in schema.tables:
        told = signs(table)
        words = table_words(table.name.rpartition(".")[2])
        last = words[-1] if words else ""
        subject = subject_of(table.name)
        plain_name = any(joined(column.name) == "_name_" for column in table.columns)
        spelt = [joined(column.name) for column in table.columns]
        if any("_first_name_" in one for one in spelt) and any("_last_name_" in one for one in spelt):
            told = told | {"name", "gender"}  # nothing but a person has both
        named = "name" in told or plain_name
        if last in _OBJECTS and not (named and {"email", "birth_date"} & told and len(told) >= 3):
            found[table.name] = ("thing", None)
        elif last in THINGS and len(told) < 3:
            continue
        elif (
            subject is not None
            and _names_it(words, subject)
            and (len(told) >= 1 or plain_name)
            and (named or len(told) >= 2)
        ):
            found[table.name] = (_kind(subject), subject)
        elif len(told) >= 3 or (len(told) >= 2 and named):
            chosen = subject or (
                "organisation"
                if any("company" in joined(one.name) for one in table.columns) and not {"gender", "birth_date"} & told
                else "person"
            )
            found[table.name] = (_kind(chosen), chosen)
    return found


def _names_it(words: tuple[str, ...], subject: str) -> bool:
    last = words[-1]
    return (
        last in SUBJECT_WORDS[subject]
        or last in SUBJECT_WORDS["person"]
        or any(not one.isascii() and one in last for one in SUBJECT_WORDS[subject])
        or last in ("request", "party", "info", "master", "data", "table", "detail", "profile", "entry", "record")
    )


def _kind(subject: str) -> About:
    return "organisation" if SUBJECTS[subject][0] == "organisation" else "person"


def leading(
    schema: SourceSchema, held: Mapping[str, tuple[Link, ...]], known: Mapping[str, tuple[About, str | None]]
) -> dict[str, tuple[Link, ...]]:
    """The links of every other table that lead to a party, over any number of tables and never in a circle."""
    reached: dict[str, tuple[Link, ...]] = {}
    parties_found = {name for name, (about, _) in known.items() if about in ("person", "organisation")}
    things = {name for name, (about, _) in known.items() if about == "thing"}
    frontier = set(parties_found)
    while True:
        fresh: dict[str, tuple[Link, ...]] = {}
        for table in schema.tables:
            if table.name in parties_found or table.name in things or table.name in reached:
                continue
            leads = tuple(link for link in held[table.name] if link.table in frontier)
            if leads and not _by_the_way(table, leads, known):
                fresh[table.name] = leads
        if not fresh:
            return _decided(schema, held, known, reached)
        reached.update(fresh)
        frontier = parties_found | set(reached)


def _by_the_way(table: SourceTable, leads: tuple[Link, ...], known: Mapping[str, tuple[About, str | None]]) -> bool:
    """A list of things in which a member of staff is only mentioned."""
    last = (table_words(table.name.rpartition(".")[2]) or ("",))[-1]
    return last in THINGS and all(
        not link.declared and known.get(link.table, ("", None))[1] in _STAFF for link in leads
    )


def _decided(
    schema: SourceSchema,
    held: Mapping[str, tuple[Link, ...]],
    known: Mapping[str, tuple[About, str | None]],
    reached: Mapping[str, tuple[Link, ...]],
) -> dict[str, tuple[Link, ...]]:
    """For every table the links that say whose a row is, those over further tables too, and never in a circle."""
    graph = dict(reached)
    for name in reached:
        for link in held[name]:
            leads = link.table in reached or known.get(link.table, ("", None))[0] in ("person", "organisation")
            if leads and link not in graph[name] and link.table != name and name not in _onwards(link.table, graph):
                graph[name] = (*graph[name], link)
    return {name: _deciding(schema.table(name), found, known) for name, found in graph.items()}


def _onwards(name: str, decided: Mapping[str, tuple[Link, ...]]) -> set[str]:
    """The tables that a table's links lead to, over any number of tables."""
    seen: set[str] = set()
    todo = [name]
    while todo:
        for link in decided.get(todo.pop(), ()):
            if link.table not in seen:
                seen.add(link.table)
                todo.append(link.table)
    return seen


def _deciding(
    table: SourceTable, found: tuple[Link, ...], known: Mapping[str, tuple[About, str | None]]
) -> tuple[Link, ...]:
    """Of several ways to a party those that every row has; where none is in every row, all of them."""
    others = tuple(
        link for link in found if known.get(link.table, ("", None))[1] not in ("employee", "agency", "clinic")
    )
    candidates = others or found
    if any(link.declared for link in candidates):
        found = tuple(link for link in found if link.declared)
        candidates = tuple(link for link in candidates if link.declared)
    always = tuple(link for link in candidates if not _nullable(table, link.field))
    if always:
        return always
    return found


def _nullable(table: SourceTable, column: str) -> bool:
    return next(one.nullable for one in table.columns if one.name == column)
