"""Logs that the real servers write."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kakuho.engine.postgresql import EmbeddedServer

PREFIX = "%m [%p] %c:%l %e %q%u@%d [%a] %h "


def _statements(server: EmbeddedServer) -> None:
    with psycopg.connect(server.connection_string(), autocommit=True) as connection:
        connection.execute("create table policyholder (id int primary key, name text)")
        connection.execute("insert into policyholder values (%s, %s), (%s, %s)", (1, 'O\'Neil "二\n行"', 2, None))
        connection.execute("select id -- 一行目\n\tfrom policyholder\n\n where name = %s", ("' or 1=1",), binary=True)
        connection.execute("set log_duration = on")
        connection.execute("select name from policyholder where id = %s", (2,), prepare=True)
        for wrong in ("select nothing from policyholder", "selec", "insert into policyholder values (1, 'x')"):
            with contextlib.suppress(psycopg.Error):
                connection.execute(wrong)
        with contextlib.suppress(psycopg.Error):
            connection.execute("select 1 / (id - %s) from policyholder", (1,))
        with connection.transaction(), connection.cursor(name="held") as cursor:
            cursor.execute("select * from policyholder where id > %s", (0,))
            cursor.fetchall()
        connection.execute("do $$ begin raise warning 'ご注意: %', 1 using hint = 'なし'; end $$")
    with contextlib.suppress(psycopg.Error):
        psycopg.connect(server.connection_string("nowhere"))


@pytest.fixture(scope="session")
def three_logs() -> Iterator[Path]:
    """A folder with ``server``, ``server.csv`` and ``server.json`` that one server wrote at once."""
    settings = {
        "logging_collector": "on",
        "log_destination": "stderr,jsonlog,csvlog",
        "log_directory": "log",
        "log_filename": "server",
        "log_line_prefix": PREFIX,
        "log_statement": "all",
        "log_connections": "on",
        "log_disconnections": "on",
        "log_min_messages": "warning",
        "log_min_error_statement": "error",
        "log_timezone": "Asia/Tokyo",
    }
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as name:
        folder = Path(name)
        with EmbeddedServer(folder / "server", settings) as server:
            _statements(server)
        for log in (folder / "server/data/log").iterdir():
            shutil.copy(log, folder / f"log-{log.name}")
        yield folder
