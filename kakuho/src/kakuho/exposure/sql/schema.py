"""What the analysis needs to know of the database: tables, columns, keys."""

from __future__ import annotations

from dataclasses import dataclass, field

SYSTEM_SCHEMAS = frozenset({"pg_catalog", "information_schema", "pg_toast"})
SAMPLE_TABLES = frozenset({"pg_stats", "pg_statistic", "pg_stats_ext", "pg_stat_activity", "pg_stat_statements"})
"""System tables that hold values or statements of ordinary tables: most common values, query texts."""


@dataclass(frozen=True)
class Schema:
    """``tables``: table → column → type, of the schema on the search path. ``keys``: table → record key column.

    ``unique``: columns that identify a row and never change. ``few_values``: (table, column) pairs with so few distinct
    values that learning what a row is *not* tells what it is. ``created_at`` and ``changed_at``: table → column.
    """

    tables: dict[str, dict[str, str]]
    keys: dict[str, str]
    unique: dict[str, frozenset[str]] = field(default_factory=dict)
    few_values: frozenset[tuple[str, str]] = frozenset()
    created_at: dict[str, str] = field(default_factory=dict)
    changed_at: dict[str, str] = field(default_factory=dict)
    name: str = "public"

    def is_system(self, table: str, schema: str) -> bool:
        if schema:
            return schema in SYSTEM_SCHEMAS
        return table not in self.tables and table.startswith("pg_")

    def identifies(self, table: str, column: str) -> bool:
        """Whether one value of ``column`` names at most one row of ``table``, for good."""
        return column == self.keys.get(table) or column in self.unique.get(table, frozenset())
