"""The state of every access path: used, open or closed, with its period, its basis and who decided.

A person's decision stands. Otherwise a rule speaks, and the last resort is *open*: what is undecided is not closed.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from kakuho.detection.detectors import injection_syntax
from kakuho.detection.routes import routes
from kakuho.detection.sqltext import first_row, literal, literals
from kakuho.evidence.witnesses import Coverage
from kakuho.inventory import AccessPath, Inventory
from kakuho.investigation.decisions import Decisions
from kakuho.investigation.model import CompromisedAccount, PathState, Window, utc

Period = tuple[datetime | None, datetime | None]


def path_states(
    connection: duckdb.DuckDBPyConnection,
    inventory: Inventory,
    coverage: Coverage,
    decisions: Decisions,
    window: Window,
    accounts: tuple[CompromisedAccount, ...],
    accounts_known: bool,
) -> tuple[PathState, ...]:
    """One state for each path of the inventory, in its order."""
    whole: Period = (window.first or window.widened_first, window.last or window.widened_last)
    witnessed = any(_witnesses(coverage, role, whole) for role in ("access_log", "disclosure_ledger"))
    states = []
    for path in inventory.access_paths:
        decision = decisions.paths.get(path.id)
        if decision is not None:
            states.append(PathState(path.id, decision.state, *whole, decision.basis, decision.by))
        elif (used := _used(connection, inventory, path)) is not None:
            period, basis = used
            states.append(PathState(path.id, "used", *period, basis))
        elif (perhaps := _perhaps_used(connection, path)) is not None:
            states.append(PathState(path.id, "open", *_both(whole, perhaps), "perhaps_read_by_it"))
        elif path.kind == "route" and not path.principal:
            states.append(PathState(path.id, "open", *whole, "public_route"))
        elif path.kind == "route":
            states.append(_guarded(path, whole, accounts, accounts_known, witnessed))
        else:
            states.append(PathState(path.id, "open", *whole, _undecided(path, whole, coverage)))
    return tuple(states)


def _guarded(
    path: AccessPath,
    whole: Period,
    accounts: tuple[CompromisedAccount, ...],
    accounts_known: bool,
    witnessed: bool,
) -> PathState:
    """A route behind a login that the attacker is not seen on."""
    since = [one.since for one in accounts if one.kind in (path.principal, None)]
    if since:
        return PathState(path.id, "open", min(since), whole[1], "account_in_attackers_hands")
    if not accounts_known:
        return PathState(path.id, "open", *whole, "accounts_unknown")
    if witnessed:
        return PathState(path.id, "closed", *whole, "no_account_and_no_event")
    return PathState(path.id, "open", *whole, "undecided")


def _undecided(path: AccessPath, whole: Period, coverage: Coverage) -> str:
    """Open either way; a person need not decide where a witness would have shown its use."""
    return "open_and_witnessed" if any(_witnesses(coverage, role, whole) for role in path.tells_who) else "undecided"


def _perhaps_used(connection: duckdb.DuckDBPyConnection, path: AccessPath) -> Period | None:
    """When the attacker may have read by this route: events that could be somebody else's."""
    if path.kind != "route":
        return None
    found = _period(connection, _reads_on(path, certain=False), "")
    return None if found is None else found[0]


def _both(one: Period, other: Period) -> Period:
    """The shortest period that holds both."""
    moments = [moment for moment in (*one, *other) if moment is not None]
    return (min(moments), max(moments)) if moments else (None, None)


def _witnesses(coverage: Coverage, role: str, period: Period) -> bool:
    first, last = period
    return first is not None and last is not None and coverage.hides_nothing(role, _naive(first), _naive(last))


def _used(connection: duckdb.DuckDBPyConnection, inventory: Inventory, path: AccessPath) -> tuple[Period, str] | None:
    """When the attacker read by this path, if the events show it."""
    if path.kind == "route":
        return _period(connection, _reads_on(path, certain=True), "attacker_read_by_it")
    if path.kind != "database_role":
        return None
    through = [route for route in routes(inventory) if route.id in path.through]
    if through:
        injected = " UNION ALL ".join(_injections_on(route) for route in through)
        found = _period(connection, injected, "injected_here")
        if found is not None:
            return found
    return _period(connection, _statements_under(path), "attacker_statements")


def _reads_on(path: AccessPath, *, certain: bool) -> str:
    """The attacker's answered requests on a route, in the access log and in the ledger (whose routes are patterns)."""
    pattern = literal(path.path or "")
    methods = literals(path.methods)
    surely = "a.certain" if certain else "NOT a.certain"
    return rf"""
    SELECT h.time FROM surest AS a JOIN http_activity AS h USING (source_id, line)
    WHERE a."table" = 'http_activity' AND {surely} AND h.method IN ({methods}) AND h.status BETWEEN 200 AND 299
        AND regexp_matches(h.url_path, {pattern})
    UNION ALL
    SELECT d.time FROM surest AS a JOIN ledger_events AS d USING (source_id, line)
    WHERE a."table" = 'disclosure' AND {surely} AND d.method IN ({methods})
        AND regexp_matches(regexp_replace(d.route, '\{{[^}}]*\}}', '1', 'g'), {pattern})"""


def _injections_on(route: AccessPath) -> str:
    syntax = injection_syntax.has_syntax("fully_decoded(h.url_path || '?' || coalesce(h.url_query, ''))")
    return f"""
    SELECT h.time FROM surest AS a JOIN http_activity AS h USING (source_id, line)
    WHERE a."table" = 'http_activity' AND a.certain AND regexp_matches(h.url_path, {literal(route.path or "")})
        AND {syntax}"""


def _statements_under(path: AccessPath) -> str:
    """The attacker's certain statements under a path's role; ``*``: under any, over a connection of his own."""
    if path.role in (None, "*"):
        condition = "a.why = 'direct_connection'"
    else:
        condition = f"a.why <> 'direct_connection' AND d.db_user = {literal(path.role or '')}"
    return f"""
    SELECT d.time FROM surest AS a JOIN datastore_activity AS d USING (source_id, line)
    WHERE a."table" = 'datastore_activity' AND a.certain AND {condition}"""


def _period(connection: duckdb.DuckDBPyConnection, query: str, basis: str) -> tuple[Period, str] | None:
    row = first_row(connection, f"SELECT min(time), max(time) FROM ({query})")
    if row is None or row[0] is None:
        return None
    return (utc(row[0]), utc(row[1])), basis


def _naive(moment: datetime) -> datetime:
    """As the lake writes it: UTC without saying so."""
    return moment.replace(tzinfo=None)
