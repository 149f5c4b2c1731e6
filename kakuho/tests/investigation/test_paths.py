"""The window, and the state of every access path."""

from __future__ import annotations

from .test_statements import injected
from .world import ATTACKER, Events, at, confirming, deciding, paths, stuffing, told


def test_the_window_is_the_first_and_the_last_certain_event() -> None:
    evidence = stuffing(read=(1,))
    evidence.my_page(at(8), "198.51.100.1", "owner", 1)
    window = told(evidence).as_json()["window"]
    assert window == {
        "first": "2025-03-13T00:00:00.000000Z",
        "last": "2025-03-13T00:01:05.000000Z",
        "widened_first": "2025-03-13T00:00:00.000000Z",
        "widened_last": "2025-03-18T00:00:00.000000Z",
        "start_established": True,
        "reason": "sources_cover_day_before",
    }


def test_the_start_is_not_established_where_a_source_begins_less_than_a_day_before() -> None:
    evidence = stuffing()
    evidence.rows["coverage"] = []
    evidence.cover(at(2.5), at(10), "database_log")
    evidence.cover(at(0), at(10), "access_log", "disclosure_ledger")
    window = told(evidence).window
    assert (window.start_established, window.reason) == (False, "source_starts_too_late")


def test_credentials_use_the_pages_of_the_accounts_and_leave_staff_pages_closed() -> None:
    found = paths(told(stuffing()))
    assert found == {
        "web.login": ("used", "attacker_read_by_it"),
        "web.mypage": ("used", "attacker_read_by_it"),
        "web.staff.policyholder": ("closed", "no_account_and_no_event"),
        "web.legacy.lookup": ("open", "public_route"),
        "database.web": ("open", "open_and_witnessed"),
        "database.direct": ("open", "undecided"),
        "backup": ("open", "undecided"),
    }


def test_an_account_that_was_opened_and_not_read_leaves_its_pages_open_from_then_on() -> None:
    path = next(p for p in told(stuffing(read=(), unread=(2,))).paths if p.id == "web.mypage")
    assert (path.state, path.basis) == ("open", "account_in_attackers_hands")
    assert path.start is not None and path.start.isoformat() == "2025-03-13T00:01:00+00:00"


def test_unknown_accounts_close_nothing() -> None:
    found = paths(told(stuffing(unread=(2,)).remove("database_log")))
    assert found["web.staff.policyholder"] == ("open", "accounts_unknown")


def test_an_injection_uses_the_route_and_the_role_behind_it() -> None:
    found = paths(told(injected()))
    assert found["web.legacy.lookup"] == ("used", "attacker_read_by_it")
    assert found["database.web"] == ("used", "injected_here")
    assert found["web.mypage"] == ("closed", "no_account_and_no_event")


def test_without_an_access_log_the_role_was_used_by_its_statements() -> None:
    found = paths(told(injected().remove("access_log")))
    assert found["database.web"] == ("used", "attacker_statements")
    assert found["web.mypage"] == ("open", "accounts_unknown")


def test_a_persons_decision_stands() -> None:
    decisions = deciding("backup", "closed", "the backup store's own log was checked")
    path = next(p for p in told(Events(), decisions).paths if p.id == "backup")
    assert (path.state, path.basis, path.decided_by) == ("closed", "the backup store's own log was checked", "analyst")


def test_nothing_is_closed_by_a_rule_before_anything_is_confirmed() -> None:
    assert {state for state, _ in paths(told(stuffing(), confirming())).values()} == {"open"}


def test_a_page_that_may_have_been_read_by_somebody_else_is_open() -> None:
    evidence = stuffing(read=(), unread=(1,))
    evidence.my_page(at(5), "203.0.113.77", "hand", 1)
    found = next(p for p in told(evidence, confirming(("address", ATTACKER))).paths if p.id == "web.mypage")
    assert (found.state, found.basis) == ("open", "perhaps_read_by_it")
    assert found.end is not None and found.end.isoformat() == "2025-03-15T00:00:00+00:00"


def test_a_hole_behind_the_last_act_that_is_seen_closes_nothing_and_witnesses_nothing() -> None:
    evidence = stuffing()
    for role in ("access_log", "database_log", "disclosure_ledger"):
        evidence.silence(role, at(5), at(8))
    investigation = told(evidence)
    assert (investigation.compromised_accounts_known, investigation.compromised_accounts_reason) == (
        False,
        "logins_not_covered",
    )
    found = paths(investigation)
    assert found["web.staff.policyholder"] == ("open", "accounts_unknown")
    assert found["database.direct"] == ("open", "undecided")
