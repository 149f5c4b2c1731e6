"""A MySQL or MariaDB dump in DuckDB, for a machine without MariaDB: rows are read out of it, nothing is executed.

Keys of integer types and stamps keep their types, all else is text. What answers queries reaches no file, no network
and no extension.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from kakuho.engine.catalogue import Catalogue
from kakuho.engine.duckdb_answers import DuckdbAnswers
from kakuho.engine.mysql_dump import DumpFacts, read_head, restorable
from kakuho.engine.mysql_rows import DumpTable, NotReadError, inserted_into, read_rows, read_table
from kakuho.engine.restored import CollectionCopy
from kakuho.errors import UsageError
from kakuho.language import Bilingual

SHUT: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "memory_limit": "2GB",
    "threads": "2",
}
_FILE = "rows.duckdb"
_AT_ONCE = 10_000
_INTEGERS = ("tinyint", "smallint", "mediumint", "int", "bigint")
_ENCODINGS = {"latin1": "cp1252", "cp932": "cp932", "sjis": "cp932", "ujis": "euc_jp", "eucjpms": "euc_jp"}


class DuckdbSandbox:
    """A context manager around the loaded dump."""

    system = "mysql"

    def __init__(self, dump: Path, cache: Path) -> None:
        self.dump = dump
        self.cache = cache
        self._told: dict[str, Any] = {}
        self._connection: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> Self:
        if not (self.cache / "loaded").exists():
            self._load()
        self._told = json.loads((self.cache / "loaded").read_text(encoding="utf-8"))
        self._connection = duckdb.connect(self.cache / _FILE, read_only=True, config=SHUT)
        self._connection.execute("SET lock_configuration = true")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def database(self) -> str:
        """The name that the database had; '' where the dump does not say."""
        return str(self._told["database"])

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Open while the sandbox is in use."""
        if self._connection is None:
            raise RuntimeError("the sandbox is not in use")
        return self._connection

    def answers(self, seconds: float) -> DuckdbAnswers:
        """What answers queries of the proven subset."""
        return DuckdbAnswers(self.connection, seconds=seconds)

    def schema(self) -> dict[str, dict[str, str]]:
        """Every table with its columns, in order, and the types that they had in MySQL."""
        return {name: dict(columns) for name, columns in self._told["tables"].items()}

    def primary_keys(self) -> dict[str, tuple[str, ...]]:
        """The primary key's columns of every table that has one."""
        return {name: tuple(columns) for name, columns in self._told["keys"].items() if columns}

    def views(self) -> dict[str, str]:
        """The query of every view."""
        return dict(self._told["views"])

    def catalogue(self) -> Catalogue:
        """Foreign keys of one column, and the routines that the dump names."""
        links = {name: frozenset(column for column, _ in found) for name, found in self._told["links"].items()}
        return Catalogue(links, {}, frozenset(self._told["routines"]), frozenset())

    def foreign_keys(self, table: str) -> list[tuple[str, str]]:
        """(column, the table that it leads to), sorted."""
        return sorted((column, target) for column, target in self._told["links"].get(table, ()))

    def look_up(self, table: str, key: str, columns: Sequence[str], wanted: Sequence[str]) -> list[tuple[object, ...]]:
        """``columns`` of the rows whose ``key``, as text, is wanted."""
        listed = ", ".join(map(_quoted, columns))
        query = f"SELECT {listed} FROM {_quoted(table)} WHERE list_contains(?, CAST({_quoted(key)} AS VARCHAR))"
        return list(self.connection.execute(query, [list(wanted)]).fetchall())

    def batches(self, copy: CollectionCopy, schema: pa.Schema, order: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The rows of a table in ``order``."""
        listed = ", ".join(
            _quoted(name) if pa.types.is_integer(schema.field(name).type) else f"CAST({_quoted(name)} AS VARCHAR)"
            for name in copy.columns
        )
        query = f"SELECT {listed} FROM {_quoted(copy.collection)} ORDER BY {', '.join(map(_quoted, order))}"
        for batch in self.connection.cursor().sql(query).to_arrow_reader(_AT_ONCE):
            if batch.num_rows:
                named = pa.Table.from_batches([batch]).rename_columns(schema.names)
                yield named.cast(schema).combine_chunks().to_batches()[0]

    def _load(self) -> None:
        head = read_head(self.dump)
        place = self.cache.with_name(self.cache.name + ".loading")
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(self.cache, ignore_errors=True)
        place.mkdir(parents=True)
        facts, tables = DumpFacts(), dict[str, DumpTable]()
        with duckdb.connect(place / _FILE, config=SHUT) as connection:
            for statement in restorable(self.dump, facts):
                try:
                    _take(connection, statement, tables, facts)
                except (NotReadError, duckdb.Error, ValueError) as error:
                    raise _not_read(self.dump, statement) from error
        databases = facts.databases or {head.database}
        told = {
            "database": next(iter(databases)).lower() if len(databases) == 1 else "",
            "tables": {t.name: {c: _told_type(k, facts) for c, k in t.columns.items()} for t in tables.values()},
            "keys": {t.name: t.primary_key for t in tables.values()},
            "links": {t.name: t.links for t in tables.values()},
            "views": facts.views,
            "routines": sorted(facts.routines),
        }
        (place / "loaded").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        place.rename(self.cache)


def _take(
    connection: duckdb.DuckDBPyConnection, statement: bytes, tables: dict[str, DumpTable], facts: DumpFacts
) -> None:
    begin = statement[:12].upper()
    if begin.startswith(b"CREATE"):
        table = read_table(statement)
        tables[table.name] = table
        columns = ", ".join(f"{_quoted(name)} {_held_type(kind)}" for name, kind in table.columns.items())
        connection.execute(f"CREATE OR REPLACE TABLE {_quoted(table.name)} ({columns})")
    elif begin.startswith((b"INSERT", b"REPLACE")):
        into = tables.get(inserted_into(statement))
        if into is None:
            raise NotReadError
        rows = list(read_rows(statement, into, _ENCODINGS.get(facts.character_set, "utf-8")))
        for start in range(0, len(rows), _AT_ONCE):
            _insert(connection, into, rows[start : start + _AT_ONCE])


def _insert(connection: duckdb.DuckDBPyConnection, table: DumpTable, rows: list[list[str | None]]) -> None:
    arrays = [pa.array(values, pa.string()) for values in zip(*rows, strict=True)]
    text = pa.table(arrays, names=[f"c{n}" for n in range(len(arrays))])
    connection.register("rows_of_the_dump", text)
    kinds = enumerate(table.columns.values())
    listed = ", ".join(
        f"TRY_CAST(c{n} AS TIMESTAMP)" if _held_type(kind) == "TIMESTAMP" else f"CAST(c{n} AS {_held_type(kind)})"
        for n, kind in kinds
    )
    connection.execute(f"INSERT INTO {_quoted(table.name)} SELECT {listed} FROM rows_of_the_dump")
    connection.unregister("rows_of_the_dump")


def _held_type(kind: str) -> str:
    if kind.startswith(_INTEGERS) and not kind.startswith("interval"):
        return "UBIGINT" if kind.startswith("bigint") and "unsigned" in kind else "BIGINT"
    return "TIMESTAMP" if kind.startswith(("timestamp", "datetime")) else "VARCHAR"


def _told_type(kind: str, facts: DumpFacts) -> str:
    return f"local {kind}" if kind.startswith("timestamp") and not facts.is_utc else kind


def _not_read(dump: Path, statement: bytes) -> UsageError:
    head = statement[:80].split(b"(")[0].decode("utf-8", "replace").strip()
    return UsageError(
        Bilingual(
            ja="このダンプは MariaDB のサーバーなしでは読めません。",
            en="this dump cannot be read without a MariaDB server",
        ),
        where=f"{dump}: {head}",
        remedy=Bilingual(ja="mariadb-server を入れてください。", en="install mariadb-server"),
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
