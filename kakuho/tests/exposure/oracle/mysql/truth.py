"""What a statement told, found without looking at it: MariaDB runs it again with one value changed."""

from __future__ import annotations

from typing import Any

import pymysql

from ..truth import Truth
from .database import CELLS, CREATE, ROWS

FRESH = ("AAA", "zzz", "0", None)
Connection = pymysql.connections.Connection


def create(connection: Connection[Any]) -> None:
    with connection.cursor() as cursor:
        for statement in CREATE.split(";"):
            cursor.execute(statement)
    for table in ROWS:
        fill(connection, table)


def fill(connection: Connection[Any], table: str) -> None:
    columns, rows = ROWS[table]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")
        places = ", ".join(["%s"] * len(rows[0]))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def truth_of(connection: Connection[Any], text: str) -> Truth:
    before, failed = output(connection, text)
    found = Truth(failed=failed)
    cells = [
        ((table, str(row[0]), column), row[0], str(row[columns.split(", ").index(column)]))
        for table, (columns, rows) in ROWS.items()
        for row in rows
        for column in CELLS[table]
    ]
    found.whole = {cell for cell, _, value in cells if value in before}
    found.told = set(found.whole)
    for (table, name, column), key, _ in cells:
        cell = (table, name, column)
        for fresh in FRESH if not failed and cell not in found.told else ():
            with connection.cursor() as cursor:
                cursor.execute("START TRANSACTION")
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", (fresh, key))
                changed = output(connection, text)[0] != before
                cursor.execute("ROLLBACK")
            if changed:
                found.told.add(cell)
                break
    return found


def output(connection: Connection[Any], text: str) -> tuple[str, bool]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(text)
            return repr(sorted(cursor.fetchall(), key=repr)), False
    except (pymysql.Error, UnicodeError) as error:
        return str(error.args[-1]), True
