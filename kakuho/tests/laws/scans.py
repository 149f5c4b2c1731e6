"""Generated blind scans: questions by yes or no about the holders, answered by a real PostgreSQL, and what they told.

Two pages give in: ``/legacy``, whose SQL the inventory knows, and ``/item``, of which it knows nothing.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

import psycopg

from .world import TEMPLATE, Cell, World, _logged, _mine, _request, build

EMAILS = ("a@example.jp", "b@example.com", "c@example.jp")
NAMES = ("佐藤 花子", "鈴木 一郎", "髙橋 桜")
SHOWN = ("id", "email", "email", "gender", "name", "id||CHR(58)||COALESCE(email,CHR(32))", "LENGTH(email)")
WHERE = (
    "ORDER BY id OFFSET {place} LIMIT 1",
    "WHERE id={key}",
    "LIMIT 1 OFFSET {place}",
    "WHERE id>{key} ORDER BY id LIMIT 1",
)
Act = tuple[object, ...]


def population(chance: random.Random) -> list[dict[str, object]]:
    """Two to four holders, of whom some share a value."""
    return [
        {"name": chance.choice(NAMES), "gender": chance.choice(["female", "male", ""]),
         "email": chance.choice([None, "", *EMAILS, *EMAILS]), "policies": 1, "bank": False}
        for _ in range(chance.randint(2, 4))
    ]  # fmt: skip


def plan(chance: random.Random) -> list[Act]:
    """Scans of one column, or of the key and a column of one row; in between, addresses change and records go."""

    def one() -> Act:
        kind = chance.choice(["scan", "scan", "row", "row", "email", "gone"])
        place = chance.randint(0, 3)
        if kind == "email":
            return kind, place, chance.choice(EMAILS)
        shown = SHOWN if kind == "scan" else ("email", "gender")
        return (kind, place) if kind == "gone" else (kind, chance.choice(shown), chance.choice(WHERE), place,
                                                      chance.random() < 0.5)  # fmt: skip

    return [one() for _ in range(chance.randint(1, 4))]


@dataclass
class Scanned:
    """``left``: cells that answers told. ``beside``: cells of which the intruder holds key and value side by side."""

    world: World
    left: set[Cell] = field(default_factory=set)
    beside: set[Cell] = field(default_factory=set)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)


def scanned(
    connection: psycopg.Connection, people: list[dict[str, object]], acts: list[Act], *, known: bool,
    certain: bool,
) -> Scanned:  # fmt: skip
    """``known``: through the page whose SQL the inventory knows."""
    found = Scanned(build(connection, people, [], []))
    for act in acts:
        found.world.now += timedelta(minutes=7)
        if act[0] == "email":
            _email(found, connection, int(str(act[1])), str(act[2]))
        elif act[0] == "gone":
            _gone(found, connection, int(str(act[1])))
        else:
            columns = ("id", str(act[1])) if act[0] == "row" else (str(act[1]),)
            for column in columns if act[4] else columns[::-1]:
                _scan(found, connection, column, str(act[2]), int(str(act[3])), known=known, certain=certain)
    there = {f"holder:{holder}" for holder in found.world.holders}
    found.left = {cell for cell in found.left if cell[0] in there}
    return found


def _scan(
    found: Scanned, connection: psycopg.Connection, column: str, tail: str, place: int, *, known: bool, certain: bool
) -> None:
    tail = tail.format(place=place, key=place + 1)
    query = f"SELECT COALESCE(({column})::text,CHR(32)) FROM holder {tail}"
    rows = connection.execute(f"SELECT id, ({query}) FROM holder {tail}".encode()).fetchall()
    value = str(rows[0][1]) if rows else None
    for at in range(1, len(value or "") + 2):
        low, high = 0, 0xFFFF if column == "name" else 127
        while low < high:
            middle = (low + high) // 2
            question = f"ASCII(SUBSTRING(({query})::text FROM {at} FOR 1))>{middle}"
            low, high = (middle + 1, high) if _ask(found, connection, question, known, certain) else (low, middle)
    for key, _ in rows:
        _told(found, column, tail, f"holder:{key}", key, value or "")


def _told(found: Scanned, column: str, tail: str, subject: str, key: int, value: str) -> None:
    for item in ("email", "gender", "name"):
        if item in column and found.world.holders[key][item]:
            found.left.add((subject, item))
    beside = found.rows.setdefault(tail, {})
    beside[column] = value
    for item in ("email", "gender", "name"):
        if "id" in beside and beside.get(item, " ").strip():
            found.beside.add((f"holder:{beside['id']}", item))


def _ask(found: Scanned, connection: psycopg.Connection, question: str, known: bool, certain: bool) -> bool:
    """One request. The page's own row is told by the answer too where its SQL is the inventory's."""
    world = found.world
    world.now += timedelta(seconds=1)
    holder, number = world.policies[1]
    value = f"{number}' AND {question}-- q" if known else f"1 AND {question}"
    statement = TEMPLATE.replace("{no}", value) if known else f"SELECT 1 WHERE {question}"
    answer = bool(connection.execute(statement.replace("%", "%%").encode(), ()).fetchall())
    _request(world, "/legacy" if known else "/item", f"{'no' if known else 'id'}={quote(value)}", 200, "127.9.9.9",
             certain=certain)  # fmt: skip
    world.http[-1]["bytes_out"] = 512 if answer else 480
    if not certain:
        world.attacker.append(_mine(world, "http_activity", 1, len(world.http), certain=False))
    world.used |= {"web.legacy", "database.web"} if known else {"web.item"}
    if known:
        world.datastore.append(_logged(world, statement, "success", None))
        world.attacker.append(_mine(world, "datastore_activity", 2, len(world.datastore), certain))
        if answer and holder in world.holders:
            found.left.add((f"holder:{holder}", "policy_number"))
            found.left |= {(f"holder:{holder}", "name")} if world.holders[holder]["name"] else set()
    return answer


def _email(found: Scanned, connection: psycopg.Connection, place: int, email: str) -> None:
    world = found.world
    holder = sorted(world.holders)[place % len(world.holders)]
    world.holders[holder]["email"] = email
    change = "UPDATE holder SET email = %s, updated_at = %s WHERE id = %s"
    connection.execute(change.encode(), (email, world.now, holder))
    world.datastore.append(_logged(world, "UPDATE holder SET email = $1", "success", None))


def _gone(found: Scanned, connection: psycopg.Connection, place: int) -> None:
    """The record is deleted; the first one stays, of whom the page tells."""
    world = found.world
    holder = sorted(world.holders)[place % len(world.holders)]
    if holder != 1:
        del world.holders[holder]
        connection.execute(b"DELETE FROM holder WHERE id = %s", (holder,))
        world.datastore.append(_logged(world, "DELETE FROM holder WHERE id = $1", "success", None))


def with_holes(world: World, chance: random.Random, share: float) -> None:
    """Lose lines of the access log."""
    lost = {row["line"] for row in world.http if chance.random() < share}
    world.http = [row for row in world.http if row["line"] not in lost]
    world.attacker = [row for row in world.attacker if row["table"] != "http_activity" or row["line"] not in lost]
