"""What pg_dump and psql really send, out of a PostgreSQL's own log: their look-ups in the catalogue read no row."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kakuho.engine.postgresql import PROGRAMS, EmbeddedServer
from kakuho.exposure.sql import Analysis, Schema, Shapes, session_of

DATABASE = """
CREATE TABLE holder (id bigserial PRIMARY KEY, name text);
CREATE TABLE policy (id bigint PRIMARY KEY, holder_id bigint REFERENCES holder, number text UNIQUE);
CREATE VIEW names AS SELECT name FROM holder;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER stamped BEFORE INSERT ON holder FOR EACH ROW EXECUTE FUNCTION stamp();
"""
SCHEMA = Schema(
    tables={"holder": {"id": "bigint", "name": "text"},
            "policy": {"id": "bigint", "holder_id": "bigint", "number": "text"}},
    keys={"holder": "id", "policy": "id"},
    views={"names": "SELECT name FROM holder"},
    functions=frozenset({"stamp"}),
)  # fmt: skip
SETTINGS = {"log_statement": "all", "log_min_messages": "info", "log_line_prefix": "@@"}
_STATEMENT = re.compile(r"@@LOG:  (?:statement|execute [^:]*): (.*?)(?=\n@@|\Z)", re.DOTALL)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with (
        tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder,  # the server's user may not enter pytest's own
        EmbeddedServer(Path(folder) / "server", SETTINGS) as opened,
    ):
        with psycopg.connect(opened.connection_string(), autocommit=True) as connection:
            connection.execute(DATABASE)
        yield opened


def _sent(server: EmbeddedServer, program: str, *options: str) -> dict[str, Analysis]:
    """Every statement that the program made the server log, with what it read."""
    log = server.folder / "server.log"
    before = log.stat().st_size
    command = [str(PROGRAMS / program), *options, server.connection_string()]
    subprocess.run(command, check=True, capture_output=True)
    texts = [text.replace("\n\t", "\n") for text in _STATEMENT.findall(log.read_bytes()[before:].decode())]
    shapes = Shapes(SCHEMA, session_of(texts))
    return {text: shapes.analyse(text) for text in texts}


def test_pg_dump_reads_what_it_copies(server: EmbeddedServer) -> None:
    sent = _sent(server, "pg_dump", "-Fc", f"--file={server.folder / 'dump'}")
    assert len(sent) > 40
    assert [text for text, analysis in sent.items() if analysis.everything] == []
    read = {(b.slots[0].table, b.slots[0].in_full, b.exact) for a in sent.values() for b in a.blocks}
    assert read == {
        ("holder", frozenset({"id", "name"}), True),
        ("policy", frozenset({"id", "holder_id", "number"}), True),
    }


@pytest.mark.skipif(not (PROGRAMS / "psql").exists(), reason="this PostgreSQL comes without psql")
@pytest.mark.parametrize("command", ["\\d", "\\d holder", "\\dt+", "\\df", "\\l", "\\du", "\\dn+", "\\dv+", "\\dp"])
def test_psql_describing_tables_reads_no_row(server: EmbeddedServer, command: str) -> None:
    sent = _sent(server, "psql", "-c", command)
    assert sent
    assert set(sent.values()) == {Analysis()}
