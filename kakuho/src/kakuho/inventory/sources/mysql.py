"""Schema and samples of a MySQL or MariaDB database, in a transaction that only reads."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pymysql

from kakuho.errors import UsageError
from kakuho.inventory.sources.model import LONGEST_SAMPLE, SAMPLES, ForeignKey, SourceColumn, SourceSchema, SourceTable
from kakuho.language import Bilingual

_TABLES = """SELECT table_name, table_comment, table_type FROM information_schema.tables
    WHERE table_schema = %s ORDER BY table_name"""
_COLUMNS = """SELECT table_name, column_name, column_type, is_nullable, column_comment FROM information_schema.columns
    WHERE table_schema = %s ORDER BY table_name, ordinal_position"""
_KEYS = """SELECT table_name, constraint_name, column_name, referenced_table_name, referenced_column_name
    FROM information_schema.key_column_usage WHERE table_schema = %s
    ORDER BY table_name, constraint_name, ordinal_position"""


def read_mysql(url: str, name: str) -> SourceSchema:
    """Connect to ``mysql://user:password@host:port/database`` (``?unix_socket=``) and read; raises UsageError."""
    parts = urlsplit(url)
    database = unquote(parts.path.lstrip("/"))
    socket = parse_qs(parts.query).get("unix_socket", [None])[0]
    try:
        connection = pymysql.connect(
            host=parts.hostname or "localhost",
            port=parts.port or 3306,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            database=database,
            unix_socket=socket,
            charset="utf8mb4",
            connect_timeout=15,
            read_timeout=60,
        )
    except (pymysql.Error, ValueError) as error:
        raise UsageError(
            Bilingual(ja="MySQL・MariaDB に接続できません。", en="MySQL or MariaDB cannot be reached"),
            where=name,
            remedy=Bilingual(
                ja="URL の形 mysql://利用者:パスワード@ホスト/データベース と、権限を確かめてください。",
                en="check the URL, mysql://user:password@host/database, and its rights",
            ),
        ) from error
    with connection, connection.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        return _read(cursor, name, database)


def _read(cursor: Any, name: str, database: str) -> SourceSchema:
    columns: dict[str, list[SourceColumn]] = {}
    for table, column, kind, nullable, comment in _rows(cursor, _COLUMNS, database):
        columns.setdefault(table, []).append(SourceColumn(column, _text(kind), nullable == "YES", comment or ""))
    keys: dict[str, dict[str, list[tuple[str, str | None, str | None]]]] = {}
    for table, constraint, column, target, targets in _rows(cursor, _KEYS, database):
        keys.setdefault(table, {}).setdefault(constraint, []).append((column, target, targets))
    tables = []
    for table, comment, kind in _rows(cursor, _TABLES, database):
        found = _table(table, tuple(columns.get(table, ())), keys.get(table, {}), comment or "", kind == "VIEW")
        tables.append(found.with_samples(_samples(cursor, found)))
    return SourceSchema(name, "mysql", tuple(tables))


def _rows(cursor: Any, query: str, database: str) -> list[tuple[Any, ...]]:
    cursor.execute(query, (database,))
    return list(cursor.fetchall())


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _table(
    name: str,
    columns: tuple[SourceColumn, ...],
    keys: dict[str, list[tuple[str, str | None, str | None]]],
    comment: str,
    view: bool,
) -> SourceTable:
    primary: tuple[str, ...] = ()
    unique: list[tuple[str, ...]] = []
    foreign: list[ForeignKey] = []
    for constraint, parts in keys.items():
        names, target = tuple(part[0] for part in parts), parts[0][1]
        if constraint == "PRIMARY":
            primary = names
        elif target is None:
            unique.append(names)
        else:
            foreign.append(ForeignKey(names, target, tuple(str(part[2]) for part in parts)))
    return SourceTable(name, columns, primary, tuple(unique), tuple(foreign), comment, view)


def _samples(cursor: Any, table: SourceTable) -> dict[str, list[object]]:
    names = ", ".join(f"LEFT({_quoted(one.name)}, {LONGEST_SAMPLE})" for one in table.columns)
    try:
        cursor.execute(f"SELECT {names} FROM {_quoted(table.name)} LIMIT {SAMPLES}")
        rows = cursor.fetchall()
    except pymysql.Error:
        return {}
    return {one.name: [row[position] for row in rows] for position, one in enumerate(table.columns)}


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
