"""Each place that a schema can be read from, with the real database behind it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pymysql
import pytest

from kakuho.engine.postgresql import PROGRAMS, EmbeddedServer
from kakuho.errors import UsageError
from kakuho.inventory.sources import ForeignKey, SourceSchema, read_schema, without_password

TABLES = (
    "CREATE TABLE customer (id integer PRIMARY KEY, name varchar(80) NOT NULL, email varchar(80) UNIQUE)",
    "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL, "
    "FOREIGN KEY (customer_id) REFERENCES customer (id))",
    "INSERT INTO customer VALUES (1, '山田 花子', 'hanako@example.jp'), (2, '佐藤 次郎', NULL)",
)
MARIADBD = shutil.which("mariadbd") or "/usr/sbin/mariadbd"


def is_the_shop(schema: SourceSchema) -> None:
    customer, orders = schema.table("customer"), schema.table("orders")
    assert [column.name for column in customer.columns] == ["id", "name", "email"]
    assert (customer.primary_key, ("email",) in customer.unique) == (("id",), True)
    assert customer.columns[1].samples == ("山田 花子", "佐藤 次郎")
    assert customer.columns[2].samples == ("hanako@example.jp",)
    assert [column.nullable for column in orders.columns] == [False, False]
    assert orders.foreign_keys == (ForeignKey(("customer_id",), "customer", ("id",)),)


@pytest.mark.parametrize("form", ["{path}", "sqlite:///{path}"])
def test_sqlite(tmp_path: Path, form: str) -> None:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        for statement in TABLES:
            connection.execute(statement)
        connection.execute("CREATE VIEW everybody AS SELECT * FROM customer")
    connection.close()
    before = path.read_bytes()
    schema = read_schema(form.format(path=path))
    is_the_shop(schema)
    assert schema.table("everybody").view
    assert path.read_bytes() == before


def test_duckdb(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in TABLES:
            connection.execute(statement)
    is_the_shop(read_schema(str(path)))


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_folder_of_files(tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "export"
    (folder / "orders").mkdir(parents=True)
    with duckdb.connect() as connection:
        for statement in TABLES:
            connection.execute(statement)
        connection.execute(f"COPY customer TO '{folder}/customer.{suffix}'")
        connection.execute(f"COPY orders TO '{folder}/orders/part-0.{suffix}'")
        connection.execute(f"COPY orders TO '{folder}/orders/part-1.{suffix}'")
    schema = read_schema(str(folder))
    assert [table.name for table in schema.tables] == ["customer", "orders"]
    assert schema.table("customer").columns[1].samples == ("山田 花子", "佐藤 次郎")


@pytest.fixture
def postgresql() -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder,
        EmbeddedServer(Path(folder) / "server") as server,
    ):
        with psycopg.connect(server.connection_string(), autocommit=True) as connection:
            for statement in TABLES:
                connection.execute(statement.encode())
            connection.execute("COMMENT ON COLUMN customer.name IS '氏名'")
        host = server.connection_string().partition("host=")[2].split()[0]
        yield f"postgresql://postgres@/postgres?host={host}"


def test_postgresql_live_and_its_dumps(postgresql: str, tmp_path: Path) -> None:
    schema = read_schema(postgresql)
    is_the_shop(schema)
    assert schema.table("customer").columns[1].comment == "氏名"
    for form, name in (("-Fc", "shop.dump"), ("-Fp", "shop.sql")):
        path = tmp_path / name
        subprocess.run([str(PROGRAMS / "pg_dump"), form, "-f", str(path), postgresql], check=True)
        is_the_shop(read_schema(str(path)))


@pytest.mark.skipif(not Path(MARIADBD).exists(), reason="no mariadbd on this machine: MariaDB is not tried")
def test_mariadb_live_and_its_dump(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as name:
        folder = Path(name)
        options = ["--no-defaults", f"--datadir={folder}/data"]
        if folder.owner() == "root":
            options.append("--user=root")
        subprocess.run(
            ["mariadb-install-db", *options, "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True, capture_output=True,
        )  # fmt: skip
        socket = f"{folder}/s"
        with subprocess.Popen(
            [MARIADBD, *options, f"--socket={socket}", "--skip-networking", f"--pid-file={folder}/pid"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as server:  # fmt: skip
            try:
                _fill(socket)
                url = f"mariadb://root@localhost/shop?unix_socket={socket}"
                is_the_shop(read_schema(url))
                dumped = subprocess.run(
                    ["mariadb-dump", "--no-defaults", f"--socket={socket}", "-uroot", "shop"],
                    check=True,
                    capture_output=True,
                )
            finally:
                server.terminate()
    (tmp_path / "shop.sql").write_bytes(dumped.stdout)
    is_the_shop(read_schema(str(tmp_path / "shop.sql")))


def _fill(socket: str) -> None:
    deadline = time.monotonic() + 60
    ping = ["mariadb-admin", "--no-defaults", f"--socket={socket}", "-uroot", "ping"]
    while subprocess.run(ping, capture_output=True, check=False).returncode and time.monotonic() < deadline:
        time.sleep(0.1)
    connection = pymysql.connect(unix_socket=socket, user="root", charset="utf8mb4", autocommit=True)
    with connection, connection.cursor() as cursor:
        for statement in ("CREATE DATABASE shop CHARACTER SET utf8mb4", "USE shop", *TABLES):
            cursor.execute(statement)


@pytest.mark.parametrize(
    "source", ["oracle://scott:tiger@host/db", "/no/such/file", "postgresql://u:hidden@127.0.0.1:1/x"]
)
def test_what_cannot_be_read_is_told_without_its_password(source: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_schema(source)
    assert "tiger" not in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_an_address_is_shown_without_user_and_password() -> None:
    assert without_password("postgresql://me:secret@db.example/shop?sslmode=require") == "postgresql://db.example/shop"
