"""What is done in a generated world: by the intruder, in every way that a claim method has to find, and by others.

Which method finds what: ``profile``, ``staff``, ``list``, ``report``, ``download`` are the ledger's, and by the access
log alone the route's; ``lookup``, ``union``, ``blind``, ``probe`` are replay's, and by the access log alone
injection's; ``direct`` is replay's; ``dump`` export's; ``host`` leaves no line anywhere, so only reach can hold it.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import psycopg
from hypothesis import strategies as st

from .world import ELSEWHERE, HIDDEN, INTRUDER, STAFF, START, STEP, Row, World, populated

TEMPLATE = (
    "SELECT p.policy_number, h.name FROM policy p JOIN holder h ON h.id = p.holder_id WHERE p.policy_number = '{no}'"
)
NEWCOMER: Row = {"name": "田中 実", "gender": "male", "email": "c@example.jp", "policies": 1, "bank": True}

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
answers = st.sampled_from(["whole", "whole", "head", "unchanged", "missing"])
actions = st.lists(
    st.one_of(
        st.tuples(st.just("profile"), pick, st.booleans()),
        st.tuples(st.just("staff"), pick, answers),
        st.tuples(st.just("list"), st.integers(0, 2)),
        st.tuples(st.just("report"), pick),
        st.tuples(st.just("download")),
        st.tuples(st.just("lookup"), pick),
        st.tuples(st.just("union"), column, st.sampled_from(["", " WHERE gender='male'", " ORDER BY id LIMIT 2"])),
        st.tuples(st.just("union_bank")),
        st.tuples(st.just("blind"), column, pick, st.sampled_from(["id", "name"])),
        st.tuples(st.just("probe"), pick),
        st.tuples(st.just("direct"), pick, column, st.booleans(), st.booleans()),
        st.tuples(st.just("dump"), st.booleans()),
        st.tuples(st.just("host")),
        st.tuples(st.just("broken")),
        st.tuples(st.just("change"), pick),
        st.tuples(st.just("join_in")),
        st.tuples(st.just("owner"), pick),
        st.tuples(st.just("visitor"), pick),
    ),
    max_size=6,
)


def build(
    connection: psycopg.Connection, people: list[Row], bodies: list[Row], acts: list[tuple[object, ...]]
) -> World:
    world = populated(connection, people, bodies)
    for number, act in enumerate(acts, 1):
        world.now = START + number * STEP
        _act(world, act)
    return world


def _act(world: World, act: tuple[object, ...]) -> None:
    kind = act[0]
    place = act[1] if len(act) > 1 and isinstance(act[1], int) else 0
    chosen = sorted(world.holders)[place % len(world.holders)]
    if kind == "profile":
        _profile(world, chosen, hidden=bool(act[2]))
    elif kind == "staff":
        _staff(world, chosen, str(act[2]))
    elif kind == "list":
        page = sorted(world.holders)[2 * place : 2 * place + 2]
        _by_staff(world, "/staff/holders", [(h, i) for h in page for i in ("name", "gender")], query=f"page={place}")
    elif kind == "report":
        _report(world, chosen)
    elif kind == "download":
        cells = [(holder, item) for holder in sorted(world.holders) for item in ("name", "email")]
        _by_staff(world, "/staff/holders.csv", cells)
    elif kind == "lookup":
        _legacy(world, f"PL-{chosen}")
        for holder in world.policies_of(f"PL-{chosen}"):
            _row_of_template(world, holder)
    elif kind == "union":
        _union(world, str(act[1]), str(act[2]))
    elif kind == "union_bank":
        _legacy(world, "x' UNION ALL SELECT (id::text||':'||COALESCE(number::text,' ')),NULL FROM bank-- q")
        world.truth |= {(subject, "bank_account") for subject, _ in world.banks.values()}
    elif kind == "blind":
        _blind(world, str(act[1]), int(str(act[2])), str(act[3]))
    elif kind == "probe":
        _legacy(world, f"PL-{chosen}' AND h.gender='male")
        for holder in world.policies_of(f"PL-{chosen}"):
            world.left(holder, "gender")
            if world.holders[holder]["gender"] == "male":
                _row_of_template(world, holder)
    elif kind == "direct":
        _direct(world, chosen, str(act[2]), copies=bool(act[3]), confirmed=bool(act[4]))
    elif kind == "dump":
        _dump(world, confirmed=bool(act[1]))
    elif kind == "host":
        world.on_the_host = True
        _everything(world)
    elif kind == "broken":
        _legacy(world, "x' UNION SELECT 1,2,3 FROM holder-- q")
    elif kind == "change":
        _change(world, chosen)
    elif kind == "join_in":
        world.add_holder(max(world.holders) + 1, NEWCOMER, world.now)
        for table in ("holder", "policy", "bank"):
            world.logged(f"INSERT INTO {table} VALUES ($1)")
    elif kind == "owner":
        _log_in(world, f"203.0.113.{chosen}", "/login", chosen)
        _look_at_profile(world, chosen, f"203.0.113.{chosen}")
    elif kind == "visitor":
        _legacy(world, f"PL-{chosen}", address="203.0.113.99")


def _log_in(world: World, address: str, path: str, account: int) -> None:
    world.request(address, path, method="POST", status=302, sent=0)
    world.logged(f'UPDATE "account" SET "last_login" = $1 WHERE "account"."id" = {account}')


def _look_at_profile(world: World, holder: int, address: str) -> list[str]:
    items = [item for item in ("name", "gender", "email") if world.holders[holder][item]]
    bank = [(f"holder:{holder}", "bank_account")] if f"holder:{holder}" in {s for s, _ in world.banks.values()} else []
    world.request(address, "/me/profile", later=2)
    world.shown(address, ("holder", holder), "/me/profile", [(f"holder:{holder}", item) for item in items], bank)
    world.logged("SELECT name, gender, email FROM holder WHERE id = $1", parameters=f'["{holder}"]')
    return items


def _profile(world: World, holder: int, *, hidden: bool) -> None:
    """``hidden``: the account, found out from the known address, is used from one of which nothing is known."""
    _log_in(world, INTRUDER, "/login", holder)
    if hidden:
        _log_in(world, HIDDEN, "/login", holder)
    for item in _look_at_profile(world, holder, HIDDEN if hidden else INTRUDER):
        world.left(holder, item)


def _by_staff(world: World, path: str, cells: list[tuple[int, str]], *, query: str | None = None) -> None:
    """A page of the staff's, in a session of the intruder's."""
    _log_in(world, INTRUDER, "/staff/login", STAFF)
    world.request(INTRUDER, path, query=query, later=2)
    held = [(holder, item) for holder, item in cells if world.holders[holder][item]]
    listed = [(f"holder:{holder}", item) for holder, item in held]
    world.shown(INTRUDER, ("staff", STAFF), path, listed)
    world.truth |= set(listed)


def _staff(world: World, holder: int, answer: str) -> None:
    """HEAD, 304 and 404 carry no page."""
    path = f"/staff/holder/{holder}"
    if answer == "whole":
        _by_staff(world, path, [(holder, item) for item in ("name", "gender", "email")])
        return
    method = "HEAD" if answer == "head" else "GET"
    status = {"head": 200, "unchanged": 304, "missing": 404}[answer]
    world.request(INTRUDER, path, method=method, status=status, sent=120 if status == 404 else 0)


def _report(world: World, holder: int) -> None:
    """A page that nobody put into the inventory."""
    accounts = [(subject, "bank_account") for subject, _ in world.banks.values() if subject == f"holder:{holder}"]
    _log_in(world, INTRUDER, "/staff/login", STAFF)
    world.request(INTRUDER, f"/staff/new-report/{holder}", later=2)
    world.shown(INTRUDER, ("staff", STAFF), "/staff/new-report/{key}", accounts[:1])
    world.truth |= set(accounts)


def _row_of_template(world: World, holder: int) -> None:
    world.truth.add((f"holder:{holder}", "policy_number"))
    world.left(holder, "name")


def _everything(world: World) -> None:
    for holder in world.holders:
        for item in ("name", "gender", "email"):
            world.left(holder, item)
    world.truth |= {(f"holder:{holder}", "policy_number") for holder, _ in world.policies.values()}
    world.truth |= {(subject, "bank_account") for subject, _ in world.banks.values()}
    rows = world.connection.execute("SELECT id FROM clinic").fetchall()
    world.truth |= {(f"clinic:{number}", "name") for (number,) in rows}


def _union(world: World, column: str, tail: str) -> None:
    inner = f"SELECT (id::text||':'||COALESCE({column}::text,' ')) FROM holder{tail}"
    limited = f"x' UNION ALL SELECT v, NULL FROM ({inner}) AS t(v)-- q"
    plain = f"x' UNION ALL SELECT (id::text||':'||COALESCE({column}::text,' ')), NULL FROM holder{tail}-- q"
    _legacy(world, limited if "LIMIT" in tail else plain)
    rows = sorted(world.holders)
    if "male" in tail:
        rows = [h for h in rows if world.holders[h]["gender"] == "male"]
        for holder in rows:
            world.left(holder, "gender")
    if "LIMIT" in tail:
        rows = rows[:2]
    for holder in rows:
        world.left(holder, column)


def _blind(world: World, column: str, place: int, order: str) -> None:
    inner = f"SELECT COALESCE({column}::text,' ') FROM holder ORDER BY {order} OFFSET {place} LIMIT 1"
    question = f"ASCII(SUBSTRING(({inner})::text FROM 1 FOR 1))>64"
    _legacy(world, f"x' OR {question}-- q")
    asked = f"SELECT id FROM holder ORDER BY {order} OFFSET {place} LIMIT 1".encode()
    for (holder,) in world.connection.execute(asked).fetchall():
        world.left(holder, column)
    true = world.connection.execute(f"SELECT {question}".encode()).fetchone()
    if true and true[0]:
        for holder, _ in world.policies.values():
            _row_of_template(world, holder)


def _legacy(world: World, value: str, address: str = INTRUDER) -> None:
    statement = TEMPLATE.replace("{no}", value)
    try:
        world.connection.execute(statement.replace("%", "%%").encode(), ()).fetchall()
        status, outcome, message = 200, "success", None
    except psycopg.Error as error:
        status, outcome, message = 500, "failure", str(error.diag.message_primary)
    world.request(address, "/legacy", query="no=" + quote(value), status=status, later=2)
    world.logged(statement, outcome=outcome, message=message)


def _direct(world: World, last: int, column: str, *, copies: bool, confirmed: bool) -> None:
    """A session of the intruder's own, past the application; ``confirmed``: a person knows its address for his."""
    query = f"SELECT id, {column} FROM holder WHERE id BETWEEN 2 AND {last}"
    for holder, _ in world.connection.execute(query.encode()).fetchall():
        world.left(holder, column)
    _session(world, [f"COPY ({query}) TO STDOUT" if copies else query], "psql", confirmed=confirmed)


def _dump(world: World, *, confirmed: bool) -> None:
    """pg_dump from elsewhere: each table copied out whole."""
    _everything(world)
    columns = {"holder": "id, created_at, updated_at, name, gender, email", "clinic": "id, name",
               "policy": "id, holder_id, policy_number", "bank": "id, holder_id, clinic_id, number"}  # fmt: skip
    texts = [f"COPY public.{table} ({listed}) TO stdout;" for table, listed in columns.items()]
    _session(world, texts, "pg_dump", confirmed=confirmed)


def _session(world: World, statements: list[str], program: str, *, confirmed: bool) -> None:
    own = {"src_ip": ELSEWHERE, "application": program, "session_id": f"s{len(world.datastore)}"}
    for number, statement in enumerate(statements, 1):
        world.logged(statement, **own, session_line=number)
    world.logged(None, **own, session_line=len(statements) + 1, kind="connection")
    world.known_elsewhere |= confirmed


def _change(world: World, holder: int) -> None:
    """The record is corrected: a statement run before saw other values, and may have kept other rows."""
    world.holders[holder].update(name="改姓 後", gender="male")
    world.connection.execute(
        "UPDATE holder SET name = '改姓 後', gender = 'male', updated_at = %s WHERE id = %s",
        (world.now + timedelta(seconds=2), holder),
    )
    world.logged("UPDATE holder SET name = $1, gender = $2")
