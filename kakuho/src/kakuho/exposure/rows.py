"""The rows of a query over an assessment's files, as mappings."""

from __future__ import annotations

from typing import Any

import duckdb


def rows_of(connection: duckdb.DuckDBPyConnection, query: str, **values: str | None) -> list[dict[str, Any]]:
    """One mapping a row. ``values`` stand for the query's ``$name``; those that it does not name are left out."""
    used = {name: value for name, value in values.items() if f"${name}" in query}
    cursor = connection.execute(query, used)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
