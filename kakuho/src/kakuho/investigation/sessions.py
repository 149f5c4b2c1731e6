"""Pivot over the disclosure ledger: from addresses to sessions, from sessions to accounts and on to further addresses.

Rules, until nothing new appears:
- a session with an event from an address that is held to be the attacker's is one that the attacker used;
- if its first event came from such an address, the attacker opened it, so wherever else it appears, he was: that
  address is *suspected* (others may share it: a mobile network), proposed to a person, and its events are
  uncertain;
- behind a hole in the ledger the first event that is seen need not be the first: the owner may have opened the
  session in the hole, so what it did elsewhere is uncertain too;
- accounts are held to be compromised only through confirmed addresses, sessions and accounts, never through
  suspected ones; those are proposed.
"""

from __future__ import annotations

import duckdb

from kakuho.evidence.witnesses import Coverage
from kakuho.investigation.decisions import Decisions

TABLES = """
CREATE OR REPLACE TEMP TABLE ledger_events AS
    SELECT source_id, line, min(byte_offset) AS byte_offset, min(time) AS time, min(session) AS session,
        min(src_ip) AS src_ip, min(actor_kind) AS actor_kind, min(actor_id) AS actor_id,
        min(actor_subject) AS actor_subject, min(route) AS route, min(method) AS method, min(status) AS status
    FROM disclosure GROUP BY source_id, line;
CREATE OR REPLACE TEMP TABLE held_addresses (address VARCHAR, certain BOOLEAN);
CREATE OR REPLACE TEMP TABLE confirmed (type VARCHAR, value VARCHAR);
CREATE OR REPLACE TEMP TABLE dismissed (type VARCHAR, value VARCHAR);
"""

OPENED = """
CREATE OR REPLACE TEMP TABLE opened AS
    SELECT session, arg_min(src_ip, (time, source_id, line)) AS src_ip,
        coalesce(min(time) <= $first_hole, false) AS seen
    FROM ledger_events WHERE session IS NOT NULL GROUP BY session
"""

ATTACKER_SESSIONS = """
CREATE OR REPLACE TEMP TABLE attacker_sessions AS
    SELECT session, bool_or(certain) AS certain, bool_or(own) AS own, bool_or(own AND seen) AS surely_own,
        bool_or(named) AS named, min(since) FILTER (certain) AS certain_since, min(since) AS since
    FROM (
        SELECT session, held.certain, opened.src_ip IN (SELECT address FROM held_addresses) AS own,
            opened.seen, false AS named, min(ledger_events.time) AS since
        FROM ledger_events JOIN held_addresses AS held ON held.address = ledger_events.src_ip
            JOIN opened USING (session)
        GROUP BY ALL
        UNION ALL
        SELECT session, true, true, true, true, min(time) FROM ledger_events
        WHERE session IN (SELECT value FROM confirmed WHERE type = 'session') GROUP BY session)
    WHERE session NOT IN (SELECT value FROM dismissed WHERE type = 'session')
    GROUP BY session
"""

FURTHER_ADDRESSES = """
    SELECT DISTINCT src_ip FROM ledger_events JOIN attacker_sessions USING (session)
    WHERE own AND src_ip IS NOT NULL AND src_ip NOT IN (SELECT address FROM held_addresses)
        AND src_ip NOT IN (SELECT value FROM dismissed WHERE type = 'address')
    ORDER BY src_ip
"""

ACCOUNTS = """
CREATE OR REPLACE TEMP TABLE compromised AS
    SELECT account, min(kind) AS kind, min(subject) AS subject, min(since) AS since,
        arg_min(basis, (rank, basis)) AS basis
    FROM (
        SELECT actor_id AS account, min(actor_kind) AS kind, min(actor_subject) AS subject,
            min(certain_since) AS since, 1 AS rank,
            CASE WHEN bool_or(named) THEN 'session_confirmed' ELSE 'session_from_confirmed_address' END AS basis
        FROM ledger_events JOIN attacker_sessions USING (session)
        WHERE attacker_sessions.certain AND actor_id IS NOT NULL GROUP BY actor_id
        UNION ALL
        SELECT actor_id, min(actor_kind), min(actor_subject), min(time), 0, 'account_confirmed'
        FROM ledger_events WHERE actor_id IN (SELECT value FROM confirmed WHERE type = 'account') GROUP BY actor_id)
    WHERE account NOT IN (SELECT value FROM dismissed WHERE type = 'account')
    GROUP BY account
"""


def pivot(connection: duckdb.DuckDBPyConnection, decisions: Decisions, coverage: Coverage) -> None:
    """Make the tables ``ledger_events``, ``held_addresses``, ``attacker_sessions`` and ``compromised``."""
    connection.execute(TABLES)
    ledger = coverage.intervals.get("disclosure_ledger", ())
    connection.execute(OPENED, {"first_hole": ledger[0][1] if ledger else None})
    for (kind, value), decision in sorted(decisions.indicators.items()):
        connection.execute(f"INSERT INTO {decision.state} VALUES (?, ?)", [kind, value])
    connection.execute("INSERT INTO held_addresses SELECT value, true FROM confirmed WHERE type = 'address'")
    while True:
        connection.execute(ATTACKER_SESSIONS)
        further = connection.execute(FURTHER_ADDRESSES).fetchall()
        if not further:
            break
        connection.executemany("INSERT INTO held_addresses VALUES (?, false)", further)
    connection.execute(ACCOUNTS)
