"""Which accounts did successful logins open?

A successful login is a POST to a login path, answered 302 or 303. Of the attacker's, from confirmed addresses, one
is *told* by the ledger where by the address's next login at least as many sessions of accounts have started there
as logins have succeeded: then each login's account is among them. For the others the database log gives the
accounts whose last login was updated, which happens at success only, while the request may have run. Other people's
logins at the same moment are among them: the accounts are *at most* these. Where neither source tells, the account
is unknown.
"""

from __future__ import annotations

import duckdb

from kakuho.detection.detectors.failed_logins import SUCCEEDED
from kakuho.detection.routes import by_web_role, is_login
from kakuho.detection.sqltext import literal
from kakuho.evidence.witnesses import Coverage
from kakuho.inventory import Inventory

BEFORE_US = 2_000_000
AFTER_US = 3_000_000
"""A request ends within the second of its stamp and began its duration earlier; the rest allows for clock skew."""

LAST_LOGIN = (
    r'^\s*update\s+"?(account|accounts|auth_user|user|users)"?\s+set\b.*\blast_login\b.*\bwhere\b.*?"?\bid"?\s*=\s*'
)
LAST_LOGIN_LITERAL = LAST_LOGIN + r"'?(\d+)"
LAST_LOGIN_PARAMETER = LAST_LOGIN + r"\$(\d+)"
LAST_LOGINS = f"""
    SELECT time, db_user, accounts || ':' || coalesce(nullif(key, ''), parameters[number]) AS account FROM (
        SELECT time, db_user, lower(regexp_extract(statement, {literal(LAST_LOGIN)}, 1, 'is')) AS accounts,
            regexp_extract(statement, {literal(LAST_LOGIN_LITERAL)}, 2, 'is') AS key,
            try_cast(regexp_extract(statement, {literal(LAST_LOGIN_PARAMETER)}, 2, 'is') AS INTEGER) AS number,
            from_json(parameters, '["VARCHAR"]') AS parameters
        FROM datastore_activity WHERE kind = 'statement' AND contains(statement, 'last_login'))
    WHERE accounts <> '' AND coalesce(nullif(key, ''), parameters[number]) IS NOT NULL
"""
"""Every update of an account's last login in the database log: ``time, db_user, account``."""


def request_start(prefix: str = "") -> str:
    """When a row of ``http_activity`` may have begun to run, as an expression."""
    return f"{prefix}time - to_microseconds(coalesce({prefix}duration_us, 0) + {BEFORE_US})"


def request_end(prefix: str = "") -> str:
    """When it has ended at the latest."""
    return f"{prefix}time + to_microseconds({AFTER_US})"


def find_logins(connection: duckdb.DuckDBPyConnection, inventory: Inventory, coverage: Coverage) -> None:
    """Make ``logins`` (every successful one), ``login_accounts`` and ``attacker_logins``; extend ``compromised``.

    ``attacker_logins.known``: the ledger or a database log without a gap tells its account.
    """
    _all_logins(connection, inventory)
    _attacker_logins(connection, coverage)
    connection.execute("""
    INSERT INTO compromised
    WITH parties AS (
        SELECT actor_id, min(actor_kind) AS kind, min(actor_subject) AS subject FROM ledger_events GROUP BY actor_id)
    SELECT account, min(kind), min(subject), min(attacker_logins.time), 'login_overlaps_in_time'
    FROM attacker_logins JOIN login_accounts USING (source_id, line) LEFT JOIN parties ON actor_id = account
    WHERE NOT told AND account NOT IN (SELECT account FROM compromised)
        AND account NOT IN (SELECT value FROM dismissed WHERE type = 'account')
    GROUP BY account""")
    connection.execute(f"""
    INSERT INTO compromised
    SELECT account, NULL, NULL, min(time), 'account_confirmed' FROM ({LAST_LOGINS})
    WHERE account IN (SELECT value FROM confirmed WHERE type = 'account')
        AND account NOT IN (SELECT account FROM compromised)
    GROUP BY account""")


def _all_logins(connection: duckdb.DuckDBPyConnection, inventory: Inventory) -> None:
    connection.execute(f"""
    CREATE OR REPLACE TEMP TABLE logins AS
    SELECT DISTINCT source_id, line, time, src_ip, url_path, {request_start()} AS start, {request_end()} AS stop
    FROM http_activity WHERE {SUCCEEDED} AND {is_login(inventory)} AND src_ip IS NOT NULL""")
    connection.execute(f"""
    CREATE OR REPLACE TEMP TABLE login_accounts AS
    SELECT DISTINCT logins.source_id, logins.line, account FROM logins
    JOIN ({LAST_LOGINS}) AS marks ON marks.time BETWEEN logins.start AND logins.stop
    WHERE {by_web_role(inventory)}""")


def _attacker_logins(connection: duckdb.DuckDBPyConnection, coverage: Coverage) -> None:
    connection.execute("""
    CREATE OR REPLACE TEMP TABLE attacker_logins AS
    WITH mine AS (
        SELECT logins.*, row_number() OVER address AS number, lead(start) OVER address AS next,
            first_value(start) OVER address AS first_start
        FROM logins JOIN held_addresses ON address = src_ip WHERE certain
        WINDOW address AS (PARTITION BY src_ip ORDER BY time, source_id, line)),
    started AS (
        SELECT ledger_events.session, min(time) AS time, min(opened.src_ip) AS src_ip
        FROM ledger_events JOIN opened USING (session) WHERE actor_id IS NOT NULL GROUP BY ledger_events.session)
    SELECT source_id, line, min(mine.time) AS time, min(mine.src_ip) AS src_ip, min(url_path) AS url_path,
        min(start) AS start, min(stop) AS stop, count(session) >= min(number) AS told, false AS known
    FROM mine LEFT JOIN started ON started.src_ip = mine.src_ip AND started.time >= first_start
        AND (next IS NULL OR started.time < next)
    GROUP BY source_id, line""")
    connection.execute("UPDATE attacker_logins SET known = true WHERE told")
    untold = connection.execute("""
        SELECT DISTINCT source_id, line, start, stop FROM attacker_logins JOIN login_accounts USING (source_id, line)
        WHERE NOT told ORDER BY ALL""").fetchall()
    witnessed = [row[:2] for row in untold if coverage.covers("database_log", row[2], row[3])]
    if witnessed:
        connection.executemany("UPDATE attacker_logins SET known = true WHERE source_id = ? AND line = ?", witnessed)
