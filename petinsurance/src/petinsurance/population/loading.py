"""Puts a population into the existing, empty tables of a database: COPY, then identity sequences, then ANALYZE."""

import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import csv

from petinsurance.population.errors import PopulationError
from petinsurance.population.generate import TABLES, Population
from petinsurance.population.moments import AS_OF

_ROWS_AT_ONCE = 50_000


@dataclass(frozen=True)
class Summary:
    """What was loaded: rows by table, seconds by stage, and the truth, which the database does not get."""

    scale: float
    seed: int
    rows: Mapping[str, int]
    seconds: Mapping[str, float]
    truth: pa.Table


def load(
    owner_url: str,
    *,
    scale: float,
    seed: int,
    as_of: datetime = AS_OF,
    progress: Callable[[str, float], None] = lambda stage, seconds: None,
) -> Summary:
    """Generate a population and load it, all or nothing, as the owner of the tables.

    `progress` hears each stage with its seconds when it is done. Raises PopulationError where a table is missing or
    holds rows.
    """
    whole = Population(scale, seed, as_of)
    rows: dict[str, int] = {}
    seconds: dict[str, float] = {}

    def done(stage: str, since: float) -> None:
        seconds[stage] = time.perf_counter() - since
        progress(stage, seconds[stage])

    with psycopg.connect(owner_url, autocommit=True) as connection:
        with connection.transaction():
            _must_be_empty(connection)
            references = _take_references(connection)
            for name in TABLES:
                since = time.perf_counter()
                table = whole.table(name)
                done(f"generate {name}", since)
                since = time.perf_counter()
                _copy(connection, name, table)
                rows[name] = table.num_rows
                done(f"copy {name}", since)
            since = time.perf_counter()
            for statement in references:
                connection.execute(statement)
            done("check references", since)
        since = time.perf_counter()
        for name in TABLES:
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))
        done("analyze", since)
    return Summary(scale, seed, rows, seconds, whole.truth)


def csv_bytes(table: pa.Table, first: int = 0, count: int | None = None) -> bytes:
    """Rows as PostgreSQL's CSV: values quoted, NULL an unquoted nothing. The same rows are the same bytes."""
    sink = io.BytesIO()
    options = csv.WriteOptions(include_header=False, quoting_style="all_valid")
    csv.write_csv(table.slice(first, count), sink, options)
    return sink.getvalue()


def _must_be_empty(connection: psycopg.Connection) -> None:
    for name in TABLES:
        if connection.execute("SELECT to_regclass(%s)", (name,)).fetchone() == (None,):
            raise PopulationError(
                "a table is missing", where=name, remedy="run `petinsurance migrate` on this database first"
            )
        query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(name))
        if connection.execute(query).fetchone() == (True,):
            raise PopulationError(
                "a table already holds rows", where=name, remedy="load the population into a database without rows"
            )


def _take_references(connection: psycopg.Connection) -> list[sql.Composed]:
    """Drop the tables' foreign keys and say how to make them again: that checks all rows at once, not one by one."""
    found = connection.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY 1, 2",
        ([f'"{name}"' for name in TABLES],),
    ).fetchall()
    for table, name, _ in found:
        drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
        connection.execute(drop.format(sql.Identifier(table), sql.Identifier(name)))
    add = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}")
    return [
        add.format(sql.Identifier(table), sql.Identifier(name), sql.SQL(definition))
        for table, name, definition in found
    ]


def _copy(connection: psycopg.Connection, name: str, table: pa.Table) -> None:
    target = sql.Identifier(name)
    columns = sql.SQL(", ").join(map(sql.Identifier, table.column_names))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(target, columns)
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for first in range(0, table.num_rows, _ROWS_AT_ONCE):
                copy.write(csv_bytes(table, first, _ROWS_AT_ONCE))
        cursor.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)"), (f'"{name}"', max(1, table.num_rows))
        )
