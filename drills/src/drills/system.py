"""A real petinsurance, running on loopback on the simulated clock: its database, its web server, its logs.

It is driven through its own command line, as an operator would. Two log folders keep its installation apart from the
life that follows; only the second is evidence.
"""

import json
import os
import secrets
import socket
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from psycopg.conninfo import make_conninfo

from drills.clock import MappedClock, threads_at_rest
from drills.loopback import TARGET
from drills.processes import Finished, Processes, ProgramError, end_group, last_words

PROGRAM = Path(sys.executable).parent / "petinsurance"
_START_LIMIT_SECONDS = 30.0
_LINE_LIMIT_SECONDS = 20.0


@dataclass(frozen=True)
class Database:
    """Where the running database is reached: as the web application does, and as its owner.

    `from_elsewhere`: as the web application's role over the network, where the database listens there.
    """

    web_url: str
    owner_url: str
    from_elsewhere: str | None


class PetInsurance:
    """One installation in `folder`."""

    def __init__(self, processes: Processes, clock: MappedClock, folder: Path) -> None:
        self._processes, self._clock, self._folder = processes, clock, folder
        self.logs = folder / "logs"
        self.access_log = self.logs / "access.log"
        self.ledger = self.logs / "ledger"
        self.site = ""
        self._database_started = self._database_runs = False
        self.answers = 0
        self._counting = threading.Lock()
        self._recount = False
        self._lines_expected = 0
        self._bytes_seen = 0
        self._lines_seen = 0

    def install(self, scale: float, seed: int, log_format: str) -> Database:
        """Make the database, its tables and its population, with the logs of that kept apart."""
        database = self.start_database(self._folder / "installation-logs", log_format)
        environment = {"DATABASE_URL": database.owner_url}
        self._command(["migrate"], environment)
        self._command(["populate", "--scale", str(scale), "--seed", str(seed)], environment)
        return database

    def start_database(self, log_folder: Path, log_format: str, *, listens: bool = False) -> Database:
        """`listens`: on a port of 127.0.0.1 too, beside its local socket."""
        data = self._folder / "database"
        command = ["database", "start", "--data-dir", str(data), "--log-dir", str(log_folder)]
        if not self._database_started:
            self._processes.at_end(self.stop_database)
        self._database_started = self._database_runs = True
        command += ["--listen", TARGET] if listens else []
        answer = json.loads(self._command([*command, "--log-format", log_format, "--json"], {}).output)
        from_elsewhere = None
        if listens:
            host, _, port = answer["listens_on"].rpartition(":")
            from_elsewhere = make_conninfo(answer["web_url"], host=host, port=port)
        return Database(answer["web_url"], answer["owner_url"], from_elsewhere)

    def stop_database(self) -> None:
        """Stop the server, if it runs; its log is complete then."""
        if self._database_runs:
            self._command(["database", "stop", "--data-dir", str(self._folder / "database")], {})
            self._database_runs = False

    def start_web(self, database: Database, settings: str) -> None:
        """Start gunicorn on a free port of 127.0.0.1 and wait until it listens."""
        port = _free_port()
        self.site = f"http://{TARGET}:{port}"
        options = ["--port", str(port), "--log-dir", str(self.logs), "--settings", settings]
        self._web = self._processes.start(
            [str(PROGRAM), "web", *options, "--workers", "1", "--threads", "8"],
            self._folder / "web.out",
            self._environment(
                {
                    "DATABASE_URL": database.web_url,
                    "PETINSURANCE_SECRET_KEY": secrets.token_urlsafe(60),
                    "PETINSURANCE_LEDGER_KEY": secrets.token_hex(32),
                }
            ),
        )
        limit = time.monotonic() + _START_LIMIT_SECONDS
        server = psutil.Process(self._web.pid)
        while not (_listens(port) and (workers := server.children(recursive=True))):
            if self._web.poll() is not None or time.monotonic() > limit:
                words = (self._folder / "web.out").read_text(encoding="utf-8", errors="replace")
                raise ProgramError(f"petinsurance web does not answer:\n{last_words(words)}")
            time.sleep(0.05)
        self._web_processes = [server.pid, *(worker.pid for worker in workers)]

    def web_processes(self) -> list[int]:
        """The ids of the running web server's processes."""
        return list(self._web_processes)

    def stop_web(self) -> None:
        """End the web server in order: its ledger is closed then."""
        end_group(self._web)

    def answered(self, *_: object) -> None:
        """One more answer came back, so one more line must be in the access log before the clock may jump."""
        with self._counting:
            self._lines_expected += 1
            self.answers += 1

    def settle(self) -> None:
        """Wait until the access log holds a line for every answer and the web server is at rest.

        Only called while nothing is in flight.
        """
        if self._recount:
            self._recount = False
            self._take_as_complete()
        limit = time.monotonic() + _LINE_LIMIT_SECONDS
        while self._count_lines() < self._lines_expected or not threads_at_rest(self._web_processes):
            if time.monotonic() > limit:
                raise ProgramError(f"{self.access_log.name} lacks lines for answers that came back, or nothing rests")
            time.sleep(0.0005)

    def resettle(self) -> None:
        """After a program that counts its own requests, or after the log was cut: next time, wait for quiet and take
        the log as it is then."""
        self._recount = True

    def _take_as_complete(self) -> None:
        before = -1
        self._bytes_seen = self._lines_seen = 0
        while before != self._count_lines():
            before = self._lines_seen
            time.sleep(0.05)
        self._lines_expected = self._lines_seen

    def _count_lines(self) -> int:
        if self.access_log.exists() and self.access_log.stat().st_size > self._bytes_seen:
            with self.access_log.open("rb") as log:
                log.seek(self._bytes_seen)
                fresh = log.read()
            self._bytes_seen += len(fresh)
            self._lines_seen += fresh.count(b"\n")
        return self._lines_seen

    def _command(self, arguments: list[str], environment: dict[str, str]) -> Finished:
        finished = self._processes.run([str(PROGRAM), *arguments], self._environment(environment))
        if finished.exit_code:
            raise ProgramError(f"petinsurance {' '.join(arguments[:2])} failed:\n{last_words(finished.errors)}")
        return finished

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PETINSURANCE_"))}
        return kept | self._clock.environment() | more


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((TARGET, 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((TARGET, port)) == 0
