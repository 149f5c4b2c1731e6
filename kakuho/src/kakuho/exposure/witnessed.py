"""The inventory as the evidence at hand bears it out: who judges, explains or asks what is missing takes this one."""

from __future__ import annotations

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from kakuho.evidence.expected import covered_by_all
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


def coverage_of(backend: Backend, inventory: Inventory) -> Coverage:
    """What the sources of the lake cover, by role, where the logs that must exist are all there."""
    rows = backend.table("coverage").to_pyarrow().to_pylist()
    sources = backend.table("sources").select("source_id", "name").to_pyarrow().to_pylist()
    names = {row["source_id"]: row["name"] for row in sources}
    stretches = [(names.get(row["source_id"], ""), row["role"], row["start"], row["end"]) for row in rows]
    return covered_by_all(stretches, inventory.evidence_sources)
