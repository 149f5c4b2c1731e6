"""Claims by replay: the intruder's SQL, parsed, rewritten and run on the restored snapshot.

A value is confirmed where the statement ran, a page printed its rows, the row is certain and the value stands whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from kakuho.engine.answers import Answers
from kakuho.exposure.cells import Tables, filled
from kakuho.exposure.claims import (
    ANSWER,
    CLAIM_EVENTS,
    CLAIM_SETS,
    CLEAR,
    CONFIRMED,
    DERIVED,
    DIRECT,
    FORM,
    POSSIBLE,
    Claims,
)
from kakuho.exposure.history import History
from kakuho.exposure.methods.export import is_export
from kakuho.exposure.methods.replay_rows import Replay, RowSet
from kakuho.exposure.methods.scope import everything, of_collection
from kakuho.exposure.methods.sizes import Narrowed, left_by_all, narrowed
from kakuho.exposure.protection import Form, form_of, is_kept_whole, may_decrypt
from kakuho.exposure.sql import MYSQL, Analysis, Block, Schema, Shapes, Slot, session_in
from kakuho.exposure.statements import EventReference, Statement
from kakuho.inventory import Inventory

AT_ONCE = 500
"""Blocks that go to the server in one round trip."""
FEW = 100
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
        ("level", pa.string()),
        ("cipher", pa.string()),
        ("as_was", pa.bool_()),
    ]
)
"""``as_was``: the row stood there, or would have, as the snapshot has it."""


@dataclass
class _Group:
    """All statements that share a block."""

    first: datetime
    last: datetime
    why: str = ""
    shown: bool = False
    logged: bool = False
    exported: bool = True
    """Every one of them is a dump program's."""
    events: set[EventReference] = field(default_factory=set)
    narrowed: list[Narrowed | None] = field(default_factory=list)
    """What the sizes of the answers leave of each of them."""

    def add(self, statement: Statement, why: str, narrowed: Narrowed | None = None, *, shown: bool = False) -> None:
        if statement.first is not None and statement.last is not None:
            self.first, self.last = min(self.first, statement.first), max(self.last, statement.last)
        self.why = self.why or why
        self.shown |= shown
        self.logged |= statement.logged
        self.exported &= is_export(statement)
        self.events |= statement.events
        self.narrowed.append(narrowed)


def replay_claims(
    statements: Iterable[Statement],
    answers: Answers,
    schema: Schema,
    history: History,
    inventory: Inventory,
    owners: ir.Table,
    tables: Tables,
) -> Claims:
    """``owners``: collection, key, subject of every row of the snapshot; ``tables``: the snapshot's."""
    statements = list(statements)
    session = session_in(schema, (s.text for s in statements if s.succeeded and not s.failed))
    shapes, elsewhere = Shapes(schema, session), Shapes(schema, replace(session, elsewhere=True))
    groups: dict[Block, _Group] = {}
    all_of: dict[str, _Group] = {}
    read: list[tuple[Statement, Analysis, bool]] = []
    for statement in statements:
        if statement.read_nothing or statement.first is None or statement.last is None:
            continue
        if not statement.logged and answers.refuses(statement.text):
            continue
        if statement.cut:
            all_of.setdefault("not_parsed", _Group(statement.first, statement.last)).add(statement, "not_parsed")
            continue
        placed = statement.placed(schema.name if schema.dialect is MYSQL else None)
        analysis = (shapes if placed is not False else elsewhere).analyse(statement.text, statement.parameters)
        read.append((statement, analysis, placed is True))
    sized = narrowed([(statement, analysis) for statement, analysis, _ in read], answers, schema, history)
    for number, (statement, analysis, placed) in enumerate(read):
        if statement.first is None or statement.last is None:
            continue
        fresh = _Group(statement.first, statement.last)
        if analysis.everything:
            all_of.setdefault(analysis.why, fresh).add(statement, analysis.why)
        for block in analysis.blocks:
            group = groups.setdefault(block, _Group(statement.first, statement.last))
            group.add(statement, analysis.why, sized.get(number), shown=statement.shown and placed)
    decrypts = any(may_decrypt(text) for s in statements for text in (s.text, *s.parameters) if text)
    rows = _Rows()
    sets: list[dict[str, str]] = []
    events: list[dict[str, object]] = []
    ordered = [(block, group) for block, group in groups.items() if _wanted(block, schema, inventory)]
    ordered.sort(key=lambda pair: pair[0].place())
    found = _run(ordered, Replay(answers, schema, history))
    for number, ((block, group), row_sets) in enumerate(zip(ordered, found, strict=True)):
        claim = f"replay:{number:06d}"
        events.extend(_cite(claim, group))
        sets.extend(_claim(claim, block, group, row_sets, inventory, rows, schema, decrypts=decrypts))
    for why, group in sorted(all_of.items()):
        claim = f"replay:everything:{why}"
        events.extend(_cite(claim, group))
        sets.extend(
            {
                "claim_id": claim,
                "method": _method(group),
                "reason_id": "replay_everything",
                "collection": r,
                "item": i,
                "level": DIRECT,
                "cipher": CLEAR,
            }
            for r, i in everything(inventory)
        )
    keyed = _without_empty(rows.table(), tables, inventory)
    claims = keyed.join(owners, ["collection", "key"]).select(
        "claim_id", "method", "certainty", "reason_id", "subject", "item", "level", "cipher"
    )
    return Claims.of(
        claims=claims.distinct().to_pyarrow(),
        sets=pa.Table.from_pylist(sets, schema=pa.schema([*CLAIM_SETS, *FORM])),
        events=pa.Table.from_pylist(events, schema=CLAIM_EVENTS),
    )


def _without_empty(rows: pa.Table, tables: Tables, inventory: Inventory) -> ir.Table:
    """Of a row that is as it was: where its column is empty in the snapshot, there was no value to take."""
    keyed = ibis.memtable(rows)
    certain = keyed.filter(keyed.as_was)
    read = rows.filter(rows["as_was"]).group_by(["collection", "column"]).aggregate([])
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
    uncertain = keyed.filter(~keyed.as_was)
    if not holding:
        return uncertain
    held = holding[0] if len(holding) == 1 else ibis.union(holding[0], *holding[1:])
    return uncertain.union(certain.join(held, ["collection", "key", "column"], how="semi"))


def _wanted(block: Block, schema: Schema, inventory: Inventory) -> bool:
    """Whether a column that the block read holds an item."""
    slots = [schema.as_written(slot) for slot in block.slots]
    return any(_items(slot.table, slot.in_full | slot.in_part | slot.probed, inventory) for slot in slots)


def _run(ordered: Sequence[tuple[Block, _Group]], replay: Replay) -> Iterator[list[RowSet]]:
    """The row sets of each block, in order; simple blocks run many at once."""
    for start in range(0, len(ordered), AT_ONCE):
        part = ordered[start : start + AT_ONCE]
        plans = [replay.plan(block, group.first, group.last) for block, group in part]
        answers = iter(replay.fetch_all([plan for plan in plans if plan is not None]))
        for (block, group), plan in zip(part, plans, strict=True):
            answer = next(answers) if plan is not None else None
            if answer is not None:
                yield list(replay.planned(block, answer, group.first))
            else:
                yield list(replay.rows(block, group.first, group.last))


def _claim(
    claim: str,
    block: Block,
    group: _Group,
    row_sets: list[RowSet],
    inventory: Inventory,
    rows: _Rows,
    schema: Schema,
    *,
    decrypts: bool,
) -> list[dict[str, str]]:
    """Adds to ``rows``; returns claims on whole collections."""
    sets: list[dict[str, str]] = []
    method = _method(group)
    left = left_by_all(group.narrowed) if block.window is not None and not block.window.order else None
    possible = _possible(group) if left is None else f"{'replay' if group.logged else 'injection'}_{left.how}"
    reasons = ("export" if method == "export" else "replay", possible)
    for found in row_sets:
        slot = schema.as_written(block.slots[found.slot])
        whole = _items(slot.table, frozenset() if found.probed else slot.in_full, inventory)
        part = _items(slot.table, slot.probed if found.probed else slot.in_part, inventory)
        keys, shown, steady = found.keys, found.exact if group.shown else None, found.exact
        if left is not None and left.table == slot.table and not found.probed:
            keys = tuple(sorted(left.keys if keys is None else left.keys.intersection(keys)))
            shown, steady = None, tuple(key in left.steady for key in keys)
        for column, item in sorted({**whole, **part}.items()):
            level, cipher = (DIRECT, CLEAR) if group.why else _form(slot, column, inventory)
            cipher = CLEAR if decrypts else cipher
            if keys is None:
                sets.extend(
                    {"claim_id": claim, "method": method, "reason_id": possible, "collection": record, "item": item,
                     "level": level, "cipher": cipher}
                    for record, item in of_collection(inventory, slot.table, (item,))
                )  # fmt: skip
                continue
            kept = is_kept_whole(inventory.collection(slot.table).protection_of(column))
            sure = shown if kept and column in whole else None
            rows.add(claim, method, reasons, (slot.table, column, item, level, cipher), keys, sure, steady)
    return sets


def _form(slot: Slot, column: str, inventory: Inventory) -> Form:
    """What left of the column."""
    level, cipher = form_of(inventory.collection(slot.table).protection_of(column))
    told = DERIVED if column in slot.computed else ANSWER if column in slot.answered else DIRECT
    return told if level == DIRECT else level, cipher


class _Rows:
    """The table ``ROWS`` in the making: few rows as lists, many as a table of their own."""

    def __init__(self) -> None:
        self._tables: list[pa.Table] = []
        self._few: list[tuple[str | bool, ...]] = []

    def add(
        self,
        claim: str,
        method: str,
        reasons: tuple[str, str],
        place: tuple[str, str, str, str, str],
        keys: Sequence[str],
        sure: Sequence[bool] | None,
        steady: Sequence[bool],
    ) -> None:
        """``reasons``: of a certain key and of another; ``place``: collection, column, item, level, cipher; ``sure``:
        which keys are certain; None: none is; ``steady``: which rows are as they were.
        """
        collection, *rest = place
        sure_reason, possible = reasons
        if len(keys) < FEW:
            for at, key in enumerate(keys):
                certain = sure is not None and sure[at]
                certainty, reason = (CONFIRMED, sure_reason) if certain else (POSSIBLE, possible)
                self._few.append((claim, method, certainty, reason, collection, key, *rest, steady[at]))
            return
        size = len(keys)
        flags = pa.array(sure if sure is not None else [False] * size, pa.bool_())
        columns = [
            pa.repeat(claim, size),
            pa.repeat(method, size),
            pa.compute.if_else(flags, CONFIRMED, POSSIBLE),
            pa.compute.if_else(flags, sure_reason, possible),
            pa.repeat(collection, size),
            pa.array(keys, pa.string()),
            *(pa.repeat(value, size) for value in rest),
            pa.array(steady, pa.bool_()),
        ]
        self._tables.append(pa.table(columns, schema=ROWS))

    def table(self) -> pa.Table:
        few = list(zip(*self._few, strict=True)) if self._few else [()] * len(ROWS)
        return pa.concat_tables(
            [pa.table([pa.array(c, f.type) for c, f in zip(few, ROWS, strict=True)], schema=ROWS), *self._tables]
        )


def _items(table: str, columns: frozenset[str], inventory: Inventory) -> dict[str, str]:
    """column → item, of the columns that hold one."""
    if not inventory.has_collection(table):
        return {}
    collection = inventory.collection(table)
    return {column: item for column in columns if (item := collection.item_of(column)) is not None}


def _method(group: _Group) -> str:
    if group.exported and not group.why:
        return "export"
    return "replay" if group.logged else "injection"


def _possible(group: _Group) -> str:
    if group.why:
        return "replay_not_resolved"
    return {"export": "export_possible", "replay": "replay_possible", "injection": "injection"}[_method(group)]


def _cite(claim: str, group: _Group) -> list[dict[str, object]]:
    return [
        {"claim_id": claim, "source_id": e.source_id, "line": e.line, "byte_offset": e.byte_offset}
        for e in sorted(group.events, key=lambda e: (e.source_id, e.line))
    ]
