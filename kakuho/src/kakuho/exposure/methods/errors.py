"""Claims by errors that print a value: of all that a failed statement may have told, the one cell that it printed.

What such a statement can have read is claimed by replay, as possible. Here a cell of these is confirmed where the
printed value is its, came out of a table (:func:`parts_from_data`), is nobody else's among all that the statement can
have read, no row of those tables can have changed since, and the attacker saw the error: over a connection of his own,
or on a page that the inventory says to print errors (``prints_errors``). Errors that tell that a row is there, or that
print a whole row, add what replay does not see in a statement that only writes.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import ibis.expr.types as ir
import pyarrow as pa

from kakuho.exposure.cells import Tables
from kakuho.exposure.claims import CLAIMS, CONFIRMED, POSSIBLE, Claims, together
from kakuho.exposure.history import History
from kakuho.exposure.methods.scope import everything, of_collection
from kakuho.exposure.printed import Printed, parts_from_data, printed
from kakuho.inventory import Inventory

_ONLY_ITS_OWN = re.compile(r"(?is)\s*insert\b(?!.*\b(select|table|with)\b)")
Place = tuple[int, int]


@dataclass(frozen=True)
class Holding:
    """What the snapshot holds, as this method asks for it."""

    tables: Tables
    owners: ir.Table
    history: History
    inventory: Inventory

    def having(self, collection: str, column: str, value: str) -> set[str]:
        """The subjects of the rows with that value in that column."""
        table = self.tables.get(collection)
        if table is None or column not in table.columns:
            return set()
        key = table[self.inventory.collection(collection).key].cast("string")
        rows = table.filter(table[column].cast("string") == value).select(key=key)
        own = self.owners.filter(self.owners.collection == collection)
        return set(rows.join(own, "key").select("subject").distinct().to_pyarrow()["subject"].to_pylist())

    def has_moved(self, collection: str, since: datetime) -> bool:
        """Whether a row can have held another value, or been there, at that time."""
        column = self.inventory.collection(collection).changed_at
        if self.history.may_have_lost_rows(collection):
            return True
        table = self.tables.get(collection)
        if column is None or table is None or column not in table.columns:
            return self.history.may_have_changed(collection)
        stamp = table[column].cast("string").try_cast("timestamp('UTC')").cast("timestamp")
        later = table.filter(stamp.isnull() | (stamp >= since)).limit(1)
        return bool(later.to_pyarrow().num_rows)


def error_claims(
    rows: Iterable[Mapping[str, Any]], replayed: Claims, holding: Holding, seen: Callable[[Mapping[str, Any]], bool]
) -> Claims:
    """``rows``: the attacker's in the database log, with ``unmapped``; ``seen``: whether he saw the error of one."""
    found: list[Claims] = []
    failed = [(row, told) for row in rows if (told := _told(row)) is not None]
    reads = _reads_of({(row["source_id"], row["line"]) for row, told in failed if told.value is not None}, replayed)
    for row, told in failed:
        if told.value is not None:
            found.append(_by_value(row, told.value, reads.get((row["source_id"], row["line"]), set()), holding, seen))
        elif told.row_of is not None:
            found.append(_by_row(row, told.row_of, holding))
        else:
            found.append(_by_key(row, told, holding))
    return together(found)


def _told(row: Mapping[str, Any]) -> Printed | None:
    if row["outcome"] != "failure" or not row["statement"]:
        return None
    more = json.loads(row["unmapped"]) if row.get("unmapped") else {}
    return printed(row["message"], more.get("detail") if isinstance(more, dict) else None)


def _reads_of(places: set[Place], replayed: Claims) -> dict[Place, set[tuple[str, str]]]:
    """line → (subject or record collection, item) of all that replay claims by it."""
    if not places:
        return {}
    found: dict[Place, set[tuple[str, str]]] = defaultdict(set)
    with duckdb.connect() as connection:
        connection.register("events", replayed.events)
        connection.register("claims", replayed.claims)
        connection.register("sets", replayed.sets)
        query = """SELECT source_id, line, subject, item FROM events JOIN
            (SELECT claim_id, subject, item FROM claims UNION SELECT claim_id, collection, item FROM sets)
            USING (claim_id)"""
        for source, line, subject, item in connection.execute(query).fetchall():
            if (source, line) in places:
                found[source, line].add((subject, item))
    return found


def _by_value(
    row: Mapping[str, Any],
    value: str,
    read: set[tuple[str, str]],
    holding: Holding,
    seen: Callable[[Mapping[str, Any]], bool],
) -> Claims:
    inventory = holding.inventory
    items = {item for _, item in read}
    columns = [
        (collection.name, column, item)
        for collection in inventory.personal()
        for item, names in collection.items().items()
        if item in items
        for column in names
    ]
    parameters = tuple(json.loads(row["parameters"])) if row["parameters"] else ()
    cells: set[tuple[str, str]] = set()
    holding_items = frozenset(column.lower() for _, column, _ in columns)
    listed = frozenset(collection.name.lower() for collection in inventory.collections)
    for part in parts_from_data(value, row["statement"], parameters, holding_items, listed):
        for collection, column, item in columns:
            for subject in holding.having(collection, column, part):
                if {(subject, item), (subject.partition(":")[0], item)} & read:
                    cells.add((subject, item))
    alone = len(cells) == 1
    still = not any(holding.has_moved(collection, row["time"]) for collection, _, _ in columns)
    sure = alone and still and bool(row["certain"]) and seen(row)
    return _listed(row, cells, sure)


def _by_key(row: Mapping[str, Any], told: Printed, holding: Holding) -> Claims:
    """Somebody has that value: the rows that have it, in whichever table has such columns."""
    inventory = holding.inventory
    cells: set[tuple[str, str]] = set()
    sets: set[tuple[str, str, str, str]] = set()
    for collection in inventory.personal():
        for column, value in told.key:
            item = collection.item_of(column)
            if item is None:
                continue
            if not value or holding.has_moved(collection.name, row["time"]):
                claim = f"error:{row['source_id']}:{row['line']}"
                sets |= {(claim, "error_told", r, i) for r, i in of_collection(inventory, collection.name, (item,))}
            else:
                cells |= {(subject, item) for subject in holding.having(collection.name, column, value)}
    return together([_listed(row, cells, False), _wide(row, sets)])


def _by_row(row: Mapping[str, Any], table: str, holding: Holding) -> Claims:
    """A whole row was printed: which, the detail's cut-off text does not surely tell."""
    if _ONLY_ITS_OWN.match(row["statement"]):
        return Claims.of()  # nothing but what the statement brought itself
    inventory, claim = holding.inventory, f"error:{row['source_id']}:{row['line']}"
    if inventory.has_collection(table):
        known = inventory.collection(table)
        pairs = set(of_collection(inventory, table, tuple(known.items()))) if known.personal else set()
    else:
        pairs = set(everything(inventory))
    return _wide(row, {(claim, "error_told", record, item) for record, item in pairs})


def _wide(row: Mapping[str, Any], sets: set[tuple[str, str, str, str]]) -> Claims:
    claim = f"error:{row['source_id']}:{row['line']}"
    events = {(claim, row["source_id"], row["line"], row["byte_offset"])} if sets else set()
    return Claims.listed("replay", sets=sets, events=events)


def _listed(row: Mapping[str, Any], cells: set[tuple[str, str]], sure: bool) -> Claims:
    claim = f"error:{row['source_id']}:{row['line']}"
    certainty, reason = (CONFIRMED, "error_printed") if sure else (POSSIBLE, "error_told")
    rows = [(claim, "replay", certainty, reason, subject, item) for subject, item in sorted(cells)]
    columns = list(zip(*rows, strict=True)) or [()] * len(CLAIMS)
    table = pa.table([pa.array(c, pa.string()) for c in columns], schema=CLAIMS)
    events = {(claim, row["source_id"], row["line"], row["byte_offset"])} if cells else set()
    return together([Claims.of(claims=table), Claims.listed("replay", events=events)])
