"""The universe of cells: (subject, item) wherever the snapshot holds a value, and whose each row is.

Expressions over ``lake/snapshot/<collection>.parquet``. A key is compared as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import ibis
import ibis.expr.types as ir

from kakuho.inventory import Collection, Inventory

Tables = Mapping[str, ir.Table]


def owners(tables: Tables, inventory: Inventory, name: str) -> ir.Table:
    """Each row's subject: columns ``key``, ``subject`` (both text). Rows that lead to nobody are left out."""
    collection = inventory.collection(name)
    table = tables[name]
    key = table[collection.key].cast("string")
    if collection.record_of is not None:
        return table.select(key=key, subject=ibis.literal(f"{name}:") + key)
    parts = []
    for rank, link in enumerate(collection.subject):
        reached = owners(tables, inventory, link.collection)
        field = table[link.field].cast("string")
        linked = table.select(key=key, link=field).filter(lambda t: t.link.notnull())
        joined = linked.join(reached, linked.link == reached.key).select(linked.key, reached.subject)
        parts.append(joined.mutate(rank=ibis.literal(rank)))
    found = parts[0] if len(parts) == 1 else ibis.union(parts[0], *parts[1:], distinct=False)
    if len(parts) == 1:
        return found.select("key", "subject")
    first = ibis.row_number().over(group_by=found.key, order_by=[found["rank"], found.subject])
    return found.mutate(place=first).filter(lambda t: t.place == 0).select("key", "subject")


def owners_of_all(tables: Tables, inventory: Inventory) -> ir.Table:
    """``collection``, ``key``, ``subject`` for every personal collection of the snapshot."""
    parts = [
        owners(tables, inventory, collection.name).mutate(collection=ibis.literal(collection.name))
        for collection in inventory.personal()
        if _reachable(collection, tables, inventory)
    ]
    return ibis.union(parts[0], *parts[1:], distinct=False).select("collection", "key", "subject")


def cells(tables: Tables, inventory: Inventory) -> ir.Table:
    """Every cell of the snapshot: ``subject``, ``item``, once each."""
    parts: list[ir.Table] = []
    for collection in inventory.personal():
        if not collection.items() or not _reachable(collection, tables, inventory):
            continue
        table = tables[collection.name]
        held = table.mutate(key=table[collection.key].cast("string")).join(
            owners(tables, inventory, collection.name), "key"
        )
        for item, columns in collection.items().items():
            some = reduce(lambda a, b: a | b, (filled(held[column]) for column in columns))
            parts.append(held.filter(some).select("subject", item=ibis.literal(item)))
    return ibis.union(parts[0], *parts[1:], distinct=True)


def filled(column: ir.Column) -> ir.BooleanValue:
    """Whether the column holds a value: neither null nor empty."""
    holds: ir.BooleanValue = column.notnull() & (column.cast("string") != "")
    return holds


def _reachable(collection: Collection, tables: Tables, inventory: Inventory) -> bool:
    if collection.name not in tables:
        return False
    return all(_reachable(inventory.collection(link.collection), tables, inventory) for link in collection.subject)
