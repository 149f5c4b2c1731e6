"""Small helpers to build a query's text and to read its result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb


def literal(value: str) -> str:
    """``value`` as an SQL string literal."""
    return "'" + value.replace("'", "''") + "'"


def literals(values: Iterable[str]) -> str:
    """``values`` for use within ``IN (…)``; of nothing, a list that matches nothing."""
    return ", ".join(literal(value) for value in values) or "NULL"


def any_of(expression: str, patterns: Iterable[str]) -> str:
    """A condition: ``expression`` matches one of the regular expressions (RE2), whatever the letters' case."""
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return f"regexp_matches({expression}, {literal(joined)}, 'i')" if joined else "false"


def first_row(connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """The first row of a result, all of which is read, so that the connection is free for the next query."""
    rows: list[tuple[Any, ...]] = connection.execute(query, [*values]).fetchall()
    return rows[0] if rows else None
