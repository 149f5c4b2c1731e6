"""Evidence written by the real programs: PostgreSQL, gunicorn, the disclosure ledger."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from kakuho.case import Case
from kakuho.engine.postgresql import EmbeddedServer
from kakuho.engine.programs import PROGRAMS

ACCESS_LOG_FORMAT = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s'


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.create(tmp_path / "case", name="テスト事案")


def _statements(server: EmbeddedServer) -> None:
    with psycopg.connect(server.connection_string(), autocommit=True) as connection:
        connection.execute("create table policyholder (id int primary key, name text)")
        connection.execute("insert into policyholder values (%s, %s), (%s, %s)", (1, 'O\'Neil "二\n行"', 2, None))
        connection.execute("select id -- 一行目\nfrom policyholder where name = %s", ("' or 1=1",))
        for wrong in ("select nothing from policyholder", "selec", "select 1 / (id - id) from policyholder"):
            with contextlib.suppress(psycopg.Error):
                connection.execute(wrong)
        connection.execute("select name from policyholder where id = %s", (2,), prepare=True)
        with contextlib.suppress(psycopg.Error):
            connection.execute("select 1 / (id - %s) from policyholder", (1,))
        connection.execute("select 1")
    with contextlib.suppress(psycopg.Error):
        psycopg.connect(server.connection_string("nowhere"))


@pytest.fixture(scope="session")
def postgresql_logs() -> Iterator[Path]:
    """A folder with ``jsonlog.json`` and ``csvlog.csv`` of the same server, and ``snapshot.dump``.

    It lies outside pytest's own folder, which a pytest started meanwhile closes to the server's user.
    """
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as folder:
        _write_logs(Path(folder))
        yield Path(folder)


def _write_logs(folder: Path) -> None:
    settings = {
        "logging_collector": "on",
        "log_destination": "jsonlog,csvlog",
        "log_directory": "log",
        "log_filename": "server",
        "log_statement": "all",
        "log_connections": "on",
        "log_disconnections": "on",
        "log_min_messages": "warning",
        "log_min_error_statement": "error",
        "log_timezone": "Asia/Tokyo",
    }
    with EmbeddedServer(folder / "server", settings) as server:
        _statements(server)
        dump = [str(PROGRAMS / "pg_dump"), "-Fc", "-f", str(folder / "snapshot.dump"), server.connection_string()]
        subprocess.run(dump, check=True)
    shutil.copy(folder / "server/data/log/server.json", folder / "jsonlog.json")
    shutil.copy(folder / "server/data/log/server.csv", folder / "csvlog.csv")


_APPLICATION = """
def application(environ, start_response):
    path = environ["PATH_INFO"]
    status = "404 Not Found" if path == "/nothing" else "200 OK"
    body = "あ".encode() * 100
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
"""

REQUESTS = [
    b"GET /mypage/ HTTP/1.1\r\nHost: a\r\nUser-Agent: Mozilla/5.0 (X11)\r\nReferer: http://a/login\r\n",
    b"GET /legacy/policy-status?no=1%27%20OR%201=1--&x=%22 HTTP/1.1\r\nHost: a\r\nUser-Agent: sqlmap/1.9\r\n",
    b'GET /nothing HTTP/1.1\r\nHost: a\r\nUser-Agent: has "quotes" in it\r\n',
    b"HEAD /mypage/ HTTP/1.1\r\nHost: a\r\n",
]


@pytest.fixture(scope="session")
def gunicorn_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The access log of gunicorn with the agreed format, after :data:`REQUESTS`."""
    folder = tmp_path_factory.mktemp("gunicorn")
    (folder / "application.py").write_text(_APPLICATION)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "access.log"
    options = ["--access-logfile", str(log), "--access-logformat", ACCESS_LOG_FORMAT, "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *options, "application:application"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        for request in REQUESTS:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(request + b"Connection: close\r\n\r\n")
                while connection.recv(65536):
                    pass
    finally:
        server.terminate()
        server.wait(20)
    return log


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError


_WRITE_LEDGER = """
import sys
from pathlib import Path
from disclosure_ledger import Actor, Disclosure, Ledger

ledger = Ledger.open(Path(sys.argv[1]), system="petinsurance", checkpoint_every=10)
for number in range(int(sys.argv[2])):
    ledger.record(
        actor=Actor("staff", "account:1", "claims"),
        disclosures=[
            Disclosure(f"policyholder:{number}", ["name", "phone"], ["bank_account"]), Disclosure("clinic:3", ["name"])
        ],
        method="GET", route="/staff/policyholders/{key}/", status=200, purpose="customer_service",
        address="127.0.0.1", session="ab" * 8,
    )
if sys.argv[3] == "close":
    ledger.close()
else:
    import os
    os._exit(0)
"""


@pytest.fixture
def write_ledger(tmp_path: Path) -> Callable[..., Path]:
    """Let the real ledger write a segment of so many events into a folder; returns the segment."""

    def write(folder: Path = tmp_path / "ledger", *, events: int = 25, close: bool = True) -> Path:
        before = set(folder.glob("*.jsonl"))
        how = "close" if close else "kill"
        subprocess.run([sys.executable, "-c", _WRITE_LEDGER, str(folder), str(events), how], check=True)
        (segment,) = (set(folder.glob("*.jsonl")) - before) - {folder / "checkpoints.jsonl"}
        return segment

    return write
