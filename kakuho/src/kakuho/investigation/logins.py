"""Which accounts did the attacker's successful logins open?

A successful login is a POST from a confirmed address to a login path, answered 302 or 303. It is *told* by the
ledger where a session of an account starts at that address before the address's next login. For each that is not,
the database log gives the accounts whose login was written down by the application's role while the request ran
(the window below): an update of the account's last login, which happens at success only. Other people's logins at
the same moment are among them: the accounts are *at most* these. Where neither source tells, the accounts are not
known, and it is said so.
"""

from __future__ import annotations

import duckdb

from kakuho.detection.detectors.failed_logins import SUCCEEDED
from kakuho.detection.routes import by_web_role, is_login, routes
from kakuho.detection.sqltext import any_of, first_row, literal
from kakuho.inventory import Inventory
from kakuho.investigation.coverage import Coverage

BEFORE_US = 2_000_000
AFTER_US = 3_000_000
"""A request ends within the second of its stamp and began its duration earlier; the rest allows for clock skew."""

REQUEST_START = f"time - to_microseconds(coalesce(duration_us, 0) + {BEFORE_US})"
REQUEST_END = f"time + to_microseconds({AFTER_US})"

LAST_LOGIN = (
    r'^\s*update\s+"?(account|accounts|auth_user|user|users)"?\s+set\b.*\blast_login\b.*\bwhere\b.*?"?\bid"?\s*=\s*'
)
MENTIONED = r"\blast_login\b"
LAST_LOGIN_LITERAL = LAST_LOGIN + r"'?(\d+)"
LAST_LOGIN_PARAMETER = LAST_LOGIN + r"\$(\d+)"


def find_logins(connection: duckdb.DuckDBPyConnection, inventory: Inventory) -> None:
    """Make ``attacker_logins`` and ``login_accounts``; add to ``compromised`` what the ledger left untold."""
    connection.execute(f"""
    CREATE OR REPLACE TEMP TABLE attacker_logins AS
    WITH logins AS (
        SELECT DISTINCT source_id, line, time, src_ip, {REQUEST_START} AS start, {REQUEST_END} AS stop
        FROM http_activity JOIN held_addresses ON address = src_ip
        WHERE certain AND {SUCCEEDED} AND {is_login(inventory)}),
    following AS (
        SELECT *, lead(time) OVER (PARTITION BY src_ip ORDER BY time, source_id, line) AS next FROM logins),
    started AS (
        SELECT ledger_events.session, min(time) AS time, min(opened.src_ip) AS src_ip
        FROM ledger_events JOIN opened USING (session) WHERE actor_id IS NOT NULL GROUP BY ledger_events.session)
    SELECT following.*, EXISTS (
        SELECT 1 FROM started WHERE started.src_ip = following.src_ip
            AND started.time >= following.start AND (following.next IS NULL OR started.time < following.next)) AS told
    FROM following""")
    connection.execute(f"""
    CREATE OR REPLACE TEMP TABLE login_accounts AS
    WITH marks AS (
        SELECT time, lower(regexp_extract(statement, {literal(LAST_LOGIN)}, 1, 'is')) AS accounts,
            regexp_extract(statement, {literal(LAST_LOGIN_LITERAL)}, 2, 'is') AS key,
            try_cast(regexp_extract(statement, {literal(LAST_LOGIN_PARAMETER)}, 2, 'is') AS INTEGER) AS number,
            from_json(parameters, '["VARCHAR"]') AS parameters
        FROM datastore_activity
        WHERE kind = 'statement' AND {by_web_role(inventory)} AND {any_of("statement", [MENTIONED])}),
    keyed AS (SELECT time, accounts, coalesce(nullif(key, ''), parameters[number]) AS key FROM marks)
    SELECT DISTINCT logins.source_id, logins.line, logins.time, accounts || ':' || key AS account
    FROM attacker_logins AS logins JOIN keyed ON keyed.time BETWEEN logins.start AND logins.stop
    WHERE NOT told AND accounts <> '' AND key IS NOT NULL""")
    connection.execute("""
    INSERT INTO compromised
    WITH parties AS (
        SELECT actor_id, min(actor_kind) AS kind, min(actor_subject) AS subject FROM ledger_events GROUP BY actor_id)
    SELECT account, min(kind), min(subject), min(time), 'login_overlaps_in_time'
    FROM login_accounts LEFT JOIN parties ON actor_id = account
    WHERE account NOT IN (SELECT account FROM compromised)
        AND account NOT IN (SELECT value FROM dismissed WHERE type = 'account')
    GROUP BY account""")


def accounts_known(connection: duckdb.DuckDBPyConnection, inventory: Inventory, coverage: Coverage) -> tuple[bool, str]:
    """Whether ``compromised`` holds every account that the attacker's confirmed addresses opened; the reason's key."""
    if _count(connection, "SELECT count(*) FROM held_addresses WHERE certain") == 0:
        return False, "address_unknown"
    window = first_row(connection, "SELECT min(time), max(time) FROM attacker_events")
    if window is None or window[0] is None or not coverage.covers("access_log", *window):
        return False, "logins_not_covered"
    untold = connection.execute("""
        SELECT start, stop, EXISTS (SELECT 1 FROM login_accounts AS found
            WHERE found.source_id = logins.source_id AND found.line = logins.line)
        FROM attacker_logins AS logins WHERE NOT told ORDER BY ALL""").fetchall()
    if not all(found and coverage.covers("database_log", start, stop) for start, stop, found in untold):
        return False, "login_without_account"
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
                AND told.time BETWEEN reads.time - to_microseconds(coalesce(reads.duration_us, 0) + {BEFORE_US})
                AND reads.time + to_microseconds({AFTER_US}))"""


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = first_row(connection, query)
    return 0 if row is None else int(row[0])
