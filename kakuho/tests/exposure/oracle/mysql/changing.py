"""The database goes on after a statement: values are corrected, rows come and go, then the snapshot is taken."""

from __future__ import annotations

import random
from typing import Any

from kakuho.exposure.history import History

from .database import CELLS, ROWS
from .truth import Connection

LATER = "2025-04-01"
NEW = {
    "holder": f"(id, name, email, made, touched) VALUES (%s, 'aac', 'zzx', '{LATER}', '{LATER}')",
    "policy": "(id, holder_id, number, status) VALUES (%s, 1, 'PL-9', 'aad')",
    "visit": "(id, policy_id, day, note) VALUES (%s, 1, '2025-03-03', 'zzw')",
    "clinic": "(id, title) VALUES (%s, 'aae')",
}


def live_on(connection: Connection[Any], chance: random.Random) -> History:
    """Up to three changes; what a whole database log would tell of them."""
    written: set[str] = set()
    removed: set[str] = set()
    with connection.cursor() as cursor:
        for _ in range(chance.randint(1, 3)):
            table = chance.choice(list(CELLS))
            key = chance.choice([row[0] for row in ROWS[table][1]])
            kind = chance.random()
            if kind < 0.5:
                stamp = f", touched = '{LATER}'" if table == "holder" else ""
                value = chance.choice(["aab", "zzy", "new~value", None])
                column = chance.choice(CELLS[table])
                cursor.execute(f"UPDATE {table} SET {column} = %s{stamp} WHERE id = %s", (value, key))
                written.add(table)
            elif kind < 0.75:
                cursor.execute(f"DELETE FROM {table} WHERE id = %s", (key,))
                removed.add(table)
            else:
                cursor.execute(f"INSERT IGNORE INTO {table} {NEW[table]}", (20 + chance.randint(0, 5),))
                written.add(table)
    return History(True, frozenset(written), frozenset(removed))
