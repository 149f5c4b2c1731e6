"""Whether an inventory still says all there is: for the CI of whoever keeps the system.

In: an inventory's file and, where given, the schema of the running system. Out: findings, each with line and column.
Views are left out: their rows are those of tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kakuho.inventory.faults import meant
from kakuho.inventory.load import InventoryError, InventoryFile, load_file
from kakuho.inventory.positions import Place, Position, position_of
from kakuho.inventory.sources import SourceSchema
from kakuho.language import Bilingual

Kind = Literal["invalid", "unlisted_table", "unlisted_column", "gone_table", "gone_column", "unclassified", "review"]


@dataclass(frozen=True)
class Finding:
    """What is wrong, where, and what to do. ``table`` and ``column`` where it is about one."""

    kind: Kind
    position: Position
    what: Bilingual
    remedy: Bilingual
    table: str | None = None
    column: str | None = None


def check_inventory(path: Path, schema: SourceSchema | None) -> list[Finding]:
    """Every finding, in the file's order; none: the inventory holds, and names all of the schema and no more.

    Raises KakuhoError where the file cannot be read as an inventory at all.
    """
    try:
        file = load_file(path)
    except InventoryError as error:
        return [Finding("invalid", one.position, one.fault.what, one.fault.remedy) for one in error.faults]
    found = list(_unclassified(file))
    if schema is not None:
        found.extend(_against(file, schema))
    return sorted(found, key=lambda one: (one.position, one.table or "", one.column or ""))


def _places(file: InventoryFile) -> dict[str, Place]:
    return {
        collection.name: ("dataset", d, "collections", c)
        for d, dataset in enumerate(file.form.dataset)
        for c, collection in enumerate(dataset.collections)
    }


def _unclassified(file: InventoryFile) -> Iterator[Finding]:
    """Entries that no person has decided on: without category and item, or still marked as a draft's doubt."""
    look = Bilingual(ja="確かめて、review を消してください。", en="look at it, then remove review")
    for d, dataset in enumerate(file.form.dataset):
        for c, collection in enumerate(dataset.collections):
            place: Place = ("dataset", d, "collections", c)
            name = collection.name
            if collection.kakuho.review:
                at = position_of(file.root, (*place, "kakuho", "review"), key=True)
                yield Finding(
                    "review",
                    at,
                    Bilingual(ja=f"表 {name} を誰も確かめていません。", en=f"table {name}: nobody has looked at it"),
                    look,
                    name,
                )
            for f, field in enumerate(collection.fields):
                here: Place = (*place, "fields", f)
                if field.kakuho.review:
                    at = position_of(file.root, (*here, "kakuho", "review"), key=True)
                    yield Finding(
                        "review",
                        at,
                        Bilingual(
                            ja=f"列 {name}.{field.name} を誰も確かめていません。",
                            en=f"column {name}.{field.name}: nobody has looked at it",
                        ),
                        look,
                        name,
                        field.name,
                    )
                elif not field.data_categories and field.kakuho.item is None and not field.fields:
                    yield Finding(
                        "unclassified",
                        position_of(file.root, here),
                        Bilingual(
                            ja=f"列 {name}.{field.name} に区分がありません。",
                            en=f"column {name}.{field.name} has no category",
                        ),
                        Bilingual(
                            ja="data_categories を書いてください（個人に関しないなら system.operations）。",
                            en="give data_categories (system.operations where it is nobody's)",
                        ),
                        name,
                        field.name,
                    )


def _against(file: InventoryFile, schema: SourceSchema) -> Iterator[Finding]:
    places = _places(file)
    everything = {table.name: {column.name for column in table.columns} for table in schema.tables}
    for table in schema.tables:
        if table.view:
            continue
        if table.name not in places:
            yield Finding(
                "unlisted_table",
                position_of(file.root, ("dataset", 0, "collections"), key=True),
                Bilingual(ja=f"表 {table.name} が目録にありません。", en=f"table {table.name} is not in the inventory"),
                Bilingual(
                    ja="collections に加えてください。kakuho inventory draft が下書きします。",
                    en="add it to collections; kakuho inventory draft drafts it",
                ),
                table.name,
            )
            continue
        listed = _listed(file, table.name)
        for column in table.columns:
            if column.name not in listed:
                yield Finding(
                    "unlisted_column",
                    position_of(file.root, places[table.name]),
                    Bilingual(
                        ja=f"列 {table.name}.{column.name} が目録にありません。",
                        en=f"column {table.name}.{column.name} is not in the inventory",
                    ),
                    Bilingual(ja="fields に加えてください。", en="add it to fields"),
                    table.name,
                    column.name,
                )
    for name, place in places.items():
        if name not in everything:
            yield Finding(
                "gone_table",
                position_of(file.root, (*place, "name")),
                Bilingual(ja=f"表 {name} はもうシステムにありません。", en=f"table {name} is no longer in the system"),
                meant(name, everything, Bilingual(ja="項目を消してください。", en="remove the entry")),
                name,
            )
            continue
        for f, field in enumerate(_fields(file, place)):
            if field not in everything[name]:
                yield Finding(
                    "gone_column",
                    position_of(file.root, (*place, "fields", f, "name")),
                    Bilingual(
                        ja=f"列 {name}.{field} はもうシステムにありません。",
                        en=f"column {name}.{field} is no longer in the system",
                    ),
                    meant(field, everything[name], Bilingual(ja="項目を消してください。", en="remove the entry")),
                    name,
                    field,
                )


def _fields(file: InventoryFile, place: Place) -> list[str]:
    return [field.name for field in file.form.dataset[int(place[1])].collections[int(place[3])].fields]


def _listed(file: InventoryFile, table: str) -> set[str]:
    return {field.name for field in file.inventory.collection(table).fields}
