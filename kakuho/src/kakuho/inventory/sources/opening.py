"""Which reader a URL or path needs; the address is shown without its password."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb

from kakuho.engine.archive import MAGIC as POSTGRESQL_ARCHIVE
from kakuho.engine.sandbox import SnapshotSandbox
from kakuho.errors import UsageError
from kakuho.inventory.sources import sqlite
from kakuho.inventory.sources.ddl import guess_dialect, read_ddl
from kakuho.inventory.sources.duckdb_files import read_duckdb, read_folder
from kakuho.inventory.sources.model import SourceSchema
from kakuho.inventory.sources.mysql import read_mysql
from kakuho.inventory.sources.postgresql import read_connection, read_postgresql
from kakuho.language import Bilingual

_HEAD = 65_536
REMEDY = Bilingual(
    ja="postgresql://、mysql://、mariadb://、sqlite:///ファイル の URL か、"
    "SQLite・DuckDB のファイル、pg_dump（-Fc か SQL）・mysqldump・DDL のファイル、"
    "Parquet・CSV のフォルダーを指定してください。",
    en="name a URL postgresql://, mysql://, mariadb:// or sqlite:///file, or an SQLite or DuckDB file, "
    "a dump (pg_dump -Fc or SQL, mysqldump), a file of DDL, or a folder of Parquet or CSV files",
)


def read_schema(source: str) -> SourceSchema:
    """The schema behind ``source``; raises UsageError where nothing can be read there."""
    scheme = source.partition("://")[0].lower() if "://" in source else ""
    if scheme in ("postgresql", "postgres"):
        return _some(read_postgresql(source, without_password(source)), source)
    if scheme in ("mysql", "mariadb"):
        return _some(read_mysql(source, without_password(source)), source)
    path = _file_of(source, scheme)
    if scheme not in ("", "sqlite", "duckdb", "file"):
        raise UsageError(
            Bilingual(ja=f"{scheme}:// は読み取れません。", en=f"{scheme}:// cannot be read"),
            where=without_password(source),
            remedy=REMEDY,
        )
    return _some(_read_path(path), source)


def _file_of(source: str, scheme: str) -> Path:
    """The file of ``sqlite:///shop.db`` (relative, as in SQLAlchemy) or ``sqlite:////srv/shop.db``; else the path."""
    if scheme not in ("sqlite", "duckdb", "file"):
        return Path(source)
    rest = unquote(source.partition("://")[2])
    relative = Path(rest.removeprefix("/"))
    return relative if relative.exists() or relative.is_absolute() else Path(rest)


def without_password(source: str) -> str:
    """A URL as it may be shown and written down."""
    if "://" not in source:
        return source
    parts = urlsplit(source)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def _some(schema: SourceSchema, source: str) -> SourceSchema:
    if schema.tables:
        return schema
    raise UsageError(
        Bilingual(ja="表が一つもありません。", en="there is no table in it"),
        where=without_password(source),
        remedy=REMEDY,
    )


def _read_path(path: Path) -> SourceSchema:
    name = path.name
    if path.is_dir():
        return read_folder(path, name)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise UsageError(
            Bilingual(ja="ファイルを開けません。", en="the file cannot be opened"), where=str(path), remedy=REMEDY
        ) from error
    try:
        if head.startswith(sqlite.MAGIC):
            return sqlite.read_sqlite(path, name)
        if head[8:12] == b"DUCK":
            return read_duckdb(path, name)
    except (sqlite3.Error, duckdb.Error) as error:
        raise UsageError(
            Bilingual(
                ja="データベースのファイルが壊れているか、使用中です。", en="the database file is damaged or in use"
            ),
            where=str(path),
            remedy=REMEDY,
        ) from error
    if head.startswith(POSTGRESQL_ARCHIVE):
        return _restored(path, name)
    if path.suffix.lower() in (".csv", ".tsv", ".parquet"):
        raise UsageError(
            Bilingual(ja="ファイルではなく、フォルダーを指定してください。", en="name the folder, not a file of it"),
            where=str(path),
            remedy=REMEDY,
        )
    dialect = guess_dialect(head.decode("utf-8", errors="replace"))
    return read_ddl(_lines(path), name, dialect)


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
        yield from file


def _restored(path: Path, name: str) -> SourceSchema:
    """A ``pg_dump -Fc`` archive, restored where nothing can be harmed and read as the role that can only read."""
    with tempfile.TemporaryDirectory(prefix="kakuho-inventory-") as folder:
        place = Path(folder)
        place.chmod(0o711)
        with SnapshotSandbox(path, place / "restored") as sandbox:
            return read_connection(sandbox.connection, name)
