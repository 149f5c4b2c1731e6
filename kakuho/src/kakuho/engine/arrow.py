"""SQL over one Arrow table, in DuckDB."""

from __future__ import annotations

import duckdb
import pyarrow as pa


def query_arrow(connection: duckdb.DuckDBPyConnection, rows: pa.Table, name: str, query: str) -> pa.Table:
    """The answer to ``query``, in which ``rows`` is the table called ``name``."""
    connection.register(name, rows)
    try:
        return connection.sql(query).to_arrow_table()
    finally:
        connection.unregister(name)
