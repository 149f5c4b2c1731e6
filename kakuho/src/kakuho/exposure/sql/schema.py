"""What the analysis needs to know of the database: tables, columns, keys, views, partitions, functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kakuho.exposure.sql.block import Slot
from kakuho.exposure.sql.dialect import POSTGRESQL, Dialect


@dataclass(frozen=True)
class Schema:
    """``tables``: table → column → type, of the schema on the search path, partitions included, views left out.

    ``keys``: table → record key column. ``unique``: columns that identify a row and never change. ``links``: columns
    that lead to another record (foreign keys): whose a record is does not change. ``few_values``: (table, column) pairs
    with so few distinct values that learning what a row is *not* tells what it is. ``created_at`` and ``changed_at``:
    table → column. ``views``: view → its query; ``stored``: those that keep the rows of their last refresh.
    ``parents``: partition or inheriting table → the table directly above it. ``functions``: functions that the database
    defines itself. ``unclassified``: tables of which nobody has said what they hold.

    ``dialect`` is whose statements are asked about. Where it compares names without regard to case, all names here are
    in lower case, and ``written`` says how the inventory writes them: ``table`` or ``table.column`` → name.
    """

    tables: dict[str, dict[str, str]]
    keys: dict[str, str]
    unique: dict[str, frozenset[str]] = field(default_factory=dict)
    few_values: frozenset[tuple[str, str]] = frozenset()
    created_at: dict[str, str] = field(default_factory=dict)
    changed_at: dict[str, str] = field(default_factory=dict)
    name: str = "public"
    links: dict[str, frozenset[str]] = field(default_factory=dict)
    views: dict[str, str] = field(default_factory=dict)
    stored: frozenset[str] = frozenset()
    parents: dict[str, str] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()
    unclassified: frozenset[str] = frozenset()
    dialect: Dialect = POSTGRESQL
    written: Mapping[str, str] = field(default_factory=dict)

    def as_written(self, slot: Slot) -> Slot:
        """``slot`` with its table and columns called as in the inventory."""
        if not self.written:
            return slot

        def named(columns: frozenset[str]) -> frozenset[str]:
            return frozenset(self.written.get(f"{slot.table}.{column}", column) for column in columns)

        return replace(
            slot,
            table=self.written.get(slot.table, slot.table),
            in_full=named(slot.in_full),
            in_part=named(slot.in_part),
            probed=named(slot.probed),
            computed=named(slot.computed),
            answered=named(slot.answered),
        )

    def is_system(self, table: str, schema: str) -> bool:
        if schema:
            return schema in self.dialect.system_schemas
        return table not in self.tables and table.startswith(self.dialect.system_prefix)

    def identifies(self, table: str, column: str) -> bool:
        """Whether one value of ``column`` names at most one row of ``table``, for good."""
        return column == self.keys.get(table) or column in self.unique.get(table, frozenset())

    def is_steady(self, table: str, column: str) -> bool:
        """Whether a row keeps its value of ``column`` for good."""
        return self.identifies(table, column) or column in self.links.get(table, frozenset())

    def holder(self, table: str) -> str | None:
        """The table with record keys whose rows ``table`` holds: itself, or the one that it is a partition of."""
        at: str | None = table
        while at is not None and at not in self.keys:
            at = self.parents.get(at)
        return at

    def family(self, table: str) -> set[str]:
        """Tables whose writes can be writes of ``table``'s rows: itself, those above it, those below it."""
        found = {table}
        above = self.parents.get(table)
        while above is not None:
            found.add(above)
            above = self.parents.get(above)
        waiting = [table]
        while waiting:
            at = waiting.pop()
            children = [child for child, parent in self.parents.items() if parent == at]
            found |= set(children)
            waiting += children
        return found

    def below(self, table: str) -> list[str]:
        """Tables with record keys of their own whose rows a read of ``table`` returns too."""
        children = [child for child, parent in self.parents.items() if parent == table]
        found = [child for child in children if child in self.keys]
        return sorted({*found, *(deeper for child in children for deeper in self.below(child))})
