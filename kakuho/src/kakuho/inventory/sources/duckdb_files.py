"""Schemas and samples that DuckDB reads: its own files, and folders of Parquet or CSV files."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb

from kakuho.inventory.sources.model import SAMPLES, ForeignKey, SourceColumn, SourceSchema, SourceTable

SUFFIXES = {".parquet": "read_parquet", ".csv": "read_csv", ".tsv": "read_csv"}
_SAFE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


def read_duckdb(path: Path, name: str) -> SourceSchema:
    """Every table and view of a DuckDB file."""
    with closing(duckdb.connect(str(path), read_only=True, config=dict(_SAFE))) as connection:
        connection.execute("SET enable_external_access = false")
        listed = connection.execute(
            "SELECT table_schema, table_name, table_type FROM information_schema.tables ORDER BY 1, 2"
        ).fetchall()
        tables = tuple(_stored(connection, schema, table, kind == "VIEW") for schema, table, kind in listed)
        return SourceSchema(name, "duckdb", tables)


def read_folder(folder: Path, name: str) -> SourceSchema:
    """Every Parquet, CSV or TSV file below ``folder``: a table of the file's name; files in one sub-folder are one
    table."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES and path.is_file():
            inner = path.relative_to(folder).parts
            found.setdefault(inner[0] if len(inner) > 1 else path.stem, []).append(path)
    with closing(duckdb.connect(config=dict(_SAFE))) as connection:
        return SourceSchema(name, "files", tuple(_file(connection, table, paths) for table, paths in found.items()))


def _stored(connection: duckdb.DuckDBPyConnection, schema: str, table: str, view: bool) -> SourceTable:
    quoted = f"{_quoted(schema)}.{_quoted(table)}"
    described = connection.execute(f"DESCRIBE {quoted}").fetchall()
    columns = tuple(SourceColumn(one[0], str(one[1]).lower(), one[2] == "YES") for one in described)
    constraints = connection.execute(
        "SELECT constraint_type, constraint_column_names, referenced_table, referenced_column_names"
        " FROM duckdb_constraints()"
        " WHERE schema_name = ? AND table_name = ?",
        [schema, table],
    ).fetchall()
    made = SourceTable(
        table if schema == "main" else f"{schema}.{table}",
        columns,
        next((tuple(one[1]) for one in constraints if one[0] == "PRIMARY KEY"), ()),
        tuple(tuple(one[1]) for one in constraints if one[0] == "UNIQUE"),
        tuple(ForeignKey(tuple(one[1]), one[2], tuple(one[3])) for one in constraints if one[0] == "FOREIGN KEY"),
        view=view,
    )
    return _sampled(connection, made, quoted)


def _file(connection: duckdb.DuckDBPyConnection, table: str, paths: list[Path]) -> SourceTable:
    reader = SUFFIXES[paths[0].suffix.lower()]
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    options = (
        ", all_varchar = true, union_by_name = true, ignore_errors = true"
        if reader == "read_csv"
        else ", union_by_name = true"
    )
    source = f"{reader}([{listed}]{options})"
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    columns = tuple(SourceColumn(one[0], str(one[1]).lower()) for one in described)
    return _sampled(connection, SourceTable(table, columns), source)


def _sampled(connection: duckdb.DuckDBPyConnection, table: SourceTable, source: str) -> SourceTable:
    try:
        rows = connection.execute(f"SELECT * FROM {source} LIMIT {SAMPLES}").fetchall()
    except duckdb.Error:
        rows = []
    return table.with_samples({one.name: [row[at] for row in rows] for at, one in enumerate(table.columns)})


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
