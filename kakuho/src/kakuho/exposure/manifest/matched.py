"""Rows of a sheet, of which nobody says whose they are: found in the snapshot by key, else by values that are unique.

A cell is exact where one person alone fits the row, the heading says the item, and the value is that person's in the
snapshot. Everything else that a row can mean is possible; a row that fits nobody can be anybody's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from kakuho.exposure.cells import Tables, owners
from kakuho.exposure.manifest.chunks import Chunk, Row
from kakuho.exposure.manifest.headings import Field, Heading, collections_meant, headings_of, is_heading
from kakuho.exposure.manifest.holdings import Cell, Holdings, Part, cells_of
from kakuho.exposure.methods.scope import everything
from kakuho.inventory import Inventory

LEAST_FOUND = 0.5
"""The share of a column's values that must be found in a column of the snapshot for it to tell persons."""
MOST_SHARING = 1.5
"""Persons that share a value, on average, where the value still tells persons."""
LEAST_LENGTH = 4
"""Characters of a value that tells a person without a heading."""


class Matched:
    """Finds the persons of sheets; keeps what it took out of the snapshot."""

    def __init__(self, inventory: Inventory, tables: Tables) -> None:
        self._inventory = inventory
        self._tables = tables
        self._owners: dict[str, ir.Table] = {}

    def holdings(self, chunks: Iterable[Chunk]) -> Holdings:
        """The chunks of one sheet."""
        given = list(chunks)
        rows = [row for chunk in given for row in chunk.rows]
        if not rows:
            return Holdings(cells_of(()))
        names: Sequence[str | None] | None = given[0].columns
        if names is not None:
            columns = tuple(dict.fromkeys(name for chunk in given for name in chunk.columns or ()))
            rows = [row for chunk in given for row in _in_order(chunk, columns)]
            names = columns
        elif is_heading(rows[0], self._inventory):
            names, rows = rows[0], rows[1:]
        width = max((len(row) for row in rows), default=0)
        names = [*(names or ()), *([None] * (width - len(names or ())))]
        rows = [
            [*(cell.strip() if cell else cell for cell in row), *([None] * (len(names) - len(row)))] for row in rows
        ]
        return self._of_rows(given[0].place, names, rows)

    def _of_rows(self, place: str, names: Sequence[str | None], rows: list[Row]) -> Holdings:
        headings = headings_of(names, self._inventory)
        whose = self._whose(headings, rows)
        values = self._values(headings, set().union(*whose))
        cells: set[Cell] = set()
        wide: set[tuple[str, str]] = set()
        meant = collections_meant(headings, self._inventory)
        every = set(everything(self._inventory))
        records = {
            r for one in meant if one in self._inventory.personal() for r in self._inventory.records_of(one.name)
        }
        anybody = {pair for pair in every if not records or pair[0] in records}
        unresolved = 0
        for row, subjects in zip(rows, whose, strict=True):
            said, agreed = self._of_row(row, headings, subjects, values)
            cells |= said
            if not subjects or not agreed:
                unresolved += 1
                wide |= _of_anybody(row, headings, anybody)
        items = tuple(dict.fromkeys(item for heading in headings for item in sorted(heading.items)))
        name = place.rpartition("/")[2]
        collection = meant[0].name if len(meant) == 1 else None
        part = Part(place, name, collection, tuple(one or "" for one in names), items, len(rows), unresolved)
        return Holdings(cells_of(cells), frozenset(wide), (), (part,))

    def _of_row(
        self,
        row: Row,
        headings: Sequence[Heading],
        subjects: frozenset[str],
        values: dict[tuple[str, str], set[str]],
    ) -> tuple[set[Cell], bool]:
        """What a row tells of these persons, and whether at least half of its values are those of one of them."""
        found: set[Cell] = set()
        told = sum(1 for cell, heading in zip(row, headings, strict=True) if cell and not heading.plain)
        agreed = not told and bool(subjects)
        for subject in subjects:
            record = subject.partition(":")[0]
            own, theirs = self._inventory.record_items(record), 0
            for cell, heading in zip(row, headings, strict=True):
                if not cell or heading.plain:
                    continue
                same = {item for item in own if cell in values.get((subject, item), ())}
                theirs += bool(same)
                said = heading.items & set(own)
                for item in said or (() if heading.items else own):
                    found.add((subject, item, len(subjects) == 1 and item in said and item in same))
            agreed = agreed or 2 * theirs >= told > 0
        return found, agreed

    def _whose(self, headings: Sequence[Heading], rows: list[Row]) -> list[frozenset[str]]:
        """The persons that each row can be of: by the keys that headings name, checked against what values tell."""
        by_key = [(n, self._persons(n, field, rows)) for n, h in enumerate(headings) for field in self._keys(h)]
        by_value = [
            (n, persons)
            for n, heading in enumerate(headings)
            for field in self._telling(heading)
            if (persons := self._telling_persons(n, field, rows))
        ]
        return [_meet(_fitting(row, by_key), _fitting(row, by_value)) for row in rows]

    def _keys(self, heading: Heading) -> list[Field]:
        """The columns that name a row: its key, what is unique, a link."""
        found = []
        for name, field in sorted(heading.fields):
            collection = self._inventory.collection(name)
            if collection not in self._inventory.personal():
                continue
            if field == collection.key or field in collection.unique:
                found.append((name, field))
            found += [(link.collection, self._inventory.collection(link.collection).key)
                      for link in collection.subject if link.field == field]  # fmt: skip
        return found

    def _telling(self, heading: Heading) -> list[Field]:
        """The columns of the snapshot in which values of this one may be looked for."""
        if heading.plain:
            return []
        return [
            (collection.name, field.name)
            for collection in self._inventory.personal()
            for field in collection.fields
            if (field.item is not None and (not heading.known or field.item in heading.items))
            or (field.name in collection.unique and not heading.known)
        ]

    def _persons(self, number: int, field: Field, rows: list[Row]) -> dict[str, frozenset[str]]:
        """value → the persons of whom the snapshot has it in this column."""
        collection, column = field
        if collection not in self._tables:
            return {}
        wanted = {row[number] for row in rows if row[number]}
        table, whose = self._tables[collection], self._owner(collection)
        if not wanted or whose is None:
            return {}
        key = self._inventory.collection(collection).key
        asked = ibis.memtable(pa.table({"value": pa.array(sorted(wanted), pa.string())}))  # type: ignore[type-var]
        held = table.select(key=table[key].cast("string"), value=table[column].cast("string"))
        pairs = held.join(asked, "value").join(whose, "key").select("value", "subject").distinct().to_pyarrow()
        found: dict[str, set[str]] = defaultdict(set)
        for value, subject in zip(pairs["value"].to_pylist(), pairs["subject"].to_pylist(), strict=True):
            found[value].add(subject)
        return {value: frozenset(subjects) for value, subjects in found.items()}

    def _telling_persons(self, number: int, field: Field, rows: list[Row]) -> dict[str, frozenset[str]]:
        wanted = {row[number] for row in rows if row[number]}
        if not wanted or sum(len(value or "") for value in wanted) < LEAST_LENGTH * len(wanted):
            return {}
        found = self._persons(number, field, rows)
        shared = sum(len(subjects) for subjects in found.values())
        tells = len(found) >= LEAST_FOUND * len(wanted) and shared <= MOST_SHARING * len(found)
        return found if tells else {}

    def _values(self, headings: Sequence[Heading], subjects: set[str]) -> dict[tuple[str, str], set[str]]:
        """(subject, item) → the values that the snapshot has of it, of these subjects."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        if not subjects:
            return found
        asked = ibis.memtable(pa.table({"subject": pa.array(sorted(subjects), pa.string())}))
        for collection in self._inventory.personal():
            whose = self._owner(collection.name)
            columns = [(column, item) for item, columns in collection.items().items() for column in columns]
            if whose is None or not columns:
                continue
            table = self._tables[collection.name]
            held = table.select(
                key=table[collection.key].cast("string"),
                **{f"c{n}": table[column].cast("string") for n, (column, _) in enumerate(columns)},
            )
            mine = held.join(whose.semi_join(asked, "subject"), "key").drop("key").to_pyarrow()
            whom = mine["subject"].to_pylist()
            for n, (_, item) in enumerate(columns):
                for subject, value in zip(whom, mine[f"c{n}"].to_pylist(), strict=True):
                    if value:
                        found[subject, item].add(value.strip())
        return found

    def _owner(self, collection: str) -> ir.Table | None:
        if collection not in self._owners:
            if not self._whole(collection):
                return None
            self._owners[collection] = ibis.memtable(owners(self._tables, self._inventory, collection).to_pyarrow())
        return self._owners[collection]

    def _whole(self, name: str) -> bool:
        links = self._inventory.collection(name).subject
        return name in self._tables and all(self._whole(link.collection) for link in links)


def _in_order(chunk: Chunk, columns: tuple[str, ...]) -> Iterable[Row]:
    for row in chunk.rows:
        named = dict(zip(chunk.columns or (), row, strict=True))
        yield [named.get(column) for column in columns]


def _fitting(row: Row, columns: list[tuple[int, dict[str, frozenset[str]]]]) -> frozenset[str]:
    """The persons that all these columns tell, else those that any tells."""
    told = [persons[value] for n, persons in columns if (value := row[n]) and value in persons]
    if not told:
        return frozenset()
    return frozenset.intersection(*told) or frozenset.union(*told)


def _meet(by_key: frozenset[str], by_value: frozenset[str]) -> frozenset[str]:
    return (by_key & by_value) or (by_key | by_value)


def _of_anybody(row: Row, headings: Sequence[Heading], anybody: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The items that the row has a value of, or may have, of any record."""
    found: set[tuple[str, str]] = set()
    for cell, heading in zip(row, headings, strict=True):
        if cell and not heading.plain:
            found |= {pair for pair in anybody if not heading.items or pair[1] in heading.items}
    return found
