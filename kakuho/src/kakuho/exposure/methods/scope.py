"""What an access path can reach, as (collection or subject, item) pairs. Shared by route and reach."""

from __future__ import annotations

from collections.abc import Iterator

from kakuho.inventory import AccessPath, Inventory, Shows

Pair = tuple[str, str]


def everything(inventory: Inventory) -> Iterator[Pair]:
    """Every item of every record."""
    for record in inventory.records():
        for item in inventory.record_items(record.name):
            yield record.name, item


def of_collection(inventory: Inventory, collection: str, items: tuple[str, ...]) -> Iterator[Pair]:
    for record in inventory.records_of(collection):
        held = set(inventory.record_items(record))
        for item in items:
            if item in held:
                yield record, item


def of_collections(inventory: Inventory, names: str | tuple[str, ...]) -> Iterator[Pair]:
    """All that the named tables (``*``: every table) hold of anybody."""
    if names == "*":
        yield from everything(inventory)
        return
    for name in names:
        if inventory.has_collection(name) and inventory.collection(name).personal:
            yield from of_collection(inventory, name, tuple(inventory.collection(name).items()))


def principal_records(inventory: Inventory, path: AccessPath) -> tuple[str, ...]:
    """The record collections whose own pages a principal sees: those of the category or collection of that name."""
    return tuple(r.name for r in inventory.records() if path.principal in (r.name, r.record_of))


def of_shows(inventory: Inventory, path: AccessPath, shows: Shows) -> Iterator[Pair]:
    """The widest that one entry of a route's ``shows`` can mean."""
    if shows.subject == "principal":
        records = principal_records(inventory, path) or tuple(r.name for r in inventory.records())
        for record in records:
            yield from of_collection(inventory, record, shows.items)
    else:
        name = shows.collection or (shows.subject or "").partition(":")[0]
        yield from of_collection(inventory, name, shows.items)
