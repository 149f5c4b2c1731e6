"""The events that claims rest on, as lines of sealed files. What is told of an event holds no personal values: paths
without their query, statements with their literals taken out.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from kakuho.case import Case
from kakuho.engine.lake import connect
from kakuho.exposure.rows import rows_of

SHOWN = 5
"""Events shown a claim; the rest is counted."""
_OF_A_HOST = {
    "file_activity": "user_name, process_path, activity, file_path",
    "process_activity": "user_name, coalesce(process_path, split_part(command_line, ' ', 1))",
    "api_activity": "user_name, src_ip, operation, resource",
    "base_event": "application, event_code",
}
"""What is shown of an event: never a command's arguments or a message, which can hold anybody's data."""
_LITERAL = re.compile(r"'(?:[^']|'')*'|\b\d+\b")


class Cited:
    """Looks events up in the lake; ``with Cited(case, folder) as cited``. ``folder``: an assessment's."""

    def __init__(self, case: Case, folder: Path) -> None:
        self._events = folder / "claim_events.parquet"
        self.lake = connect(case)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.lake.disconnect()

    def by(self, connection: duckdb.DuckDBPyConnection, condition: str, only: str) -> dict[str, Any]:
        """How many lines the claims of ``condition`` (over ``claim_id``, with ``$only``) rest on, and the first."""
        rows = rows_of(
            connection,
            f"""SELECT DISTINCT source_id, line, byte_offset FROM read_parquet('{self._events}')
                WHERE {condition} ORDER BY source_id, line""",
            only=only,
        )
        return {"count": len(rows), "first": [self._event(row) for row in rows[:SHOWN]]}

    def _event(self, row: dict[str, Any]) -> dict[str, Any]:
        key = [row["source_id"], row["line"]]
        name = self._first("SELECT name FROM sources WHERE source_id = ?", key[:1])
        where = {"file": name[0] if name else None, **row}
        http = self._first(
            "SELECT time, src_ip, method, url_path, status FROM http_activity WHERE source_id = ? AND line = ?", key
        )
        if http:
            return {**where, "time": _time(http[0]), "what": f"{http[1]} {http[2]} {http[3]} → {http[4]}"}
        shown = self._first(
            "SELECT any_value(time), any_value(src_ip), any_value(method), any_value(route), any_value(actor_id) "
            "FROM disclosure WHERE source_id = ? AND line = ? HAVING count(*) > 0",
            key,
        )
        if shown:
            return {**where, "time": _time(shown[0]), "what": f"{shown[1]} {shown[2]} {shown[3]} ({shown[4]})"}
        ran = self._first(
            "SELECT time, db_user, statement, coalesce(outcome, 'unknown') FROM datastore_activity "
            "WHERE source_id = ? AND line = ?",
            key,
        )
        if ran and ran[2]:
            return {**where, "time": _time(ran[0]), "what": f"{ran[1]}: {_LITERAL.sub('…', ran[2])[:160]} → {ran[3]}"}
        for table, what in _OF_A_HOST.items():
            found = self._first(
                f"SELECT time, concat_ws(' ', {what}) FROM {table} WHERE source_id = ? AND line = ? LIMIT 1", key
            )
            if found:
                return {**where, "time": _time(found[0]), "what": found[1]}
        return where

    def _first(self, query: str, values: list[Any]) -> tuple[Any, ...] | None:
        rows = self.lake.con.execute(query, values).fetchall()
        return rows[0] if rows else None


def _time(value: Any) -> str:
    return f"{value.isoformat()}Z"
