"""All methods together: events, inventory and snapshot in, claims and verdicts out. Pure but for the restored snapshot.

Nothing here reads a case folder, so the laws can be tried on generated intrusions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from kakuho.engine.answers import Answers
from kakuho.evidence.witnesses import Coverage
from kakuho.exposure.cells import Tables, cells, owners_of_all
from kakuho.exposure.claims import Claims, union
from kakuho.exposure.history import History
from kakuho.exposure.investigated import Investigated
from kakuho.exposure.methods.errors import Holding, error_claims
from kakuho.exposure.methods.file_reasons import ERROR_REASONS, FILE_REASONS
from kakuho.exposure.methods.files import FileEvidence, file_claims
from kakuho.exposure.methods.injection import injection_claims
from kakuho.exposure.methods.injection_events import READS
from kakuho.exposure.methods.ledger import ledger_claims
from kakuho.exposure.methods.paths import routes_of
from kakuho.exposure.methods.reach import reach_claims
from kakuho.exposure.methods.replay import replay_claims
from kakuho.exposure.methods.route import route_claims
from kakuho.exposure.protection import key_reach, protection_reasons
from kakuho.exposure.reasons import REASONS, Reason
from kakuho.exposure.refusal_mysql import is_refusal
from kakuho.exposure.sql import Schema
from kakuho.exposure.statements import collect, made_by, seen_errors
from kakuho.exposure.verdict_sets import in_order, unpack
from kakuho.exposure.verdicts import verdict_sets
from kakuho.exposure.witnessed import as_witnessed
from kakuho.inventory import Inventory

_PLACE = ("time", "source_id", "line", "byte_offset")
_REQUEST = (*_PLACE, "duration_us", "method", "url_path", "url_query", "status", "bytes_out")
_SESSION = ("session_id", "session_line", "duration_us", "db_user", "src_ip", "application", "kind", "database")
_STATEMENT = (*_PLACE, *_SESSION, "statement", "parameters", "outcome", "message", "unmapped")


@dataclass(frozen=True)
class Evidence:
    """The lake's tables that exposure reads, and the intruder's events among them."""

    attacker: ir.Table
    http: ir.Table
    datastore: ir.Table
    disclosure: ir.Table
    coverage: Coverage
    files: FileEvidence = field(default_factory=FileEvidence)


@dataclass(frozen=True)
class Snapshot:
    """The restored database: its classified tables, its schema, what answers queries of it, what changed since."""

    tables: Tables
    schema: Schema
    answers: Answers
    history: History


@dataclass(frozen=True)
class Judgement:
    """``sets``: the verdicts, as ``VERDICT_SETS`` has them; ``verdicts``: a row a cell."""

    sets: pa.Table
    claims: Claims
    reasons: Mapping[str, Reason]

    @cached_property
    def verdicts(self) -> pa.Table:
        """Sorted by category, subject, item."""
        return unpack(self.sets)


def judge(evidence: Evidence, snapshot: Snapshot, investigated: Investigated, inventory: Inventory) -> Judgement:
    inventory = as_witnessed(inventory, evidence.datastore)
    owners = ibis.memtable(owners_of_all(snapshot.tables, inventory).to_pyarrow())
    requests = ibis.memtable(_events(evidence.attacker, evidence.http, "http_activity", _REQUEST).to_pyarrow())
    asked = _with_sql(requests, inventory)
    logged = _statements(evidence, inventory, made_by(asked, inventory))
    statements = collect(asked, logged, inventory)
    reach, more = reach_claims(inventory, evidence.coverage, investigated)
    files = file_claims(evidence.files, evidence.attacker, inventory, snapshot.tables, owners)
    opened = _without_files(requests, files.declared, inventory)
    replayed = replay_claims(
        statements, snapshot.answers, snapshot.schema, snapshot.history, inventory, owners, snapshot.tables
    )
    claims = union(
        [
            files.claims,
            ledger_claims(evidence.attacker, evidence.disclosure),
            route_claims(opened, inventory, evidence.coverage, investigated, owners, snapshot.tables, snapshot.history),
            replayed,
            error_claims(
                logged,
                replayed,
                Holding(snapshot.tables, owners, snapshot.history, inventory),
                seen_errors(asked, inventory),
            ),
            injection_claims(
                _events(evidence.attacker, evidence.http, "http_activity", READS),
                inventory,
                snapshot.schema,
                snapshot.history,
                snapshot.tables,
                owners,
            ),
            reach,
        ]
    )
    reasons = {**REASONS, **FILE_REASONS, **ERROR_REASONS, **files.reasons, **more}
    keys = key_reach(inventory, investigated)
    found = verdict_sets(cells(snapshot.tables, inventory), claims, reasons, inventory, keys)
    return Judgement(in_order(found.to_pyarrow()), claims, {**reasons, **protection_reasons(keys)})


def _without_files(requests: ir.Table, declared: Iterable[tuple[int, int]], inventory: Inventory) -> ir.Table:
    """The requests but for downloads that no route answers and of which the inventory says what they give."""
    known = sorted(declared)
    if not known:
        return requests
    paths = requests.select("method", url_path=requests.url_path.fill_null("")).distinct()
    routed = [route.among(paths).to_pyarrow() for route in routes_of(inventory)]
    places = {"source_id": [source for source, _ in known], "line": [line for _, line in known]}
    theirs = requests.semi_join(ibis.memtable(pa.table(places)), ["source_id", "line"])
    if routed:
        theirs = theirs.mutate(url_path=theirs.url_path.fill_null(""))
        theirs = theirs.anti_join(ibis.memtable(pa.concat_tables(routed)), ["method", "url_path"])
    return requests.anti_join(ibis.memtable(theirs.select("source_id", "line").to_pyarrow()), ["source_id", "line"])


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
        besides = row["unmapped"] or ""
        row["ended"] = '"query_id"' in besides  # MariaDB's audit plugin writes at the end
        row["refused"] = is_refusal(besides, row["statement"])
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
