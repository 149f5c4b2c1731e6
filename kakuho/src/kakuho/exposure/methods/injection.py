"""Claims by what the intruder's own questions were answered: values decoded from the access log, found in the snapshot.

A value is confirmed where certain requests of the intruder decide every character of it and its end, the row that it is
of is told, and the snapshot holds the same text there (decision 0023). Everything else is possible. Where the inventory
knows the route's SQL, replay has claimed all that the requests can have read, and only what names rows is added here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from kakuho.exposure.cells import Tables
from kakuho.exposure.claims import CLAIM_EVENTS, CLAIM_SETS, CLAIMS, CONFIRMED, POSSIBLE, Claims
from kakuho.exposure.history import History
from kakuho.exposure.injection.systems import POSTGRESQL
from kakuho.exposure.injection.wanted import ALL, Part, TableName, Wanted, wanted_of
from kakuho.exposure.methods.injection_events import Event, Found, decoded
from kakuho.exposure.methods.injection_rows import Held, Rows, resolved
from kakuho.exposure.methods.scope import everything, of_collection
from kakuho.exposure.sql import Schema, dialect
from kakuho.inventory import Inventory

METHOD = "injection"
WHOLE, ALIKE, PARTLY, CHANGED, DERIVED, ASKED, ELSEWHERE = (
    f"injection_{name}" for name in ("decoded", "alike", "partly", "changed", "derived", "asked", "elsewhere")
)
_SYSTEM = re.compile(
    r"(?i)information_schema|performance_schema|mysql|sys|pg_catalog|sqlite_\w+|pragma_\w+|(all|user|dba)_\w+|v\$\w+"
    r"|dual|sys(objects|columns|users|databases|logins)"
)
_ROW = ("claim_id", "certainty", "reason_id", "collection", "key", "item")


@dataclass
class _Told:
    """What the values tell, before rows are led to their subjects."""

    rows: list[tuple[str, str, str, str, str, str]] = field(default_factory=list)
    subjects: list[dict[str, str]] = field(default_factory=list)
    sets: list[dict[str, str]] = field(default_factory=list)
    events: dict[str, set[Event]] = field(default_factory=lambda: defaultdict(set))


@dataclass(frozen=True)
class _Value:
    """A value, what it wanted, and whether replay has claimed what its requests can have read."""

    found: Found
    wanted: Wanted
    replayed: bool


@dataclass(frozen=True)
class _Beside:
    """A value of a column that names a row, decoded at the same position as others."""

    column: str
    text: str
    events: tuple[Event, ...]
    certain: bool


def injection_claims(
    requests: ir.Table, inventory: Inventory, schema: Schema, history: History, tables: Tables, owners: ir.Table
) -> Claims:
    """``requests``: the intruder's, with the columns of ``injection_events.READS`` and ``certain``; ``owners``:
    collection, key, subject of every row of the snapshot; ``tables``: the snapshot's."""
    values = [
        _Value(found, wanted_of(found.value, found.extraction.dbms), _is_replayed(found, inventory))
        for found in decoded(requests)
    ]
    matcher = _Matcher(inventory, schema, history, tables)
    matcher.note(values)
    for number, value in enumerate(values):
        matcher.claim(f"injection:{number:06d}", value)
    told = matcher.told
    keyed = ibis.memtable(pa.table({name: [row[at] for row in told.rows] for at, name in enumerate(_ROW)},
                                   schema=pa.schema([(name, pa.string()) for name in _ROW])))  # fmt: skip
    led = keyed.join(owners, ["collection", "key"]).mutate(method=ibis.literal(METHOD))
    claims = led.select(CLAIMS.names).distinct().to_pyarrow().cast(CLAIMS)
    subjects = pa.Table.from_pylist(told.subjects, schema=CLAIMS)
    claimed = {
        *claims["claim_id"].to_pylist(),
        *subjects["claim_id"].to_pylist(),
        *(one["claim_id"] for one in told.sets),
    }
    events = [
        {"claim_id": claim, "source_id": source, "line": line, "byte_offset": offset}
        for claim, ones in told.events.items()
        if claim in claimed
        for source, line, offset in sorted(ones)
    ]
    return Claims.of(
        claims=pa.concat_tables([claims, subjects]),
        sets=pa.Table.from_pylist(told.sets, schema=CLAIM_SETS),
        events=pa.Table.from_pylist(events, schema=CLAIM_EVENTS),
    )


def _is_replayed(found: Found, inventory: Inventory) -> bool:
    """Whether the inventory knows the SQL that every one of the requests made."""
    place = found.extraction
    return any(
        path.sql and place.parameter in path.parameters and found.methods <= set(path.methods)
        and re.search(path.path or "", place.path)
        for path in inventory.access_paths
        if path.kind == "route"
    )  # fmt: skip


class _Matcher:
    """Decoded values against the snapshot's rows."""

    def __init__(self, inventory: Inventory, schema: Schema, history: History, tables: Tables) -> None:
        self._inventory, self._schema, self._history, self._tables = inventory, schema, history, tables
        self._held: dict[str, Held] = {}
        self._beside: dict[tuple[str, str], list[_Beside]] = defaultdict(list)
        self.told = _Told()

    def note(self, values: Iterable[_Value]) -> None:
        """Keep the whole values that name a row: others decoded at the same position are of that row."""
        for value in values:
            held, column = self._only_collection(value), value.wanted.column
            if held is None or column is None or value.wanted.position is None or not value.found.value.complete:
                continue
            own = held.column(column)
            if own is not None and held.identifies(own):
                found = value.found
                one = _Beside(own, found.value.value or "", found.events, found.certain)
                self._beside[held.collection.name, value.wanted.position].append(one)

    def claim(self, claim: str, value: _Value) -> None:
        """What one value tells."""
        held = self._only_collection(value)
        parts = resolved(held, value.wanted.parts) if held is not None else None
        self.told.events[claim].update(value.found.events)
        if held is None or parts is None or value.found.value.value is None:
            self._of_columns(claim, value)
            return
        items = {item for part in parts if part.column and (item := held.collection.item_of(part.column)) is not None}
        if items:
            _OneTable(self, claim, value, held, items).tell(parts)
        if not value.replayed:
            self._whole(claim, ASKED, held, value.wanted.asked - set(value.wanted.named))

    def beside(self, value: _Value, held: Held) -> _Beside | None:
        """The one value that names the row of the same position; None where none does, or two differ."""
        ones = self._beside.get((held.collection.name, value.wanted.position or ""), [])
        usable = [one for one in ones if one.certain or not value.found.certain]
        return usable[0] if len({(one.column, one.text) for one in usable}) == 1 else None

    def _only_collection(self, value: _Value) -> Held | None:
        """The one collection that the query reads; None where it reads several tables, or one of no collection."""
        if len(value.wanted.tables) != 1:
            return None
        name = self._collection_of(value.wanted.tables[0], value.found.extraction.dbms)
        return self.held(name) if name is not None and name in self._tables else None

    def held(self, name: str) -> Held:
        """A collection of the snapshot, read once."""
        if name not in self._held:
            self._held[name] = Held(self._inventory.collection(name), self._tables, self._schema, self._history)
        return self._held[name]

    def _collection_of(self, table: TableName, system: str | None) -> str | None:
        """The inventory's collection of a table; of PostgreSQL's in the snapshot's own schema only."""
        if system == POSTGRESQL and table.schema not in ("", self._schema.name):
            return None
        name = self._schema.holder(table.name) or table.name
        if self._inventory.has_collection(name):
            return name
        alike = [one.name for one in self._inventory.collections if one.name.casefold() == name.casefold()]
        return alike[0] if len(alike) == 1 else None

    def _of_columns(self, claim: str, value: _Value) -> None:
        """Possible for every record that has the columns: of which row, or what of them, the value does not tell."""
        if value.replayed:
            return
        wanted, reason = value.wanted, DERIVED if value.found.value.value is not None else ASKED
        columns = wanted.columns | wanted.asked
        if not wanted.tables:
            for collection in self._inventory.personal():
                self._whole(claim, reason, self.held(collection.name), columns)
        for table in wanted.tables:
            name = self._collection_of(table, value.found.extraction.dbms)
            if name is None and not _is_system(table):
                self._set(claim, ELSEWHERE, everything(self._inventory))
            elif name is not None and name in self._tables:
                self._whole(claim, reason, self.held(name), columns)

    def _whole(self, claim: str, reason: str, held: Held, columns: Iterable[str]) -> None:
        names = {own for column in columns if (own := held.column(column)) is not None}
        if ALL in columns:
            names = {one.name for one in held.collection.fields}
        items = tuple(sorted({item for name in names if (item := held.collection.item_of(name)) is not None}))
        self.every(claim, reason, held, items)

    def every(self, claim: str, reason: str, held: Held, items: Iterable[str]) -> None:
        """Possible for every record of a collection."""
        self._set(claim, reason, of_collection(self._inventory, held.collection.name, tuple(items)))

    def _set(self, claim: str, reason: str, pairs: Iterator[tuple[str, str]]) -> None:
        self.told.sets += [
            {"claim_id": claim, "method": METHOD, "reason_id": reason, "collection": record, "item": item}
            for record, item in sorted(set(pairs))
        ]


@dataclass(frozen=True)
class _OneTable:
    """A value that texts of one collection's columns make up."""

    matcher: _Matcher
    claim: str
    value: _Value
    held: Held
    items: set[str]

    def tell(self, parts: tuple[Part, ...]) -> None:
        """The claims: the row that is named, else every row that the value can be of."""
        found, held = self.value.found, self.held
        text = found.value.value or ""
        if text == "" and found.value.complete:
            return  # no row, or no value in it: there was nothing to take
        equal = held.of_text(parts, text) if found.value.complete else held.fitting(parts, found.value)
        changed = held.changed(found.first)
        steady = not held.may_have_lost_rows and changed == []
        named = self._named(parts)
        if named is not None:
            column, key = named
            self._of_row(held.named(column, key), column, key, equal, changed)
            if steady or column in self._in_query():
                return
        elif equal and (any(held.identifies(part.column or "") for part in parts) or (len(equal) == 1 and steady)):
            self._rows(equal, equal, changed, proven=True)
            return
        if not self.value.replayed:
            self._any(equal, changed)
        elif named is None and len(equal) == 1:
            self._rows(equal, equal, changed, proven=False)

    def _in_query(self) -> set[str | None]:
        """Columns by which the query itself names its row."""
        return {self.held.column(column) for column in self.value.wanted.named}

    def _named(self, parts: tuple[Part, ...]) -> tuple[str, str] | None:
        """The column that names the row, and its text there: of the query's condition, or decoded beside the value."""
        for column, text in sorted(self.value.wanted.named.items()):
            own = self.held.column(column)
            if own is not None and self.held.identifies(own):
                return own, text
        beside = self.matcher.beside(self.value, self.held)
        if beside is None or any(part.column == beside.column for part in parts):
            return None
        self.matcher.told.events[self.claim].update(beside.events)
        return beside.column, beside.text

    def _of_row(self, rows: Rows, column: str, key: str, equal: Rows, changed: Rows | None) -> None:
        blank = not (self.value.found.value.value or "").strip()
        if rows:
            if not blank or equal:
                self._rows([row for row in rows if not blank or row in equal], equal, changed, proven=True)
        elif not blank and column == self.held.collection.key and self.held.collection.record_of is not None:
            self.matcher.told.subjects += [
                {"claim_id": self.claim, "method": METHOD, "certainty": POSSIBLE, "reason_id": CHANGED,
                 "subject": f"{self.held.collection.name}:{key}", "item": item}
                for item in sorted(self.items)
            ]  # fmt: skip

    def _any(self, equal: Rows, changed: Rows | None) -> None:
        """Possible for every row that holds such a value, and for those that can have held it before they changed."""
        if changed is None or not (equal or changed):
            reason = CHANGED if not equal else ALIKE if self.value.found.value.complete else PARTLY
            self.matcher.every(self.claim, reason, self.held, sorted(self.items))
        else:
            self._rows(equal, equal, changed, proven=False)
            self._rows([row for row in changed if row not in set(equal)], equal, changed, proven=False)

    def _rows(self, rows: Rows, equal: Rows, changed: Rows | None, *, proven: bool) -> None:
        """``proven``: the value was read from just these rows, if they held it then as they do now."""
        complete, same = self.value.found.value.complete, set(equal)
        moved = None if changed is None else set(changed)
        own = self.held.collection.record_of is not None
        for row in rows:
            sure = proven and complete and self.value.found.certain and row in same
            sure = sure and (own or (moved is not None and row not in moved))
            reason = WHOLE if sure else CHANGED if row not in same else ALIKE if complete else PARTLY
            certainty = CONFIRMED if sure else POSSIBLE
            self.matcher.told.rows += [
                (self.claim, certainty, reason, self.held.collection.name, self.held.keys[row], item)
                for item in sorted(self.items)
            ]


def _is_system(table: TableName) -> bool:
    """Whether it is a table of the database system itself, that holds no value of others."""
    if table.name.lower() in dialect.POSTGRESQL.samples | dialect.MYSQL.samples:
        return False
    named = table.schema or table.name
    return _SYSTEM.fullmatch(named) is not None or (not table.schema and table.name.lower().startswith("pg_"))
