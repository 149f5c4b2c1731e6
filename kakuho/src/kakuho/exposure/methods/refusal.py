"""Would the database have refused a statement before reading a row? Asked of the restored snapshot, without running it.

Only the protocol's Parse step is used: syntax and names are checked, nothing is planned or executed. The snapshot's
schema is taken for that of the statement's time.
"""

from __future__ import annotations

import psycopg
from psycopg.pq import DiagnosticField, ExecStatus

_REFUSALS = frozenset(
    {
        "42601",  # syntax error
        "42703",  # undefined column
        "42P01",  # undefined table
        "42883",  # undefined function
        "42704",  # undefined object
        "42804",  # data types do not match
        "42846",  # cannot coerce
        "42803",  # grouping error
        "42702",  # ambiguous column
        "42725",  # ambiguous function
        "42P10",  # invalid column reference
        "42P02",  # undefined parameter
    }
)
_SEVERAL = b"multiple commands"


def refused(connection: psycopg.Connection[tuple[object, ...]], text: str) -> bool:
    """True where PostgreSQL refuses ``text`` as it stands. Several statements in one text are never called refused."""
    try:
        result = connection.pgconn.prepare(b"", text.encode(errors="surrogateescape"))
    except (psycopg.Error, ValueError):
        return False
    if result.status == ExecStatus.COMMAND_OK:
        return False
    state = (result.error_field(DiagnosticField.SQLSTATE) or b"").decode()
    message = result.error_field(DiagnosticField.MESSAGE_PRIMARY) or b""
    return state in _REFUSALS and _SEVERAL not in message
