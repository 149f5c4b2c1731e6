"""Claims by replay: the intruder's SQL, parsed, rewritten and run on the restored snapshot.

A value is confirmed where the statement ran, a page printed its rows, the row is certain and the value stands whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import ibis
import ibis.expr.types as ir
import psycopg
import pyarrow as pa

from kakuho.exposure.cells import Tables, filled
from kakuho.exposure.claims import CLAIM_EVENTS, CLAIM_SETS, CONFIRMED, POSSIBLE, Claims
from kakuho.exposure.history import History
from kakuho.exposure.methods.refusal import refused
from kakuho.exposure.methods.replay_rows import Replay
from kakuho.exposure.methods.scope import everything, of_collection
from kakuho.exposure.sql import Block, Schema, analyse
from kakuho.exposure.statements import EventReference, Statement
from kakuho.inventory import Inventory

ROWS = pa.schema(
    [
        ("claim_id", pa.string()),
        ("method", pa.string()),
        ("certainty", pa.string()),
        ("reason_id", pa.string()),
        ("collection", pa.string()),
        ("key", pa.string()),
        ("column", pa.string()),
        ("item", pa.string()),
    ]
)


@dataclass
class _Group:
    """All statements that share a block."""

    first: datetime
    last: datetime
    why: str = ""
    shown: bool = False
    logged: bool = False
    events: set[EventReference] = field(default_factory=set)

    def add(self, statement: Statement, why: str) -> None:
        if statement.first is not None and statement.last is not None:
            self.first, self.last = min(self.first, statement.first), max(self.last, statement.last)
        self.why = self.why or why
        self.shown |= statement.shown
        self.logged |= statement.logged
        self.events |= statement.events


def replay_claims(
    statements: Iterable[Statement],
    connection: psycopg.Connection[tuple[object, ...]],
    schema: Schema,
    history: History,
    inventory: Inventory,
    owners: ir.Table,
    tables: Tables,
) -> Claims:
    """``owners``: collection, key, subject of every row of the snapshot; ``tables``: the snapshot's."""
    groups: dict[Block, _Group] = {}
    all_of: dict[str, _Group] = {}
    for statement in statements:
        if statement.read_nothing or statement.first is None or statement.last is None:
            continue
        if not statement.logged and refused(connection, statement.text):
            continue
        analysis = analyse(statement.text, schema, statement.parameters)
        fresh = _Group(statement.first, statement.last)
        if analysis.everything:
            all_of.setdefault(analysis.why, fresh).add(statement, analysis.why)
        for block in analysis.blocks:
            groups.setdefault(block, _Group(statement.first, statement.last)).add(statement, analysis.why)
    rows: list[pa.Table] = []
    sets: list[dict[str, str]] = []
    events: list[dict[str, object]] = []
    replay = Replay(connection, schema, history)
    for number, block in enumerate(sorted(groups, key=Block.place)):
        group = groups[block]
        claim = f"replay:{number:06d}"
        events.extend(_cite(claim, group))
        found, wide = _block_rows(claim, block, group, replay, inventory)
        rows.extend(found)
        sets.extend(wide)
    for why, group in sorted(all_of.items()):
        claim = f"replay:everything:{why}"
        events.extend(_cite(claim, group))
        sets.extend(
            {"claim_id": claim, "method": _method(group), "reason_id": "replay_everything", "collection": r, "item": i}
            for r, i in everything(inventory)
        )
    keyed = _without_empty(pa.concat_tables([ROWS.empty_table(), *rows]), tables, inventory)
    claims = keyed.join(owners, ["collection", "key"]).select(
        "claim_id", "method", "certainty", "reason_id", "subject", "item"
    )
    return Claims.of(
        claims=claims.distinct().to_pyarrow(),
        sets=pa.Table.from_pylist(sets, schema=CLAIM_SETS),
        events=pa.Table.from_pylist(events, schema=CLAIM_EVENTS),
    )


def _without_empty(rows: pa.Table, tables: Tables, inventory: Inventory) -> ir.Table:
    """A certain row is as it was: where its column is empty in the snapshot, there was no value to take."""
    keyed = ibis.memtable(rows)
    certain = keyed.filter(keyed.certainty == CONFIRMED)
    read = rows.filter(pa.compute.equal(rows["certainty"], CONFIRMED)).group_by(["collection", "column"]).aggregate([])
    holding = [
        tables[pair["collection"]]
        .filter(filled(tables[pair["collection"]][pair["column"]]))
        .select(
            collection=ibis.literal(pair["collection"]),
            key=tables[pair["collection"]][inventory.collection(pair["collection"]).key].cast("string"),
            column=ibis.literal(pair["column"]),
        )
        for pair in read.to_pylist()
    ]
    uncertain = keyed.filter(keyed.certainty != CONFIRMED)
    if not holding:
        return uncertain
    held = holding[0] if len(holding) == 1 else ibis.union(holding[0], *holding[1:])
    return uncertain.union(certain.join(held, ["collection", "key", "column"], how="semi"))


def _block_rows(
    claim: str, block: Block, group: _Group, replay: Replay, inventory: Inventory
) -> tuple[list[pa.Table], list[dict[str, str]]]:
    tables: list[pa.Table] = []
    sets: list[dict[str, str]] = []
    method = _method(group)
    possible = "replay_not_resolved" if group.why else ("replay_possible" if group.logged else "injection")
    wanted = {
        index
        for index, slot in enumerate(block.slots)
        if _items(slot.table, slot.in_full | slot.in_part | slot.probed, inventory)
    }
    if not wanted:
        return tables, sets
    for found in replay.rows(block, group.first, group.last):
        slot = block.slots[found.slot]
        whole = _items(slot.table, frozenset() if found.probed else slot.in_full, inventory)
        part = _items(slot.table, slot.probed if found.probed else slot.in_part, inventory)
        if found.keys is None:
            sets.extend(
                {"claim_id": claim, "method": method, "reason_id": possible, "collection": record, "item": item}
                for record, item in of_collection(inventory, slot.table, tuple({**whole, **part}.values()))
            )
            continue
        keys = pa.array(found.keys, pa.string())
        sure = pa.array([exact and group.shown for exact in found.exact], pa.bool_())
        for column, item in sorted({**whole, **part}.items()):
            certain = sure if column in whole else pa.array([False] * len(keys))
            tables.append(_rows(claim, method, possible, slot.table, column, item, keys, certain))
    return tables, sets


def _rows(
    claim: str,
    method: str,
    possible: str,
    collection: str,
    column: str,
    item: str,
    keys: pa.Array,
    certain: pa.Array,
) -> pa.Table:
    size = len(keys)
    return pa.table(
        [
            pa.repeat(claim, size),
            pa.repeat(method, size),
            pa.compute.if_else(certain, CONFIRMED, POSSIBLE),
            pa.compute.if_else(certain, "replay", possible),
            pa.repeat(collection, size),
            keys,
            pa.repeat(column, size),
            pa.repeat(item, size),
        ],
        schema=ROWS,
    )


def _items(table: str, columns: frozenset[str], inventory: Inventory) -> dict[str, str]:
    """column → item, of the columns that hold one."""
    if not inventory.has_collection(table):
        return {}
    collection = inventory.collection(table)
    return {column: item for column in columns if (item := collection.item_of(column)) is not None}


def _method(group: _Group) -> str:
    return "replay" if group.logged else "injection"


def _cite(claim: str, group: _Group) -> list[dict[str, object]]:
    return [
        {"claim_id": claim, "source_id": e.source_id, "line": e.line, "byte_offset": e.byte_offset}
        for e in sorted(group.events, key=lambda e: (e.source_id, e.line))
    ]
