"""Replay's claims on one statement beside the truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from kakuho.engine.answers import PostgresqlAnswers
from kakuho.exposure.history import History
from kakuho.exposure.methods.replay_rows import Replay
from kakuho.exposure.sql import Shapes, session_of

from .database import CELLS, ROWS, SCHEMA, Cell
from .truth import Truth

UNCHANGED = History(known=True)
TIME = datetime.fromisoformat("2025-03-20")  # UTC without a zone, as in the lake

BRANCHES = {str(row[0]) for row in ROWS["branch"][1]}


@dataclass
class Claimed:
    confirmed: set[Cell] = field(default_factory=set)
    possible: set[Cell] = field(default_factory=set)
    everything: bool = False
    why: str = ""


@dataclass
class Tally:
    """What the comparison of many statements gave; the first three must stay empty."""

    missed: list[tuple[str, set[Cell]]] = field(default_factory=list)
    wrongly_confirmed: list[tuple[str, set[Cell]]] = field(default_factory=list)
    statements: int = 0
    failed: int = 0
    everything: int = 0
    by_names: int = 0
    told: int = 0
    whole: int = 0
    confirmed: int = 0
    too_wide: int = 0
    widest: list[tuple[int, str]] = field(default_factory=list)

    def add(self, text: str, truth: Truth, claimed: Claimed, left: set[tuple[str, str]] | None = None) -> None:
        """``left``: the rows that the snapshot still has, where it was taken later."""
        self.statements += 1
        self.failed += truth.failed
        self.everything += claimed.everything
        self.by_names += bool(claimed.why) and not claimed.everything
        if not claimed.everything:
            missed = truth.told - claimed.possible - claimed.confirmed
            missed = {cell for cell in missed if left is None or cell[:2] in left}
            if missed:
                self.missed.append((text, missed))
        if truth.failed:
            return
        wrong = claimed.confirmed - truth.whole
        if wrong:
            self.wrongly_confirmed.append((text, wrong))
        wide = (claimed.confirmed | claimed.possible) - truth.told
        self.told += len(truth.told)
        self.whole += len(truth.whole)
        self.confirmed += len(claimed.confirmed)
        self.too_wide += len(wide)
        self.widest.append((len(wide), text))

    def lines(self) -> list[str]:
        return [
            f"statements {self.statements}, of which PostgreSQL refused or broke off {self.failed}",
            f"missed: {len(self.missed)}; wrongly confirmed: {len(self.wrongly_confirmed)}",
            f"cells told {self.told}, whole in the output {self.whole}, confirmed {self.confirmed}",
            f"too wide: {self.too_wide} cells",
            f"widened by names {self.by_names}, to everything {self.everything} statements",
        ]


def claims_of(connection: psycopg.Connection, text: str, history: History = UNCHANGED) -> Claimed:
    analysis = Shapes(SCHEMA, session_of([text])).analyse(text)
    found = Claimed(everything=analysis.everything, why=analysis.why)
    if analysis.everything:
        found.possible = {(t, str(row[0]), c) for t, (_, rows) in ROWS.items() for row in rows for c in CELLS[t]}
    replay = Replay(PostgresqlAnswers(connection), SCHEMA, history)
    for block in analysis.blocks:
        plan = replay.plan(block, TIME, TIME)
        answer = replay.fetch_all([plan])[0] if plan is not None else None
        sets = list(replay.planned(block, answer, TIME)) if answer is not None else list(replay.rows(block, TIME, TIME))
        for rows in sets:
            slot = block.slots[rows.slot]
            keys = _keys(connection, slot.table) if rows.keys is None else rows.keys
            for place, key in enumerate(keys):
                table = slot.table
                if table == "clinic" and key in BRANCHES:
                    table = "branch"  # a row of the inheriting table, under its key
                sure = rows.keys is not None and rows.exact[place] and not rows.probed
                for column in slot.probed if rows.probed else slot.in_full | slot.in_part:
                    held = CELLS[table]
                    if column in held:
                        kind = found.confirmed if sure and column in slot.in_full else found.possible
                        kind.add((table, key, column))
    return found


def rows_left(connection: psycopg.Connection) -> set[tuple[str, str]]:
    """(table, key) of the rows that are there now: no other can be named."""
    return {(table, key) for table in CELLS for key in _keys(connection, table)}


def _keys(connection: psycopg.Connection, table: str) -> list[str]:
    only = "" if table == "visit" else "ONLY "
    return [str(key) for (key,) in connection.execute(f"SELECT id FROM {only}{table}".encode()).fetchall()]
