"""Which database statements are the attacker's: the web role's statements seen beside the requests that caused them.

*Certain*: the statement holds, to the letter, a value that an injected request carried, and it ran while that
request did (exact containment: the text as it was pasted, as a quoted literal, or as a parameter); or its shape is
a confirmed indicator and it holds injection syntax itself, which needs no access log; or the connection came from a
confirmed address. *Uncertain*: every other statement of the web role that ran while a request of the attacker did,
since several requests run at once and the log does not say which statement belongs to which. Left out are requests
on routes whose witness is the disclosure ledger while the ledger is complete and the request carried no injection:
it says exactly what those disclosed.
"""

from __future__ import annotations

import duckdb

from kakuho.detection.detectors import injected_statements, injection_syntax
from kakuho.detection.routes import by_web_role, routes
from kakuho.detection.sqltext import any_of, first_row
from kakuho.evidence.witnesses import Coverage
from kakuho.inventory import Inventory
from kakuho.investigation.logins import request_end, request_start

SHORTEST_VALUE = 4


def attribute_statements(connection: duckdb.DuckDBPyConnection, inventory: Inventory, coverage: Coverage) -> None:
    """Add the database's part to ``attributed``; also makes ``injected_requests`` and ``request_spans``."""
    _requests(connection, inventory, coverage)
    connection.execute(f"""
    CREATE OR REPLACE TEMP TABLE overlapping AS
    SELECT statements.*, spans.injected FROM datastore_activity AS statements
    ASOF JOIN request_spans AS spans ON statements.time >= spans.start
    WHERE statements.time <= spans.stop AND statement IS NOT NULL AND {by_web_role(inventory)}""")
    connection.execute("""
    INSERT INTO attributed SELECT source_id, line, byte_offset, 'datastore_activity', time,
        CASE WHEN injected THEN 'overlaps_injected_request' ELSE 'overlaps_attacker_request' END
    FROM overlapping""")
    connection.execute("""
    INSERT INTO attributed SELECT DISTINCT s.source_id, s.line, s.byte_offset, 'datastore_activity', s.time,
        'holds_injected_value'
    FROM overlapping AS s JOIN injected_values AS v ON s.time BETWEEN v.start AND v.stop
        AND (contains(s.statement, v.value) OR contains(s.statement, replace(v.value, '''', ''''''))
            OR list_contains(from_json(s.parameters, '["VARCHAR"]'), v.value))""")
    connection.execute(f"""
    INSERT INTO attributed SELECT source_id, line, byte_offset, 'datastore_activity', time,
        CASE WHEN {injected_statements.has_syntax("statement_skeleton(statement)", inventory)}
            THEN 'injection_syntax' ELSE 'confirmed_shape' END
    FROM datastore_activity WHERE statement IS NOT NULL AND {by_web_role(inventory)}
        AND (SELECT count(*) FROM confirmed WHERE type = 'statement_shape') > 0
        AND statement_shape(statement) IN (SELECT value FROM confirmed WHERE type = 'statement_shape')""")
    connection.execute("""
    INSERT INTO attributed SELECT source_id, line, byte_offset, 'datastore_activity', time, 'direct_connection'
    FROM datastore_activity JOIN held_addresses ON address = src_ip WHERE certain""")


def _requests(connection: duckdb.DuckDBPyConnection, inventory: Inventory, coverage: Coverage) -> None:
    """The attacker's requests with the time each may have run, and the values that injected ones carried."""
    syntax = injection_syntax.has_syntax("fully_decoded(url_path || '?' || coalesce(url_query, ''))")
    connection.execute(f"""
    CREATE OR REPLACE TEMP TABLE attacker_requests AS
    SELECT DISTINCT h.source_id, h.line, h.time, {request_start("h.")} AS start,
        {request_end("h.")} AS stop, h.method, h.url_path, h.url_query, h.status,
        {syntax} AS injected
    FROM http_activity AS h JOIN attributed AS a
        ON a.source_id = h.source_id AND a.line = h.line AND a."table" = 'http_activity'
    WHERE a.why <> 'account_unknown'""")
    connection.execute(f"""
    CREATE OR REPLACE TEMP TABLE injected_values AS
    WITH pairs AS (
        SELECT start, stop, unnest(string_split(url_query, '&')) AS pair
        FROM attacker_requests WHERE injected AND url_query IS NOT NULL),
    once AS (
        SELECT start, stop, percent_decoded(substr(pair, instr(pair, '=') + 1)) AS value FROM pairs)
    SELECT DISTINCT start, stop, value FROM (
        SELECT * FROM once UNION ALL SELECT start, stop, decoded_again(value) FROM once)
    WHERE length(value) >= {SHORTEST_VALUE}
        AND ({injection_syntax.has_syntax("fully_decoded('=' || value)")} OR contains(value, ''''))""")
    told = [path.path for path in routes(inventory) if "disclosure_ledger" in path.witnesses and path.path]
    window = first_row(connection, "SELECT min(start), max(stop) FROM attacker_requests")
    exact = window is not None and window[0] is not None and coverage.covers("disclosure_ledger", *window)
    by_ledger = f"(NOT injected AND {any_of('url_path', told)})" if exact else "false"
    connection.execute(f"""
    CREATE OR REPLACE TEMP TABLE request_spans AS
    WITH requests AS (SELECT start, stop, injected FROM attacker_requests WHERE NOT {by_ledger}),
    reached AS (
        SELECT *, max(stop) OVER (
            ORDER BY start, stop ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM requests),
    numbered AS (
        SELECT *, count(*) FILTER (before IS NULL OR start > before) OVER (
            ORDER BY start, stop ROWS UNBOUNDED PRECEDING) AS span FROM reached)
    SELECT min(start) AS start, max(stop) AS stop, bool_or(injected) AS injected FROM numbered GROUP BY span
    ORDER BY start""")
