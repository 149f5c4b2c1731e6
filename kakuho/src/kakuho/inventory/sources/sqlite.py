"""Schema and samples of an SQLite file, opened to read only."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from kakuho.inventory.sources.model import LONGEST_SAMPLE, SAMPLES, ForeignKey, SourceColumn, SourceSchema, SourceTable

MAGIC = b"SQLite format 3\x00"


def read_sqlite(path: Path, name: str) -> SourceSchema:
    """Every table and view of the file."""
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
        listed = connection.execute(
            "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view')"
            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            " ORDER BY name"
        ).fetchall()
        return SourceSchema(name, "sqlite", tuple(_table(connection, table, kind == "view") for table, kind in listed))


def _table(connection: sqlite3.Connection, name: str, view: bool) -> SourceTable:
    quoted = _quoted(name)
    columns, primary = [], []
    for _, column, kind, required, _, key in connection.execute(f"PRAGMA table_info({quoted})").fetchall():
        columns.append(SourceColumn(column, kind.lower(), not required and not key))
        if key:
            primary.append((key, column))
    foreign: dict[int, list[tuple[str, str, str | None]]] = {}
    for number, _, target, own, targets, *_ in connection.execute(f"PRAGMA foreign_key_list({quoted})").fetchall():
        foreign.setdefault(number, []).append((own, target, targets))
    unique = []
    for _, index, is_unique, *_ in connection.execute(f"PRAGMA index_list({quoted})").fetchall():
        if is_unique:
            parts = connection.execute(f"PRAGMA index_info({_quoted(index)})").fetchall()
            unique.append(tuple(part[2] for part in parts if part[2]))
    found = SourceTable(
        name,
        tuple(columns),
        tuple(column for _, column in sorted(primary)),
        tuple(unique),
        tuple(
            ForeignKey(tuple(part[0] for part in parts), parts[0][1], tuple(part[2] for part in parts if part[2]))
            for _, parts in sorted(foreign.items())
        ),
        view=view,
    )
    try:
        names = ", ".join(f"substr({_quoted(one.name)}, 1, {LONGEST_SAMPLE})" for one in columns)
        rows = connection.execute(f"SELECT {names} FROM {quoted} LIMIT {SAMPLES}").fetchall()
    except sqlite3.Error:
        rows = []
    return found.with_samples({one.name: [row[at] for row in rows] for at, one in enumerate(found.columns)})


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
