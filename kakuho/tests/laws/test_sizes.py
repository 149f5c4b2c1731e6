"""Law 1 where the sizes of answers narrow: whatever a page does to its values, no row that left is dropped.

A real PostgreSQL holds the table, rows move by real updates and deletions, before and after; pages are printed here in
ways of which kakuho knows nothing. The rows that left are read off the statements' own results.
"""

from __future__ import annotations

import gzip
import html
import random
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

import psycopg
from hypothesis import given
from hypothesis import strategies as st

from .answer import answer, by_verdict
from .world import LONG_AGO, SOURCES, TEMPLATE, World

PEOPLE = 48
TAKEN = "SELECT id||'~'||COALESCE(name,'')||'~'||COALESCE(email,' ') FROM holder"


@dataclass(frozen=True)
class Printer:
    """How the page writes its rows: bytes before, in between, for nothing; what it does to values and to the whole."""

    before: int = 150
    between: int = 9
    empty: str = ""
    escapes: bool = True
    charset: str = "utf-8"
    cut: int = 10_000
    compressed: bool = False
    note: int = 0
    """Bytes of something that is another length at every request."""

    def size(self, rows: list[tuple[object, ...]], chance: random.Random) -> int:
        values = ["" if v is None and not self.empty else str(self.empty if v is None else v) for r in rows for v in r]
        values = [html.escape(v[: self.cut]) if self.escapes else v[: self.cut] for v in values]
        text = "x" * self.before + ("-" * self.between).join(values) + "-" * self.between * len(rows)
        body = (text + "y" * chance.randint(0, self.note)).encode(self.charset)
        return len(gzip.compress(body, mtime=0)) if self.compressed else len(body)


printers = st.builds(
    Printer,
    before=st.sampled_from([0, 150, 950]),
    empty=st.sampled_from(["", "None", "―"]),
    escapes=st.booleans(),
    charset=st.sampled_from(["utf-8", "cp932"]),
    cut=st.sampled_from([12, 40, 10_000]),
    compressed=st.booleans(),
    note=st.sampled_from([0, 0, 3]),
)
plain = st.builds(Printer, charset=st.sampled_from(["utf-8", "cp932"]), empty=st.sampled_from(["", "None"]))
changes = st.lists(
    st.tuples(st.sampled_from(["correct", "correct", "delete", "join"]), st.integers(1, PEOPLE)), max_size=5
)


class Site:
    """The table, the page and both logs."""

    def __init__(self, connection: psycopg.Connection, printer: Printer, chance: random.Random) -> None:
        self.connection, self.printer, self.chance, self.world = connection, printer, chance, World()
        connection.execute("TRUNCATE holder, clinic, policy, bank")
        self.world.used |= {"web.legacy", "database.web"}
        self.last = 0
        for number in range(1, PEOPLE + 1):
            self._add(LONG_AGO)
            connection.execute("INSERT INTO policy VALUES (%s, %s, %s)", (number, number, f"PL-{number}"))

    def _add(self, at: object) -> None:
        self.last += 1
        row = (self.last, at, at, self._name(), "female", self._email())
        self.connection.execute("INSERT INTO holder VALUES (%s, %s, %s, %s, %s, %s)", row)

    def _name(self) -> str:
        name = "".join(self.chance.choices("佐藤鈴木髙橋田中伊渡辺山本", k=self.chance.randint(2, 14)))
        return name + " & 子" if self.chance.random() < 0.03 else name

    def _email(self) -> str | None:
        return self.chance.choice([None, "", *(f"{'m' * self.chance.randint(1, 30)}@example.jp" for _ in range(8))])

    def change(self, kind: str, number: int) -> None:
        self.world.now += timedelta(hours=1)
        if kind == "join":
            self._add(self.world.now)
            self._logged("INSERT INTO holder VALUES ($1)")
        elif kind == "delete":
            self.connection.execute("DELETE FROM holder WHERE id = %s", (number,))
            self._logged("DELETE FROM holder WHERE id = $1")
        else:
            self.connection.execute(
                "UPDATE holder SET name = %s, email = %s, updated_at = %s WHERE id = %s",
                (self._name(), self._email(), self.world.now, number),
            )
            self._logged("UPDATE holder SET name = $1, email = $2, updated_at = $3 WHERE id = $4")

    def ask(self, value: str) -> list[tuple[object, ...]]:
        """What the page prints for ``value``; a row that the intruder took by its place begins with its key."""
        self.world.now += timedelta(minutes=1)
        statement = TEMPLATE.replace("{no}", value)
        rows = self.connection.execute(statement.replace("%", "%%").encode(), ()).fetchall()
        for row in rows:
            if "~" in str(row[0]):
                number, name, email = str(row[0]).split("~")
                self._left(number, name=name, email=email.strip())
            elif str(row[0]).startswith("PL-"):
                self._left(str(row[0])[3:], policy_number="x", name=str(row[1]))
        line = len(self.world.http) + 1
        size = self.printer.size(rows, self.chance)
        self.world.http.append({"time": self.world.now, "duration_us": 5000, "source_id": 1, "line": line,
                                "byte_offset": 0, "src_ip": "127.9.9.9", "method": "GET", "url_path": "/legacy",
                                "url_query": "no=" + quote(value), "status": 200, "bytes_out": size})  # fmt: skip
        self._mine("http_activity", 1, line)
        self._logged(statement)
        self._mine("datastore_activity", 2, len(self.world.datastore))
        return rows

    def _left(self, number: str, **items: str) -> None:
        self.world.truth |= {(f"holder:{number}", item) for item, value in items.items() if value}

    def _logged(self, statement: str) -> None:
        line = len(self.world.datastore) + 1
        self.world.datastore.append({"time": self.world.now, "source_id": 2, "line": line, "byte_offset": line * 100,
                                     "db_user": "web", "src_ip": "[local]", "kind": "statement", "statement": statement,
                                     "parameters": None, "outcome": "success", "message": None})  # fmt: skip

    def _mine(self, table: str, source: int, line: int) -> None:
        self.world.attacker.append(
            {"source_id": source, "line": line, "table": table, "time": self.world.now, "certain": True}
        )

    def intrude(self, first: int, last: int) -> World:
        """Looks about as sqlmap does, then takes the rows from the places ``first`` to ``last``."""
        for value in ("PL-1", "PL-2", "PL-3", "PL-4"):
            self.ask(value)
        for rows in (1, 2, 3):
            for length in (3, 70):
                self.ask("PL-1'" + f" UNION ALL SELECT '{'q' * length}',NULL" * rows + "-- q")
                self.ask("-1'" + f" UNION ALL SELECT '{'q' * (length + 1)}',NULL" * rows + "-- q")
        for place in range(first, last + 1):
            self.ask(f"-{place}' UNION ALL SELECT ({TAKEN} OFFSET {place} LIMIT 1),NULL-- q")
        return self.world


def _found(site: Site, present: set[str]) -> set[tuple[str, str]]:
    judgement = answer(site.world, site.connection, present)
    return by_verdict(judgement, "confirmed") | by_verdict(judgement, "possible")


@given(
    st.one_of(plain, printers), changes, changes, st.integers(0, 30), st.integers(1, 18), st.booleans(), st.randoms()
)
def test_no_row_that_left_is_dropped(
    database: psycopg.Connection, printer, before, since, first, many, logged, chance
) -> None:
    site = Site(database, printer, chance)
    for change in before:
        site.change(*change)
    site.intrude(first, first + many)
    for change in since:
        site.change(*change)
    deleted = {f"holder:{number}" for kind, number in [*before, *since] if kind == "delete"}
    truth = {(subject, item) for subject, item in site.world.truth if subject not in deleted}
    assert truth - _found(site, set(SOURCES) if logged else {"access_log"}) == set()


def _emails(found: set[tuple[str, str]]) -> set[int]:
    """Whose mail address counts: no statement but the scan's reads one."""
    return {int(subject.partition(":")[2]) for subject, item in found if item == "email"}


def _everybody(site: Site) -> set[int]:
    rows = site.connection.execute("SELECT id FROM holder WHERE email <> ''").fetchall()
    return {number for (number,) in rows}


def test_a_scan_of_a_table_that_lies_as_it_lay_names_its_rows_and_no_other(database: psycopg.Connection) -> None:
    site = Site(database, Printer(), random.Random(1))
    site.intrude(20, 39)
    for present in (set(SOURCES), {"access_log"}):
        assert _emails(_found(site, present)) == _everybody(site) & set(range(21, 41))


def test_a_row_changed_since_counts_where_its_key_puts_it_in_the_scan(database: psycopg.Connection) -> None:
    site = Site(database, Printer(), random.Random(2))
    site.intrude(20, 39)
    site.change("correct", 30)
    site.change("correct", 45)
    found, named = _emails(_found(site, set(SOURCES))), (_everybody(site) | {30}) & set(range(21, 41))
    assert named <= found
    assert found - named <= {20, 41, 45}  # beside the range, and the other changed row: not surely unread


def test_a_scan_too_short_to_show_the_order_leaves_the_rows_of_that_size(database: psycopg.Connection) -> None:
    site = Site(database, Printer(), random.Random(3))
    site.intrude(20, 21)
    found, everybody = _emails(_found(site, set(SOURCES))), _everybody(site)
    assert everybody & {21, 22} <= found
    assert len(found) < len(everybody) / 2


def test_a_compressed_page_or_one_that_broke_off_leaves_every_row(database: psycopg.Connection) -> None:
    site = Site(database, Printer(compressed=True), random.Random(4))
    site.intrude(20, 39)
    assert _emails(_found(site, set(SOURCES))) >= _everybody(site)
    site = Site(database, Printer(), random.Random(5))
    site.intrude(20, 39)
    site.world.http[-5]["bytes_out"] = 40
    assert _emails(_found(site, set(SOURCES))) >= _everybody(site)


def test_a_run_that_no_answer_tells_of_leaves_every_row(database: psycopg.Connection) -> None:
    site = Site(database, Printer(), random.Random(5))
    site.intrude(20, 39)
    lost = site.world.http.pop()
    site.world.attacker = [a for a in site.world.attacker if (a["table"], a["line"]) != ("http_activity", lost["line"])]
    assert _emails(_found(site, set(SOURCES))) >= _everybody(site)
