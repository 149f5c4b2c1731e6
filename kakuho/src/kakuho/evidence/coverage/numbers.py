"""Missing numbers where a program numbers its records: between the neighbours of a missing one nothing is witnessed.

- The table ``sequence``: Windows record ids, auditd serials and the like, one stream of numbers after another.
- PostgreSQL's line numbers of each session (``log_line_num``: counted for each line that is written, so a setting that
  leaves lines out makes no jump). A session's id holds its start in hexadecimal seconds (PostgreSQL manual, 20.8.3,
  ``%c``): a session that began while the log ran has to have its line 1. Only csvlog and jsonlog number records;
  stderr counts the lines DETAIL, HINT and STATEMENT of a record as well, so that its numbers jump of themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np

from kakuho.evidence.coverage.damage import as_gaps
from kakuho.evidence.coverage.interval import Gap
from kakuho.evidence.coverage.source import CoveredSource, rows_of

RECORDS_NUMBERED = frozenset({"postgresql_csvlog", "postgresql_jsonlog"})


def sequence_breaks(connection: duckdb.DuckDBPyConnection, sources: Sequence[CoveredSource]) -> list[Gap]:
    """Gaps for missing numbers in the streams of one log.

    A number that falls to less than half of the one before, by more than ten, begins anew (a restart counts from 1).
    """
    rows = rows_of(sources, ["sequence"], "source_id, line, stream, number, epoch_us(time) AS time")
    return _gaps(connection, _STREAMS.format(rows=rows), "sequence_break") if rows else []


def session_breaks(connection: duckdb.DuckDBPyConnection, sources: Sequence[CoveredSource], first: int) -> list[Gap]:
    """Gaps for missing lines of database sessions; ``first``: when the log begins (microseconds since 1970)."""
    sources = [source for source in sources if source.format in RECORDS_NUMBERED]
    columns = "source_id, session_id, session_line, epoch_us(time) AS time"
    rows = rows_of(sources, ["datastore_activity"], columns)
    return _gaps(connection, _SESSIONS.format(rows=rows, first=first), "session_lines_missing") if rows else []


def _gaps(connection: duckdb.DuckDBPyConnection, query: str, reason: str) -> list[Gap]:
    found = connection.sql(query).fetchnumpy()
    ids, starts, ends = (np.asarray(found[name], np.int64) for name in ("source_id", "first", "last"))
    gaps: list[Gap] = []
    for source_id in np.unique(ids).tolist():
        ours = ids == source_id
        gaps += as_gaps(source_id, starts[ours], ends[ours], reason)
    return gaps


_STREAMS = """
WITH steps AS (
    SELECT *, lag(number) OVER stream AS before, lead(number) OVER stream AS after FROM ({rows})
    WHERE number IS NOT NULL WINDOW stream AS (PARTITION BY stream ORDER BY time, source_id, line, number)
), edges AS (
    SELECT *, before IS NULL OR number - before <> 1 AS begins, after IS NULL OR after - number <> 1 AS ends
    FROM steps WHERE begins OR ends
), stretches AS (
    SELECT *, CASE WHEN ends THEN number ELSE lead(number) OVER stream END AS last_number,
        CASE WHEN ends THEN time ELSE lead(time) OVER stream END AS last_time,
        sum(CASE WHEN before - number > 10 AND number * 2 <= before THEN 1 ELSE 0 END)
            OVER (stream ROWS UNBOUNDED PRECEDING) AS run
    FROM edges WINDOW stream AS (PARTITION BY stream ORDER BY time, source_id, line, number)
), firsts AS (
    SELECT stream, run, number, min(source_id) AS source_id, min(time) AS low, max(last_number) AS last_number
    FROM stretches WHERE begins GROUP BY ALL
), lasts AS (
    SELECT stream, run, last_number AS before, max(last_time) AS high FROM stretches WHERE begins GROUP BY ALL
), pairs AS (
    SELECT stream, run, number, source_id, low,
        max(last_number) OVER (run ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM firsts WINDOW run AS (PARTITION BY stream, run ORDER BY number)
)
SELECT source_id, least(high, low) AS first, greatest(high, low) AS last
FROM pairs JOIN lasts ON pairs.run = lasts.run AND pairs.before = lasts.before
    AND pairs.stream IS NOT DISTINCT FROM lasts.stream
WHERE number - pairs.before > 1 ORDER BY ALL
"""
"""A stretch is records in a row whose numbers ascend by one; of ordinary logs there are few, however long they are."""

_SESSIONS = r"""
WITH records AS (SELECT * FROM ({rows}) WHERE session_id IS NOT NULL AND session_line IS NOT NULL),
suspects AS (
    SELECT session_id,
        1000000 * try_cast('0x' || regexp_extract(session_id, '^([0-9a-f]{{8}})\.', 1) AS BIGINT) AS began
    FROM records GROUP BY session_id
    HAVING count(*) <> max(session_line) - min(session_line) + 1 OR (min(session_line) > 1 AND began >= {first})
), pairs AS (
    SELECT source_id, session_line, began, time AS last,
        lag(time) OVER session AS first, lag(session_line) OVER session AS before
    FROM (
        SELECT session_id, session_line, min(source_id) AS source_id, min(time) AS time, any_value(began) AS began
        FROM records JOIN suspects USING (session_id) GROUP BY ALL
    )
    WINDOW session AS (PARTITION BY session_id ORDER BY session_line)
)
SELECT source_id, least(coalesce(first, began), last) AS first, greatest(coalesce(first, began), last) AS last
FROM pairs WHERE session_line - before > 1 OR (before IS NULL AND session_line > 1 AND began >= {first})
ORDER BY ALL
"""
