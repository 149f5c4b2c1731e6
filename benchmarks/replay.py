"""Replay of key look-ups, statements a second: ``python -m benchmarks.replay [STATEMENTS] [ROWS]``.

The peer is the same analysis and the same queries one by one: each text parsed, and sent in a round trip of its own.
Both must claim the same rows. The mix has joins, parameters and a view besides, as an ORM sends them.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import ibis
import psycopg
import pyarrow as pa

from kakuho.engine.answers import PostgresqlAnswers
from kakuho.engine.postgresql import EmbeddedServer
from kakuho.exposure.history import History
from kakuho.exposure.methods.replay import replay_claims
from kakuho.exposure.methods.replay_rows import Replay
from kakuho.exposure.sql import Schema, analyse
from kakuho.exposure.statements import EventReference, Statement
from kakuho.inventory import Inventory, load_inventory

TIME = datetime.fromisoformat("2025-03-20")  # UTC without a zone, as in the lake
TARGET = 500
SCHEMA = Schema(
    tables={
        "holder": {"id": "bigint", "name": "text", "email": "text"},
        "policy": {"id": "bigint", "holder_id": "bigint", "number": "text"},
    },
    keys={"holder": "id", "policy": "id"},
    unique={"policy": frozenset({"number"})},
    links={"policy": frozenset({"holder_id"})},
    views={"contract": "SELECT h.id, h.name, p.number FROM holder h JOIN policy p ON p.holder_id = h.id"},
)
INVENTORY = """
inventory: 1
system: benchmark
categories: [{id: holder, kind: person, label: {ja: 契約者, en: Holders}}]
items:
- {id: name, data_category: user.name, label: {ja: 氏名, en: name}}
- {id: email, data_category: user.contact.email, label: {ja: メール, en: email}}
- {id: number, data_category: user.unique_id, label: {ja: 証券番号, en: number}}
dataset:
- fides_key: benchmark
  collections:
  - name: holder
    kakuho: {key: id, record_of: holder}
    fields: [{name: id}, {name: name, kakuho: {item: name}}, {name: email, kakuho: {item: email}}]
  - name: policy
    kakuho: {key: id, subject: [{field: holder_id, collection: holder}]}
    fields: [{name: id}, {name: holder_id}, {name: number, kakuho: {item: number}}]
access_paths: []
"""


def main() -> int:
    count, rows = (int(argument) for argument in [*sys.argv[1:], "20000", "200000"][:2])
    with (
        tempfile.TemporaryDirectory(prefix="kakuho-benchmark-") as folder,
        EmbeddedServer(Path(folder) / "server") as server,
        psycopg.connect(server.connection_string(), autocommit=True) as connection,
    ):
        (Path(folder) / "inventory.yaml").write_text(INVENTORY, encoding="utf-8")
        inventory = load_inventory(Path(folder) / "inventory.yaml")
        _fill(connection, rows)
        tables = {name: ibis.memtable(_read(connection, name)) for name in SCHEMA.tables}
        owners = ibis.memtable(_owners(connection))
        print(f"{count:,} statements over {rows:,} holders and policies")
        for name, only in (("key look-ups", True), ("with joins, parameters, a view", False)):
            statements = _statements(count, rows, look_ups_only=only)
            speed = _replay(statements, connection, inventory, owners, tables)
            peer = _one_by_one(statements[: max(1, count // 20)], connection)
            print(f"{name}: {speed:,.0f} statements/s; one by one {peer:,.0f} statements/s ({speed / peer:.1f} times)")
            if only and speed < TARGET:
                print(f"below {TARGET} statements/s")
                return 1
    return 0


def _fill(connection: psycopg.Connection[tuple[object, ...]], rows: int) -> None:
    connection.execute("CREATE TABLE holder (id bigint PRIMARY KEY, name text, email text)")
    connection.execute("CREATE TABLE policy (id bigint PRIMARY KEY, holder_id bigint, number text UNIQUE)")
    connection.execute(
        f"INSERT INTO holder SELECT n, 'name ' || n, n || '@x' FROM generate_series(1, {rows}) n".encode()
    )
    connection.execute(f"INSERT INTO policy SELECT n, n, 'PL-' || n FROM generate_series(1, {rows}) n".encode())
    connection.execute("CREATE INDEX ON policy (holder_id)")
    connection.execute("CREATE VIEW contract AS " + SCHEMA.views["contract"])
    connection.execute("ANALYZE")


def _read(connection: psycopg.Connection[tuple[object, ...]], name: str) -> pa.Table:
    columns = list(SCHEMA.tables[name])
    rows = connection.execute(f"SELECT {', '.join(f'{c}::text' for c in columns)} FROM {name}".encode()).fetchall()
    return pa.table(dict(zip(columns, (pa.array(v, pa.string()) for v in zip(*rows, strict=True)), strict=True)))


def _owners(connection: psycopg.Connection[tuple[object, ...]]) -> pa.Table:
    query = (
        "SELECT 'holder', id::text, 'holder:' || id FROM holder "
        "UNION ALL SELECT 'policy', id::text, 'holder:' || holder_id FROM policy"
    )
    columns = zip(*connection.execute(query).fetchall(), strict=True)
    return pa.table(
        dict(zip(("collection", "key", "subject"), (pa.array(c, pa.string()) for c in columns), strict=True))
    )


def _statements(count: int, rows: int, *, look_ups_only: bool) -> list[Statement]:
    chance = random.Random(1)  # noqa: S311 - a repeatable mix
    forms = [
        lambda n: (f"SELECT name, email FROM holder WHERE id = {n}", ()),
        lambda n: ("SELECT holder.name, policy.number FROM policy INNER JOIN holder ON policy.holder_id = holder.id"
                   " WHERE policy.number = $1 LIMIT 21", (f"PL-{n}",)),
        lambda n: (f"SELECT number FROM contract WHERE id = {n}", ()),
        lambda n: (f'SELECT "number" FROM "policy" WHERE "policy"."holder_id" = {n} ORDER BY "policy"."id" ASC', ()),
    ]  # fmt: skip
    found = []
    for line in range(count):
        text, parameters = forms[0 if look_ups_only else line % len(forms)](chance.randint(1, rows))
        statement = Statement(text=text, parameters=parameters, logged=True, succeeded=True, shown=True)
        statement.note(EventReference(1, line, line * 90), TIME, TIME)
        found.append(statement)
    return found


def _replay(
    statements: list[Statement],
    connection: psycopg.Connection[tuple[object, ...]],
    inventory: Inventory,
    owners: ibis.Table,
    tables: dict[str, ibis.Table],
) -> float:
    start = time.perf_counter()
    claims = replay_claims(
        statements, PostgresqlAnswers(connection), SCHEMA, History(known=True), inventory, owners, tables
    )
    taken = time.perf_counter() - start
    if claims.sets.num_rows or set(claims.claims["certainty"].to_pylist()) != {"confirmed"}:
        raise SystemExit("a look-up was not confirmed")
    return len(statements) / taken


def _one_by_one(statements: list[Statement], connection: psycopg.Connection[tuple[object, ...]]) -> float:
    start = time.perf_counter()
    replay = Replay(PostgresqlAnswers(connection), SCHEMA, History(known=True))
    for statement in statements:
        for block in analyse(statement.text, SCHEMA, statement.parameters).blocks:
            list(replay.rows(block, TIME, TIME))
    return len(statements) / (time.perf_counter() - start)


if __name__ == "__main__":
    sys.exit(main())
