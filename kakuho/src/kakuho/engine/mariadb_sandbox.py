"""A MySQL or MariaDB dump restored where nothing can be harmed, and a user that can only read it.

    with MariadbSandbox(dump, cache) as sandbox:
        sandbox.answers(5).rows("SELECT …")

The restored database is kept in the case's lake and used again by later runs. It is restored by a user without any
right outside of it, since what a dump defines (defaults, generated columns, checks) runs while it is restored: no file,
no plugin, no routine. The user that queries, ``kakuho_replay``, may SELECT there and nothing else.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pymysql
from pymysql.connections import Connection
from pymysql.cursors import SSCursor

from kakuho.engine.catalogue import Catalogue
from kakuho.engine.mariadb import MariadbServer
from kakuho.engine.mariadb_answers import MariadbAnswers
from kakuho.engine.mysql_dump import DumpFacts, read_head, restorable
from kakuho.engine.mysql_text import mysql_text
from kakuho.engine.restored import CollectionCopy
from kakuho.errors import UsageError
from kakuho.language import Bilingual

DATABASE = "snapshot"
READER = "kakuho_replay"
_RESTORER = "kakuho_restore"
_RESTORE_SECONDS = 3600
_AT_ONCE = 20_000
_MYSQL_ONLY = re.compile(rb"utf8mb4_(?:\w\w_)?0900_(ai_ci|as_ci|as_cs|bin)\b")
"""Collations of MySQL 8 that MariaDB does not know."""


class MariadbSandbox:
    """A context manager around the restored dump."""

    system = "mysql"

    def __init__(self, dump: Path, cache: Path) -> None:
        self.dump = dump
        self.cache = cache
        self._server: MariadbServer | None = None
        self._told: dict[str, Any] = {}
        self._answers: dict[float, MariadbAnswers] = {}

    def __enter__(self) -> Self:
        if not (self.cache / "restored").exists():
            self._restore()
        self._told = json.loads((self.cache / "restored").read_text(encoding="utf-8"))
        self._server = MariadbServer(self.cache, {"read-only": "1"})
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for answers in self._answers.values():
            answers.close()
        if self._server is not None:
            self._server.__exit__(kind, error, trace)
            self._server = None

    @property
    def database(self) -> str:
        """The name that the database had; '' where the dump does not say."""
        return str(self._told["database"])

    @property
    def server(self) -> MariadbServer:
        """The server, while the sandbox is in use."""
        if self._server is None:
            raise RuntimeError("the sandbox is not in use")
        return self._server

    def connect(self) -> Connection[Any]:
        """A connection of the reader's."""
        return self.server.connect(DATABASE, READER)

    def answers(self, seconds: float) -> MariadbAnswers:
        """What answers queries; the same system only where MariaDB wrote the dump."""
        same = bool(self._told["is_mariadb"])
        return self._answers.setdefault(seconds, MariadbAnswers(self.connect, seconds=seconds, is_same_system=same))

    def schema(self) -> dict[str, dict[str, str]]:
        """Every table with its columns, in order, and their types; ``local`` before a TIMESTAMP that is not in UTC."""
        columns: dict[str, dict[str, str]] = {}
        for table, column, kind in self._asked(_COLUMNS):
            local = kind.startswith("timestamp") and not self._told["is_utc"]
            columns.setdefault(self._written(table), {})[column] = f"local {kind}" if local else kind
        return columns

    def primary_keys(self) -> dict[str, tuple[str, ...]]:
        """The primary key's columns of every table that has one."""
        keys: dict[str, list[str]] = {}
        for table, column in self._asked(_PRIMARY_KEYS):
            keys.setdefault(self._written(table), []).append(column)
        return {table: tuple(columns) for table, columns in keys.items()}

    def views(self) -> dict[str, str]:
        """The query of every view, as the dump has it; no view is made here."""
        return dict(self._told["views"])

    def catalogue(self) -> Catalogue:
        """Foreign keys, and the routines that the dump names. MySQL's partitions have no names that a query reads."""
        links: dict[str, set[str]] = {}
        for table, column, _ in self._asked(_FOREIGN_KEYS):
            links.setdefault(self._written(table), set()).add(column)
        functions = frozenset(self._told["routines"])
        return Catalogue({t: frozenset(c) for t, c in links.items()}, {}, functions, frozenset())

    def foreign_keys(self, table: str) -> list[tuple[str, str]]:
        """(column, the table that it leads to), sorted."""
        found = [(c, self._written(target)) for t, c, target in self._asked(_FOREIGN_KEYS) if self._written(t) == table]
        return sorted(found)

    def look_up(self, table: str, key: str, columns: Sequence[str], wanted: Sequence[str]) -> list[tuple[object, ...]]:
        """``columns`` of the rows whose ``key``, as text, is wanted."""
        if not wanted:
            return []
        types = self.schema()[table]
        listed = ", ".join(mysql_text(_quoted(column), types[column]) for column in columns)
        places = ", ".join(["%s"] * len(wanted))
        query = f"SELECT {listed} FROM {_quoted(table)} WHERE {mysql_text(_quoted(key), types[key])} IN ({places})"
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(query, list(wanted))
            return list(cursor.fetchall())

    def batches(self, copy: CollectionCopy, schema: pa.Schema, order: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The rows of a table in ``order``."""
        types = self.schema()[copy.collection]
        listed = ", ".join(
            _quoted(name) if pa.types.is_integer(schema.field(name).type) else mysql_text(_quoted(name), types[name])
            for name in copy.columns
        )
        query = f"SELECT {listed} FROM {_quoted(copy.collection)} ORDER BY {', '.join(map(_quoted, order))}"
        with self.connect() as connection, connection.cursor(SSCursor) as cursor:
            cursor.execute("SET SESSION time_zone = '+00:00'")
            cursor.execute(query)
            while rows := cursor.fetchmany(_AT_ONCE):
                columns = zip(*rows, strict=True)
                arrays = [pa.array(list(c), field.type) for c, field in zip(columns, schema, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _asked(self, query: str) -> list[tuple[str, ...]]:
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(query, (DATABASE,))
            return [tuple(v.decode() if isinstance(v, bytes) else v for v in row) for row in cursor.fetchall()]

    def _written(self, table: str) -> str:
        """As the dump writes it; the server keeps names of tables in lower case."""
        return str(self._told["tables"].get(table, table))

    def _restore(self) -> None:
        head = read_head(self.dump)
        place = self.cache.with_name(self.cache.name + ".restoring")
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(self.cache, ignore_errors=True)
        place.mkdir(parents=True)
        facts = DumpFacts()
        with MariadbServer(place) as server:
            with server.connect() as connection, connection.cursor() as cursor:
                for statement in _RIGHTS:
                    cursor.execute(statement)
            with server.connect(DATABASE, _RESTORER) as connection:
                self._execute(connection, facts, same=head.is_mariadb)
            with server.connect() as connection, connection.cursor() as cursor:
                cursor.execute(f"DROP USER {_RESTORER}@localhost")
        self._refuse_several(facts)
        used = next(iter(facts.databases), head.database)
        told = {
            "database": used.lower(), "is_mariadb": head.is_mariadb, "is_utc": facts.is_utc, "tables": facts.tables,
            "views": facts.views, "routines": sorted(facts.routines),
        }  # fmt: skip
        (place / "restored").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        place.rename(self.cache)

    def _execute(self, connection: Connection[Any], facts: DumpFacts, *, same: bool) -> None:
        for setting in _RESTORING:
            connection.query(setting)
        character_set = ""
        for statement in restorable(self.dump, facts):
            if character_set != facts.character_set:
                character_set = facts.character_set
                connection.query(f"SET NAMES {character_set}")
            text = statement if same else _MYSQL_ONLY.sub(_collation, statement)
            try:
                connection.query(text)
            except pymysql.Error as error:
                raise UsageError(
                    Bilingual(ja="スナップショットを復元できません。", en="the snapshot cannot be restored"),
                    where=f"{self.dump}: {_safe_head(statement)} ({error.args[0] if error.args else ''})",
                    remedy=Bilingual(
                        ja="このサーバーより新しい版のダンプかもしれません。mariadb-server を新しくしてください。",
                        en="the dump may be of a newer version than this machine's mariadb-server: update that",
                    ),
                ) from error

    def _refuse_several(self, facts: DumpFacts) -> None:
        if len(facts.databases) > 1:
            raise UsageError(
                Bilingual(ja="複数のデータベースのダンプです。", en="the dump holds several databases"),
                where=f"{self.dump}: {', '.join(sorted(facts.databases))}",
                remedy=Bilingual(ja="データベースごとに取り直してください。", en="take one of each database"),
            )


def _collation(found: re.Match[bytes]) -> bytes:
    return b"utf8mb4_nopad_bin" if found[1] in (b"bin", b"as_cs") else b"utf8mb4_unicode_520_nopad_ci"


def _safe_head(statement: bytes) -> str:
    """The words before the first value: what is made, and the name of the table."""
    return re.split(rb"[('\"]", statement[:200])[0].decode("utf-8", "replace").strip()[:120]


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``").replace("%", "%%") + "`"


_RIGHTS = (
    f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4",
    f"CREATE USER {_RESTORER}@localhost",
    f"GRANT SELECT, INSERT, CREATE, DROP, ALTER, INDEX, REFERENCES ON {DATABASE}.* TO {_RESTORER}@localhost",
    f"CREATE USER {READER}@localhost",
    f"GRANT SELECT ON {DATABASE}.* TO {READER}@localhost",
    "DELETE FROM mysql.global_priv WHERE User = ''",
    "FLUSH PRIVILEGES",
)
_RESTORING = (
    "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,NO_DIR_IN_CREATE'",
    "SET SESSION foreign_key_checks = 0",
    "SET SESSION unique_checks = 0",
    "SET SESSION time_zone = '+00:00'",
    f"SET SESSION max_statement_time = {_RESTORE_SECONDS}",
)
"""As a dump sets them itself; no folder that it names is used."""
_COLUMNS = """SELECT table_name, column_name, column_type FROM information_schema.columns
    WHERE table_schema = %s ORDER BY table_name, ordinal_position"""
_PRIMARY_KEYS = """SELECT table_name, column_name FROM information_schema.key_column_usage
    WHERE table_schema = %s AND constraint_name = 'PRIMARY' ORDER BY table_name, ordinal_position"""
_FOREIGN_KEYS = """SELECT table_name, column_name, referenced_table_name FROM information_schema.key_column_usage
    WHERE table_schema = %s AND referenced_table_name IS NOT NULL ORDER BY table_name, column_name"""
