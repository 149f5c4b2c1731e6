"""Whose accounts are these? Read from the restored snapshot, where the ledger does not say.

An account ``<table>:<key>`` is a row of that table; its party is the first record (a row of a collection with
``record_of``) that one of its columns leads to: by the inventory's links, or by a foreign key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from kakuho.case import Case
from kakuho.engine.sandbox import SnapshotSandbox
from kakuho.inventory import Inventory
from kakuho.investigation.accounts import Parties, Party

FOREIGN_KEYS = b"""
    SELECT a.attname, target.relname FROM pg_constraint k JOIN pg_class source ON source.oid = k.conrelid
    JOIN pg_class target ON target.oid = k.confrelid
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'f' AND array_length(k.conkey, 1) = 1 AND source.relname = %s ORDER BY a.attname
"""


def parties_in_snapshot(case: Case, inventory: Inventory, sha256: str | None) -> Parties:
    """Looks accounts up in the snapshot of that hash; knows none where there is no snapshot."""

    def look_up(accounts: Sequence[str]) -> Mapping[str, Party]:
        if sha256 is None:
            return {}
        with SnapshotSandbox.of(case, sha256) as sandbox:
            keys = sandbox.primary_keys()
            found: dict[str, Party] = {}
            for table in sorted({account.partition(":")[0] for account in accounts}):
                if len(keys.get(table, ())) == 1:
                    wanted = [a.partition(":")[2] for a in accounts if a.startswith(f"{table}:")]
                    found |= _in_table(sandbox.connection, inventory, table, keys[table][0], wanted)
            return found

    return look_up


def _in_table(
    connection: psycopg.Connection[Any], inventory: Inventory, table: str, key: str, wanted: list[str]
) -> dict[str, Party]:
    links = [(str(column), str(target)) for column, target in connection.execute(FOREIGN_KEYS, [table]).fetchall()]
    if inventory.has_collection(table):
        links = [*((link.field, link.collection) for link in inventory.collection(table).subject), *links]
    records = {record.name: record.record_of for record in inventory.records()}
    links = [(column, target) for column, target in links if target in records]
    columns = sql.SQL(", ").join(sql.Identifier(column) for column, _ in [(key, ""), *links])
    query = sql.SQL("SELECT {} FROM {} WHERE {}::text = ANY(%s)").format(
        columns, sql.Identifier(table), sql.Identifier(key)
    )
    found: dict[str, Party] = {}
    for row in connection.execute(query, [wanted]).fetchall():
        linked = ((target, value) for (_, target), value in zip(links, row[1:], strict=True) if value is not None)
        target, value = next(linked, (None, None))
        found[f"{table}:{row[0]}"] = (None, None) if target is None else (f"{target}:{value}", records[target])
    return found
