"""Is every account that the attacker could use known, and whose are they?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import duckdb

from kakuho.detection.routes import routes
from kakuho.detection.sqltext import any_of, first_row
from kakuho.evidence.witnesses import Coverage
from kakuho.inventory import Inventory
from kakuho.investigation.logins import request_end, request_start
from kakuho.investigation.model import CompromisedAccount, utc

Party = tuple[str | None, str | None]
"""Subject of an account and its kind (the principal that an access path would name); each None where there is none."""
Parties = Callable[[Sequence[str]], Mapping[str, Party]]
"""Looks accounts up, such as ``account:17``; those it does not know are missing from its answer."""


def compromised_accounts(
    connection: duckdb.DuckDBPyConnection, parties: Parties
) -> tuple[tuple[CompromisedAccount, ...], bool]:
    """The accounts, sorted, with the parties that the ledger does not name; and whether each party is known."""
    rows = connection.execute(
        "SELECT account, subject, since, basis, kind FROM compromised ORDER BY account"
    ).fetchall()
    unnamed = [row[0] for row in rows if row[4] is None]
    found = parties(unnamed) if unnamed else {}
    accounts = []
    for account, subject, moment, basis, kind in rows:
        party_subject, party_kind = found.get(account, (subject, kind))
        since = utc(moment)
        if since is not None:
            accounts.append(CompromisedAccount(account, party_subject, since, basis, party_kind))
    return tuple(accounts), all(account in found for account in unnamed)


def accounts_known(
    connection: duckdb.DuckDBPyConnection, inventory: Inventory, coverage: Coverage, parties_known: bool
) -> tuple[bool, str]:
    """Whether ``compromised`` holds every account that the attacker's confirmed addresses opened; the reason's key."""
    if _count(connection, "SELECT count(*) FROM held_addresses WHERE certain") == 0:
        return False, "address_unknown"
    window = first_row(connection, "SELECT min(time), max(time) FROM surest WHERE certain")
    if window is None or window[0] is None or not coverage.hides_nothing("access_log", window[0], window[1]):
        return False, "logins_not_covered"
    if _count(connection, "SELECT count(*) FROM attacker_logins WHERE NOT known") > 0:
        return False, "login_without_account"
    if not parties_known:
        return False, "account_without_party"
    if _count(connection, _reads_without_login(inventory)) > 0:
        return False, "session_without_login"
    if _count(connection, "SELECT count(*) FROM attacker_logins") == 0:
        return True, "no_login_succeeded"
    return True, "accounts_known"


def _reads_without_login(inventory: Inventory) -> str:
    """Pages behind a login, shown to a confirmed address before any of its logins succeeded, unseen by the ledger."""
    guarded = [path.path for path in routes(inventory) if path.principal and not path.login and path.path]
    return f"""
    SELECT count(*) FROM http_activity AS reads JOIN held_addresses ON address = src_ip
    WHERE certain AND status BETWEEN 200 AND 299 AND {any_of("url_path", guarded)}
        AND NOT EXISTS (SELECT 1 FROM attacker_logins AS logins
            WHERE logins.src_ip = reads.src_ip AND logins.start <= reads.time)
        AND NOT EXISTS (SELECT 1 FROM ledger_events AS told
            WHERE told.src_ip = reads.src_ip AND told.actor_id IS NOT NULL
                AND told.time BETWEEN {request_start("reads.")} AND {request_end("reads.")})"""


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = first_row(connection, query)
    return 0 if row is None else int(row[0])
