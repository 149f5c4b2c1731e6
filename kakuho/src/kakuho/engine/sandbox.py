"""A database snapshot restored where nothing can be harmed, and a role that can only read it.

    with SnapshotSandbox.of(case, sha256) as sandbox:
        sandbox.connection.execute("SELECT …")

The restored database is kept in the case's lake and used again by later runs. It is restored by a role without
superuser rights, since what a dump defines (functions, index expressions) runs while it is restored. The role that
queries, ``kakuho_replay``, reads every table and view, past row security, and nothing else. Knows nothing of the
inventory; a table is what the dump calls it (``schema.table`` outside ``public``).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import psycopg
import pyarrow as pa
from psycopg import sql

from kakuho.engine.answers import PostgresqlAnswers
from kakuho.engine.archive import Archive, read_archive
from kakuho.engine.catalogue import Catalogue, catalogue
from kakuho.engine.postgresql import EmbeddedServer, ServerDoesNotStartError
from kakuho.engine.postgresql_copy import copied_batches
from kakuho.engine.programs import PROGRAMS
from kakuho.engine.restored import CollectionCopy
from kakuho.errors import UsageError
from kakuho.language import Bilingual

DATABASE = "snapshot"
READER = "kakuho_replay"
_RESTORER = "kakuho_restore"
LIMITS = {
    "temp_file_limit": "1GB",
    "work_mem": "16MB",
    "max_parallel_workers_per_gather": "0",
    "max_locks_per_transaction": "64",
    "shared_preload_libraries": "",
}
"""Of the server that answers replayed statements, whatever the statements ask for: a session cannot raise the first."""
_EXACT_LOCALE = "locale_of_the_dump"
_BUILTIN_LOCALE = "ENCODING = 'UTF8' LOCALE_PROVIDER = builtin LOCALE = 'C.UTF-8'"


class HasEvidenceAndLake(Protocol):
    """The places that a sandbox needs: a :class:`kakuho.case.Case`."""

    @property
    def evidence(self) -> Path:
        """The folder of sealed files."""

    @property
    def lake(self) -> Path:
        """The folder of derived files."""


class SnapshotSandbox:
    """A context manager around the restored snapshot; ``connection`` is open as the reading role while it is in use."""

    connection: psycopg.Connection[tuple[object, ...]]

    def __init__(self, dump: Path, cache: Path, *, statement_timeout_ms: int = 60_000) -> None:
        self.dump = dump
        self.cache = cache
        self.statement_timeout_ms = statement_timeout_ms
        self._server: EmbeddedServer | None = None

    @classmethod
    def of(cls, case: HasEvidenceAndLake, sha256: str, *, statement_timeout_ms: int = 60_000) -> Self:
        """The sandbox of a snapshot sealed in a case; its cache belongs to this user of the operating system."""
        cache = case.lake / "postgresql" / f"{sha256[:16]}-{os.geteuid()}"
        return cls(case.evidence / sha256, cache, statement_timeout_ms=statement_timeout_ms)

    def __enter__(self) -> Self:
        if not (self.cache / "restored").exists():
            self._restore()
        self._server = self._started()
        try:
            options = f"-c statement_timeout={self.statement_timeout_ms} -c default_transaction_read_only=on"
            self.connection = psycopg.connect(
                self._server.connection_string(DATABASE, READER), options=options, autocommit=True
            )
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if hasattr(self, "connection"):
            self.connection.close()
        if self._server is not None:
            self._server.__exit__(kind, error, trace)
            self._server = None

    def _started(self) -> EmbeddedServer:
        """The server on the cache; one that does not start (the case was copied or moved here) is restored anew."""
        server = EmbeddedServer(self.cache, LIMITS)
        try:
            server.__enter__()
        except ServerDoesNotStartError:
            self._restore()
            server = EmbeddedServer(self.cache, LIMITS)
            server.__enter__()
        return server

    @property
    def system(self) -> str:
        """PostgreSQL."""
        return "postgresql"

    @property
    def database(self) -> str:
        """PostgreSQL's statements name tables of their own database alone."""
        return ""

    def catalogue(self) -> Catalogue:
        """What the database says of itself beyond tables and columns."""
        return catalogue(self.connection)

    def foreign_keys(self, table: str) -> list[tuple[str, str]]:
        """(column, the table that it leads to) of the foreign keys of one column, sorted."""
        return [(str(c), str(t)) for c, t in self.connection.execute(_FOREIGN_KEYS, [table]).fetchall()]

    def look_up(self, table: str, key: str, columns: Sequence[str], wanted: Sequence[str]) -> list[tuple[object, ...]]:
        """``columns`` of the rows whose ``key``, as text, is wanted."""
        query = sql.SQL("SELECT {} FROM {} WHERE {}::text = ANY(%s)").format(
            sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table), sql.Identifier(key)
        )
        return self.connection.execute(query, [list(wanted)]).fetchall()

    def answers(self, seconds: float) -> PostgresqlAnswers:
        """What answers queries over ``connection``."""
        self.connection.execute(f"SET statement_timeout = '{seconds}s'".encode())
        return PostgresqlAnswers(self.connection)

    def batches(self, copy: CollectionCopy, schema: pa.Schema, order: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The rows of a table in ``order``."""
        return copied_batches(self.connection, copy, schema, order)

    @property
    def has_locale_of_the_dump(self) -> bool:
        """False where this machine lacks the dump's locale: texts then sort and compare by code point."""
        return (self.cache / "restored").read_text(encoding="ascii") == _EXACT_LOCALE

    def schema(self) -> dict[str, dict[str, str]]:
        """Every table and view with its columns, in order, and their types as PostgreSQL writes them."""
        columns: dict[str, dict[str, str]] = {}
        for table, column, kind in self.connection.execute(_COLUMNS).fetchall():
            columns.setdefault(str(table), {})[str(column)] = str(kind)
        return columns

    def primary_keys(self) -> dict[str, tuple[str, ...]]:
        """The primary key's columns of every table that has one."""
        rows = self.connection.execute(_PRIMARY_KEYS).fetchall()
        return {str(table): tuple(str(columns).split("\x1f")) for table, columns in rows}

    def views(self) -> dict[str, str]:
        """The query of every view."""
        return {str(name): str(query) for name, query in self.connection.execute(_VIEWS).fetchall()}

    def _restore(self) -> None:
        archive = read_archive(self.dump)
        place = self.cache.with_name(self.cache.name + ".restoring")
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(self.cache, ignore_errors=True)
        place.mkdir(parents=True)
        fast = {"fsync": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0"}
        with EmbeddedServer(place, {**fast, "maintenance_work_mem": "256MB", "max_wal_size": "4GB"}) as server:
            exact = self._create_database(server, archive)
            self._run_pg_restore(server)
            with psycopg.connect(server.connection_string(DATABASE), autocommit=True) as connection:
                connection.execute(_RIGHTS)
                connection.execute("VACUUM ANALYZE")
        server.sync()
        (place / "restored").write_text(_EXACT_LOCALE if exact else "builtin", encoding="ascii")
        place.rename(self.cache)

    def _create_database(self, server: EmbeddedServer, archive: Archive) -> bool:
        """Make the empty database in the dump's locale; false where only the builtin one can be had."""
        with psycopg.connect(server.connection_string(), autocommit=True) as connection:
            connection.execute(_ROLES)
            head = f"CREATE DATABASE {DATABASE} OWNER {_RESTORER} TEMPLATE template0 "
            wanted = re.sub(r"\b(TEMPLATE|OWNER|TABLESPACE) = (\"[^\"]*\"|\S+)", "", archive.create_options)
            try:
                connection.execute((head + wanted).encode())
            except psycopg.Error:
                connection.execute((head + _BUILTIN_LOCALE).encode())
                return False
            return bool(wanted.strip())

    def _run_pg_restore(self, server: EmbeddedServer) -> None:
        left_out = ("owner", "privileges", "comments", "publications", "subscriptions", "tablespaces")
        options = [f"--no-{what}" for what in (*left_out, "security-labels")]
        done = subprocess.run(
            [
                str(PROGRAMS / "pg_restore"),
                *options,
                "--exit-on-error",
                "--jobs=2",
                f"--dbname={server.connection_string(DATABASE, _RESTORER)}",
                str(self.dump),
            ],
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            raise UsageError(
                Bilingual(ja="スナップショットを復元できません。", en="the snapshot cannot be restored"),
                where=f"{self.dump}: {_safe_reason(done.stderr.decode(errors='replace'))}",
                remedy=Bilingual(
                    ja="同じ版の PostgreSQL の pg_dump -Fc で取り直してください。拡張機能に依存する場合は "
                    "--exclude-extension などで除いてください。",
                    en="take it again with pg_dump -Fc; leave out extensions that this machine lacks",
                ),
            )


def _safe_reason(said: str) -> str:
    """The part of pg_restore's complaint that names objects of the database, never a value in it."""
    entry = re.search(r"from TOC entry [^;]*;[^;]*? ([A-Z ]+ \S+)", said)
    lacking = re.search(r"ERROR:\s+(\w+ \"[^\"]+\" (?:is not available|does not exist))", said)
    return "; ".join(found.group(1).strip() for found in (entry, lacking) if found) or "pg_restore"


_ROLES = sql.SQL(
    """
    CREATE ROLE {restorer} LOGIN NOSUPERUSER;
    CREATE ROLE {reader} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
    GRANT pg_read_all_data TO {reader};
    ALTER ROLE {reader} SET default_transaction_read_only = on;
    ALTER ROLE {reader} SET timezone = 'UTC';
    ALTER ROLE {reader} SET datestyle = 'ISO';
    """
).format(restorer=sql.Identifier(_RESTORER), reader=sql.Identifier(READER))

_RIGHTS = sql.SQL(
    """
    REVOKE TEMPORARY, CREATE ON DATABASE {database} FROM PUBLIC;
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    ALTER ROLE {restorer} NOLOGIN;
    """
).format(database=sql.Identifier(DATABASE), restorer=sql.Identifier(_RESTORER))

_NAME = "CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END"
_OURS = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"

_COLUMNS = f"""
    SELECT {_NAME}, a.attname, format_type(a.atttypid, a.atttypmod)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND {_OURS}
    ORDER BY 1, a.attnum
""".encode()

_PRIMARY_KEYS = f"""
    SELECT {_NAME}, string_agg(a.attname, E'\\x1f' ORDER BY k.position)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, position)
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
    WHERE i.indisprimary AND {_OURS} GROUP BY 1 ORDER BY 1
""".encode()

_FOREIGN_KEYS = b"""
    SELECT a.attname, target.relname FROM pg_constraint k JOIN pg_class source ON source.oid = k.conrelid
    JOIN pg_class target ON target.oid = k.confrelid
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'f' AND array_length(k.conkey, 1) = 1 AND source.relname = %s ORDER BY a.attname
"""

_VIEWS = f"""
    SELECT {_NAME}, pg_get_viewdef(c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('v', 'm') AND {_OURS} ORDER BY 1
""".encode()
