"""Whose accounts are these? Read from the restored snapshot, where the ledger does not say.

An account ``<table>:<key>`` is a row of that table; its party is the first record (a row of a collection with
``record_of``) that one of its columns leads to: by the inventory's links, or by a foreign key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kakuho.case import Case
from kakuho.engine.restored import Restored
from kakuho.evidence.restoring import restored
from kakuho.inventory import Inventory
from kakuho.investigation.accounts import Parties, Party


def parties_in_snapshot(case: Case, inventory: Inventory, sha256: str | None) -> Parties:
    """Looks accounts up in the snapshot of that hash; knows none where there is no snapshot."""

    def look_up(accounts: Sequence[str]) -> Mapping[str, Party]:
        if sha256 is None:
            return {}
        with restored(case, sha256) as snapshot:
            keys = snapshot.primary_keys()
            found: dict[str, Party] = {}
            for table in sorted({account.partition(":")[0] for account in accounts}):
                if len(keys.get(table, ())) == 1:
                    wanted = [a.partition(":")[2] for a in accounts if a.startswith(f"{table}:")]
                    found |= _in_table(snapshot, inventory, table, keys[table][0], wanted)
            return found

    return look_up


def _in_table(snapshot: Restored, inventory: Inventory, table: str, key: str, wanted: list[str]) -> dict[str, Party]:
    links = snapshot.foreign_keys(table)
    if inventory.has_collection(table):
        links = [*((link.field, link.collection) for link in inventory.collection(table).subject), *links]
    records = {record.name: record.record_of for record in inventory.records()}
    links = [(column, target) for column, target in links if target in records]
    found: dict[str, Party] = {}
    for row in snapshot.look_up(table, key, [key, *(column for column, _ in links)], wanted):
        linked = ((target, value) for (_, target), value in zip(links, row[1:], strict=True) if value is not None)
        target, value = next(linked, (None, None))
        found[f"{table}:{row[0]}"] = (None, None) if target is None else (f"{target}:{value}", records[target])
    return found
