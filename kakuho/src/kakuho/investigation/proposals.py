"""What the pivot found that a person should decide on: further addresses and accounts, never confirmed by a rule."""

from __future__ import annotations

import duckdb

from kakuho.investigation.foreign import FOREIGN_ADDRESSES
from kakuho.investigation.model import Indicator

SUSPECTED_ADDRESSES = "SELECT address FROM held_addresses WHERE NOT certain ORDER BY address"

ACCOUNTS_AT_SUSPECTED_ADDRESSES = """
    SELECT DISTINCT actor_id FROM ledger_events JOIN attacker_sessions USING (session)
    WHERE NOT attacker_sessions.certain AND actor_id IS NOT NULL
        AND actor_id NOT IN (SELECT account FROM compromised)
    ORDER BY actor_id
"""

ON_SEVERAL_COMPROMISED_ACCOUNTS = """
    SELECT later.src_ip FROM ledger_events AS later JOIN compromised ON later.actor_id = compromised.account
    WHERE later.time >= compromised.since AND later.src_ip IS NOT NULL
        AND later.src_ip NOT IN (SELECT address FROM held_addresses)
        AND NOT EXISTS (
            SELECT 1 FROM ledger_events AS earlier WHERE earlier.actor_id = later.actor_id
                AND earlier.src_ip = later.src_ip AND earlier.time < compromised.since)
    GROUP BY later.src_ip HAVING count(DISTINCT later.actor_id) >= 2
    ORDER BY later.src_ip
"""


def proposals(connection: duckdb.DuckDBPyConnection) -> list[Indicator]:
    """Indicators that no finding points at, but that hang together with confirmed ones."""
    return [
        *(
            Indicator("address", row[0], "proposed", "shares_attacker_session")
            for row in _rows(connection, SUSPECTED_ADDRESSES)
        ),
        *(
            Indicator("address", row[0], "proposed", "on_several_compromised_accounts")
            for row in _rows(connection, ON_SEVERAL_COMPROMISED_ACCOUNTS)
        ),
        *(
            Indicator("address", row[0], "proposed", "foreign_connection")
            for row in _rows(connection, FOREIGN_ADDRESSES)
        ),
        *(
            Indicator("account", row[0], "proposed", "account_at_suspected_address")
            for row in _rows(connection, ACCOUNTS_AT_SUSPECTED_ADDRESSES)
        ),
    ]


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[str, ...]]:
    return connection.execute(query).fetchall()
