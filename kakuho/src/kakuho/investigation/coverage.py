"""Which moments a kind of source really covers."""

from __future__ import annotations

from datetime import datetime

import duckdb

LOG_ROLES = ("access_log", "database_log", "disclosure_ledger")


class Coverage:
    """The union of the intervals of every source of a role; a known gap in any of them is not covered."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._intervals = _by_role(connection, "coverage")
        self._gaps = _by_role(connection, "gaps")

    def roles(self) -> list[str]:
        """The log roles of which there is evidence."""
        return [role for role in LOG_ROLES if role in self._intervals]

    def covers(self, role: str, start: datetime, end: datetime) -> bool:
        """Whether the role's sources cover every moment from ``start`` to ``end``."""
        if any(gap_start < end and start < gap_end for gap_start, gap_end in self._gaps.get(role, [])):
            return False
        reached = start
        for interval_start, interval_end in self._intervals.get(role, []):
            if interval_start <= reached and interval_end > reached:
                reached = interval_end
            if interval_start <= start <= end <= interval_end:
                return True
        return reached > start and reached >= end


def _by_role(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, list[tuple[datetime, datetime]]]:
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    rows = connection.execute(f'SELECT DISTINCT role, start, "end" FROM {table} WHERE start IS NOT NULL ORDER BY ALL')
    for role, start, end in rows.fetchall():
        found.setdefault(role, []).append((start, end))
    return found
