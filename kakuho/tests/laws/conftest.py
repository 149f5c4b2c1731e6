import tempfile
from collections.abc import Iterator
from pathlib import Path

import ibis
import psycopg
import pytest

from kakuho.engine.postgresql import EmbeddedServer

from .compiled import compiled_once


@pytest.fixture(scope="session")
def database() -> Iterator[psycopg.Connection]:
    """A real PostgreSQL with the laws' four tables."""
    with (
        tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder,  # the server's user may not enter pytest's own
        EmbeddedServer(Path(folder) / "server") as server,
        psycopg.connect(server.connection_string(), autocommit=True) as connection,
    ):
        connection.execute("SET timezone = 'UTC'")
        connection.execute(
            "CREATE TABLE holder (id bigint PRIMARY KEY, created_at timestamptz, updated_at timestamptz,"
            " name text, gender text, email text)"
        )
        connection.execute("CREATE TABLE clinic (id bigint PRIMARY KEY, name text)")
        connection.execute("CREATE TABLE policy (id bigint PRIMARY KEY, holder_id bigint, policy_number text UNIQUE)")
        connection.execute("CREATE TABLE bank (id bigint PRIMARY KEY, holder_id bigint, clinic_id bigint, number text)")
        yield connection


@pytest.fixture(scope="package", autouse=True)
def _one_small_engine() -> Iterator[None]:
    """A handful of rows each: one thread is the quickest, and SQL is made once."""
    before = ibis.options.default_backend
    ibis.set_backend(ibis.duckdb.connect(threads=1))
    with compiled_once():
        yield
    ibis.options.default_backend = before
