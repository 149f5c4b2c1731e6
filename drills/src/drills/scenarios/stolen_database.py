"""A stolen database password: psql and pg_dump from elsewhere, past the web application.

The password of the application's role lay in a repository; how the intruder came by it is not played. On two or three
nights the intruder looks around in the catalogue, reads ranges and single records, copies the answer of a query out,
and dumps one table whole, with the real programs. They cannot choose their source address: the intruder comes from
127.0.0.1, where nobody else comes from, the application by the local socket.
"""

import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from drills.chance import chance_for
from drills.handover import programs
from drills.loopback import TARGET, NotLoopbackError
from drills.processes import ProgramError, last_words
from drills.scenarios.injection import CONTACT
from drills.scenarios.intrusion import Ground
from drills.scenarios.wiping import Wiped
from drills.traffic.people import Member
from drills.traffic.schedule import Steps
from drills.truth.bodies import Cell
from drills.truth.dumps import cells_in_copy, cells_in_dump
from drills.truth.holdings import Holdings

_ENVIRONMENT = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
_LIMIT_SECONDS = 120.0
_LOOKS = (r"\dt", r"\d policyholder")
_GONE = re.compile(rf"disconnection: session time: .* host={re.escape(TARGET)} ")


@dataclass(frozen=True)
class Taking:
    """One run of psql or pg_dump. `table`: what its file holds rows of; None where it only looks around."""

    program: str
    arguments: tuple[str, ...]
    table: str | None = None

    def file_in(self, folder: Path) -> Path:
        ending = "sql" if self.program == "pg_dump" else "csv"
        return folder / f"{self.table or 'catalogue'}.{ending}"


def selected(table: str, columns: Sequence[str], condition: str) -> Taking:
    """Rows by psql, with the primary key."""
    statement = f"SELECT {', '.join(('id', *columns))} FROM {table} WHERE {condition}"  # noqa: S608
    return Taking("psql", ("--csv", "--command", statement), table)


def copied(table: str, columns: Sequence[str], condition: str) -> Taking:
    """The answer of a query as COPY gives it."""
    query = f"SELECT {', '.join(('id', *columns))} FROM {table} WHERE {condition} ORDER BY id"  # noqa: S608
    return Taking("psql", ("--command", f"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER)"), table)


def dumped(table: str) -> Taking:
    """A whole table. The role may not read the table's sequence, without which pg_dump gives up."""
    return Taking("pg_dump", ("--data-only", "--table", table, "--exclude-table-data", f"{table}_id_seq"), table)


class StolenDatabaseCredentials:
    """The intruder of `SCENARIO=stolen-database-credentials`."""

    victims: Sequence[Member] = ()
    impersonated: Sequence[Member] = ()
    wiped: Wiped | None = None
    known: tuple[str, ...] = (f"address={TARGET}",)

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._chance = chance_for("stolen database credentials", ground.seed)
        self._environment = _environment(ground.database)
        self._taken: list[tuple[Taking, Path]] = []
        self._moments: list[datetime] = []

    def acts(self) -> list[tuple[datetime, Steps]]:
        chance = self._chance
        nights = chance.choice((2, 3))
        at = self._ground.start + timedelta(days=chance.choice((4, 5, 6)), hours=chance.uniform(1, 4))
        takings = self._plan()
        acts: list[tuple[datetime, Steps]] = []
        for night in range(nights):
            looks = [Taking("psql", ("--command", look)) for look in _LOOKS] if night == 0 else []
            acts.append((at, self._night([*looks, *takings[night::nights]])))
            at += timedelta(days=chance.choice((1, 2)), hours=chance.uniform(-0.9, 0.9))
        return acts

    def truth(self, holdings: Holdings) -> set[Cell]:
        """What the files hold that psql and pg_dump wrote."""
        cells: set[Cell] = set()
        for taking, file in self._taken:
            if taking.table is not None:
                cells |= (cells_in_copy if taking.program == "pg_dump" else cells_in_dump)(file, holdings)
        return cells

    def window(self) -> tuple[datetime, datetime]:
        return min(self._moments), max(self._moments)

    def _plan(self) -> list[Taking]:
        """Ranges, single records, two copies and one dump, in the order of the nights."""
        chance, counts = self._chance, self._ground.record_counts
        first = chance.randint(1, max(1, counts["policyholder"] - 40))
        low = chance.randint(1, max(1, counts["quote"] - 60))
        injured = chance.randint(1, max(1, counts["injured_third_party"] - 5))
        number = chance.choice(self._ground.policy_numbers)
        one = chance.randint(1, counts["policyholder"])
        whole = chance.choice(("bank_account", "brochure_request", "clinic", "agency"))
        plan = [
            selected("policyholder", self._columns(), f"id BETWEEN {first} AND {first + chance.randint(10, 40)}"),
            selected("policy", ("policy_number", "policyholder_id"), f"policy_number = '{number}'"),
            selected("policyholder", CONTACT, f"id = {one}"),
            copied("quote", self._columns(), f"id >= {low} AND id < {low + chance.randint(20, 60)}"),
            copied("injured_third_party", ("name", "phone", "injury"), f"id BETWEEN {injured} AND {injured + 5}"),
            selected("bank_account", ("bank_name", "account_number"), f"policyholder_id = {one}"),
            dumped(whole),
        ]
        chance.shuffle(plan)
        return plan

    def _columns(self) -> tuple[str, ...]:
        taken = set(self._chance.sample(CONTACT, k=self._chance.randint(2, len(CONTACT))))
        return tuple(column for column in CONTACT if column in taken)

    def _night(self, takings: Sequence[Taking]) -> Iterator[float]:
        """One program after the other, with pauses for typing."""
        for taking in takings:
            folder = self._ground.folder / "intruder" / f"{len(self._taken) + 1:02d}"
            self._moments.append(self._ground.clock.now())
            self._run(taking, folder)
            self._moments.append(self._ground.clock.now())
            yield self._chance.uniform(8, 240)

    def _run(self, taking: Taking, folder: Path) -> None:
        folder.mkdir(parents=True)
        file = taking.file_in(folder)
        options = ["--no-psqlrc", "--output", str(file)] if taking.program == "psql" else ["--file", str(file)]
        command = [str(programs() / taking.program), "--no-password", *options, *taking.arguments]
        finished = self._ground.processes.run(
            command, self._environment | {"HOME": str(folder)}, folder=folder, time_limit=_LIMIT_SECONDS
        )
        if finished.exit_code:
            raise ProgramError(f"{taking.program} brought nothing home:\n{last_words(finished.errors)}")
        self._taken.append((taking, file))
        self._wait_until_gone()

    def _wait_until_gone(self) -> None:
        """Until the server has logged the end of every connection: before that the clock must not jump."""
        limit = time.monotonic() + _LIMIT_SECONDS
        while self._disconnections() < len(self._taken):
            if time.monotonic() > limit:
                raise ProgramError("the database's log lacks the end of an intruder's connection")
            time.sleep(0.02)

    def _disconnections(self) -> int:
        logs = [*self._ground.logs.glob("postgresql*.json"), *self._ground.logs.glob("postgresql*.csv")]
        return sum(len(_GONE.findall(log.read_text(encoding="utf-8"))) for log in logs)


def _environment(database: str | None) -> dict[str, str]:
    """The stolen address and password as libpq's variables; it must be on this machine, whatever else."""
    stolen = conninfo_to_dict(database or "")
    if stolen.get("host") != TARGET:
        raise NotLoopbackError(f"a drill's intruder only talks to a database at {TARGET}, not at {stolen.get('host')}")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {variable: str(stolen[part]) for part, variable in _ENVIRONMENT.items()}
