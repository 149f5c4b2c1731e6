"""Replay against an oracle that shares nothing with it: PostgreSQL itself, run again with one value changed.

If changing a value of a row changes what a statement returns, the statement told something of that value: replay must
claim it. What replay is certain of must stand, whole, in the statement's output.
Not asked: that a row sorts behind a LIMIT, or is not among those that ``= 'x'`` or ``LIKE 'x%'`` kept, since that is
no value of its own (fresh values match no such condition).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuho.engine.answers import PostgresqlAnswers
from kakuho.engine.postgresql import EmbeddedServer
from kakuho.exposure.history import History
from kakuho.exposure.methods.replay_rows import Replay
from kakuho.exposure.sql import Schema, analyse

TIME = datetime.fromisoformat("2025-03-20")  # UTC without a zone, as in the lake
COLUMNS = {"holder": ("name", "email"), "policy": ("number", "holder_id")}
SCHEMA = Schema(
    tables={"holder": dict.fromkeys(("id", "name", "email"), "text"),
            "policy": dict.fromkeys(("id", "holder_id", "number"), "text")},
    keys={"holder": "id", "policy": "id"},
    unique={"policy": frozenset({"number"})},
)  # fmt: skip
Cell = tuple[str, str, str]

FIRST = "ASCII(SUBSTRING((SELECT i.{c} FROM holder i ORDER BY i.id OFFSET 1 LIMIT 1) FROM 1 FOR 1)) > 109"
OWNED = "h.id IN (SELECT p.holder_id FROM policy p JOIN holder i ON i.id = p.holder_id WHERE i.{c} > 'k')"
WRAPPED = (
    "h.{c}",
    "COALESCE(h.{c}::text,' ')",
    "CHR(113)||h.{c}||CHR(113)",
    "lower(h.{c})",
    "substring(h.{c} from 1 for 2)",
    "(SELECT max(i.{c}) FROM holder i WHERE i.id >= h.id)",
    "CASE WHEN h.{c} > 'n' THEN 1 ELSE 0 END",
)
CONDITIONS = (
    "h.id = {n}",
    "h.id > {n}",
    "h.{c} > 'n'",
    "h.{c} LIKE 'k%'",
    FIRST,
    "EXISTS (SELECT 1 FROM holder i WHERE i.{c} < h.{c})",
    OWNED,
    "h.id IN (SELECT holder_id FROM policy WHERE number = 'PL-{n}')",
)
STATEMENTS = (
    "SELECT {w} FROM holder h{where}",
    "SELECT {w} FROM holder h{where} ORDER BY h.id LIMIT 2 OFFSET {n}",
    "SELECT DISTINCT {w} FROM holder h{where}",
    "SELECT string_agg(h.{c}, ',' ORDER BY h.id) FROM holder h{where}",
    "SELECT max(h.{c}), count(*) FROM holder h{where}",
    "SELECT p.number, {w} FROM policy p JOIN holder h ON h.id = p.holder_id{where}",
    "SELECT p.number, {w} FROM policy p LEFT JOIN holder h ON h.id = p.holder_id{where}",
    "WITH a AS (SELECT h.id, {w} AS v FROM holder h{where}) SELECT v FROM a WHERE a.id < 4",
    "SELECT {w}::text FROM holder h{where} UNION ALL SELECT {c} FROM holder",
    "SELECT {w}::text FROM holder h{where} EXCEPT SELECT number FROM policy",
)
column = st.sampled_from(["name", "email"])
number = st.integers(0, 5)
wrapped = st.builds(lambda text, c: text.format(c=c), st.sampled_from(WRAPPED), column)
condition = st.builds(lambda text, c, n: text.format(c=c, n=n), st.sampled_from(CONDITIONS), column, number)
where = st.builds(
    lambda parts, glue: f" WHERE {glue.join(parts)}" if parts else "",
    st.lists(condition, max_size=2),
    st.sampled_from([" AND ", " OR "]),
)
statement = st.builds(
    lambda text, w, c, n, where: text.format(w=w, c=c, n=n, where=where),
    st.sampled_from(STATEMENTS),
    wrapped,
    column,
    number,
    where,
)


@pytest.fixture(scope="module")
def database() -> Iterator[psycopg.Connection]:
    with (
        tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder,  # the server's user may not enter pytest's own
        EmbeddedServer(Path(folder) / "server") as server,
        psycopg.connect(server.connection_string(), autocommit=True) as connection,
    ):
        connection.execute("CREATE TABLE holder (id bigint PRIMARY KEY, name text, email text)")
        connection.execute("CREATE TABLE policy (id bigint PRIMARY KEY, holder_id bigint, number text)")
        connection.execute(
            "INSERT INTO holder VALUES (1,'kato','q1@x'), (2,'sato','k2@x'), (3,'abe','z3@x'), (4,'mori','b4@x')"
        )
        connection.execute("INSERT INTO policy VALUES (1,1,'PL-1'), (2,1,'PL-2'), (3,3,'PL-3'), (4,NULL,'PL-4')")
        yield connection


def output(connection: psycopg.Connection, text: str) -> list[tuple[object, ...]] | None:
    try:
        return sorted(connection.execute(text.encode()).fetchall(), key=repr)
    except psycopg.Error:
        return None


def influencing(connection: psycopg.Connection, text: str) -> set[Cell]:
    before = output(connection, text)
    found: set[Cell] = set()
    for table, column in (("holder", "name"), ("holder", "email"), ("policy", "number")):
        for (key,) in connection.execute(f"SELECT id FROM {table}".encode()).fetchall():
            for fresh in ("AAA", "zzz"):
                with connection.transaction(force_rollback=True):
                    connection.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s".encode(), (fresh, key))
                    if output(connection, text) != before:
                        found.add((table, str(key), column))
    return found


def claimed(connection: psycopg.Connection, text: str) -> tuple[set[Cell], set[Cell]]:
    """All that replay claims, and what it is certain of."""
    every: set[Cell] = set()
    certain: set[Cell] = set()
    for block in analyse(text, SCHEMA).blocks:
        for rows in Replay(PostgresqlAnswers(connection), SCHEMA, History(known=True)).rows(block, TIME, TIME):
            slot = block.slots[rows.slot]
            keys = rows.keys
            exact = rows.exact
            if keys is None:
                keys = tuple(str(k) for (k,) in connection.execute(f"SELECT id FROM {slot.table}".encode()).fetchall())
                exact = (False,) * len(keys)
            for key, sure in zip(keys, exact, strict=True):
                columns = slot.probed if rows.probed else slot.in_full | slot.in_part
                every |= {(slot.table, key, column) for column in columns}
                if sure and not rows.probed:
                    certain |= {(slot.table, key, column) for column in slot.in_full}
    return every, certain


@given(statement)
def test_replay_claims_whatever_the_answer_depends_on(database: psycopg.Connection, text: str) -> None:
    if output(database, text) is None:
        return
    every, _ = claimed(database, text)
    assert influencing(database, text) - every == set()


@given(statement)
def test_what_replay_is_certain_of_stands_whole_in_the_output(database: psycopg.Connection, text: str) -> None:
    rows = output(database, text)
    if rows is None:
        return
    shown = repr(rows)
    _, certain = claimed(database, text)
    for table, key, column in certain:
        held = database.execute(f"SELECT {column} FROM {table} WHERE id = %s".encode(), (key,)).fetchone()
        assert held is not None
        assert held[0] is None or str(held[0]) in shown
