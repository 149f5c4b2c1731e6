"""The inventory as the evidence at hand bears it out: who judges, explains or asks what is missing takes this one."""

from __future__ import annotations

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from kakuho.evidence.witnesses import Coverage
from kakuho.inventory import Inventory


def as_witnessed(inventory: Inventory, datastore: ir.Table) -> Inventory:
    """A database log with a statement without an address, or with no query at all (it leaves reads out), does not tell
    the application's connections from others.
    """
    logged = datastore.filter(datastore.statement.notnull())
    unplaced = logged.filter(logged.src_ip.isnull()).limit(1).to_pyarrow().num_rows
    queries = (
        logged.filter(logged.statement.re_search(r"(?i)^(\s|/\*.*?\*/)*(select|with)\b")).limit(1).to_pyarrow().num_rows
    )
    return inventory if queries and not unplaced else inventory.without_addresses()


def coverage_of(backend: Backend) -> Coverage:
    """What the sources of the lake cover, by role."""
    rows = backend.table("coverage").to_pyarrow().to_pylist()
    return Coverage.of((row["role"], row["start"], row["end"]) for row in rows)
