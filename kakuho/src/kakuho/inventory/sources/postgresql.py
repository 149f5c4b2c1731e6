"""Schema and samples of a PostgreSQL database, through a connection that only reads."""

from __future__ import annotations

import psycopg
from psycopg import sql

from kakuho.errors import UsageError
from kakuho.inventory.sources.model import LONGEST_SAMPLE, SAMPLES, ForeignKey, SourceColumn, SourceSchema, SourceTable
from kakuho.language import Bilingual

Connection = psycopg.Connection[tuple[object, ...]]
_OURS = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
_NAME = "CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END"
_TABLES = f"""
    SELECT c.oid::bigint, n.nspname, c.relname, {_NAME}, coalesce(obj_description(c.oid, 'pg_class'), ''),
           c.relkind IN ('v', 'm')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND {_OURS} ORDER BY 4
""".encode()
_COLUMNS = b"""
    SELECT a.attrelid::bigint, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
           coalesce(col_description(a.attrelid, a.attnum), '')
    FROM pg_attribute a WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum
"""
_KEYS = f"""
    SELECT k.conrelid::bigint, k.contype::text,
           (SELECT array_agg(a.attname::text ORDER BY u.p) FROM unnest(k.conkey) WITH ORDINALITY u (n, p)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n),
           (SELECT {_NAME} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = k.confrelid),
           (SELECT array_agg(a.attname::text ORDER BY u.p) FROM unnest(k.confkey) WITH ORDINALITY u (n, p)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n)
    FROM pg_constraint k WHERE k.contype IN ('p', 'u', 'f') ORDER BY k.conrelid, k.conname
""".encode()


def read_postgresql(url: str, name: str) -> SourceSchema:
    """Connect to ``url`` and read; raises UsageError where it cannot be reached, without naming its password."""
    options = "-c default_transaction_read_only=on -c statement_timeout=60000"
    try:
        connection = psycopg.connect(url, options=options, autocommit=True, connect_timeout=15)
    except psycopg.Error as error:
        raise UsageError(
            Bilingual(ja="PostgreSQL に接続できません。", en="PostgreSQL cannot be reached"),
            where=name,
            remedy=Bilingual(
                ja="URL の形 postgresql://利用者:パスワード@ホスト/データベース と、権限を確かめてください。",
                en="check the URL, postgresql://user:password@host/database, and its rights",
            ),
        ) from error
    with connection:
        return read_connection(connection, name)


def read_connection(connection: Connection, name: str) -> SourceSchema:
    """Every table and view that the connection may read, ``public`` unnamed, others as ``schema.table``."""
    columns: dict[object, list[SourceColumn]] = {}
    for oid, column, kind, nullable, comment in connection.execute(_COLUMNS).fetchall():
        columns.setdefault(oid, []).append(SourceColumn(str(column), str(kind), bool(nullable), str(comment)))
    keys: dict[object, list[tuple[object, ...]]] = {}
    for oid, *key in connection.execute(_KEYS).fetchall():
        keys.setdefault(oid, []).append(tuple(key))
    tables = []
    for oid, schema, table, called, comment, view in connection.execute(_TABLES).fetchall():
        found = _table(str(called), tuple(columns.get(oid, ())), keys.get(oid, []), str(comment), bool(view))
        tables.append(found.with_samples(_rows(connection, str(schema), str(table), found)))
    return SourceSchema(name, "postgres", tuple(tables))


def _table(
    name: str, columns: tuple[SourceColumn, ...], keys: list[tuple[object, ...]], comment: str, view: bool
) -> SourceTable:
    primary: tuple[str, ...] = ()
    unique: list[tuple[str, ...]] = []
    foreign: list[ForeignKey] = []
    for kind, own, target, targets in keys:
        names = _strings(own)
        if kind == "p":
            primary = names
        elif kind == "u":
            unique.append(names)
        else:
            foreign.append(ForeignKey(names, str(target), _strings(targets)))
    return SourceTable(name, columns, primary, tuple(unique), tuple(foreign), comment, view)


def _strings(values: object) -> tuple[str, ...]:
    return tuple(map(str, values)) if isinstance(values, list) else ()


def _rows(connection: Connection, schema: str, table: str, found: SourceTable) -> dict[str, list[object]]:
    """The first rows; none where they may not be read (a view that fails, rights that lack)."""
    query = sql.SQL("SELECT {columns} FROM {table} LIMIT {limit}").format(
        columns=sql.SQL(", ").join(
            sql.SQL("left({}::text, {})").format(sql.Identifier(one.name), sql.Literal(LONGEST_SAMPLE))
            for one in found.columns
        ),
        table=sql.Identifier(schema, table),
        limit=sql.Literal(SAMPLES),
    )
    if not found.columns:
        return {}
    try:
        rows = connection.execute(query).fetchall()
    except psycopg.Error:
        return {}
    return {one.name: [row[position] for row in rows] for position, one in enumerate(found.columns)}
