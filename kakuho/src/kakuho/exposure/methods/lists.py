"""Which rows a page of a list showed, where the inventory says how many rows a page has and in which order.

The list is laid out again from the snapshot. Rows made since the first request may stand before any page or not, so a
page can begin that much earlier; where rows may have been deleted since, any row may have stood on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import ibis.expr.types as ir

from kakuho.exposure.history import History
from kakuho.inventory import Collection, Pages

_SLACK = timedelta(minutes=5)
"""Between the clocks of the web server and of the database."""


@dataclass(frozen=True)
class Listed:
    """A list as it lay at the first request. ``keys``: in order; ``since``: of rows made later."""

    keys: tuple[str, ...]
    since: tuple[str, ...]
    pages: Pages

    def shown(self, number: int) -> set[str]:
        """The rows that can have stood on a page."""
        first = (number - 1) * self.pages.size
        shown = set(self.keys[max(0, first - len(self.since)) : first + self.pages.size]) | set(self.since)
        if first + self.pages.size >= len(self.keys):  # behind the last page many programs show the last
            shown |= set(self.keys[-self.pages.size - len(self.since) :])
        return shown


def listed(table: ir.Table, collection: Collection, pages: Pages, history: History, first: datetime) -> Listed | None:
    """None where rows may have gone, or come without a stamp, since ``first``."""
    if history.may_have_lost_rows(collection.name):
        return None
    if collection.created_at is None and history.may_have_changed(collection.name):
        return None
    made = table[collection.created_at].cast("string") if collection.created_at else None
    columns = {"key": table[collection.key].cast("string")} | ({"made": made} if made is not None else {})
    rows = table.select(**columns).to_pyarrow().to_pylist()
    if not all(row["key"].isdigit() for row in rows):
        return None
    times = {row["key"]: _time(row.get("made")) for row in rows}
    since = [key for key, made in times.items() if made is not None and made >= first - _SLACK]
    early = [row for row in rows if row["key"] not in set(since)]
    for column in reversed(pages.order):
        early.sort(
            key=_by_key if column.removeprefix("-") == collection.key else _by_time(times), reverse=column[0] == "-"
        )
    return Listed(tuple(row["key"] for row in early), tuple(sorted(since)), pages)


def number_of(query: str | None, pages: Pages) -> int | None:
    """The page that a request asked for; None where it asked for anything else besides."""
    given = parse_qsl(query or "", keep_blank_values=True)
    if not given:
        return 1
    (name, value), *more = given
    if more or name != pages.parameter or not (value.isascii() and value.isdigit()) or not 0 < int(value) < 10**9:
        return None
    return int(value)


def _by_key(row: Mapping[str, Any]) -> Any:
    return int(row["key"])


def _by_time(times: Mapping[str, datetime | None]) -> Any:
    return lambda row: times[row["key"]] or datetime.min  # noqa: DTZ901 - the lake's times are UTC without a zone


def _time(text: str | None) -> datetime | None:
    """PostgreSQL's text of a time stamp, ``2025-03-19 06:04:23.4+00``."""
    if not text:
        return None
    time = datetime.fromisoformat(text)
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
