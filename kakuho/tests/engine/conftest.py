"""A small database, dumped by the real ``pg_dump``."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kakuho.engine.postgresql import EmbeddedServer
from kakuho.engine.programs import PROGRAMS

_DATABASE = """
CREATE TABLE policyholder (id bigint PRIMARY KEY, name text, note text, joined timestamptz, active boolean);
INSERT INTO policyholder VALUES
    (10, '山田 花子', E'一行目\\n"二",行目', '2025-03-19 09:00+09', true),
    (2, 'O''Neil', '', NULL, false),
    (3, NULL, NULL, NULL, NULL);
CREATE SCHEMA archive;
CREATE TABLE archive.claim (year int, number int, PRIMARY KEY (number, year));
CREATE TABLE notice (body text);
INSERT INTO notice VALUES (NULL), (''), ('x');
CREATE VIEW active_policyholder AS SELECT id, name FROM policyholder WHERE active;
CREATE ROLE petinsurance_web;
ALTER TABLE policyholder OWNER TO petinsurance_web;
ALTER TABLE policyholder ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION rename_all() RETURNS void LANGUAGE sql SECURITY DEFINER AS $$ UPDATE policyholder SET name = 'x' $$;
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder outside pytest's own, which a pytest started meanwhile closes to the server's user."""
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def session_place() -> Iterator[Path]:
    """The same for the whole session."""
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def dump(session_place: Path) -> Path:
    """``pg_dump -Fc`` of a small database."""
    folder = session_place
    with EmbeddedServer(folder / "server") as server:
        with psycopg.connect(server.connection_string(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE shop TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C.UTF-8'")
        with psycopg.connect(server.connection_string("shop"), autocommit=True) as connection:
            connection.execute(_DATABASE)
        path = folder / "snapshot.dump"
        command = [str(PROGRAMS / "pg_dump"), "-Fc", "-f", str(path), server.connection_string("shop")]
        subprocess.run(command, check=True)
    return path
