"""Times that a log cannot witness for what is wrong in it: unreadable lines, ends cut off, clearing, no reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import duckdb
import numpy as np

from kakuho.evidence.coverage.interval import Gap
from kakuho.evidence.coverage.rhythm import Integers
from kakuho.evidence.coverage.source import EVENT_TABLES, CoveredSource, rows_of

_MOST_GAPS = 2_000
_COARSER_US = (1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000)


def around_rejects(connection: duckdb.DuckDBPyConnection, sources: Sequence[CoveredSource]) -> list[Gap]:
    """From the event before a line that could not be read to the one after it, in the order of the file's lines."""
    gaps: list[Gap] = []
    for source in sources:
        events, rejects = rows_of([source], EVENT_TABLES, "line, time"), rows_of([source], ["rejects"], "line")
        if events is None or rejects is None:
            continue
        found = connection.sql(_AROUND_REJECTS.format(events=events, rejects=rejects)).fetchnumpy()
        starts, ends = np.asarray(found["first"], np.int64), np.asarray(found["last"], np.int64)
        gaps += as_gaps(source.source_id, starts, ends, "rejected_lines")
    return gaps


def as_gaps(source_id: int, starts: Integers, ends: Integers, reason: str) -> list[Gap]:
    """These stretches as gaps, those that touch as one; where there are thousands, those that are near each other too.

    Widening is safe: what lies in a gap is not covered.
    """
    if not len(starts):
        return []
    order = np.lexsort((ends, starts))
    starts, ends = starts[order], np.maximum.accumulate(ends[order])
    for apart in (0, *_COARSER_US):
        begins = np.flatnonzero(np.append(True, starts[1:] > ends[:-1] + apart))
        starts, ends = starts[begins], ends[np.append(begins[1:], len(ends)) - 1]
        if len(starts) <= _MOST_GAPS:
            break
    return [Gap(source_id, start, end, reason) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def broken_ends(sources: Iterable[CoveredSource], spans: dict[int, tuple[int, int]], end: int) -> list[Gap]:
    """From the last event of a file that broke off to the first event of the log after it.

    ``sources`` share one log; ``end``: how long after its stamp (microseconds) an event may lie. A file that nothing
    follows gives a gap of that length: coverage ends there anyway.
    """
    gaps = []
    for source in sources:
        reason = source.truncated or ("ends_in_mid_line" if source.ends_in_mid_line else None)
        if reason is None or source.source_id not in spans:
            continue
        last = spans[source.source_id][1]
        after = [first for first, _ in spans.values() if first > last]
        gaps.append(Gap(source.source_id, last, min(after, default=last + end), reason))
    return gaps


def cleared(sources: Iterable[CoveredSource], spans: dict[int, tuple[int, int]]) -> list[Gap]:
    """Up to the moment at which a log was emptied, from the last event before it that another file of the log has.

    ``facts["log_cleared"]``: the moments, RFC 3339 (one, or a list). Without such an event the gap has no length: there
    is no saying how far back the log reached.
    """
    gaps = []
    for source in sources:
        for moment in _moments(source.facts.get("log_cleared")):
            before = [last for _, last in spans.values() if last < moment]
            if spans.get(source.source_id, (moment, moment))[0] < moment:
                before.append(spans[source.source_id][0])
            gaps.append(Gap(source.source_id, max(before, default=moment), moment, "log_cleared"))
    return gaps


def without_reads(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[CoveredSource], spans: dict[int, tuple[int, int]]
) -> list[Gap]:
    """The whole of each database log in which no statement that reads stands: its settings leave reads out."""
    rows = rows_of(sources, ["datastore_activity"], "source_id, kind, statement")
    reading = {row[0] for row in connection.sql(_READING.format(rows=rows)).fetchall()} if rows else set()
    return [
        Gap(source.source_id, *spans[source.source_id], "reads_not_logged")
        for source in sources
        if source.source_id in spans and source.source_id not in reading
    ]


def _moments(fact: object) -> list[int]:
    texts = fact if isinstance(fact, list) else [fact]
    found = []
    for text in texts:
        told = text.get("time") if isinstance(text, dict) else text
        if isinstance(told, str):
            time = datetime.fromisoformat(told)
            time = time if time.tzinfo else time.replace(tzinfo=UTC)
            found.append((time - datetime(1970, 1, 1, tzinfo=UTC)) // datetime.resolution)
    return found


_AROUND_REJECTS = """
WITH events AS (SELECT line, epoch_us(min(time)) AS low, epoch_us(max(time)) AS high FROM ({events}) GROUP BY line),
ends AS (SELECT min(low) AS low, max(high) AS high FROM events),
around AS (
    SELECT coalesce(before.low, ends.low) AS before_low, coalesce(before.high, ends.low) AS before_high,
        coalesce(after.low, ends.high) AS after_low, coalesce(after.high, ends.high) AS after_high
    FROM ({rejects}) AS rejects CROSS JOIN ends
    ASOF LEFT JOIN events AS before ON before.line < rejects.line
    ASOF LEFT JOIN events AS after ON after.line > rejects.line
)
SELECT DISTINCT least(before_high, after_low) AS first, greatest(before_low, after_high) AS last
FROM around WHERE after_high IS NOT NULL ORDER BY ALL
"""

_READING = """
SELECT DISTINCT source_id FROM ({rows})
WHERE kind = 'statement' AND regexp_matches(statement, '^\\s*(select|with|copy|table|fetch|execute|declare)\\b', 'i')
"""
