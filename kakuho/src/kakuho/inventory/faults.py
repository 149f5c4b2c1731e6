"""Faults of an inventory: what is wrong, where it stands, what to do; and names that lead nowhere."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection as Many
from collections.abc import Iterator
from dataclasses import dataclass

from kakuho.inventory.file_form import InventoryForm
from kakuho.inventory.model import Inventory, Shows
from kakuho.inventory.positions import Place
from kakuho.language import Bilingual


@dataclass(frozen=True)
class Fault:
    """``place``: keys and numbers from the file's top; ``at_key``: the name is wrong, not its value."""

    what: Bilingual
    place: Place
    remedy: Bilingual
    at_key: bool = False


def nearest(name: object, names: Many[str]) -> str | None:
    """The name that was probably meant."""
    found = difflib.get_close_matches(str(name), list(names), n=1, cutoff=0.6)
    return found[0] if found else None


def meant(name: object, names: Many[str], otherwise: Bilingual) -> Bilingual:
    """A remedy: the nearest name, else the names there are, else ``otherwise``."""
    found = nearest(name, names)
    if found is not None:
        return Bilingual(ja=f"{found!r} ではありませんか。", en=f"did you mean {found!r}?")
    if 0 < len(names) <= 12:
        listed = ", ".join(sorted(names))
        return Bilingual(ja=f"使えるもの: {listed}", en=f"there are: {listed}")
    return otherwise


def dangling(form: InventoryForm, inventory: Inventory) -> Iterator[Fault]:
    """Names that lead nowhere, tables that lead to nobody, circles; in the file's order."""
    categories = {category.id for category in form.categories}
    items = {item.id for item in form.items}
    names = {collection.name for collection in inventory.collections}
    yield from _twice(form)
    for d, dataset in enumerate(form.dataset):
        for c, collection in enumerate(dataset.collections):
            place: Place = ("dataset", d, "collections", c)
            about, named = collection.kakuho, f"collection {collection.name!r}"
            columns = {field.name for field in inventory.collection(collection.name).fields}
            if about.record_of is not None and about.record_of not in categories:
                yield Fault(
                    Bilingual(
                        ja=f"表 {collection.name!r}: 区分 {about.record_of!r} がありません。",
                        en=f"{named}: no category {about.record_of!r}",
                    ),
                    (*place, "kakuho", "record_of"),
                    meant(about.record_of, categories, _ADD_CATEGORY),
                )
            if about.personal and about.record_of is None and not about.subject:
                yield Fault(
                    Bilingual(ja=f"表 {collection.name!r} は誰にもたどり着きません。", en=f"{named} leads to nobody"),
                    place,
                    Bilingual(
                        ja="record_of か subject を書くか、personal: false にしてください。",
                        en="give record_of, subject or personal: false",
                    ),
                )
            mentioned = [("key", about.key), ("created_at", about.created_at), ("changed_at", about.changed_at)]
            for key, column in (*mentioned, *(("unique", one) for one in about.unique)):
                if column is not None and column not in columns:
                    yield _no_field(collection.name, column, (*place, "kakuho", key), columns)
            for s, link in enumerate(about.subject):
                if link.collection not in names:
                    yield Fault(
                        Bilingual(
                            ja=f"表 {collection.name!r}: subject の先の表 {link.collection!r} がありません。",
                            en=f"{named}: subject leads to no collection {link.collection!r}",
                        ),
                        (*place, "kakuho", "subject", s, "collection"),
                        meant(link.collection, names, _ADD_COLLECTION),
                    )
                if link.field not in columns:
                    yield _no_field(collection.name, link.field, (*place, "kakuho", "subject", s, "field"), columns)
            for f, field in enumerate(collection.fields):
                if field.kakuho.item is not None and field.kakuho.item not in items:
                    yield Fault(
                        Bilingual(
                            ja=f"列 {collection.name}.{field.name}: 項目 {field.kakuho.item!r} がありません。",
                            en=f"field {collection.name}.{field.name}: no item {field.kakuho.item!r}",
                        ),
                        (*place, "fields", f, "kakuho", "item"),
                        meant(field.kakuho.item, items, _ADD_ITEM),
                    )
    yield from _paths(form, inventory, names, items)
    yield from _files(form, names, items)


def _no_field(collection: str, column: str, place: Place, columns: set[str]) -> Fault:
    return Fault(
        Bilingual(
            ja=f"表 {collection!r} に列 {column!r} がありません。",
            en=f"collection {collection!r} has no field {column!r}",
        ),
        place,
        meant(column, columns, _ADD_FIELD),
    )


def _twice(form: InventoryForm) -> Iterator[Fault]:
    seen: dict[str, set[str]] = {}

    def again(kind: str, name: str, place: Place) -> Iterator[Fault]:
        if name in seen.setdefault(kind, set()):
            yield Fault(
                Bilingual(ja=f"{name!r} が二度書かれています。", en=f"{name!r} is there twice"),
                place,
                Bilingual(ja="一つにまとめてください。", en="make them one"),
            )
        seen[kind].add(name)

    for i, category in enumerate(form.categories):
        yield from again("category", category.id, ("categories", i, "id"))
    for i, item in enumerate(form.items):
        yield from again("item", item.id, ("items", i, "id"))
    for d, dataset in enumerate(form.dataset):
        for c, collection in enumerate(dataset.collections):
            yield from again("collection", collection.name, ("dataset", d, "collections", c, "name"))
            for f, field in enumerate(collection.fields):
                place: Place = ("dataset", d, "collections", c, "fields", f, "name")
                yield from again(f"field of {d}.{c}", field.name, place)
    for i, path in enumerate(form.access_paths):
        yield from again("access path", path.id, ("access_paths", i, "id"))
    for i, source in enumerate(form.evidence_sources):
        yield from again("evidence source", source.id, ("evidence_sources", i, "id"))


def _paths(form: InventoryForm, inventory: Inventory, names: set[str], items: set[str]) -> Iterator[Fault]:
    for index, path in enumerate(form.access_paths):
        place: Place = ("access_paths", index)
        named = f"access path {path.id!r}"
        if path.kind == "route" and path.path is None:
            yield Fault(
                Bilingual(ja=f"経路 {path.id!r}: path がありません。", en=f"{named}: a route needs a path"),
                place,
                Bilingual(ja="path に正規表現を書いてください。", en="give path, a regular expression"),
            )
        if path.path is not None:
            try:
                re.compile(path.path)
            except re.error as error:
                yield Fault(
                    Bilingual(ja=f"経路 {path.id!r}: 正規表現として読めません（{error}）。", en=f"{named}: {error}"),
                    (*place, "path"),
                    Bilingual(ja="正規表現を直してください。", en="correct the regular expression"),
                )
        for s, shows in enumerate(path.shows):
            where: Place = (*place, "shows", s)
            called = shows.collection or (shows.subject or "").partition(":")[0]
            if called != "principal" and called not in names:
                key = "collection" if shows.collection else "subject"
                yield Fault(
                    Bilingual(
                        ja=f"経路 {path.id!r} の表 {called!r} がありません。",
                        en=f"{named} shows no collection {called!r}",
                    ),
                    (*where, key),
                    meant(called, names, _ADD_COLLECTION),
                )
            if shows.pages is not None and not _is_ordered(shows, inventory):
                yield Fault(
                    Bilingual(
                        ja=f"経路 {path.id!r} の pages: 並び順が created_at の列（あれば）、鍵の列の順ではありません。",
                        en=f"{named}: the order of pages is not its collection's created_at (if at all), then its key",
                    ),
                    (*where, "pages", "order"),
                    Bilingual(
                        ja="ほかの順なら pages を除いてください。", en="for a list in another order leave out pages"
                    ),
                )
            for key in ("items", "masked"):
                for i, item in enumerate(getattr(shows, key)):
                    if item not in items:
                        yield Fault(
                            Bilingual(
                                ja=f"経路 {path.id!r} の項目 {item!r} がありません。",
                                en=f"{named} shows no item {item!r}",
                            ),
                            (*where, key, i),
                            meant(item, items, _ADD_ITEM),
                        )


def _files(form: InventoryForm, names: set[str], items: set[str]) -> Iterator[Fault]:
    """What an export or backup says of its files."""
    for index, path in enumerate(form.access_paths):
        place: Place = ("access_paths", index)
        named = f"access path {path.id!r}"
        if (path.files or path.items or path.written) and path.kind not in ("export", "backup"):
            key = "files" if path.files else "items" if path.items else "written"
            yield Fault(
                Bilingual(
                    ja=f"経路 {path.id!r}: {key} は kind が export か backup のときだけ書けます。",
                    en=f"{named}: {key} belongs to the kinds export and backup",
                ),
                (*place, key),
                Bilingual(ja="kind を直すか、消してください。", en="correct kind, or remove it"),
            )
        if path.files and path.collections != "*":
            for c, collection in enumerate(path.collections):
                if collection not in names:
                    yield Fault(
                        Bilingual(
                            ja=f"経路 {path.id!r} の表 {collection!r} がありません。",
                            en=f"{named} holds no collection {collection!r}",
                        ),
                        (*place, "collections", c),
                        meant(collection, names, _ADD_COLLECTION),
                    )
        for i, item in enumerate(path.items):
            if item not in items:
                yield Fault(
                    Bilingual(
                        ja=f"経路 {path.id!r} の項目 {item!r} がありません。", en=f"{named} holds no item {item!r}"
                    ),
                    (*place, "items", i),
                    meant(item, items, _ADD_ITEM),
                )


def _is_ordered(shows: Shows, inventory: Inventory) -> bool:
    """Whether a list's pages can be told: by columns that never change, and no two rows alike."""
    if shows.pages is None or shows.collection is None or not inventory.has_collection(shows.collection):
        return False
    collection = inventory.collection(shows.collection)
    *before, last = (column.removeprefix("-") for column in shows.pages.order)
    return last == collection.key and before in ([], [collection.created_at])


def circles(form: InventoryForm, inventory: Inventory) -> Iterator[Fault]:
    """Subjects that lead back to themselves; only for an inventory in which no name dangles."""
    for d, dataset in enumerate(form.dataset):
        for c, collection in enumerate(dataset.collections):
            seen: set[str] = set()
            todo = [link.collection for link in collection.kakuho.subject]
            while todo:
                name = todo.pop()
                if name == collection.name:
                    yield Fault(
                        Bilingual(
                            ja=f"表 {name!r} の subject は自分自身に戻ります。",
                            en=f"collection {name!r}: its subject leads back to itself",
                        ),
                        ("dataset", d, "collections", c, "kakuho", "subject"),
                        Bilingual(
                            ja="本人へ向かう鍵だけを残してください。", en="leave only keys that lead towards the person"
                        ),
                    )
                    break
                if name not in seen:
                    seen.add(name)
                    todo.extend(link.collection for link in inventory.collection(name).subject)


_ADD_CATEGORY = Bilingual(
    ja="categories に加えるか、名前を直してください。", en="add it to categories, or correct the name"
)
_ADD_COLLECTION = Bilingual(
    ja="collections に加えるか、名前を直してください。", en="add it to collections, or correct the name"
)
_ADD_ITEM = Bilingual(ja="items に加えるか、名前を直してください。", en="add it to items, or correct the name")
_ADD_FIELD = Bilingual(ja="fields に加えるか、名前を直してください。", en="add it to fields, or correct the name")
