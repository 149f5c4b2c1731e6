"""Which dump in the database's log dates the snapshot, and from when on writing counts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from ibis.backends.duckdb import Backend

from kakuho.engine.backend import LakeBackend
from kakuho.engine.schemas import TABLES
from kakuho.evidence.witnesses import Coverage
from kakuho.exposure.history import History
from kakuho.exposure.snapshot import history_since

MARCH = datetime.fromisoformat("2025-03-01")  # UTC without a zone, as in the lake
DUMP = "COPY public.policyholder (id) TO stdout;"


def _day(number: float) -> datetime:
    return MARCH + timedelta(days=number - 1)


def _lake(*statements: tuple[float, str, str], intruders: tuple[int, ...]) -> Backend:
    """``statements``: day, application, text; ``intruders``: the lines that are the intruder's."""
    rows = [
        {"time": _day(day), "source_id": 1, "line": line, "application": application, "statement": text,
         "outcome": "success"}
        for line, (day, application, text) in enumerate(statements, 1)
    ]  # fmt: skip
    mine = [
        {"source_id": 1, "line": line, "table": "datastore_activity", "time": rows[line - 1]["time"]}
        for line in intruders
    ]
    backend = LakeBackend()
    backend.do_connect()
    for name, events in (("datastore_activity", rows), ("attacker_events", mine)):
        backend.con.register(name, pa.Table.from_pylist(events, schema=TABLES[name].schema))
    return backend


def _history(backend: Backend, *, covered: tuple[float, float] = (1, 30), first: float = 10) -> History:
    return history_since(backend, Coverage.of([("database_log", _day(covered[0]), _day(covered[1]))]), _day(first))


def test_the_intruders_pg_dump_does_not_date_the_snapshot() -> None:
    written = (20, "petinsurance", "UPDATE policyholder SET name = $1")
    stolen, taken = (10, "pg_dump", DUMP), (25, "pg_dump", DUMP)
    assert _history(_lake(stolen, written, taken, intruders=(1,))).written == {"policyholder"}
    assert _history(_lake(stolen, written, intruders=(1,))) == History(known=False)


def test_a_dump_of_the_intruders_after_the_snapshot_changes_nothing() -> None:
    taken, stolen = (25, "pg_dump", DUMP), (28, "pg_dump", DUMP)
    assert _history(_lake(taken, stolen, intruders=(2,)), covered=(1, 26)).known


@pytest.mark.parametrize(("covered", "known"), [((1, 30), True), ((9, 30), False)])
def test_writing_counts_from_the_intruders_first_statement_on(covered: tuple[float, float], known: bool) -> None:
    lake = _lake((8, "psql", "SELECT id FROM policyholder"), (25, "pg_dump", DUMP), intruders=(1,))
    assert _history(lake, covered=covered).known is known
