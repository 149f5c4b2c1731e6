"""One dump, written by the real mariadb-dump, restored into MariaDB and read into DuckDB: the same in both."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kakuho.engine.answers import Answers, QueryFailedError
from kakuho.engine.copy_out import CollectionCopy, copy_collections
from kakuho.engine.duckdb_sandbox import DuckdbSandbox
from kakuho.engine.mariadb import MariadbServer, mariadb_program
from kakuho.engine.mariadb_sandbox import MariadbSandbox
from kakuho.errors import UsageError
from kakuho.exposure.history import History
from kakuho.exposure.methods.replay_rows import Replay, RowSet
from kakuho.exposure.sql import Schema, Shapes, in_lower_case

pytestmark = pytest.mark.needs_mariadb

CREATE = r"""
CREATE TABLE Person (id BIGINT UNSIGNED PRIMARY KEY, fullName VARCHAR(60) NOT NULL, note TEXT, born DATE,
  paid DECIMAL(9,2), photo BLOB, flags BIT(5), kind ENUM('new','old; DROP'),
  seen TIMESTAMP NULL, made DATETIME, code BINARY(3), KEY (fullName)) COMMENT='; it''s (odd) `name`';
CREATE TABLE visit (person_id BIGINT UNSIGNED, day DATE, PRIMARY KEY (person_id, day),
  CONSTRAINT who FOREIGN KEY (person_id) REFERENCES Person (id));
CREATE TABLE `odd-name` (`a b` INT PRIMARY KEY, `select` VARCHAR(9));
CREATE VIEW seen_people AS SELECT id, fullName FROM Person WHERE seen IS NOT NULL;
CREATE FUNCTION twice(v INT) RETURNS INT RETURN 2 * v;
INSERT INTO Person (id, fullName, note, born, paid, photo, flags, kind, seen, made, code) VALUES
  (1, '保険 花子', 'it''s "so" \\ `x`; -- no\n#\t\0end', '1970-01-01', 12.50, x'00FF27', b'10101', 'old; DROP',
   '2025-01-01 00:00:00', '2025-01-01 09:00:00', 'ab'),
  (18446744073709551615, '𩸽 ''\\'' /* */', '', NULL, -0.01, '', 0, 'new', NULL, NULL, x'2700FF'),
  (7, 'NULL', NULL, '0001-01-01', 0, NULL, NULL, NULL, '2025-03-04 05:06:07', '2025-03-04 05:06:07', 'xyz');
INSERT INTO visit VALUES (1, '2025-01-02'), (7, '2025-03-04');
INSERT INTO `odd-name` VALUES (1, '),(2'), (2, 'b')
"""
COLUMNS = ("id", "fullName", "note", "born", "paid", "photo", "flags", "kind", "seen", "made", "code")
TIME = datetime.fromisoformat("2025-03-20")


@dataclass
class Both:
    dump: Path
    mariadb: MariadbSandbox
    duckdb: DuckdbSandbox


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder:  # the server's user may not enter pytest's own
        root = Path(folder)
        with MariadbServer(root / "origin", {"lower-case-table-names": "0"}) as server:
            with server.connect() as connection, connection.cursor() as cursor:
                cursor.execute("CREATE DATABASE clinic CHARACTER SET utf8mb4")
                cursor.execute("USE clinic")
                for statement in CREATE.split(";\n"):
                    cursor.execute(statement)
            program = str(mariadb_program("mariadb-dump", "mysqldump"))
            options = [
                "--no-defaults",
                f"--socket={server.socket}",
                "--user=root",
                "--routines",
                "--hex-blob",
                "clinic",
            ]
            (root / "clinic.sql").write_bytes(
                subprocess.run([program, *options], capture_output=True, check=True).stdout
            )
        with (
            MariadbSandbox(root / "clinic.sql", root / "restored") as mariadb,
            DuckdbSandbox(root / "clinic.sql", root / "loaded") as duckdb,
        ):
            yield Both(root / "clinic.sql", mariadb, duckdb)


def test_tables_keys_and_names_are_those_of_the_dump_in_both(both: Both) -> None:
    assert sorted(both.mariadb.schema()) == ["Person", "odd-name", "visit"]
    assert list(both.mariadb.schema()["Person"]) == list(COLUMNS)
    assert both.mariadb.schema()["Person"]["id"] == "bigint(20) unsigned"
    assert both.duckdb.schema() == both.mariadb.schema()
    for sandbox in (both.mariadb, both.duckdb):
        assert sandbox.primary_keys() == {"Person": ("id",), "visit": ("person_id", "day"), "odd-name": ("a b",)}
        assert sandbox.foreign_keys("visit") == [("person_id", "Person")]
        assert sandbox.catalogue().links == {"visit": {"person_id"}} | ({"Person": frozenset(), "odd-name": frozenset()}
                                                                     if sandbox is both.duckdb else {})  # fmt: skip
        assert sandbox.catalogue().functions == {"twice"}
        assert sandbox.views()["seen_people"].startswith("select `")
        assert sandbox.database == "clinic"
        assert sandbox.look_up("Person", "id", ["id", "fullName"], ["7", "8"])[0][1] == "NULL"


def test_every_value_is_the_same_text_in_both(both: Both, tmp_path: Path) -> None:
    rows = []
    for name, sandbox in (("mariadb", both.mariadb), ("duckdb", both.duckdb)):
        (tmp_path / name).mkdir()
        copies = [CollectionCopy("Person", COLUMNS, frozenset({"id"})), CollectionCopy("odd-name", ("a b", "select"))]
        assert copy_collections(sandbox, tmp_path / name, copies) == {"Person": 3, "odd-name": 2}
        rows.append([pq.read_table(tmp_path / name / f"{c.collection}.parquet").to_pylist() for c in copies])
    for one, other in zip(rows[0][0], rows[1][0], strict=True):
        assert one == other
    assert rows[0][1] == rows[1][1]
    assert [row["id"] for row in rows[0][0]] == [1, 7, 18446744073709551615]
    assert rows[0][0][0]["note"] == 'it\'s "so" \\ `x`; -- no\n#\t\x00end'
    assert [row["photo"] for row in rows[0][0]] == ["00FF27", None, ""]
    assert [row["code"] for row in rows[0][0]] == ["616200", "78797A", "2700FF"]
    assert rows[0][1] == [{"a b": "1", "select": "),(2"}, {"a b": "2", "select": "b"}]


def test_the_proven_statements_have_the_same_rows_in_both(both: Both) -> None:
    schema = in_lower_case(Schema(both.mariadb.schema(), {"Person": "id"}, changed_at={"Person": "seen"}))
    chance = random.Random(3)
    ran = 0
    for _ in range(150):
        keys = [str(chance.choice([1, 2, 7, 8, 10**17])) for _ in range(chance.randint(1, 3))]
        condition = chance.choice(
            [f"id = {keys[0]}", f"ID IN ({', '.join(keys)})", f"p.id={keys[0]}", "1", "id = 7 OR 1"]
        )
        text = f"SELECT {chance.choice(['fullName', 'p.*', 'note, born'])} FROM Person p WHERE {condition}"
        text = text.removesuffix(" WHERE 1")
        found = [_rows(sandbox.answers(30), schema, text) for sandbox in (both.mariadb, both.duckdb)]
        if any(row.keys is None for row in found[1]):
            assert "OR" in condition
            continue
        ran += 1
        assert found[0] == found[1]
    assert ran > 90


@pytest.mark.parametrize(
    "text",
    [
        "SELECT fullName FROM Person WHERE fullName = 'null'",
        "SELECT fullName FROM Person WHERE id = '1abc'",
        "SELECT fullName FROM Person WHERE id > 5",
        "SELECT fullName FROM Person ORDER BY id LIMIT 1",
        "SELECT p.fullName FROM Person p JOIN visit v ON v.person_id = p.id WHERE p.id = 1",
        "SELECT fullName FROM Person WHERE id = 1 AND note LIKE 'x%'",
        "SELECT fullName FROM seen_people WHERE id = 1",
        "SELECT fullName FROM Person WHERE id IN (SELECT person_id FROM visit)",
    ],
)
def test_what_is_not_proven_widens_to_every_row_where_mariadb_is_missing(both: Both, text: str) -> None:
    schema = in_lower_case(Schema(both.duckdb.schema(), {"Person": "id"}, views=both.duckdb.views()))
    assert {row.keys for row in _rows(both.duckdb.answers(30), schema, text)} == {None}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "COPY (SELECT 1) TO '/tmp/kakuho-duckdb'",
        "ATTACH '/tmp/kakuho-other.duckdb'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '1TB'",
        "DELETE FROM Person",
        "CREATE TABLE x (a INT)",
    ],
)
def test_duckdb_reaches_no_file_and_changes_nothing(both: Both, query: str) -> None:
    with pytest.raises(QueryFailedError):
        both.duckdb.answers(30).rows(query)
    assert both.duckdb.answers(30).rows('SELECT count(*) FROM "Person"') == [(3,)]
    assert not Path("/tmp/kakuho-duckdb").exists() and not Path("/tmp/kakuho-other.duckdb").exists()


def test_a_query_that_takes_long_is_broken_off_in_both(both: Both) -> None:
    for sandbox, query in (
        (both.mariadb, "SELECT SLEEP(1000)"),
        (both.mariadb, "SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, "
                       "information_schema.columns c"),
        (both.duckdb, "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range > b.range"),
    ):  # fmt: skip
        answers: Answers = sandbox.answers(0.5)
        with pytest.raises(QueryFailedError):
            answers.rows(query)
        assert len(answers.rows("SELECT 1")) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((b"-- Dump completed", b"-- Dump com"), "truncated"),
        ((b"-- MariaDB dump", b"-- some dump"), "not a file of mysqldump"),
        ((b"INSERT INTO `visit` VALUES", b"INSERT INTO `visit` SELECT"), "cannot be"),
        ((b"CREATE TABLE `visit`", b"CREATE TABLE `person`"), "upper and lower case"),
    ],
)
def test_a_dump_that_is_not_whole_or_not_one_is_refused(both: Both, change: tuple[bytes, bytes], said: str) -> None:
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder:  # as above
        path = Path(folder) / "changed.sql"
        path.write_bytes(both.dump.read_bytes().replace(*change))
        for kind in (MariadbSandbox, DuckdbSandbox):
            with pytest.raises(UsageError) as caught, kind(path, Path(folder) / kind.__name__):
                pass
            assert said in str(caught.value.what)


SCRIPT = """
import sys, time
from pathlib import Path
from kakuho.engine.mariadb import MariadbServer
with MariadbServer(Path(sys.argv[1])) as server:
    print(server.process_id, flush=True)
    time.sleep(600)
"""


def test_no_server_outlives_a_kakuho_that_is_killed() -> None:
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder:  # as above
        command = [sys.executable, "-c", SCRIPT, str(Path(folder) / "server")]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as kakuho:
            assert kakuho.stdout is not None
            server = Path("/proc") / kakuho.stdout.readline().decode().strip()
            assert (server / "stat").exists()
            kakuho.kill()
            deadline = time.monotonic() + 120
            while _runs(server) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert not _runs(server)


def _runs(process: Path) -> bool:
    """An ended process that nobody waits for is a zombie."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _rows(answers: Answers, schema: Schema, text: str) -> list[RowSet]:
    replay = Replay(answers, schema, History(known=True))
    return [found for block in Shapes(schema).analyse(text).blocks for found in replay.rows(block, TIME, TIME)]


def test_a_generated_column_needs_mariadb(both: Both, tmp_path: Path) -> None:
    path = tmp_path / "generated.sql"
    generated = b"`note` text GENERATED ALWAYS AS (ucase(`fullName`)) STORED"
    path.write_bytes(both.dump.read_bytes().replace(b"`note` text DEFAULT NULL", generated))
    with pytest.raises(UsageError) as caught, DuckdbSandbox(path, tmp_path / "loaded"):
        pass
    assert "without a MariaDB server" in str(caught.value.what)
