"""What PostgreSQL would refuse before reading a row, asked of a real one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kakuho.engine.answers import PostgresqlAnswers
from kakuho.engine.postgresql import EmbeddedServer


@pytest.fixture(scope="module")
def database() -> Iterator[psycopg.Connection]:
    with (
        tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder,  # the server's user may not enter pytest's own
        EmbeddedServer(Path(folder) / "server") as server,
        psycopg.connect(server.connection_string(), autocommit=True) as connection,
    ):
        connection.execute("CREATE TABLE holder (id bigint PRIMARY KEY, name text)")
        yield connection


@pytest.mark.parametrize(
    "text",
    [
        "SELECT name FROM holder WHERE name = 'x'oXMn<'\">)Z'",
        "SELECT name FROM holder WHERE name = 'x' ORDER BY 9-- q'",
        "SELECT name FROM holder UNION SELECT 1, 2",
        "SELECT nothing FROM holder",
        "SELECT name FROM nowhere",
        "SELECT BENCHMARK(5, MD5('x')) FROM holder",
    ],
)
def test_what_cannot_run_read_nothing(database: psycopg.Connection, text: str) -> None:
    assert PostgresqlAnswers(database).refuses(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT name FROM holder",
        "SELECT 1/0 FROM holder",
        "SELECT name::int FROM holder",
        "COPY holder TO STDOUT",
        "SELECT 1; SELECT name FROM holder",
        "DECLARE c CURSOR FOR SELECT name FROM holder",
        "SELECT pg_sleep(30), name FROM holder",
        "",
    ],
)
def test_what_could_have_run_is_not_refused_and_not_run(database: psycopg.Connection, text: str) -> None:
    assert not PostgresqlAnswers(database).refuses(text)
    assert database.execute("SELECT 1").fetchone() == (1,)
