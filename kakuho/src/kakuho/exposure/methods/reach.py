"""Claims by reach: what no evidence shows and none rules out.

A path that was used or open needs a witness for the whole time, and one whose record has no hole that could hide
earlier or later acts. Without one, all that the path can reach is possible.
An access log without user names does not witness a path whose page depends on who is logged in: another session of
the same account would look like anybody's. Nor does a database log witness a direct connection that was open to the
attacker: what he reads as a role of the application looks like the application's own reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kakuho.evidence.witnesses import Coverage, Interval
from kakuho.exposure.claims import Claims
from kakuho.exposure.investigated import Investigated, PathState
from kakuho.exposure.methods.scope import Pair, everything, of_collections, of_shows
from kakuho.exposure.protection import stored
from kakuho.exposure.reasons import Reason, reach_reason
from kakuho.inventory import AccessPath, Inventory

STORED = frozenset({"database_role", "backup", "host"})
"""Kinds of paths over which tables are taken as they are stored; what the application hands out is in clear."""


def reach_claims(
    inventory: Inventory, coverage: Coverage, investigated: Investigated
) -> tuple[Claims, dict[str, Reason]]:
    """The claims, and the reasons that they name beyond the standing ones."""
    if not investigated.delimited:
        all_of = {("reach:undelimited", "undelimited", record, item) for record, item in everything(inventory)}
        return Claims.listed("reach", sets=all_of), {}
    reasons: dict[str, Reason] = {}
    sets: set[tuple[str, ...]] = set()
    claims: set[tuple[str, str, str, str]] = set()
    for path in inventory.access_paths:
        state = investigated.state_of(path.id)
        if state.state == "closed":
            continue
        why = unwitnessed(path, state, coverage, investigated)
        if why is None:
            continue
        reason_id, reason = reach_reason(path.id, state.state, why)
        reasons[reason_id] = reason
        claim = f"reach:{path.id}"
        for index, subjects, pairs in _reached(path, inventory, investigated):
            named = f"{claim}:{index}"
            if subjects is None and path.kind in STORED:
                sets |= {(named, reason_id, *form) for form in stored(inventory, path.collections, pairs)}
            elif subjects is None:
                sets |= {(named, reason_id, record, item) for record, item in pairs}
            else:
                items = {item for _, item in pairs}
                claims |= {(named, reason_id, subject, item) for subject in subjects for item in items}
    return Claims.listed("reach", claims=claims, sets=sets), reasons


def unwitnessed(path: AccessPath, state: PathState, coverage: Coverage, investigated: Investigated) -> str | None:
    """None where a witness covers the path's whole period; else ``no_witness``, ``gap`` or ``start``."""
    period = period_of(state, investigated)
    roles = [role for role in path.witnesses if coverage.has(role) and not _blind(role, path)]
    if period is None:
        return "no_witness"
    start, end = period
    if not roles:
        return "gap" if _has_hole(path, coverage, start, end) else "no_witness"
    if any(coverage.hides_nothing(role, start, end) for role in roles):
        return None
    whole = any(coverage.covers(role, start, end) and len(coverage.intervals[role]) == 1 for role in roles)
    return "start" if whole else "gap"


def period_of(state: PathState, investigated: Investigated) -> Interval | None:
    """The whole time for which the path needs a witness; None where nobody knows it."""
    start, end = _since(state, investigated), state.end or investigated.last
    return None if start is None or end is None else (start, end)


def _since(state: PathState, investigated: Investigated) -> datetime | None:
    """From when the path was the attacker's: from the first act on, unless it hangs on accounts that are all known.

    A path is *used* from the first use that is seen; an earlier one may lie in a hole.
    """
    if state.start and state.state == "open" and investigated.accounts_known:
        return state.start
    return min((moment for moment in (state.start, investigated.first) if moment), default=None)


def _has_hole(path: AccessPath, coverage: Coverage, start: datetime, end: datetime) -> bool:
    """Whether the records that show the path's use, by whomever, have a hole where acts may lie."""
    held = [role for role in path.witnesses if coverage.has(role) and role not in path.tells_who]
    return bool(held) and not any(coverage.hides_nothing(role, start, end) for role in held)


def _blind(role: str, path: AccessPath) -> bool:
    """Whether a record of this role shows the path's use but cannot tell whose use it was."""
    if role not in path.tells_who:
        return True
    return role == "access_log" and any(shows.subject == "principal" for shows in path.shows)


def _reached(
    path: AccessPath, inventory: Inventory, investigated: Investigated
) -> Iterator[tuple[int, tuple[str, ...] | None, list[Pair]]]:
    """Entries of what the path can show: index, the subjects where they are known, the pairs."""
    if path.kind != "route" or path.sql:
        yield 0, None, list(of_collections(inventory, path.collections if path.kind != "route" else "*"))
        return
    for index, shows in enumerate(path.shows):
        known = shows.subject == "principal" and investigated.accounts_known
        yield index, investigated.compromised if known else None, list(of_shows(inventory, path, shows))
