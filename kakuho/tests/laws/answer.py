"""A generated world's evidence, with sources left out, put before ``judge``."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

import ibis
import psycopg
import pyarrow as pa

from kakuho.engine.answers import PostgresqlAnswers
from kakuho.engine.schemas import TABLES
from kakuho.evidence.witnesses import Coverage
from kakuho.exposure.history import History, history
from kakuho.exposure.investigated import Investigated, PathState
from kakuho.exposure.judge import Evidence, Judgement, Snapshot, judge
from kakuho.exposure.sql import Schema
from kakuho.inventory import Inventory, load_inventory

from .world import START, World

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


def answer(
    world: World, connection: psycopg.Connection, present: Collection[str], inventory: Inventory | None = None
) -> Judgement:
    """``present``: the sources handed over. The intruder is told apart by the access log, so without it nothing is."""
    inventory = inventory or INVENTORY
    lost = {TABLE_OF[source] for source in TABLE_OF if source not in present}
    attacker = [row for row in world.attacker if row["table"] not in lost] if "access_log" in present else []
    used = world.used | ({"web.profile"} if world.compromised else set())
    states = [
        PathState(p.id, "used" if p.id in used else "closed", None, None, "as generated", "rule")
        for p in inventory.access_paths
    ]
    investigated = Investigated(
        delimited="access_log" in present,
        first=START,
        last=world.now,
        start_established=True,
        accounts_known="disclosure_ledger" in present or "database_log" in present,
        compromised=tuple(sorted(world.compromised)),
        paths=tuple(states),
        raw={},
    )
    writes = [str(row["statement"]) for row in world.datastore if row["statement"]]
    past = history(writes, known=True) if "database_log" in present else History(known=False)
    evidence = Evidence(
        attacker=_lake("attacker_events", attacker),
        http=_lake("http_activity", world.http if "access_log" in present else []),
        datastore=_lake("datastore_activity", world.datastore if "database_log" in present else []),
        disclosure=_lake("disclosure", world.disclosure if "disclosure_ledger" in present else []),
        coverage=Coverage.of((role, _before(START), world.now + timedelta(days=1)) for role in present),
    )
    tables = {name: ibis.memtable(_read(connection, name)) for name in SCHEMA.tables}
    return judge(evidence, Snapshot(tables, SCHEMA, PostgresqlAnswers(connection), past), investigated, inventory)


def by_verdict(judgement: Judgement, verdict: str) -> set[tuple[str, str]]:
    rows = judgement.verdicts.to_pylist()
    return {(row["subject"], row["item"]) for row in rows if row["verdict"] == verdict}


def _before(time: datetime) -> datetime:
    return time - timedelta(days=3)


def _lake(name: str, rows: list[dict[str, object]]) -> ibis.Table:
    return ibis.memtable(pa.Table.from_pylist(rows, schema=TABLES[name].schema))


def _read(connection: psycopg.Connection, name: str) -> pa.Table:
    columns = list(SCHEMA.tables[name])
    rows = connection.execute(f"SELECT {', '.join(f'{c}::text' for c in columns)} FROM {name}".encode()).fetchall()
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return pa.table({c: pa.array(v, pa.string()) for c, v in zip(columns, values, strict=True)})
