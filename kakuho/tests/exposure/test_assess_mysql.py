"""A whole case on MariaDB: its own logs and its own dump, from intake to the verdict on each cell.

The intruder reads with stolen credentials over TCP, the application through the socket. What he was sent is known.
"""

from __future__ import annotations

import gzip
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pymysql
import pytest

from kakuho.cli import main
from kakuho.engine.mariadb import MariadbServer, mariadb_program
from kakuho.exposure.verdict_sets import read_cells

pytestmark = pytest.mark.needs_mariadb

INVENTORY = """
inventory: 1
system: shop
categories: [{id: holder, kind: person, label: {ja: 契約者, en: Holders}}]
items:
- {id: name, data_category: user.name, label: {ja: 氏名, en: name}}
- {id: email, data_category: user.contact.email, label: {ja: メール, en: email}}
- {id: number, data_category: user.unique_id, label: {ja: 証券番号, en: number}}
dataset:
- fides_key: shop
  collections:
  - name: Holder
    kakuho: {key: id, record_of: holder}
    fields: [{name: id}, {name: fullName, kakuho: {item: name}}, {name: email, kakuho: {item: email}}]
  - name: policy
    kakuho: {key: id, subject: [{field: holder_id, collection: Holder}], unique: [number]}
    fields: [{name: id}, {name: holder_id}, {name: number, kakuho: {item: number}}]
access_paths:
- {id: database.direct, kind: database_role, role: '*', collections: '*', witnesses: [database_log]}
"""
CREATE = """
CREATE TABLE Holder (id BIGINT UNSIGNED PRIMARY KEY, fullName VARCHAR(40), email VARCHAR(40));
CREATE TABLE policy (id INT PRIMARY KEY AUTO_INCREMENT, holder_id BIGINT UNSIGNED, number VARCHAR(20) UNIQUE,
  CONSTRAINT owner FOREIGN KEY (holder_id) REFERENCES Holder (id));
CREATE VIEW contract AS SELECT h.fullName, p.number FROM Holder h JOIN policy p ON p.holder_id = h.id;
CREATE USER report@'127.0.0.1' IDENTIFIED BY 'stolen';
GRANT SELECT ON shop.* TO report@'127.0.0.1';
CREATE USER web@localhost;
GRANT ALL ON shop.* TO web@localhost
"""
PEOPLE = 12
Cells = dict[tuple[str, str], tuple[str, str]]
STOLEN = [
    "SELECT fullName FROM Holder WHERE id = 3",
    "select FULLNAME, 'x' from `shop`.`Holder` where ID=5 -- mine",
    "SELECT number FROM contract WHERE number = 'PL-7'",
    "SELECT fullName FROM Holder WHERE email LIKE 'h1%'",
    "SELECT email FROM Holder ORDER BY id LIMIT 8, 1",
    "SELECT nothing FROM Holder",
]


@pytest.fixture(scope="module")
def evidence() -> Iterator[Path]:
    """A folder with ``audit.log``, ``general.log`` and ``shop.sql.gz``."""
    with (
        tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder,  # the server's user may not enter pytest's own
        pytest.MonkeyPatch.context() as environment,
    ):
        environment.setenv("TZ", "UTC")
        root = Path(folder)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        data = root / "origin" / "data"
        settings = {
            "skip-networking": "0", "bind-address": "127.0.0.1", "port": str(port), "skip-name-resolve": "ON",
            "lower-case-table-names": "0", "general-log": "1", "general-log-file": str(data / "general.log"),
            "plugin-load-add": "server_audit", "server-audit-logging": "ON",
            "server-audit-file-path": str(data / "audit.log"), "server-audit-events": "CONNECT,QUERY",
        }  # fmt: skip
        with MariadbServer(root / "origin", settings) as server:
            with server.connect() as connection, connection.cursor() as cursor:
                cursor.execute("CREATE DATABASE shop CHARACTER SET utf8mb4")
                cursor.execute("USE shop")
                for statement in CREATE.split(";\n"):
                    cursor.execute(statement)
                for n in range(1, PEOPLE + 1):
                    cursor.execute("INSERT INTO Holder VALUES (%s, %s, %s)", (n, f"保険 花子{n}", f"h{n}@example.jp"))
                    cursor.execute("INSERT INTO policy VALUES (NULL, %s, %s)", (n, f"PL-{n}"))
            with server.connect("shop", "web") as connection, connection.cursor() as cursor:
                cursor.execute("SELECT fullName, email FROM Holder WHERE id = 11")
            _wait_for_another_second()
            _steal(port)
            _wait_for_another_second()
            _dump(server, root / "shop.sql.gz")
        for name in ("audit.log", "general.log"):
            shutil.copy(data / name, root / name)
        yield root


@pytest.fixture
def place() -> Iterator[Path]:
    """As above: not pytest's own folder."""
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder:
        yield Path(folder)


def _wait_for_another_second() -> None:
    """These logs know whole seconds: what ran in the same one may have come before or after."""
    begin = int(time.time())
    while int(time.time()) == begin:
        time.sleep(0.02)


def _steal(port: int) -> None:
    with (
        pymysql.connect(host="127.0.0.1", port=port, user="report", password="stolen", database="shop") as connection,
        connection.cursor() as cursor,
    ):
        for text in STOLEN:
            try:
                cursor.execute(text)
            except pymysql.Error:
                continue


def _dump(server: MariadbServer, to: Path) -> None:
    program = mariadb_program("mariadb-dump", "mysqldump")
    done = subprocess.run(
        [str(program), "--no-defaults", f"--socket={server.socket}", "--user=root", "--single-transaction", "shop"],
        capture_output=True,
        check=True,
    )
    to.write_bytes(gzip.compress(done.stdout))


def _assessed(evidence: Path, log: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> Cells:
    """(subject, item) → verdict, method."""
    monkeypatch.chdir(place)
    (place / "inventory.yaml").write_text(INVENTORY, encoding="utf-8")
    assert main(["case", "new", "case", "--inventory", "inventory.yaml"]) == 0
    monkeypatch.chdir(place / "case")
    files = [str(evidence / log), str(evidence / "shop.sql.gz")]
    assert main(["evidence", "add", *files, "--time-zone", "UTC"]) == 0
    assert main(["investigate", "--confirm", "address=127.0.0.1", "--reason", "no other use", "--by", "tester"]) == 0
    assert main(["assess"]) == 0
    with duckdb.connect() as connection:
        read_cells(connection, place / "case" / "assessments" / "001")
        rows = connection.execute("SELECT subject, item, verdict, method FROM verdicts").fetchall()
    return {(subject, item): (verdict, method) for subject, item, verdict, method in rows}


def test_with_the_audit_log_what_was_sent_is_confirmed(
    evidence: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _assessed(evidence, "audit.log", place, monkeypatch)
    replayed = {cell: verdict for cell, (verdict, method) in found.items() if method in ("replay", "export")}
    told = {("Holder:3", "name"), ("Holder:5", "name"), ("Holder:7", "number")}
    told |= {(f"Holder:{n}", "name") for n in (1, 10, 11, 12)} | {("Holder:9", "email")}
    assert {cell for cell, verdict in replayed.items() if verdict == "confirmed"} == told
    asked = {(f"Holder:{n}", "email") for n in range(1, PEOPLE + 1)}  # of so few, LIKE 'h1%' tells of each
    assert set(replayed) == told | asked


def test_the_general_log_does_not_say_what_came_of_a_statement(
    evidence: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _assessed(evidence, "general.log", place, monkeypatch)
    assert not [cell for cell, (verdict, _) in found.items() if verdict == "confirmed"]
    assert {found["Holder:3", "name"][1], found["Holder:7", "number"][1]} == {"replay"}
