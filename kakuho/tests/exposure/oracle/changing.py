"""The database goes on after a statement: values are corrected, rows come and go, then the snapshot is taken."""

from __future__ import annotations

import random

import psycopg

from kakuho.exposure.history import History

from .database import CELLS, ROWS
from .truth import fill

LATER = "2025-04-01"


def live_on(connection: psycopg.Connection, chance: random.Random) -> History:
    """Up to three changes; what a whole database log would tell of them."""
    written: set[str] = set()
    removed: set[str] = set()
    for _ in range(chance.randint(1, 3)):
        table = chance.choice(list(CELLS))
        key = chance.choice([row[0] for row in ROWS[table][1]])
        stamp = f", touched = '{LATER}'" if table == "holder" else ""
        kind = chance.random()
        if kind < 0.5:
            column = chance.choice(CELLS[table])
            value = chance.choice(["aab", "zzy", "new~value", None])
            query = f"UPDATE ONLY {table} SET {column} = %s{stamp} WHERE id = %s"
            connection.execute((query if table != "visit" else query.replace("ONLY ", "")).encode(), (value, key))
            written.add(table)
        elif kind < 0.75:
            only = "" if table == "visit" else "ONLY "
            connection.execute(f"DELETE FROM {only}{table} WHERE id = %s".encode(), (key,))
            removed.add(table)
        else:
            _add(connection, table, 20 + chance.randint(0, 5))
            written.add(table)
    return History(True, frozenset(written), frozenset(removed))


def restore(connection: psycopg.Connection) -> None:
    for table in ROWS:
        fill(connection, table, None)


def _add(connection: psycopg.Connection, table: str, key: int) -> None:
    rows = {
        "holder": f"(id, name, email, made, touched) VALUES (%s, 'aac', 'zzx', '{LATER}', '{LATER}')",
        "policy": "(id, holder_id, number, status) VALUES (%s, 1, 'PL-9', 'aad')",
        "visit": "(id, policy_id, day, note) VALUES (%s, 1, '2025-03-03', 'zzw')",
        "clinic": "(id, title) VALUES (%s, 'aae')",
        "branch": "(id, title, town) VALUES (%s, 'zzv', 'aaf')",
    }
    connection.execute(f"INSERT INTO {table} {rows[table]} ON CONFLICT DO NOTHING".encode(), (key,))
