"""The intrusion window, derived from the attacker's events and never typed."""

from __future__ import annotations

from datetime import datetime

import duckdb

from kakuho.detection.sqltext import first_row
from kakuho.evidence.witnesses import DAY_BEFORE, Coverage
from kakuho.investigation.model import Window, utc


def derive_window(connection: duckdb.DuckDBPyConnection, coverage: Coverage) -> Window:
    """First and last event; the start is established if every log source shows the 24 hours before it too."""
    row = first_row(
        connection,
        """
        SELECT min(time) FILTER (certain), max(time) FILTER (certain), min(time), max(time) FROM surest
    """,
    )
    if row is None or row[2] is None:
        return Window()
    first, last, widened_first, widened_last = row
    begin: datetime = first or widened_first
    covered = all(coverage.covers(role, begin - DAY_BEFORE, begin) for role in coverage.roles())
    return Window(
        first=utc(first),
        last=utc(last),
        widened_first=utc(widened_first),
        widened_last=utc(widened_last),
        start_established=covered,
        reason="sources_cover_day_before" if covered else "source_starts_too_late",
    )
