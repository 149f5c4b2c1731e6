"""Replay's claims on one statement beside the truth."""

from __future__ import annotations

from typing import Any

from kakuho.engine.answers import Answers
from kakuho.exposure.history import History
from kakuho.exposure.methods.replay_rows import Replay
from kakuho.exposure.sql import Shapes, session_in

from ..comparing import TIME, UNCHANGED, Claimed
from .database import CELLS, ROWS, SCHEMA
from .truth import Connection


def claims_of(
    answers: Answers, connection: Connection[Any], text: str, history: History = UNCHANGED, texts: tuple[str, ...] = ()
) -> Claimed:
    """``connection``: to read the keys that are there; ``texts``: the session's other statements."""
    analysis = Shapes(SCHEMA, session_in(SCHEMA, [*texts, text])).analyse(text)
    found = Claimed(everything=analysis.everything, why=analysis.why)
    if analysis.everything:
        found.possible = {(t, str(row[0]), c) for t, (_, rows) in ROWS.items() for row in rows for c in CELLS[t]}
    replay = Replay(answers, SCHEMA, history)
    for block in analysis.blocks:
        plan = replay.plan(block, TIME, TIME)
        answer = replay.fetch_all([plan])[0] if plan is not None else None
        sets = list(replay.planned(block, answer, TIME)) if answer is not None else list(replay.rows(block, TIME, TIME))
        for rows in sets:
            slot = block.slots[rows.slot]
            for place, key in enumerate(keys_of(connection, slot.table) if rows.keys is None else rows.keys):
                sure = rows.keys is not None and rows.exact[place] and not rows.probed
                for column in slot.probed if rows.probed else slot.in_full | slot.in_part:
                    if column in CELLS[slot.table]:
                        kind = found.confirmed if sure and column in slot.in_full else found.possible
                        kind.add((slot.table, key, column))
    return found


def keys_of(connection: Connection[Any], table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id")
        return [str(key) for (key,) in cursor.fetchall()]


def rows_left(connection: Connection[Any]) -> set[tuple[str, str]]:
    """(table, key) of the rows that are there now: no other can be named."""
    return {(table, key) for table in CELLS for key in keys_of(connection, table)}
