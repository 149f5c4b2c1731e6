"""What a PostgreSQL log record means, whichever format it was written in.

The formats bring records in the columns of :data:`RECORDS`; here they become rows of ``datastore_activity``. Whether a
statement failed is not said here: the error is a record of its own, and joined later (``evidence.outcomes``).
"""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.engine.arrow import query_arrow
from kakuho.evidence.formats.base import Declared, Part
from kakuho.evidence.formats.database.postgresql_parameters import parameters_of
from kakuho.evidence.formats.database.postgresql_time import times_of
from kakuho.evidence.formats.rows import table_of

ROLE = "database_log"
RECORDS = pa.schema(
    [
        ("line", pa.int64()),
        ("byte_offset", pa.int64()),
        *[
            (name, pa.string())
            for name in (
                "stamp",
                "db_user",
                "database",
                "remote_host",
                "session_id",
                "session_line",
                "severity",
                "message",
                "detail",
                "statement",
                "application",
            )
        ],
    ]
)
SEVERITIES = frozenset(
    "DEBUG DEBUG1 DEBUG2 DEBUG3 DEBUG4 DEBUG5 LOG INFO NOTICE WARNING ERROR FATAL PANIC".split()  # noqa: SIM905
)


def add_records(records: pa.Table, declared: Declared, part: Part, connection: duckdb.DuckDBPyConnection) -> None:
    """Add the records' events to ``part``; those without a valid time are rejected."""
    times = times_of(records["stamp"], time_zone=declared.time_zone, where=ROLE)
    valid = pc.is_valid(times)
    bad = records.filter(pc.invert(valid))
    for line, offset in zip(bad["line"].to_pylist(), bad["byte_offset"].to_pylist(), strict=True):
        part.reject(line, offset, "time_not_valid")
    records = records.append_column("time", times).filter(valid)
    details = records["detail"].combine_chunks().dictionary_encode()
    meanings = pa.array([parameters_of(text) for text in details.dictionary.to_pylist()], pa.string())
    records = records.append_column("parameters", meanings.take(details.indices))
    events = query_arrow(connection, records, "records", _EVENTS)
    part.events += len(events)
    part.tables["datastore_activity"] = table_of(
        "datastore_activity", {name: events[name] for name in events.schema.names}
    )


_EVENTS = r"""
WITH meant AS (
    SELECT *,
        CASE
            WHEN severity IN ('ERROR', 'PANIC') THEN 'error'
            WHEN severity = 'FATAL' THEN if(statement IS NULL AND regexp_matches(message,
                'authentication failed|no pg_hba\.conf entry|pg_hba\.conf rejects|is not permitted to log in'
                || '|^(role|database) ".*" does not exist|too many (connections|clients)|permission denied for database'
                || '|^the database system is '
                ), 'connection', 'error')
            WHEN severity <> 'LOG' THEN 'other'
            WHEN regexp_matches(message, '^(duration: [0-9.]+ ms  )?(statement|execute [^:]*): ') THEN 'statement'
            WHEN regexp_matches(message, '^(replication )?connection (received|authenticated|authorized): ')
                OR starts_with(message, 'disconnection: ') THEN 'connection'
            ELSE 'other'
        END AS kind
    FROM records
)
SELECT time, line, byte_offset, session_id, try_cast(session_line AS BIGINT) AS session_line,
    nullif(db_user, '') AS db_user, nullif(database, '') AS database, nullif(remote_host, '') AS src_ip,
    nullif(application, '') AS application, kind,
    CASE kind
        WHEN 'statement' THEN regexp_replace(
            message, '^(duration: [0-9.]+ ms  )?(statement|execute [^:]*): ', '')
        WHEN 'error' THEN nullif(statement, '')
    END AS statement,
    if(kind = 'statement', parameters, NULL) AS parameters,
    if(severity IN ('ERROR', 'FATAL', 'PANIC'), 'failure', 'success') AS outcome,
    if(kind = 'statement', NULL, message) AS message
FROM meant
"""
