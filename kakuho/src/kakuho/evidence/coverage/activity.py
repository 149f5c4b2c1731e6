"""When the sources of one log have events: minute by minute, and from when to when each source reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from kakuho.evidence.coverage.rhythm import MINUTE_US, Integers
from kakuho.evidence.coverage.source import EVENT_TABLES, CoveredSource, rows_of


@dataclass(frozen=True)
class Activity:
    """The minutes with events (since 1970, ascending), and the first, last and number of events of each.

    Times are microseconds since 1970. ``spans``: first and last event of each source that has any.
    """

    minutes: Integers
    first: Integers
    last: Integers
    counts: Integers
    sources: Integers
    spans: dict[int, tuple[int, int]]


def spans_of(connection: duckdb.DuckDBPyConnection, sources: Sequence[CoveredSource]) -> dict[int, tuple[int, int]]:
    """The first and the last event of each source that has any."""
    rows = rows_of(sources, EVENT_TABLES, "source_id, epoch_us(time) AS time")
    if rows is None:
        return {}
    query = f"SELECT source_id, min(time), max(time) FROM ({rows}) WHERE time IS NOT NULL GROUP BY 1"
    return {source_id: (first, last) for source_id, first, last in connection.sql(query).fetchall()}


def activity_of(connection: duckdb.DuckDBPyConnection, sources: Sequence[CoveredSource]) -> Activity | None:
    """The activity of these sources together; None where they have no event.

    ``sources`` of the answer names for each minute the source of its last event (the highest, of several).
    """
    rows = rows_of(sources, EVENT_TABLES, "source_id, epoch_us(time) AS time")
    if rows is None:
        return None
    found = connection.sql(_MINUTES.format(rows=rows, minute=MINUTE_US)).fetchnumpy()
    if not len(found["minute"]):
        return None
    columns = {name: np.asarray(found[name], np.int64) for name in found}
    spans = {}
    order = np.argsort(columns["source_id"], kind="stable")
    ids, starts = np.unique(columns["source_id"][order], return_index=True)
    firsts = np.minimum.reduceat(columns["first"][order], starts)
    lasts = np.maximum.reduceat(columns["last"][order], starts)
    for source_id, first, last in zip(ids.tolist(), firsts.tolist(), lasts.tolist(), strict=True):
        spans[source_id] = (first, last)
    return together(columns, spans)


def together(columns: dict[str, Integers], spans: dict[int, tuple[int, int]]) -> Activity:
    """The minutes of all sources as one; ``columns`` has a row a source and minute."""
    order = np.lexsort((columns["source_id"], columns["last"], columns["minute"]))
    minutes, starts = np.unique(columns["minute"][order], return_index=True)
    ends = np.append(starts[1:], len(order)) - 1
    return Activity(
        minutes,
        np.minimum.reduceat(columns["first"][order], starts),
        np.maximum.reduceat(columns["last"][order], starts),
        np.add.reduceat(columns["counts"][order], starts),
        columns["source_id"][order][ends],
        spans,
    )


_MINUTES = """
SELECT source_id, time // {minute} AS minute, min(time) AS first, max(time) AS last, count(*) AS counts
FROM ({rows}) WHERE time IS NOT NULL GROUP BY ALL ORDER BY ALL
"""
