"""What a statement told, found without looking at it: PostgreSQL runs it again with one value changed.

A value that stands whole in the output (or in the error's message) left in full. A value whose change changes the
output left in part. Rows keep their places when a value changes, so the order in which they lie tells nothing.
The database with that value changed stands ready in a schema of its own, one for each value and each fresh one.
Not asked: that a row is not among those that ``= 'x'`` or ``LIKE 'x%'`` kept (fresh values match no such condition).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg

from .database import CELLS, CREATE, ROWS, Cell

FRESH = ("AAA", "zzz", None)


@dataclass
class Truth:
    """``whole``: in the output as it stands. ``told``: whatever the output depends on, those included."""

    whole: set[Cell] = field(default_factory=set)
    told: set[Cell] = field(default_factory=set)
    failed: bool = False


def create(connection: psycopg.Connection) -> None:
    """The database, on the search path, and the changed ones beside it."""
    _make(connection, "public", None)
    for number, (cell, _) in enumerate(cells()):
        for place, fresh in enumerate(FRESH):
            connection.execute(f"CREATE SCHEMA {_changed(number, place)}".encode())
            _make(connection, _changed(number, place), (*cell, fresh))
    connection.execute("SET search_path = public")


def _make(connection: psycopg.Connection, schema: str, change: tuple[str, str, str, str | None] | None) -> None:
    connection.execute(f"SET search_path = {schema}".encode())
    connection.execute(CREATE)
    for table in ROWS:
        fill(connection, table, change[1:] if change is not None and change[0] == table else None)


def _changed(number: int, place: int) -> str:
    return f"changed_{number}_{place}"


def truth_of(connection: psycopg.Connection, text: str) -> Truth:
    before, failed = _output(connection, text)
    found = Truth(failed=failed)
    if failed:
        found.whole = {cell for cell, value in cells() if value in before}
        found.told = set(found.whole)
        return found
    found.whole = {cell for cell, value in cells() if value in before}
    found.told = set(found.whole)
    related = _related(text)
    for number, (cell, _) in enumerate(cells()):
        if cell in found.told or cell[0] not in related:
            continue
        for place in range(len(FRESH)):
            connection.execute(f"SET search_path = {_changed(number, place)}".encode())
            if _output(connection, text)[0] != before:
                found.told.add(cell)
                break
    connection.execute("SET search_path = public")
    return found


def cells() -> list[tuple[Cell, str]]:
    return [
        ((table, str(row[0]), column), str(row[columns.split(", ").index(column)]))
        for table, (columns, rows) in ROWS.items()
        for row in rows
        for column in CELLS[table]
    ]


def _related(text: str) -> set[str]:
    """Tables that the statement can read at all; only saves time."""
    behind = {
        "contract": {"holder", "policy"},
        "masked": {"holder"},
        "latest": {"policy"},
        "everyone": {"holder", "clinic", "branch"},
        "clinic": {"clinic", "branch"},
        "visit_old": {"visit"},
    }
    found = {table for table in ROWS if table in text}
    for name, tables in behind.items():
        found |= tables if name in text else set()
    return found


def fill(connection: psycopg.Connection, table: str, change: tuple[str, str, str | None] | None) -> None:
    columns, rows = ROWS[table]
    names = columns.split(", ")
    if table == "visit":
        connection.execute("DELETE FROM visit")
    else:
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL; DELETE FROM ONLY {table}".encode())
    for row in rows:
        values = list(row)
        if change is not None and str(row[0]) == change[0]:
            values[names.index(change[1])] = change[2]
        places = ", ".join(["%s"] * len(values))
        connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})".encode(), values)


def _output(connection: psycopg.Connection, text: str) -> tuple[str, bool]:
    try:
        with connection.transaction(force_rollback=True), connection.cursor() as cursor:
            if text.startswith("COPY"):
                with cursor.copy(text.encode()) as rows:
                    lines = [bytes(row).decode() for row in rows]
                return repr(sorted(lines)), False
            return repr(sorted(cursor.execute(text.replace("%", "%%").encode(), ()).fetchall(), key=repr)), False
    except psycopg.Error as error:
        return f"{error.diag.message_primary} {error.diag.message_detail}", True
