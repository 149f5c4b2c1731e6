"""Which web requests and disclosures are the attacker's, and how sure that is.

Every event is attributed once: the surest reason wins, and of equally sure ones the first in the order below. The
result is the table ``attributed``; ``kakuho.investigation.statements`` adds the database's part.
"""

from __future__ import annotations

import duckdb

CERTAIN = (
    "confirmed_session",
    "confirmed_address",
    "confirmed_user_agent",
    "attacker_session",
    "direct_connection",
    "holds_injected_value",
    "injection_syntax",
)
UNCERTAIN = (
    "foreign_connection",
    "shared_session",
    "suspected_address",
    "owner_or_intruder",
    "confirmed_shape",
    "account_unknown",
    "overlaps_injected_request",
    "overlaps_attacker_request",
    "request_unseen",
    "login_unseen",
)
ORDER = (*CERTAIN, *UNCERTAIN)

TABLE = """
CREATE OR REPLACE TEMP TABLE attributed (
    source_id INTEGER, line BIGINT, byte_offset BIGINT, "table" VARCHAR, time TIMESTAMP, why VARCHAR)
"""

WEB = """
INSERT INTO attributed
    SELECT source_id, line, byte_offset, 'http_activity', time,
        CASE WHEN certain THEN 'confirmed_address' ELSE 'suspected_address' END
    FROM http_activity JOIN held_addresses ON address = src_ip
    UNION ALL
    SELECT source_id, line, byte_offset, 'http_activity', time, 'confirmed_user_agent'
    FROM http_activity WHERE user_agent IN (SELECT value FROM confirmed WHERE type = 'user_agent')
"""

DISCLOSURES = """
INSERT INTO attributed
    SELECT source_id, line, byte_offset, 'disclosure', time,
        CASE WHEN certain THEN 'confirmed_address' ELSE 'suspected_address' END
    FROM ledger_events JOIN held_addresses ON address = src_ip
    UNION ALL
    SELECT source_id, line, byte_offset, 'disclosure', time,
        CASE WHEN named THEN 'confirmed_session' WHEN surely_own AND sessions.certain THEN 'attacker_session'
            WHEN own THEN 'suspected_address'
            ELSE 'shared_session' END
    FROM ledger_events JOIN attacker_sessions AS sessions USING (session)
    WHERE named OR own OR time >= since
"""

SUREST = f"""
CREATE OR REPLACE TEMP TABLE surest AS
    SELECT source_id, line, min(byte_offset) AS byte_offset, "table", min(time) AS time,
        min(rank) <= {len(CERTAIN)} AS certain, any_value(why ORDER BY rank) AS why
    FROM (SELECT *, list_position({list(ORDER)!r}, why) AS rank FROM attributed)
    GROUP BY source_id, line, "table" ORDER BY "table", time, source_id, line
"""


def attribute_web(connection: duckdb.DuckDBPyConnection) -> None:
    """Begin ``attributed`` with what addresses, agents and sessions show."""
    connection.execute(TABLE)
    connection.execute(WEB)
    connection.execute(DISCLOSURES)


def keep_surest(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``surest``: each event once, with the surest reason."""
    connection.execute(SUREST)
