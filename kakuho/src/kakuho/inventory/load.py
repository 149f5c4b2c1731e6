"""Read an inventory file; every fault is told with the line that holds it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from kakuho.errors import KakuhoError
from kakuho.inventory.model import Inventory

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is there
REMEDY = "correct the inventory at that line; docs/dev/interfaces.md, section 3, shows the form"


def load_inventory(path: Path) -> Inventory:
    """Read and check ``path``.

    Raises ``KakuhoError`` naming the file and line: not readable, not YAML, unknown keys, dangling names, a table that
    leads to nobody, a path whose regular expression does not compile.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KakuhoError(
            "the inventory cannot be read as UTF-8 text",
            where=str(path),
            remedy="check the file's name and encoding",
        ) from error
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        raw = loader.construct_document(root) if root is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        raise KakuhoError("the inventory is not valid YAML", where=f"{path}{line}", remedy=REMEDY) from error
    finally:
        loader.dispose()
    if not isinstance(raw, dict) or raw.get("inventory") != 1:
        raise KakuhoError("this is not an inventory of version 1", where=f"{path}, line 1", remedy=REMEDY)
    flat, places = _flatten(raw)
    try:
        inventory = Inventory.model_validate(flat)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = _place(first["loc"], places)
        where = f"{path}, line {_line(root, place)}: {'.'.join(str(part) for part in place)}"
        raise KakuhoError(f"the inventory does not hold: {first['msg']}", where=where, remedy=REMEDY) from error
    fault = next(iter(_faults(inventory, places)), None)
    if fault is not None:
        what, place = fault
        raise KakuhoError(what, where=f"{path}, line {_line(root, place)}", remedy=REMEDY)
    return inventory


Place = tuple[str | int, ...]


def _flatten(raw: dict[str, Any]) -> tuple[dict[str, Any], dict[Place, Place]]:
    """Fideslang's nesting with its ``kakuho`` extension → the model's; and where each part stood in the file."""
    flat: dict[str, Any] = {
        key: raw[key] for key in ("system", "time_zone", "categories", "items", "access_paths") if key in raw
    }
    extra = set(raw) - {"inventory", "system", "time_zone", "categories", "items", "dataset", "access_paths"}
    flat.update({key: raw[key] for key in extra})
    places: dict[Place, Place] = {}
    collections: list[dict[str, Any]] = []
    for d, dataset in enumerate(raw.get("dataset") or []):
        for c, collection in enumerate(dataset.get("collections") or []):
            place: Place = ("dataset", d, "collections", c)
            places[("collections", len(collections))] = place
            merged = {k: v for k, v in collection.items() if k not in ("kakuho", "fields", "description")}
            merged.update(collection.get("kakuho") or {})
            merged["fields"] = [
                {
                    **{k: v for k, v in field.items() if k not in ("kakuho", "description", "fides_meta")},
                    **(field.get("kakuho") or {}),
                }
                for field in collection.get("fields") or []
            ]
            collections.append(merged)
    flat["collections"] = collections
    return flat, places


def _place(loc: Place, places: dict[Place, Place]) -> Place:
    start = places.get(tuple(loc[:2]))
    return loc if start is None else (*start, *loc[2:])


def _line(node: yaml.Node | None, place: Place) -> int:
    """The line (from 1) of the deepest part of ``place`` that the file has."""
    line = 1
    for part in place:
        if isinstance(node, yaml.MappingNode):
            pairs = {key.value: value for key, value in node.value}
            nested = pairs.get("kakuho")
            follow = pairs.get(str(part))
            if follow is None and isinstance(nested, yaml.MappingNode):
                follow = {key.value: value for key, value in nested.value}.get(str(part))
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            follow = node.value[part]
        else:
            follow = None
        if follow is None:
            break
        node = follow
        line = int(node.start_mark.line) + 1
    return line


def _faults(inventory: Inventory, places: dict[Place, Place]) -> list[tuple[str, Place]]:
    """Names that lead nowhere, in the file's order."""
    faults: list[tuple[str, Place]] = []
    categories = {category.id for category in inventory.categories}
    items = {item.id for item in inventory.items}
    names = {collection.name for collection in inventory.collections}
    for index, collection in enumerate(inventory.collections):
        place = places[("collections", index)]
        columns = {field.name for field in collection.fields}
        named = f"collection {collection.name!r}"
        if collection.record_of is not None and collection.record_of not in categories:
            faults.append((f"{named}: no category {collection.record_of!r}", (*place, "record_of")))
        if collection.personal and collection.record_of is None and not collection.subject:
            faults.append((f"{named} leads to nobody: give record_of, subject or personal: false", place))
        for column in (collection.key, collection.created_at, collection.changed_at, *collection.unique):
            if column is not None and column not in columns:
                faults.append((f"{named} has no field {column!r}", place))
        for link in collection.subject:
            if link.collection not in names:
                faults.append((f"{named}: subject leads to no collection {link.collection!r}", (*place, "subject")))
            if link.field not in columns:
                faults.append((f"{named}: subject names no field {link.field!r}", (*place, "subject")))
        for f, field in enumerate(collection.fields):
            if field.item is not None and field.item not in items:
                faults.append((f"field {field.name!r}: no item {field.item!r}", (*place, "fields", f)))
    if not faults:
        faults.extend(_cycles(inventory, places))
    for index, path in enumerate(inventory.access_paths):
        place = ("access_paths", index)
        if path.kind == "route" and path.path is None:
            faults.append((f"access path {path.id!r}: a route needs a path", place))
        if path.path is not None:
            try:
                re.compile(path.path)
            except re.error as error:
                faults.append((f"access path {path.id!r}: {error}", (*place, "path")))
        for shows in path.shows:
            collection_name = shows.collection or (shows.subject or "").partition(":")[0]
            if collection_name != "principal" and collection_name not in names:
                faults.append((f"access path {path.id!r} shows no collection {collection_name!r}", (*place, "shows")))
            for item_id in (*shows.items, *shows.masked):
                if item_id not in items:
                    faults.append((f"access path {path.id!r} shows no item {item_id!r}", (*place, "shows")))
    return faults


def _cycles(inventory: Inventory, places: dict[Place, Place]) -> list[tuple[str, Place]]:
    faults: list[tuple[str, Place]] = []
    for index, collection in enumerate(inventory.collections):
        seen: set[str] = set()
        todo = [link.collection for link in collection.subject]
        while todo:
            name = todo.pop()
            if name == collection.name:
                faults.append(
                    (f"collection {name!r}: its subject leads back to itself", places[("collections", index)])
                )
                break
            if name not in seen:
                seen.add(name)
                todo.extend(link.collection for link in inventory.collection(name).subject)
    return faults
