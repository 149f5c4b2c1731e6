"""What a database's log was told to leave out: its silence on that says nothing.

The settings are not in the log; what it holds tells them. PostgreSQL: ``log_statement``,
``log_min_duration_statement`` and pgaudit's ``pgaudit.log`` (manual, "When To Log"); MariaDB and MySQL:
``general_log``, ``sql_log_off`` and ``server_audit_logging``. What a log leaves out at random
(``log_statement_sample_rate``, ``log_min_duration_sample``) nothing in it tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from kakuho.evidence.coverage.interval import Gap
from kakuho.evidence.coverage.source import CoveredSource, rows_of

SLOW_US = 1_000
"""A threshold is given in whole milliseconds: one read below the least of them was not chosen for being slow."""

Spans = Mapping[int, tuple[int, int]]


def left_out(connection: duckdb.DuckDBPyConnection, sources: Sequence[CoveredSource], spans: Spans) -> list[Gap]:
    """The whole of each log that leaves reads out, and what follows a statement that switched logging off.

    ``sources`` share one log; gaps reach to its last event.
    """
    gaps = []
    for source in sources:
        rows = rows_of([source], ["datastore_activity"], "kind, statement, duration_us")
        if source.source_id in spans:
            reason = "reads_not_logged" if rows is None else _reads(connection, rows)
            if reason is not None:
                gaps.append(Gap(source.source_id, *spans[source.source_id], reason))
    return gaps + _switched_off(connection, sources, spans)


def _reads(connection: duckdb.DuckDBPyConnection, rows: str) -> str | None:
    """Why the reads in a log are not all; None where nothing speaks against it.

    The first read that was logged whatever its duration settles it, so an ordinary log is not read through.
    """
    if connection.sql(_READ_AT_ANY_SPEED.format(rows=rows, slow=SLOW_US)).fetchall():
        return None
    return "slow_reads_only" if connection.sql(_READ.format(rows=rows)).fetchall() else "reads_not_logged"


def _switched_off(connection: duckdb.DuckDBPyConnection, sources: Sequence[CoveredSource], spans: Spans) -> list[Gap]:
    """From each statement that changes what is logged to the end of its session, where the log tells it, or of the log.

    A setting for the session ends with the session; one for a role, a database or the server is taken to stay.
    """
    present = [source for source in sources if source.source_id in spans]
    columns = "source_id, epoch_us(time) AS at, kind, session_id, statement"
    rows = rows_of(present, ["datastore_activity"], columns)
    if rows is None:
        return []
    last = max(end for _, end in spans.values())
    connection.execute("CREATE OR REPLACE TEMP TABLE changed_logging AS " + _CHANGES.format(rows=rows))
    found = connection.sql(_UNTIL.format(rows=rows)).fetchall()
    return [Gap(source_id, start, min(last, end or last), "logging_switched_off") for source_id, start, end in found]


_READS = r"^\s*(select|with|copy|table|fetch|execute|declare)\b"
_READ = f"SELECT true FROM ({{rows}}) WHERE kind = 'statement' AND regexp_matches(statement, '{_READS}', 'i') LIMIT 1"
_READ_AT_ANY_SPEED = f"""
SELECT true FROM ({{rows}})
WHERE kind = 'statement' AND coalesce(duration_us, 0) < {{slow}} AND regexp_matches(statement, '{_READS}', 'i')
LIMIT 1
"""
_SETTINGS = (
    r"log_statement|log_min_duration_statement|log_min_messages|log_destination|logging_collector|log_directory"
    r"|log_filename|pgaudit\.\w+|shared_preload_libraries|general_log|general_log_file|log_output|sql_log_off"
    r"|server_audit_\w+|audit_log_\w+"
)
_SETS = rf"""(\b(set|reset)\b[^;]*[\s."`@]({_SETTINGS})\b|set_config\s*\(\s*''({_SETTINGS}))"""
_SETS_ALL = r"^\s*set\s+(session\s+|local\s+)?log_statement\s*(to|=)\s*(''all''|all\b)\s*;?\s*$"
_LASTING = r"\b(alter|global|persist)\b"
_CHANGES = f"""
SELECT *, regexp_matches(statement, '{_LASTING}', 'i') AS lasting
FROM ({{rows}})
WHERE kind = 'statement' AND regexp_matches(statement, '{_SETTINGS}', 'i')
AND regexp_matches(statement, '{_SETS}', 'i') AND NOT regexp_matches(statement, '{_SETS_ALL}', 'i')
"""
_UNTIL = """
SELECT c.source_id, c.at, CASE WHEN any_value(c.lasting) THEN NULL ELSE min(e.at) END
FROM changed_logging c LEFT JOIN ({rows}) e
ON e.kind = 'connection' AND e.session_id = c.session_id AND e.at > c.at
GROUP BY c.source_id, c.at
ORDER BY ALL
"""
