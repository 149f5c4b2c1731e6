"""Rows of a dump, whose table is named: whose they are by the inventory's links, as the dump itself has them.

A table that a row leads through is taken from the dump, and from the snapshot for rows that the dump does not have. A
row that leads to somebody who is nowhere can be any record's of those that the inventory says it can belong to; one
whose links are all empty is nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from kakuho.exposure.cells import Tables, owners
from kakuho.exposure.manifest.chunks import Chunk, Unread
from kakuho.exposure.manifest.holdings import CELLS, Holdings, Part
from kakuho.exposure.methods.scope import of_collection
from kakuho.inventory import Collection, Inventory


@dataclass
class _Held:
    """One table of the dump: key and links of every row, and which items it has a value of."""

    collection: Collection
    place: str
    columns: dict[str, None] = field(default_factory=dict)
    parts: list[pa.Table] = field(default_factory=list)

    def links(self) -> list[str]:
        return list(dict.fromkeys([self.collection.key, *(link.field for link in self.collection.subject)]))

    def table(self) -> pa.Table:
        return pa.concat_tables(self.parts, promote_options="default")


class Dumped:
    """Gathers the tables of a dump, chunk by chunk."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._held: dict[str, _Held] = {}
        self._unread: dict[Unread, None] = {}
        self._other: dict[tuple[str, str], tuple[tuple[str, ...], int]] = {}

    def add(self, chunk: Chunk) -> None:
        """Take rows of a named table in."""
        assert chunk.table is not None and chunk.columns is not None  # noqa: S101
        collection = self._listed(chunk.table)
        if collection is None or collection not in self._inventory.personal():
            columns, count = self._other.get((chunk.place, chunk.table), ((), 0))
            self._other[chunk.place, chunk.table] = (columns or chunk.columns, count + len(chunk.rows))
            if collection is None and chunk.rows:
                self._unread[Unread(f"{chunk.place}: {chunk.table}", "unlisted_table")] = None
            return
        held = self._held.setdefault(collection.name, _Held(collection, chunk.place))
        held.columns.update(dict.fromkeys(chunk.columns))
        held.parts.append(_prepared(held, chunk, self._inventory))

    def _listed(self, name: str) -> Collection | None:
        if self._inventory.has_collection(name):
            return self._inventory.collection(name)
        lower = name.lower()
        return next((one for one in self._inventory.collections if one.name.lower() == lower), None)

    def holdings(self, tables: Tables) -> Holdings:
        """``tables``: the snapshot's, as far as there is one."""
        own = {name: held.table() for name, held in self._held.items()}
        merged = {name: self._merged(name, own, tables) for name in self._leading()}
        cells: list[pa.Table] = []
        wide: set[tuple[str, str]] = set()
        parts: list[Part] = []
        for name, held in self._held.items():
            mine = ibis.memtable(own[name])
            whose = owners({**merged, name: mine}, self._inventory, name)
            whose = ibis.memtable(whose.filter(whose.subject.notnull()).distinct().to_pyarrow())
            key = held.collection.key
            rows = mine.mutate(key=mine[key])
            items = [column for column in own[name].column_names if column.startswith("item:")]
            gone = _leading_somewhere(rows.anti_join(whose, "key"), held).to_pyarrow()
            for column in items:
                item, exact = _named(column)
                some = rows.filter(rows[column]).join(whose, "key").select("subject").distinct()
                found = some.mutate(item=ibis.literal(item), exact=ibis.literal(exact)).select(CELLS.names)
                cells.append(found.to_pyarrow().cast(CELLS))
                if gone.num_rows and pa.compute.any(gone[column]).as_py():
                    wide |= set(of_collection(self._inventory, name, (item,)))
            named = tuple(dict.fromkeys(_named(column)[0] for column in items if _named(column)[1]))
            parts.append(Part(held.place, name, name, tuple(held.columns), named, own[name].num_rows, gone.num_rows))
        for (place, name), (columns, count) in self._other.items():
            parts.append(Part(place, name, None, columns, (), count, 0))
        return Holdings(
            pa.concat_tables([CELLS.empty_table(), *cells]), frozenset(wide), tuple(self._unread), tuple(parts)
        )

    def _leading(self) -> list[str]:
        """The tables that the dump's rows lead through."""
        found: dict[str, None] = {}
        todo = list(self._held)
        while todo:
            for link in self._inventory.collection(todo.pop()).subject:
                if link.collection not in found:
                    found[link.collection] = None
                    todo.append(link.collection)
        return list(found)

    def _merged(self, name: str, own: dict[str, pa.Table], tables: Tables) -> ir.Table:
        """Key and links of a table's rows: the dump's, and the snapshot's where the dump lacks the row."""
        collection = self._inventory.collection(name)
        wanted = list(dict.fromkeys([collection.key, *(link.field for link in collection.subject)]))
        empty = pa.table({column: pa.array([], pa.string()) for column in wanted})
        mine = ibis.memtable(own[name].select(wanted) if name in own else empty)
        if name not in tables:
            return mine
        theirs = tables[name]
        later = ibis.memtable(
            theirs.select(**{column: theirs[column].cast("string") for column in wanted}).to_pyarrow()
        )
        return mine.union(later.anti_join(mine, collection.key))


def _leading_somewhere(rows: ir.Table, held: _Held) -> ir.Table:
    """Without those that are nobody's: all their links are empty, as of an account of staff."""
    links = [link.field for link in held.collection.subject]
    if not links or not set(links) <= set(held.columns):
        return rows
    return rows.filter(reduce(lambda a, b: a | b, (rows[link].notnull() for link in links)))


def _prepared(held: _Held, chunk: Chunk, inventory: Inventory) -> pa.Table:
    """Key and links as text, and a flag for each item; of a column that nobody classified any item may be the value.

    Such a column's flags are named ``item:?…``.
    """
    assert chunk.columns is not None  # noqa: S101
    values = dict(zip(chunk.columns, zip(*chunk.rows, strict=True), strict=True)) if chunk.rows else {}
    size = len(chunk.rows)
    nothing: tuple[str | None, ...] = (None,) * size
    columns: dict[str, pa.Array] = {name: pa.array(values.get(name, nothing), pa.string()) for name in held.links()}
    known = {one.name for one in held.collection.fields}
    for item, names in held.collection.items().items():
        columns[f"item:{item}"] = _some(values, names, size)
    strange = [name for name in chunk.columns if name not in known]
    if strange:
        anything = _some(values, tuple(strange), size)
        for _, item in sorted(set(of_collection(inventory, held.collection.name, _all_items(inventory)))):
            columns[f"item:?{item}"] = anything
    return pa.table(columns)


def _all_items(inventory: Inventory) -> tuple[str, ...]:
    return tuple(item.id for item in inventory.items)


def _some(values: dict[str, tuple[str | None, ...]], names: tuple[str, ...], size: int) -> pa.Array:
    held = [values[name] for name in names if name in values]
    return pa.array([any(row) for row in zip(*held, strict=True)] if held else [False] * size, pa.bool_())


def _named(column: str) -> tuple[str, bool]:
    """The item of a flag, and whether the column itself says so."""
    item = column.removeprefix("item:")
    return item.removeprefix("?"), not item.startswith("?")
