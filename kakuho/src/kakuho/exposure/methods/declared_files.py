"""Claims by what the inventory declares of an export or a backup: its collections and items, at most.

Rows created after the last time at which such a file can have been written are not in it, where the snapshot has the
time of their creation. What is in it stood then as it may no longer stand: possible, never confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from kakuho.exposure.cells import Tables, filled
from kakuho.exposure.claims import CLAIMS, POSSIBLE, Claims, together
from kakuho.exposure.methods.file_reasons import declared_reason
from kakuho.exposure.methods.scope import everything, of_collection
from kakuho.exposure.methods.transfers import Transfer
from kakuho.inventory import AccessPath, Collection, Inventory

SLACK = timedelta(hours=1)
"""How far the clocks of the host, the log and the database may be apart, and how late a daily job may start."""


def declared_claims(
    path: AccessPath, events: Sequence[Transfer], inventory: Inventory, tables: Tables, owners: ir.Table
) -> Claims:
    """Every cell that a file of ``path`` can hold, taken at the latest of ``events``."""
    claim, reason = f"export:path:{path.id}", declared_reason(path)[0]
    latest = written_before(path, max(one.time for one in events), inventory.time_zone)
    names = [c.name for c in inventory.personal()] if path.collections == "*" else path.collections
    found = []
    sets: set[tuple[str, str, str, str]] = set()
    for name in names:
        if not inventory.has_collection(name) or not inventory.collection(name).personal:
            continue
        collection = inventory.collection(name)
        items = tuple(item for item in collection.items() if not path.items or item in path.items)
        known = _created(collection, tables)
        late = known is not None and known.filter(known.created > ibis.literal(latest)).limit(1).to_pyarrow().num_rows
        if known is None or not late:
            sets |= {(claim, reason, record, item) for record, item in of_collection(inventory, name, items)}
            continue
        there = known.filter(known.created.isnull() | (known.created <= ibis.literal(latest)))
        found.append(_listed(claim, reason, there, collection, items, owners))
    if path.collections == "*":
        held = {item for one in inventory.personal() for item in one.items()}
        sets |= {(claim, reason, r, i) for r, i in everything(inventory) if i not in held}
    cited = {(claim, one.source_id, one.line, one.byte_offset) for one in events}
    return together([*found, Claims.listed("export", sets=sets, events=cited)])


def written_before(path: AccessPath, moment: datetime, zone: str) -> datetime:
    """The latest time at which a row can have been made that is in the file; UTC without a zone, as ``moment``."""
    if path.written is None:
        return moment + SLACK
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    daily = datetime.combine(local.date(), time.fromisoformat(path.written), tzinfo=ZoneInfo(zone))
    if daily > local + SLACK:
        daily -= timedelta(days=1)
    return daily.astimezone(UTC).replace(tzinfo=None) + SLACK


def _created(collection: Collection, tables: Tables) -> ir.Table | None:
    """The collection's rows with ``created``; None where the snapshot does not tell when they were made."""
    column = collection.created_at
    if column is None or collection.name not in tables or column not in tables[collection.name].columns:
        return None
    table = tables[collection.name]
    return table.mutate(created=table[column].cast("string").try_cast("timestamp('UTC')").cast("timestamp"))


def _listed(
    claim: str, reason: str, rows: ir.Table, collection: Collection, items: Iterable[str], owners: ir.Table
) -> Claims:
    own = owners.filter(owners.collection == collection.name).select("key", "subject")
    parts = []
    for item in items:
        some = reduce(lambda a, b: a | b, (filled(rows[column]) for column in collection.items()[item]))
        keyed = rows.filter(some).select(key=rows[collection.key].cast("string"))
        whose = ibis.memtable(keyed.to_pyarrow()).join(own, "key").select("subject").distinct()
        parts.append(whose.mutate(item=ibis.literal(item)).to_pyarrow())
    joined = pa.concat_tables(parts) if parts else None
    if joined is None or not joined.num_rows:
        return Claims.of()
    size = joined.num_rows
    given = {"claim_id": claim, "method": "export", "certainty": POSSIBLE, "reason_id": reason}
    columns = {name: pa.repeat(value, size).cast(pa.string()) for name, value in given.items()}
    columns |= {name: joined[name] for name in ("subject", "item")}
    return Claims.of(claims=pa.table(columns).select(CLAIMS.names).cast(CLAIMS))
