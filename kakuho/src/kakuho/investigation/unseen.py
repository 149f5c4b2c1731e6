"""What the intruder may have done where the access log is silent: in its holes, or while it is not there at all.

A page is known to be his by its request. Where the log of requests does not reach, a witness of another kind still
shows what was read, but not by whom: the database's log does not tell a lookup of his on a public page from anybody's,
nor the ledger a session of an account that he may have opened unseen. Both are then perhaps his (decision 0025).
"""

from __future__ import annotations

import re
from datetime import datetime

import duckdb

from kakuho.detection.routes import routes
from kakuho.detection.sqltext import any_of, first_row, literal, literals
from kakuho.evidence.witnesses import DAY_BEFORE, Coverage, Interval
from kakuho.inventory import AccessPath, Inventory
from kakuho.investigation.attribution import CERTAIN

ALWAYS = datetime.fromisoformat("0001-01-01")  # UTC without a zone, as in the lake
KNOWN_ADDRESS = "(src_ip IS NOT NULL AND src_ip IN (SELECT value FROM dismissed WHERE type = 'address'))"


def attribute_unseen(connection: duckdb.DuckDBPyConnection, inventory: Inventory, coverage: Coverage) -> None:
    """Add to ``attributed`` what may be his through requests that the access log does not hold, all of it uncertain.

    Statements that a route's SQL makes, whatever its parameters, in the log's holes; and, from its first hole on, every
    account's disclosures and pages, since a login may lie in it. Addresses that a person dismissed are left out.
    """
    since = _silent_since(connection, coverage)
    if since is None:
        return
    asked = [path for path in routes(inventory) if path.sql]
    if asked:
        made = " OR ".join(f"({_made_by(path)})" for path in asked)
        connection.execute(f"""
        INSERT INTO attributed SELECT source_id, line, byte_offset, 'datastore_activity', time, 'request_unseen'
        FROM datastore_activity
        WHERE statement IS NOT NULL AND ({made}) AND NOT ({_told(coverage.intervals.get("access_log", ()))})""")
    guarded = [path.path for path in routes(inventory) if path.principal and path.path]
    connection.execute(
        f"""
    INSERT INTO attributed
        SELECT source_id, line, byte_offset, 'disclosure', time, 'login_unseen'
        FROM ledger_events WHERE time >= $since AND actor_id IS NOT NULL AND NOT {KNOWN_ADDRESS}
        UNION ALL
        SELECT source_id, line, byte_offset, 'http_activity', time, 'login_unseen'
        FROM http_activity WHERE time >= $since AND {any_of("url_path", guarded)} AND NOT {KNOWN_ADDRESS}""",
        {"since": since},
    )


def _silent_since(connection: duckdb.DuckDBPyConnection, coverage: Coverage) -> datetime | None:
    """Since when requests of his may have gone unseen; None where the access log hides none.

    None, too, where no person has confirmed anything: then nothing tells an intruder apart.
    """
    row = first_row(
        connection,
        f"""SELECT min(time) FILTER (sure), max(time) FILTER (sure), min(time), max(time)
        FROM (SELECT time, why IN ({literals(CERTAIN)}) AS sure FROM attributed)
        WHERE EXISTS (SELECT 1 FROM confirmed)""",
    )
    if row is None or row[2] is None:
        return None
    first, last = row[0] or row[2], row[1] or row[3]
    if coverage.hides_nothing("access_log", first, last):
        return None
    held = coverage.intervals.get("access_log", ())
    return held[0][1] if held and held[0][0] <= first - DAY_BEFORE else ALWAYS


def _made_by(path: AccessPath) -> str:
    """A condition: this is the route's SQL with values pasted in (or sent beside it) where its parameters stand."""
    role = "true" if path.database_role is None else f"db_user = {literal(path.database_role)}"
    return f"{role} AND regexp_full_match(statement, {literal(pattern_of(path.sql or '', path.parameters))}, 's')"


def pattern_of(sql: str, parameters: tuple[str, ...]) -> str:
    """The regular expression of every statement that the SQL makes; runs of white space are one."""
    if not parameters:
        return _plain(sql)
    named = "|".join(re.escape("{" + name + "}") for name in parameters)
    parts = re.split(rf"('(?:{named})'|{named})", sql)
    pasted = (r"('.*'|\$\d+)" if part.startswith("'") else r".*" for part in parts[1::2])
    return "".join(_plain(plain) + next(pasted, "") for plain in parts[::2])


def _plain(text: str) -> str:
    words = re.split(r"\s+", text)
    return r"\s+".join(re.escape(word) for word in words)


def _told(covered: tuple[Interval, ...]) -> str:
    spans = [
        f"time BETWEEN '{start.isoformat()}'::TIMESTAMP AND '{end.isoformat()}'::TIMESTAMP" for start, end in covered
    ]
    return " OR ".join(spans) or "false"
