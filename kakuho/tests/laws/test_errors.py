"""Errors that print a value: real messages of a real PostgreSQL, and what of them is confirmed."""

from __future__ import annotations

import json

import psycopg
import pytest

from kakuho.exposure.printed import Printed, parts_from_data, printed

from . import answer as judging
from .answer import answer, by_verdict
from .world import SOURCES, World, build
from .world import _change as change
from .world import _legacy as look_up

HANAKO = {"name": "佐藤 花子", "gender": "female", "email": "hanako@example.jp", "policies": 1, "bank": False}
ICHIRO = {"name": "鈴木 一郎", "gender": "male", "email": "ichiro@example.com", "policies": 1, "bank": False}
BOTH = (HANAKO, ICHIRO)
OF_SQLMAP = (
    "x' AND 7=CAST((CHR(113)||CHR(122)||CHR(118))||(SELECT COALESCE(email::text,CHR(32)) FROM holder ORDER BY id"
    " OFFSET 1 LIMIT 1)::text||(CHR(113)||CHR(107)||CHR(98)) AS NUMERIC)-- q"
)
"""As sqlmap's error-based technique asks PostgreSQL, with its marks before and behind."""


@pytest.fixture
def prints_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = tuple(p.model_copy(update={"prints_errors": p.sql is not None}) for p in judging.INVENTORY.access_paths)
    monkeypatch.setattr(judging, "INVENTORY", judging.INVENTORY.model_copy(update={"access_paths": paths}))


def failing(
    connection: psycopg.Connection, value: str, people: tuple[dict[str, object], ...] = (HANAKO, ICHIRO)
) -> World:
    world = build(connection, list(people), [], [])
    look_up(world, connection, value)
    assert world.datastore[-1]["outcome"] == "failure"
    return world


def test_the_value_that_an_error_printed_on_a_page_is_confirmed_and_no_other(
    database: psycopg.Connection, prints_errors: None
) -> None:
    world = failing(database, OF_SQLMAP)
    assert world.datastore[-1]["message"] == 'invalid input syntax for type numeric: "qzvichiro@example.comqkb"'
    found = answer(world, database, set(SOURCES))
    assert by_verdict(found, "confirmed") == {("holder:2", "email")}
    assert ("holder:2", "email") not in by_verdict(found, "possible")


def test_a_page_that_is_not_known_to_print_errors_confirms_nothing(database: psycopg.Connection) -> None:
    found = answer(failing(database, OF_SQLMAP), database, set(SOURCES))
    assert by_verdict(found, "confirmed") == set()
    assert ("holder:2", "email") in by_verdict(found, "possible")


def test_a_value_that_two_have_is_confirmed_for_neither(database: psycopg.Connection, prints_errors: None) -> None:
    """Without ORDER BY, nothing tells which row LIMIT left."""
    world = failing(database, OF_SQLMAP.replace("ORDER BY id OFFSET 1 ", ""), (ICHIRO, ICHIRO))
    found = answer(world, database, set(SOURCES))
    assert by_verdict(found, "confirmed") == set()
    assert {("holder:1", "email"), ("holder:2", "email")} <= by_verdict(found, "possible")


def test_a_value_that_the_attacker_brought_himself_is_not_confirmed(
    database: psycopg.Connection, prints_errors: None
) -> None:
    own = "x' OR (h.email = 'q' AND 'ichiro@example.com'::int = 1) OR 'ichiro@example.com'::int = 1-- q"
    assert by_verdict(answer(failing(database, own), database, set(SOURCES)), "confirmed") == set()


def test_a_row_that_changed_since_confirms_nothing(database: psycopg.Connection, prints_errors: None) -> None:
    world = failing(database, OF_SQLMAP)
    change(world, database, 1)
    found = answer(world, database, set(SOURCES))
    assert by_verdict(found, "confirmed") == set()
    assert ("holder:2", "email") in by_verdict(found, "possible")


def direct(world: World, statement: str, message: str, detail: str | None) -> None:
    """A statement that failed, over a connection of the attacker's own."""
    line = len(world.datastore) + 1
    world.datastore.append(
        {"time": world.now, "source_id": 2, "line": line, "byte_offset": 0, "db_user": "web", "kind": "error",
         "src_ip": "198.51.100.9", "session_id": "s", "session_line": 1, "statement": statement, "parameters": None,
         "outcome": "failure", "message": message,
         "unmapped": json.dumps({"detail": detail}) if detail else None}
    )  # fmt: skip
    mine = {"source_id": 2, "line": line, "table": "datastore_activity", "time": world.now, "certain": True}
    world.attacker.append(mine | {"why": "direct_connection"})


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("INSERT INTO policy (id, policy_number) VALUES (99, 'PL-2')", {("holder:2", "policy_number")}),
        (
            "UPDATE holder SET id = NULL WHERE id = 1",
            {(f"holder:{number}", item) for number in (1, 2) for item in ("name", "gender", "email")},
        ),
        ("SELECT email::int FROM holder WHERE id = 2", None),
    ],
)
def test_errors_of_statements_that_the_attacker_sent_himself(
    database: psycopg.Connection, statement: str, told: set[tuple[str, str]] | None
) -> None:
    """``told`` None: the value of the second person's mail address, confirmed."""
    world = build(database, [HANAKO, ICHIRO], [], [])
    with pytest.raises(psycopg.Error) as raised:
        database.execute(statement.encode())
    direct(world, statement, str(raised.value.diag.message_primary), raised.value.diag.message_detail)
    found = answer(world, database, set(SOURCES))
    if told is None:
        assert by_verdict(found, "confirmed") == {("holder:2", "email")}
    else:
        assert by_verdict(found, "confirmed") == set()
        assert told <= by_verdict(found, "possible")


def test_messages_of_mysql() -> None:
    assert printed("Duplicate entry '~山田 太郎~1' for key 'group_key'", None) == Printed(value="~山田 太郎~1")
    assert printed("XPATH syntax error: '~a@example.jp~'", None) == Printed(value="~a@example.jp~")
    assert printed("Unknown column 'a' in 'field list'", None) is None


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT substring(email FROM 2 FOR 9)::int FROM holder",
        "SELECT reverse(email)::int FROM holder",
        "SELECT (email || email)::varchar(9)::int FROM holder",
        "SELECT (id + 1)::text::int FROM holder",
        "SELECT body::int FROM elsewhere",
        "SELECT id::text::date FROM holder",
    ],
)
def test_what_can_have_made_another_value_of_it_proves_nothing(statement: str) -> None:
    given = ("12345678", statement, (), frozenset({"email", "body"}), frozenset({"holder"}))
    assert list(parts_from_data(*given)) == []
    assert list(parts_from_data("12345678", "SELECT email::int FROM holder", *given[2:])) == ["12345678"]
