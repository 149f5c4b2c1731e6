"""Ibis' DuckDB backend on DuckDB 2: four methods of Ibis 12 call what DuckDB 2 removed or deprecates.

Each override does what the method of Ibis does, through ``to_arrow_table`` and ``to_arrow_reader``. When Ibis calls
these itself, this module goes; ``tests/engine/test_lake.py`` uses every one of them.
"""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa
import sqlglot.expressions as sge
from ibis.backends.duckdb import Backend

_TABLES = """
SELECT DISTINCT table_name FROM information_schema.tables WHERE table_catalog IN (?, 'temp') AND table_schema = ?
"""


class LakeBackend(Backend):  # type: ignore[misc]
    """The backend that :func:`kakuho.engine.lake.connect` gives out."""

    def get_schema(self, table_name: str, *, catalog: str | None = None, database: str | None = None) -> ibis.Schema:
        """The schema of a table or view."""
        table = sge.table_(table_name, db=database, catalog=catalog, quoted=self.compiler.quoted)
        return self._described(f"DESCRIBE {table.sql(self.dialect)}")

    def _get_schema_using_query(self, query: str) -> ibis.Schema:
        return self._described(f"DESCRIBE {query}")

    def _described(self, describe: str) -> ibis.Schema:
        rows = self.con.sql(describe).to_arrow_table().to_pylist()
        return ibis.Schema(
            {
                row["column_name"]: self.compiler.type_mapper.from_string(
                    row["column_type"], nullable=row["null"] == "YES"
                )
                for row in rows
            }
        )

    def list_tables(self, *, like: str | None = None, database: tuple[str, str] | str | None = None) -> list[str]:
        """The names of all tables and views, temporary ones included."""
        place = self._to_sqlglot_table(database)
        names = self.con.execute(_TABLES, [place.catalog or self.current_catalog, place.db or self.current_database])
        found: list[str] = self._filter_with_like([name for (name,) in names.fetchall()], like)
        return found

    def to_pyarrow_batches(
        self, expr: Any, /, *, params: Any = None, limit: int | str | None = None, chunk_size: int = 1_000_000, **_: Any
    ) -> pa.RecordBatchReader:
        """The rows of an expression as a stream of batches."""
        self._run_pre_execute_hooks(expr)
        table = expr.as_table()
        reader = self.con.sql(self.compile(table, limit=limit, params=params)).to_arrow_reader(chunk_size)
        schema = table.schema().to_pyarrow()
        return pa.RecordBatchReader.from_batches(schema, (batch.cast(schema) for batch in reader))
