"""Generated intrusions: a small population, what the intruder did, the evidence that it left, and the truth.

The truth is what the intruder's pages and queries really gave, computed here from the population in plain Python; the
statements run on a real PostgreSQL. Nothing here uses kakuho's own reasoning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

import psycopg
from hypothesis import strategies as st

START = datetime.fromisoformat("2025-03-19")  # UTC without a zone, as in the lake
LONG_AGO = datetime.fromisoformat("2025-01-01")
SOURCES = ("access_log", "database_log", "disclosure_ledger")
TEMPLATE = (
    "SELECT p.policy_number, h.name FROM policy p JOIN holder h ON h.id = p.holder_id WHERE p.policy_number = '{no}'"
)
Cell = tuple[str, str]

names = st.sampled_from(["佐藤 花子", "鈴木 一郎", "髙橋 桜", "佐藤 花子"])
holders = st.lists(
    st.fixed_dictionaries(
        {
            "name": names,
            "gender": st.sampled_from(["female", "male", ""]),
            "email": st.sampled_from([None, "", "a@example.jp", "b@example.com"]),
            "policies": st.integers(0, 2),
            "bank": st.booleans(),
        }
    ),
    min_size=1,
    max_size=5,
)
clinics = st.lists(st.fixed_dictionaries({"name": names, "bank": st.booleans()}), max_size=3)
pick = st.integers(0, 4)
column = st.sampled_from(["name", "gender", "email"])
actions = st.lists(
    st.one_of(
        st.tuples(st.just("profile"), pick, st.booleans()),
        st.tuples(st.just("staff"), pick),
        st.tuples(st.just("lookup"), pick),
        st.tuples(st.just("union"), column, st.sampled_from(["", " WHERE gender='male'", " ORDER BY id LIMIT 2"])),
        st.tuples(st.just("union_bank")),
        st.tuples(st.just("blind"), column, pick, st.sampled_from(["id", "name"])),
        st.tuples(st.just("probe"), pick),
        st.tuples(st.just("direct"), pick, column, st.booleans(), st.booleans()),
        st.tuples(st.just("broken")),
        st.tuples(st.just("change"), pick),
        st.tuples(st.just("join_in")),
    ),
    max_size=6,
)


@dataclass
class World:
    """``http``, ``datastore``, ``disclosure``: rows of the lake; ``truth``: cells that left."""

    holders: dict[int, dict[str, object]] = field(default_factory=dict)
    policies: dict[int, tuple[int, str]] = field(default_factory=dict)
    banks: dict[int, tuple[str, str]] = field(default_factory=dict)
    http: list[dict[str, object]] = field(default_factory=list)
    datastore: list[dict[str, object]] = field(default_factory=list)
    disclosure: list[dict[str, object]] = field(default_factory=list)
    attacker: list[dict[str, object]] = field(default_factory=list)
    compromised: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    truth: set[Cell] = field(default_factory=set)
    now: datetime = START

    def cell(self, holder: int, item: str) -> None:
        if self.holders[holder][item]:
            self.truth.add((f"holder:{holder}", item))


def build(
    connection: psycopg.Connection,
    people: list[dict[str, object]],
    bodies: list[dict[str, object]],
    acts: list[tuple[object, ...]],
) -> World:
    world = World()
    connection.execute("TRUNCATE holder, clinic, policy, bank")
    for number, person in enumerate(people, 1):
        _add_holder(world, connection, number, person, LONG_AGO)
    for number, body in enumerate(bodies, 1):
        connection.execute("INSERT INTO clinic VALUES (%s, %s)", (number, body["name"]))
        if body["bank"]:
            _add_bank(world, connection, f"clinic:{number}", None, number)
    for act in acts:
        world.now += timedelta(minutes=7)
        _act(world, connection, act)
    return world


def _add_holder(
    world: World, connection: psycopg.Connection, number: int, person: dict[str, object], at: datetime
) -> None:
    world.holders[number] = {k: person[k] for k in ("name", "gender", "email")}
    row = (number, at, at, person["name"], person["gender"], person["email"])
    connection.execute("INSERT INTO holder VALUES (%s, %s, %s, %s, %s, %s)", row)
    for _ in range(int(str(person["policies"]))):
        policy = len(world.policies) + 1
        world.policies[policy] = (number, f"PL-{policy}")
        connection.execute("INSERT INTO policy VALUES (%s, %s, %s)", (policy, number, f"PL-{policy}"))
    if person["bank"]:
        _add_bank(world, connection, f"holder:{number}", number, None)


def _add_bank(
    world: World, connection: psycopg.Connection, subject: str, holder: int | None, clinic: int | None
) -> None:
    number = len(world.banks) + 1
    world.banks[number] = (subject, f"{number:07d}")
    connection.execute("INSERT INTO bank VALUES (%s, %s, %s, %s)", (number, holder, clinic, f"{number:07d}"))


def _act(world: World, connection: psycopg.Connection, act: tuple[object, ...]) -> None:
    kind = act[0]
    place = act[1] if len(act) > 1 and isinstance(act[1], int) else 0
    chosen = sorted(world.holders)[place % len(world.holders)]
    if kind == "profile":
        _profile(world, chosen, hidden=bool(act[2]))
    elif kind == "staff":
        _staff(world, chosen)
    elif kind == "lookup":
        _legacy(world, connection, f"PL-{chosen}")
        for holder, number in world.policies.values():
            if number == f"PL-{chosen}":
                world.truth.add((f"holder:{holder}", "policy_number"))
                world.cell(holder, "name")
    elif kind == "union":
        _union(world, connection, str(act[1]), str(act[2]))
    elif kind == "union_bank":
        _legacy(world, connection, "x' UNION ALL SELECT (id::text||':'||COALESCE(number::text,' ')),NULL FROM bank-- q")
        world.truth |= {(subject, "bank_account") for subject, _ in world.banks.values()}
    elif kind == "blind":
        _blind(world, connection, act)
    elif kind == "probe":
        _legacy(world, connection, f"PL-{chosen}' AND h.gender='male")
        for holder, number in world.policies.values():
            if number == f"PL-{chosen}":
                world.cell(holder, "gender")
                if world.holders[holder]["gender"] == "male":
                    world.truth.add((f"holder:{holder}", "policy_number"))
                    world.cell(holder, "name")
    elif kind == "direct":
        _direct(world, connection, chosen, str(act[2]), copies=bool(act[3]), confirmed=bool(act[4]))
    elif kind == "broken":
        _legacy(world, connection, "x' UNION SELECT 1,2,3 FROM holder-- q")
    elif kind == "change":
        _change(world, connection, chosen)
    elif kind == "join_in":
        person = {"name": "田中 実", "gender": "male", "email": "c@example.jp", "policies": 1, "bank": True}
        _add_holder(world, connection, max(world.holders) + 1, person, world.now)
        _write(world, "INSERT INTO holder VALUES ($1)")
        _write(world, "INSERT INTO policy VALUES ($1)")
        _write(world, "INSERT INTO bank VALUES ($1)")


def _profile(world: World, holder: int, *, hidden: bool) -> None:
    """``hidden``: from an address of which nothing is known; only the ledger can tell the account."""
    _request(world, "/me/profile", None, 200, "127.5.5.5" if hidden else "127.9.9.9", certain=not hidden)
    _show(world, holder, ("name", "gender", "email"), certain=not hidden)
    world.compromised.add(f"holder:{holder}")
    world.used.add("web.profile")
    if f"holder:{holder}" in {s for s, _ in world.banks.values()}:
        world.disclosure.append(_ledger_row(world, holder, "bank_account", masked=True))


def _staff(world: World, holder: int) -> None:
    _request(world, f"/staff/holder/{holder}", None, 200, "127.9.9.9", certain=True)
    _show(world, holder, ("name", "gender", "email"), certain=True)
    world.used.add("web.staff.holder")


def _show(world: World, holder: int, items: tuple[str, ...], *, certain: bool) -> None:
    line = len(world.disclosure) + 1
    shown = [item for item in items if world.holders[holder][item]]
    for item in shown:
        world.cell(holder, item)
        world.disclosure.append({**_ledger_row(world, holder, item, masked=False), "line": line})
    if shown:
        world.attacker.append(_mine(world, "disclosure", 3, line, certain))


def _ledger_row(world: World, holder: int, item: str, *, masked: bool) -> dict[str, object]:
    line = len(world.disclosure) + 1
    return {"time": world.now, "source_id": 3, "line": line, "byte_offset": line * 100, "subject": f"holder:{holder}",
            "item": item, "masked": masked}  # fmt: skip


def _union(world: World, connection: psycopg.Connection, column: str, tail: str) -> None:
    inner = f"SELECT (id::text||':'||COALESCE({column}::text,' ')) FROM holder{tail}"
    limited = f"x' UNION ALL SELECT v, NULL FROM ({inner}) AS t(v)-- q"
    plain = f"x' UNION ALL SELECT (id::text||':'||COALESCE({column}::text,' ')), NULL FROM holder{tail}-- q"
    _legacy(world, connection, limited if "LIMIT" in tail else plain)
    rows = sorted(world.holders)
    if "male" in tail:
        rows = [h for h in rows if world.holders[h]["gender"] == "male"]
        for holder in rows:
            world.cell(holder, "gender")
    if "LIMIT" in tail:
        rows = rows[:2]
    for holder in rows:
        world.cell(holder, column)


def _blind(world: World, connection: psycopg.Connection, act: tuple[object, ...]) -> None:
    column, place, order = str(act[1]), int(str(act[2])), str(act[3])
    inner = f"SELECT COALESCE({column}::text,' ') FROM holder ORDER BY {order} OFFSET {place} LIMIT 1"
    question = f"ASCII(SUBSTRING(({inner})::text FROM 1 FOR 1))>64"
    _legacy(world, connection, f"x' OR {question}-- q")
    rows = connection.execute(f"SELECT id FROM holder ORDER BY {order} OFFSET {place} LIMIT 1".encode()).fetchall()
    for (holder,) in rows:
        world.cell(holder, column)
    true = connection.execute(f"SELECT {question}".encode()).fetchone()
    if true and true[0]:
        for holder, _ in world.policies.values():
            world.truth.add((f"holder:{holder}", "policy_number"))
            world.cell(holder, "name")


def _legacy(world: World, connection: psycopg.Connection, value: str) -> None:
    statement = TEMPLATE.replace("{no}", value)
    try:
        connection.execute(statement.replace("%", "%%").encode(), ()).fetchall()
        status, outcome, message = 200, "success", None
    except psycopg.Error as error:
        status, outcome, message = 500, "failure", str(error.diag.message_primary)
    _request(world, "/legacy", "no=" + quote(value), status, "127.9.9.9", certain=True)
    world.datastore.append(_logged(world, statement, outcome, message))
    world.attacker.append(_mine(world, "datastore_activity", 2, len(world.datastore), certain=True))
    world.used |= {"web.legacy", "database.web"}


def _direct(
    world: World, connection: psycopg.Connection, last: int, column: str, *, copies: bool, confirmed: bool
) -> None:
    """A session of the intruder's own, past the application; ``confirmed``: a person knows its address for his."""
    query = f"SELECT id, {column} FROM holder WHERE id BETWEEN 2 AND {last}"
    rows = connection.execute(query.encode()).fetchall()
    for holder, _ in rows:
        world.cell(holder, column)
    statement = f"COPY ({query}) TO STDOUT" if copies else query
    session = {"src_ip": "198.51.100.9", "session_id": f"s{len(world.datastore)}"}
    why = "direct_connection" if confirmed else "foreign_connection"
    ends = {"kind": "connection", "statement": None}
    for number, more in enumerate(({}, ends), 1):
        world.datastore.append(_logged(world, statement, "success", None) | session | {"session_line": number} | more)
        if confirmed or not more:
            mine = _mine(world, "datastore_activity", 2, len(world.datastore), certain=confirmed)
            world.attacker.append(mine | {"why": why})
    world.used.add("database.direct")


def _change(world: World, connection: psycopg.Connection, holder: int) -> None:
    """The record is corrected: a statement run before saw other values, and may have kept other rows."""
    world.holders[holder].update(name="改姓 後", gender="male")
    connection.execute(
        "UPDATE holder SET name = '改姓 後', gender = 'male', updated_at = %s WHERE id = %s", (world.now, holder)
    )
    _write(world, "UPDATE holder SET name = $1, gender = $2")


def _write(world: World, statement: str) -> None:
    world.datastore.append(_logged(world, statement, "success", None))


def _logged(world: World, statement: str, outcome: str, message: str | None) -> dict[str, object]:
    line = len(world.datastore) + 1
    return {
        "time": world.now,
        "source_id": 2,
        "line": line,
        "byte_offset": line * 100,
        "db_user": "web",
        "src_ip": "[local]",
        "kind": "statement",
        "statement": statement,
        "parameters": None,
        "outcome": outcome,
        "message": message,
    }


def _request(world: World, path: str, query: str | None, status: int, address: str, *, certain: bool) -> None:
    line = len(world.http) + 1
    world.http.append({"time": world.now, "duration_us": 5000, "source_id": 1, "line": line, "byte_offset": line * 100,
                       "src_ip": address, "method": "GET", "url_path": path, "url_query": query, "status": status,
                       "bytes_out": 900})  # fmt: skip
    if certain:
        world.attacker.append(_mine(world, "http_activity", 1, line, certain=True))


def _mine(world: World, table: str, source: int, line: int, certain: bool) -> dict[str, object]:
    return {"source_id": source, "line": line, "table": table, "time": world.now, "certain": certain}
