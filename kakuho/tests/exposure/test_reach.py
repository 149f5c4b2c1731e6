"""Whether a path's witness covers all the time that the path was the attacker's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kakuho.evidence.witnesses import Coverage
from kakuho.exposure.investigated import Investigated, PathState
from kakuho.exposure.methods.reach import unwitnessed
from kakuho.inventory import AccessPath

MARCH = dt.datetime(2025, 3, 1)  # noqa: DTZ001 - the lake's times are UTC without a zone
DIRECT = AccessPath(id="database.direct", kind="database_role", role="*", collections="*", witnesses=("database_log",))
LOOKUP = DIRECT.model_copy(update={"id": "database.web", "through": ("web.lookup",)})


def _at(day: float) -> dt.datetime:
    return MARCH + dt.timedelta(days=day - 1)


def _why(state: PathState, *covered: tuple[float, float], path: AccessPath = LOOKUP, **more: Any) -> str | None:
    """The intruder is seen from the 10th to the 14th; ``covered``: the days that the database's log covers."""
    known = {"delimited": True, "first": _at(10), "last": _at(14), "start_established": True, "accounts_known": True}
    investigated = Investigated(**known | {"compromised": (), "paths": (state,), "raw": {}} | more)
    coverage = Coverage.of(("database_log", _at(first), _at(last)) for first, last in covered)
    return unwitnessed(path, state, coverage, investigated)


def _state(state: str, first: float = 10, last: float = 14) -> PathState:
    return PathState("database.web", state, _at(first), _at(last), "", "rule")


def test_an_open_path_is_witnessed_by_a_log_without_a_hole() -> None:
    assert _why(_state("open"), (1, 30)) is None
    assert _why(_state("open")) == "no_witness"


def test_a_log_that_begins_with_the_first_act_does_not_show_that_there_was_none_before() -> None:
    assert _why(_state("open"), (10, 30)) == "start"
    assert _why(_state("open"), (9, 30)) is None


def test_a_whole_database_log_does_not_tell_whose_a_direct_connection_was() -> None:
    assert _why(_state("open"), (1, 30), path=DIRECT) == "no_witness"
    assert _why(_state("open"), (1, 11), (13, 30), path=DIRECT) == "gap"


def test_it_does_where_the_applications_own_connections_are_known_by_their_addresses() -> None:
    told = DIRECT.model_copy(update={"application_from": ("local",)})
    assert _why(_state("open"), (1, 30), path=told) is None
    assert _why(_state("used"), (1, 30), path=told) is None
    assert _why(_state("open"), (1, 11), (13, 30), path=told) == "gap"


def test_days_wiped_within_the_intrusion_leave_it_unwitnessed() -> None:
    assert _why(_state("open"), (1, 11), (13, 30)) == "gap"


def test_days_wiped_behind_the_last_act_that_is_seen_leave_it_unwitnessed() -> None:
    assert _why(_state("open"), (1, 16), (18, 30)) == "gap"


def test_a_path_that_was_used_once_may_have_been_used_before_in_the_hole() -> None:
    assert _why(_state("used", 13, 13), (1, 11), (12, 30)) == "gap"


def test_a_path_that_hangs_on_known_accounts_is_asked_about_from_when_they_were_opened() -> None:
    assert _why(_state("open", 13), (1, 11), (11.5, 30)) is None
    assert _why(_state("open", 13), (1, 11), (11.5, 30), accounts_known=False) == "gap"
