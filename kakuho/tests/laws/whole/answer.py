"""A generated world's evidence, with losses, put before the real investigation and ``judge``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import duckdb
import ibis
import psycopg
import pyarrow as pa

from kakuho.detection.decoding import define_macros
from kakuho.detection.detectors import injected_statements
from kakuho.engine.answers import PostgresqlAnswers
from kakuho.engine.schemas import TABLES
from kakuho.evidence.witnesses import Coverage
from kakuho.exposure.history import History, history
from kakuho.exposure.investigated import Investigated, investigated_of
from kakuho.exposure.judge import Evidence, Judgement, Snapshot, judge
from kakuho.exposure.sql import Schema
from kakuho.inventory import load_inventory
from kakuho.investigation import Decisions, investigate
from kakuho.investigation.accounts import Party
from kakuho.investigation.decisions import IndicatorDecision, PathDecision

from .losing import Kept, Loss, kept
from .world import ELSEWHERE, INTRUDER, SOURCES, STAFF, World

INVENTORY = load_inventory(Path(__file__).with_name("inventory.yaml"))
TABLE_OF = {"access_log": "http_activity", "database_log": "datastore_activity", "disclosure_ledger": "disclosure"}
SCHEMA = Schema(
    tables={
        "holder": dict.fromkeys(("id", "created_at", "updated_at", "name", "gender", "email"), "text"),
        "clinic": dict.fromkeys(("id", "name"), "text"),
        "policy": dict.fromkeys(("id", "holder_id", "policy_number"), "text"),
        "bank": dict.fromkeys(("id", "holder_id", "clinic_id", "number"), "text"),
    },
    keys=dict.fromkeys(("holder", "clinic", "policy", "bank"), "id"),
    unique={"policy": frozenset({"policy_number"})},
    few_values=frozenset({("holder", "gender")}),
    created_at={"holder": "created_at"},
    changed_at={"holder": "updated_at"},
)
Tables = dict[str, pa.Table]


def answer(world: World, lost: Sequence[Loss] = (), *, undecided: bool = False) -> Judgement:
    """``undecided``: nobody has said whether the host was taken; else it is said, and truly."""
    left = {source: kept(world, source, lost) for source in SOURCES}
    return judged(world, {TABLE_OF[source]: one.rows for source, one in left.items()}, left, undecided=undecided)


def judged(
    world: World, rows: Mapping[str, Sequence[dict[str, object]]], left: Mapping[str, Kept], *, undecided: bool
) -> Judgement:
    tables = {name: pa.Table.from_pylist(list(rows[name]), schema=TABLES[name].schema) for name in TABLE_OF.values()}
    stretches = [
        {"source_id": n, "role": source, "start": start, "end": end}
        for n, source in enumerate(SOURCES, 1)
        for start, end in left[source].covered
    ]
    coverage = Coverage.of((row["role"], row["start"], row["end"]) for row in stretches)
    tables["coverage"] = pa.Table.from_pylist(stretches, schema=TABLES["coverage"].schema)
    investigated, attacker = _investigated(world, tables, undecided=undecided)
    evidence = Evidence(
        attacker=ibis.memtable(attacker),
        http=ibis.memtable(tables["http_activity"]),
        datastore=ibis.memtable(tables["datastore_activity"]),
        disclosure=ibis.memtable(tables["disclosure"]),
        coverage=coverage,
    )
    past = _past(world, tables["datastore_activity"], attacker, coverage, investigated.first)
    snapshot = {name: ibis.memtable(_read(world.connection, name)) for name in SCHEMA.tables}
    return judge(
        evidence, Snapshot(snapshot, SCHEMA, PostgresqlAnswers(world.connection), past), investigated, INVENTORY
    )


def by_verdict(judgement: Judgement, verdict: str) -> set[tuple[str, str]]:
    rows = judgement.verdicts.to_pylist()
    return {(row["subject"], row["item"]) for row in rows if row["verdict"] == verdict}


@cache
def _investigator() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    define_macros(connection)
    for name, table in TABLES.items():
        connection.register(name, table.schema.empty_table())
    return connection


def _investigated(world: World, tables: Tables, *, undecided: bool) -> tuple[Investigated, pa.Table]:
    connection = _investigator()
    for name, table in tables.items():
        connection.register(name, table)
    connection.register("ledger_event", tables["disclosure"])
    decisions = _decisions(connection, world, undecided=undecided)
    result = investigate(connection, INVENTORY, decisions, _parties)
    return investigated_of(result.investigation.as_json()), result.attacker_events


def _decisions(connection: duckdb.DuckDBPyConnection, world: World, *, undecided: bool) -> Decisions:
    """An analyst confirms what there is to be seen: his addresses, the shapes of injected statements."""
    addresses = [INTRUDER, *([ELSEWHERE] if world.known_elsewhere else [])]
    seen = connection.execute(
        "SELECT DISTINCT src_ip FROM (SELECT src_ip FROM http_activity UNION ALL SELECT src_ip FROM datastore_activity"
        " UNION ALL SELECT src_ip FROM disclosure) WHERE src_ip IN (SELECT unnest(?))",
        [addresses],
    ).fetchall()
    syntax = injected_statements.has_syntax("statement_skeleton(statement)", INVENTORY)
    shapes = connection.execute(
        "SELECT DISTINCT statement_shape(statement) FROM datastore_activity"
        f" WHERE statement IS NOT NULL AND src_ip = '[local]' AND {syntax}"
    ).fetchall()
    named = [("address", one) for (one,) in seen] + [("statement_shape", one) for (one,) in shapes]
    said = {} if undecided else {"host": PathDecision("used" if world.on_the_host else "closed", "analyst", "asked")}
    return Decisions({one: IndicatorDecision("confirmed", "analyst", "seen") for one in named}, said)  # type: ignore[misc]


def _parties(accounts: Sequence[str]) -> Mapping[str, Party]:
    """As the snapshot's table of accounts tells it."""
    found: dict[str, Party] = {}
    for account in accounts:
        number = account.partition(":")[2]
        found[account] = (None, "staff") if number == str(STAFF) else (f"holder:{number}", "holder")
    return found


def _past(
    world: World, statements: pa.Table, attacker: pa.Table, coverage: Coverage, first: datetime | None
) -> History:
    """As ``history_since`` has it, with a snapshot taken an hour after the last act."""
    theirs = [row["time"] for row in attacker.to_pylist() if row["table"] == "datastore_activity"]
    since = min((time for time in (first, *theirs) if time is not None), default=None)
    if since is None or not coverage.covers("database_log", since, world.now + timedelta(hours=1)):
        return History(known=False)
    rows = [row for row in statements.to_pylist() if row["statement"] and row["outcome"] == "success"]
    return history([row["statement"] for row in rows if row["time"] >= since], known=True)


def _read(connection: psycopg.Connection, name: str) -> pa.Table:
    columns = list(SCHEMA.tables[name])
    rows = connection.execute(f"SELECT {', '.join(f'{c}::text' for c in columns)} FROM {name}".encode()).fetchall()
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return pa.table({c: pa.array(v, pa.string()) for c, v in zip(columns, values, strict=True)})
