"""Generated intrusions: a small population, what the intruder and others did, the evidence that it left, and the truth.

The truth is what the intruder's pages and queries really gave, computed here from the population in plain Python; the
statements run on a real PostgreSQL. Nothing here uses kakuho's own reasoning. What each act is, stands in ``deeds``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import psycopg

START = datetime.fromisoformat("2025-03-19")  # UTC without a zone, as in the lake
LONG_AGO = datetime.fromisoformat("2025-01-01")
SOURCES = ("access_log", "database_log", "disclosure_ledger")
STEP = timedelta(minutes=7)
"""From one act to the next."""
INTRUDER, HIDDEN, ELSEWHERE = "127.9.9.9", "127.5.5.5", "198.51.100.9"
"""The intruder's address; one of his that nobody knows; where he connects to the database from."""
STAFF = 100
Cell = tuple[str, str]
Row = dict[str, object]


@dataclass
class World:
    """``http``, ``datastore``, ``disclosure``: rows of the lake; ``truth``: cells that left to the intruder.

    ``known_elsewhere``: a person knows his address at the database for his.
    """

    connection: psycopg.Connection
    holders: dict[int, dict[str, object]] = field(default_factory=dict)
    policies: dict[int, tuple[int, str]] = field(default_factory=dict)
    banks: dict[int, tuple[str, str]] = field(default_factory=dict)
    http: list[Row] = field(default_factory=list)
    datastore: list[Row] = field(default_factory=list)
    disclosure: list[Row] = field(default_factory=list)
    truth: set[Cell] = field(default_factory=set)
    known_elsewhere: bool = False
    on_the_host: bool = False
    now: datetime = START

    def left(self, holder: int, item: str) -> None:
        """The holder's value left; where it was empty, nothing did."""
        if self.holders[holder][item]:
            self.truth.add((f"holder:{holder}", item))

    def policies_of(self, number: str) -> list[int]:
        """The holders of the policy with that number: none or one."""
        return [holder for holder, own in self.policies.values() if own == number]

    def request(
        self,
        address: str,
        path: str,
        *,
        query: str | None = None,
        method: str = "GET",
        status: int = 200,
        sent: int = 900,
        later: int = 0,
    ) -> None:
        """``later``: seconds after the act began."""
        time = self.now + timedelta(seconds=later)
        self.http.append({**_place(1, len(self.http), time), "duration_us": 5000, "src_ip": address, "method": method,
                          "url_path": path, "url_query": query, "status": status, "bytes_out": sent,
                          "user_agent": "Mozilla/5.0"})  # fmt: skip

    def shown(
        self, address: str, actor: tuple[str, int], route: str, cells: list[Cell], masked: list[Cell] | None = None
    ) -> None:
        """The ledger's event of one response: a row for each value on it."""
        kind, account = actor
        line = len({row["line"] for row in self.disclosure}) + 1
        own = f"holder:{account}" if kind == "holder" else None
        event = {**_place(3, line - 1, self.now + timedelta(seconds=2)), "session": f"{address}/{self.now:%H%M}",
                 "src_ip": address, "actor_kind": kind, "actor_id": f"account:{account}", "actor_subject": own,
                 "method": "GET", "route": route, "status": 200}  # fmt: skip
        for hidden, listed in ((False, cells), (True, masked or [])):
            for subject, item in listed:
                self.disclosure.append({**event, "subject": subject, "item": item, "masked": hidden})

    def logged(self, statement: str | None, **more: object) -> None:
        """A line of the database's log, of the application's own connection unless ``more`` says otherwise."""
        row = {"db_user": "web", "src_ip": "[local]", "kind": "statement", "statement": statement,
               "outcome": "success"}  # fmt: skip
        time = self.now + timedelta(seconds=2)
        self.datastore.append({**_place(2, len(self.datastore), time), **row, **more})

    def add_holder(self, number: int, person: Row, at: datetime) -> None:
        self.holders[number] = {k: person[k] for k in ("name", "gender", "email")}
        row = (number, at, at, person["name"], person["gender"], person["email"])
        self.connection.execute("INSERT INTO holder VALUES (%s, %s, %s, %s, %s, %s)", row)
        for _ in range(int(str(person["policies"]))):
            policy = len(self.policies) + 1
            self.policies[policy] = (number, f"PL-{policy}")
            self.connection.execute("INSERT INTO policy VALUES (%s, %s, %s)", (policy, number, f"PL-{policy}"))
        if person["bank"]:
            self.add_bank(f"holder:{number}", number, None)

    def add_bank(self, subject: str, holder: int | None, clinic: int | None) -> None:
        number = len(self.banks) + 1
        self.banks[number] = (subject, f"{number:07d}")
        self.connection.execute("INSERT INTO bank VALUES (%s, %s, %s, %s)", (number, holder, clinic, f"{number:07d}"))


def populated(connection: psycopg.Connection, people: list[Row], bodies: list[Row]) -> World:
    """A world before the intrusion."""
    world = World(connection)
    connection.execute("DELETE FROM holder; DELETE FROM clinic; DELETE FROM policy; DELETE FROM bank")
    for number, person in enumerate(people, 1):
        world.add_holder(number, person, LONG_AGO)
    for number, body in enumerate(bodies, 1):
        connection.execute("INSERT INTO clinic VALUES (%s, %s)", (number, body["name"]))
        if body["bank"]:
            world.add_bank(f"clinic:{number}", None, number)
    return world


def _place(source: int, before: int, time: datetime) -> Row:
    return {"time": time, "source_id": source, "line": before + 1, "byte_offset": before * 100}
