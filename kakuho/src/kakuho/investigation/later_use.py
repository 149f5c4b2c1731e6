"""What may be the intruder's later use of accounts, though it came from addresses that nobody confirmed.

*Compromised accounts*: every address from which such an account was used after it was compromised (a ledger event,
or a login with its last-login update while the request ran) may be the owner's or the intruder's, from then on,
unless a person dismissed the address (the owner was asked).
*Unknown accounts*: where a login of the attacker succeeded and no source tells the account, any account of the kind
that logs in there may be it. Which kinds do is learnt from everybody's logins and what follows at the address.
"""

from __future__ import annotations

import duckdb

from kakuho.detection.routes import routes
from kakuho.detection.sqltext import any_of, first_row, literal, literals
from kakuho.inventory import Inventory

REVISITS = """
CREATE OR REPLACE TEMP TABLE revisits AS
    SELECT address, min(since) AS since FROM (
        SELECT src_ip AS address, time AS since FROM ledger_events JOIN compromised ON actor_id = account
        WHERE time >= compromised.since
        UNION ALL
        SELECT src_ip, start FROM logins JOIN login_accounts USING (source_id, line) JOIN compromised USING (account)
        WHERE stop >= compromised.since)
    WHERE address IS NOT NULL AND address NOT IN (SELECT address FROM held_addresses)
        AND address NOT IN (SELECT value FROM dismissed WHERE type = 'address')
    GROUP BY address
"""

KNOWN_ACCOUNTS = """
INSERT INTO attributed
    SELECT source_id, line, byte_offset, 'disclosure', time, 'owner_or_intruder'
    FROM ledger_events JOIN compromised ON actor_id = account WHERE time >= compromised.since
        AND (src_ip IS NULL OR src_ip NOT IN (SELECT value FROM dismissed WHERE type = 'address'))
    UNION ALL
    SELECT source_id, line, byte_offset, 'http_activity', time, 'owner_or_intruder'
    FROM http_activity JOIN revisits ON address = src_ip WHERE time >= date_trunc('second', revisits.since)
"""

WHILE_AFTER = "logins.start AND logins.stop + INTERVAL 10 MINUTES"
AT_UNKNOWN_LOGINS = "logins.url_path IN (SELECT url_path FROM attacker_logins WHERE NOT known)"

KINDS_IN_LEDGER = f"""
    SELECT DISTINCT ledger_events.actor_kind FROM logins
    JOIN opened ON opened.src_ip = logins.src_ip
    JOIN ledger_events ON ledger_events.session = opened.session AND ledger_events.time BETWEEN {WHILE_AFTER}
    WHERE ledger_events.actor_id IS NOT NULL AND {AT_UNKNOWN_LOGINS}"""


def attribute_later_use(connection: duckdb.DuckDBPyConnection, inventory: Inventory) -> None:
    """Add to ``attributed`` what may be the intruder's, all of it uncertain."""
    connection.execute(REVISITS)
    connection.execute(KNOWN_ACCOUNTS)
    row = first_row(connection, "SELECT min(start) FROM attacker_logins WHERE NOT known")
    if row is None or row[0] is None:
        return
    pages = _pages_by_principal(inventory)
    found = connection.execute(" UNION ".join([KINDS_IN_LEDGER, *(_kind_in_access_log(*one) for one in pages.items())]))
    kinds = sorted(kind for (kind,) in found.fetchall())
    of_kind = f"actor_kind IN ({literals(kinds)})" if kinds else "true"
    guarded = [page for kind in kinds or sorted(pages) for page in pages.get(kind, [])]
    connection.execute(
        f"""
    INSERT INTO attributed
        SELECT source_id, line, byte_offset, 'disclosure', time, 'account_unknown'
        FROM ledger_events WHERE time >= $since AND actor_id IS NOT NULL AND {of_kind}
        UNION ALL
        SELECT source_id, line, byte_offset, 'http_activity', time, 'account_unknown'
        FROM http_activity WHERE time >= $since AND {any_of("url_path", guarded)}""",
        {"since": row[0]},
    )


def _pages_by_principal(inventory: Inventory) -> dict[str, list[str]]:
    """Which paths each kind of account has to itself."""
    pages: dict[str, list[str]] = {}
    for route in routes(inventory):
        if route.principal and route.path:
            pages.setdefault(route.principal, []).append(route.path)
    return pages


def _kind_in_access_log(kind: str, pages: list[str]) -> str:
    """The kind, if its pages were answered soon after such a login at the same address."""
    return f"""
    SELECT DISTINCT {literal(kind)} FROM logins JOIN http_activity AS read ON read.src_ip = logins.src_ip
    WHERE read.time BETWEEN {WHILE_AFTER} AND read.status BETWEEN 200 AND 299
        AND {any_of("read.url_path", pages)} AND {AT_UNKNOWN_LOGINS}"""
