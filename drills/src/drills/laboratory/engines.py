"""The three database servers of the laboratory, started empty in a folder of their own and filled from `stock.py`.

Each gives the URL under which `shop.py` reaches it. PostgreSQL is the embedded one; MariaDB is the machine's own
`mariadbd` (package mariadb-server) with its own data folder, on a socket only; SQLite is a file opened read-only.
"""

import getpass
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pymysql

from drills.laboratory.stock import ITEM_COLUMNS, ITEMS, PERSON_COLUMNS, PERSONS, SCHEMA
from drills.processes import Processes, ProgramError, last_words

DATABASE = "shop"
_START_LIMIT_SECONDS = 60.0


def mariadb_program(name: str) -> str | None:
    """Where a program of MariaDB is; the server lies outside an ordinary user's PATH."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/usr/libexec")


def missing(dbms: str) -> str | None:
    """What this machine lacks for `dbms`, in words, or None."""
    if dbms == "mariadb" and not (mariadb_program("mariadbd") and mariadb_program("mariadb-install-db")):
        return "mariadbd がない / is not found (apt-get install mariadb-server)"
    return None


def start_sqlite(processes: Processes, folder: Path) -> str:
    path = folder / "shop.sqlite"
    with sqlite3.connect(path) as connection:
        for statement in SCHEMA:
            connection.execute(statement)
        for table, columns, rows in _contents():
            connection.executemany(_insert(table, columns, "?"), rows)
    connection.close()
    return f"sqlite://{path}"


def start_postgresql(processes: Processes, folder: Path) -> str:
    """The embedded server, through petinsurance's command, as the other drills start it."""
    program = str(Path(sys.executable).parent / "petinsurance")
    data = ["--data-dir", str(folder / "postgresql")]
    environment = _plain_environment()
    processes.at_end(lambda: processes.run([program, "database", "stop", *data], environment))
    started = processes.run([program, "database", "start", *data, "--json"], environment)
    if started.exit_code:
        raise ProgramError(f"PostgreSQL did not start:\n{last_words(started.errors)}")
    url: str = json.loads(started.output)["owner_url"]
    with psycopg.connect(url) as connection:
        for statement in SCHEMA:
            connection.execute(statement)
        for table, columns, rows in _contents():
            connection.cursor().executemany(_insert(table, columns, "%s"), rows)
    return url


def start_mariadb(processes: Processes, folder: Path) -> str:
    """A server of its own; the shop's account may only read the shop."""
    server, installer = mariadb_program("mariadbd"), mariadb_program("mariadb-install-db")
    if server is None or installer is None:
        raise ProgramError(missing("mariadb") or "")
    data = folder / "mariadb"
    runtime = Path(tempfile.mkdtemp(prefix="lab-"))  # a socket's path is limited to 107 bytes
    processes.at_end(lambda: shutil.rmtree(runtime))
    door = runtime / "sock"
    user = f"--user={getpass.getuser()}"
    installed = processes.run(
        [installer, "--no-defaults", f"--datadir={data}", user, "--auth-root-authentication-method=normal",
         "--skip-test-db", "--skip-name-resolve"],
        _plain_environment(),
    )  # fmt: skip
    if installed.exit_code:
        raise ProgramError(f"mariadb-install-db failed:\n{last_words(installed.output + installed.errors)}")
    log = folder / "mariadb.log"
    running = processes.start(
        [server, "--no-defaults", f"--datadir={data}", user, f"--socket={door}", "--skip-networking",
         f"--pid-file={runtime / 'pid'}", "--character-set-server=utf8mb4", "--innodb-buffer-pool-size=16M",
         "--innodb-log-file-size=8M", "--skip-log-bin", "--skip-name-resolve"],
        log,
        _plain_environment(),
    )  # fmt: skip
    with _connect_when_up(str(door), running, log) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4")
        cursor.execute(f"USE {DATABASE}")
        for statement in SCHEMA:
            cursor.execute(statement)
        for table, columns, rows in _contents():
            cursor.executemany(_insert(table, columns, "%s"), rows)
        cursor.execute("CREATE USER shop@localhost IDENTIFIED BY 'shop'")
        cursor.execute(f"GRANT SELECT ON {DATABASE}.* TO shop@localhost")
        connection.commit()
    return f"mariadb://shop:shop@{door}"


ENGINES: dict[str, Callable[[Processes, Path], str]] = {
    "sqlite": start_sqlite,
    "postgresql": start_postgresql,
    "mariadb": start_mariadb,
}


def _connect_when_up(
    path: str, running: "subprocess.Popen[bytes]", log: Path
) -> "pymysql.connections.Connection[pymysql.cursors.Cursor]":
    limit = time.monotonic() + _START_LIMIT_SECONDS
    while True:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:  # PyMySQL leaves its own open where it fails
            if probe.connect_ex(path) == 0:
                return pymysql.connect(unix_socket=path, user="root", charset="utf8mb4")
        if running.poll() is not None or time.monotonic() > limit:
            words = log.read_text(encoding="utf-8", errors="replace")
            raise ProgramError(f"mariadbd does not answer:\n{last_words(words)}")
        time.sleep(0.05)


def _contents() -> tuple[tuple[str, tuple[str, ...], tuple[tuple[object, ...], ...]], ...]:
    return (("item", ITEM_COLUMNS, ITEMS), ("person", PERSON_COLUMNS, PERSONS))


def _insert(table: str, columns: tuple[str, ...], mark: str) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"


def _plain_environment() -> dict[str, str]:
    """The machine's own environment without what steers petinsurance or Django elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PETINSURANCE_"))}
