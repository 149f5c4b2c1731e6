"""All methods together: events, inventory and snapshot in, claims and verdicts out. Pure but for the replay connection.

Nothing here reads a case folder, so the laws can be tried on generated intrusions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import psycopg
import pyarrow as pa

from kakuho.evidence.witnesses import Coverage
from kakuho.exposure.cells import Tables, cells, owners_of_all
from kakuho.exposure.claims import Claims, union
from kakuho.exposure.history import History
from kakuho.exposure.investigated import Investigated
from kakuho.exposure.methods.ledger import ledger_claims
from kakuho.exposure.methods.paths import routes_of
from kakuho.exposure.methods.reach import reach_claims
from kakuho.exposure.methods.replay import replay_claims
from kakuho.exposure.methods.route import route_claims
from kakuho.exposure.reasons import REASONS, Reason
from kakuho.exposure.sql import Schema
from kakuho.exposure.statements import collect, made_by
from kakuho.exposure.verdicts import VERDICTS, verdicts
from kakuho.inventory import Inventory

_PLACE = ("time", "source_id", "line", "byte_offset")
_REQUEST = (*_PLACE, "duration_us", "method", "url_path", "url_query", "status", "bytes_out")
_SESSION = ("session_id", "session_line", "duration_us", "db_user", "src_ip", "application", "kind")
_STATEMENT = (*_PLACE, *_SESSION, "statement", "parameters", "outcome", "message")


@dataclass(frozen=True)
class Evidence:
    """The lake's tables that exposure reads, and the intruder's events among them."""

    attacker: ir.Table
    http: ir.Table
    datastore: ir.Table
    disclosure: ir.Table
    coverage: Coverage


@dataclass(frozen=True)
class Snapshot:
    """The restored database: its classified tables, its schema, a connection that can only read, what changed since."""

    tables: Tables
    schema: Schema
    connection: psycopg.Connection[tuple[object, ...]]
    history: History


@dataclass(frozen=True)
class Judgement:
    """``verdicts`` sorted by category, subject, item."""

    verdicts: pa.Table
    claims: Claims
    reasons: Mapping[str, Reason]


def judge(evidence: Evidence, snapshot: Snapshot, investigated: Investigated, inventory: Inventory) -> Judgement:
    inventory = _as_witnessed(inventory, evidence.datastore)
    owners = ibis.memtable(owners_of_all(snapshot.tables, inventory).to_pyarrow())
    requests = ibis.memtable(_events(evidence.attacker, evidence.http, "http_activity", _REQUEST).to_pyarrow())
    asked = _with_sql(requests, inventory)
    statements = collect(asked, _statements(evidence, inventory, made_by(asked, inventory)), inventory)
    reach, more = reach_claims(inventory, evidence.coverage, investigated)
    claims = union(
        [
            ledger_claims(evidence.attacker, evidence.disclosure),
            route_claims(
                requests, inventory, evidence.coverage, investigated, owners, snapshot.tables, snapshot.history
            ),
            replay_claims(
                statements, snapshot.connection, snapshot.schema, snapshot.history, inventory, owners, snapshot.tables
            ),
            reach,
        ]
    )
    reasons = {**REASONS, **more}
    found = verdicts(cells(snapshot.tables, inventory), claims, reasons, inventory).to_pyarrow()
    ordered = (
        found.select(VERDICTS.names)
        .cast(VERDICTS)
        .sort_by([("category", "ascending"), ("subject", "ascending"), ("item", "ascending")])
    )
    return Judgement(ordered, claims, reasons)


def _as_witnessed(inventory: Inventory, datastore: ir.Table) -> Inventory:
    """A database log with a statement without an address, or with no query at all (it leaves reads out), does not tell
    the application's connections from others.
    """
    logged = datastore.filter(datastore.statement.notnull())
    unplaced = logged.filter(logged.src_ip.isnull()).limit(1).to_pyarrow().num_rows
    queries = (
        logged.filter(logged.statement.re_search(r"(?i)^(\s|/\*.*?\*/)*(select|with)\b")).limit(1).to_pyarrow().num_rows
    )
    return inventory if queries and not unplaced else inventory.without_addresses()


def _statements(evidence: Evidence, inventory: Inventory, made: set[str]) -> list[dict[str, Any]]:
    """The intruder's lines in the database log; ``own``: over a connection of his, past the application.

    Uncertain ones count only where no access log tells which requests were the intruder's: with one, the pages that
    those requests opened are claimed by route or ledger. What came past the application counts always, and so does a
    statement whose very text a request of his makes (``made``): it stands beside that request, in whose time it ran.
    """
    mine = _events(evidence.attacker, evidence.datastore, "datastore_activity", _STATEMENT)
    told = ibis.literal(False)
    for start, end in evidence.coverage.intervals.get("access_log", ()):
        told = told | mine.time.between(ibis.literal(start), ibis.literal(end))
    by_request = ~mine.certain & (mine.why.fill_null("") != "foreign_connection") & told
    texts = ibis.memtable(pa.table({"statement": pa.array(sorted(made), pa.string())}))
    found = _in_order(mine.filter(~by_request).union(mine.filter(by_request).semi_join(texts, "statement")))
    for row in found:
        foreign = inventory.is_foreign(row["db_user"], row["src_ip"])
        row["own"] = row["certain"] and row["why"] == "direct_connection" and foreign
    return found


def _with_sql(requests: ir.Table, inventory: Inventory) -> list[dict[str, Any]]:
    """The requests on routes whose SQL the inventory knows."""
    paths = requests.select("method", url_path=requests.url_path.fill_null("")).distinct()
    found = [route.among(paths).to_pyarrow() for route in routes_of(inventory) if route.path.sql]
    if not any(table.num_rows for table in found):
        return []
    known = ibis.memtable(pa.concat_tables(found)).distinct()
    return _in_order(requests.semi_join(known, ["method", "url_path"]))


def _events(attacker: ir.Table, events: ir.Table, name: str, columns: tuple[str, ...]) -> ir.Table:
    """The intruder's rows of one event table, with ``certain`` and ``why``."""
    mine = attacker.filter(attacker["table"] == name)
    keys = mine.group_by("source_id", "line").agg(certain=lambda t: t.certain.any(), why=lambda t: t.why.min())
    return events.select(*columns).join(keys, ["source_id", "line"]).select(*columns, "certain", "why")


def _in_order(events: ir.Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = events.order_by(["time", "source_id", "line"]).to_pyarrow().to_pylist()
    return found
