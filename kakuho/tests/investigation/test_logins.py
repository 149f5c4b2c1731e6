"""Which accounts the attacker's successful logins opened, by the ledger, by the database log, or unknown."""

from __future__ import annotations

import pytest

from .world import ATTACKER, at, attributed, confirming, investigated, stuffing, told


def accounts(evidence) -> list[tuple[str, str]]:
    return [(one.account, one.basis) for one in told(evidence).compromised_accounts]


def test_an_account_that_was_opened_but_never_read_is_told_by_the_database_log() -> None:
    evidence = stuffing(read=(1,), unread=(2,))
    assert accounts(evidence) == [
        ("account:1", "session_from_confirmed_address"),
        ("account:2", "login_overlaps_in_time"),
    ]
    assert told(evidence).compromised_accounts_known is True


def test_without_a_ledger_the_database_log_tells_the_accounts_at_most() -> None:
    evidence = stuffing(read=(1, 2))
    evidence.login(at(3, minutes=1, seconds=1), "198.51.100.7", 7)
    evidence.login(at(3, minutes=30), "198.51.100.8", 8)
    found = told(evidence.remove("disclosure_ledger"))
    assert [(one.account, one.subject) for one in found.compromised_accounts] == [
        ("account:1", "policyholder:1"),
        ("account:2", "policyholder:2"),
        ("account:7", "policyholder:7"),
    ]
    assert found.compromised_accounts_known is True


def test_a_last_login_with_parameters_is_read_too() -> None:
    evidence = stuffing(read=())
    evidence.request(at(3, minutes=5), ATTACKER, "/login/", method="POST", status=302)
    evidence.statement(
        at(3, minutes=5), 'UPDATE "account" SET "last_login" = $1 WHERE "account"."id" = $2', parameters=["2025", "42"]
    )
    assert accounts(evidence) == [("account:42", "login_overlaps_in_time")]


def test_an_account_that_a_person_confirms_needs_no_ledger() -> None:
    evidence = stuffing(read=()).remove("disclosure_ledger")
    evidence.login(at(4), "198.51.100.7", 7)
    found = told(evidence, confirming(("account", "account:7")))
    assert [(one.account, one.basis, one.subject) for one in found.compromised_accounts] == [
        ("account:7", "account_confirmed", "policyholder:7")
    ]


def test_failed_logins_open_nothing() -> None:
    found = told(stuffing(read=()))
    assert found.compromised_accounts == ()
    assert (found.compromised_accounts_known, found.compromised_accounts_reason) == (True, "no_login_succeeded")


def test_a_login_that_no_source_can_tell_leaves_the_accounts_unknown() -> None:
    evidence = stuffing(read=(1,), unread=(2,)).remove("database_log")
    found = told(evidence)
    assert [one.account for one in found.compromised_accounts] == ["account:1"]
    assert (found.compromised_accounts_known, found.compromised_accounts_reason) == (False, "login_without_account")


def test_then_any_use_of_an_account_of_that_kind_may_be_the_intruders() -> None:
    evidence = stuffing(read=(1,), unread=(2,)).remove("database_log")
    evidence.my_page(at(2), "198.51.100.8", "earlier", 8)
    evidence.my_page(at(5), "198.51.100.2", "hand", 2)
    evidence.disclosure(at(5), "192.0.2.1", "desk", 9001, [3], kind="staff", route="/staff/policyholders/{key}/")
    found = attributed(investigated(evidence), "disclosure")
    lines = {row["session"]: row["line"] for row in evidence.rows["disclosure"]}
    assert found == {lines["stolen1"]: (True, "confirmed_address"), lines["hand"]: (False, "account_unknown")}
    requests = attributed(investigated(evidence), "http_activity")
    assert [why for why in requests.values() if not why[0]] == [(False, "account_unknown")]


def test_which_kind_of_account_it_may_be_is_learnt_from_what_follows_a_login_there() -> None:
    evidence = stuffing(read=(), unread=(2,))
    evidence.login(at(2), "198.51.100.8", 8)
    evidence.request(at(2, minutes=1), "198.51.100.8", "/mypage/profile/")
    evidence.request(at(5), "203.0.113.77", "/mypage/profile/")
    evidence.request(at(5), "192.0.2.1", "/staff/policyholders/7/")
    last = evidence.rows["http_activity"][-2]["line"]
    found = attributed(investigated(evidence.remove("database_log").remove("disclosure_ledger")), "http_activity")
    assert {line for line, (_, why) in found.items() if why == "account_unknown"} == {last}


def test_a_database_log_with_a_gap_at_the_login_does_not_tell() -> None:
    evidence = stuffing(read=(), unread=(2,))
    evidence.silence("database_log", at(3), at(3, hours=1))
    assert told(evidence).compromised_accounts_reason == "login_without_account"


def test_an_account_whose_owner_nobody_knows_leaves_the_accounts_unknown() -> None:
    found = told(stuffing(read=(), unread=(2,)).remove("disclosure_ledger"), parties=lambda _: {})
    assert [(one.account, one.subject) for one in found.compromised_accounts] == [("account:2", None)]
    assert (found.compromised_accounts_known, found.compromised_accounts_reason) == (False, "account_without_party")


def test_pages_behind_the_login_without_a_login_on_record_leave_them_unknown() -> None:
    evidence = stuffing(read=()).remove("disclosure_ledger")
    evidence.request(at(3, minutes=4), ATTACKER, "/mypage/profile/")
    assert told(evidence).compromised_accounts_reason == "session_without_login"


def test_without_an_access_log_over_the_whole_time_a_login_may_be_missing() -> None:
    evidence = stuffing(read=(1,))
    evidence.rows["coverage"] = [row for row in evidence.rows["coverage"] if row["role"] != "access_log"]
    evidence.cover(at(3, minutes=1), at(10), "access_log")
    assert told(evidence).compromised_accounts_reason == "logins_not_covered"


def test_one_session_cannot_tell_two_logins() -> None:
    """A first login that read nothing, a second whose page came: the session may belong to either."""
    evidence = stuffing(read=(), unread=(5,))
    evidence.login(at(3, minutes=2), ATTACKER, 6)
    evidence.my_page(at(3, minutes=2, seconds=30), ATTACKER, "one", 5)
    assert [one[0] for one in accounts(evidence)] == ["account:5", "account:6"]


@pytest.mark.parametrize("lost", ["disclosure_ledger", "database_log"])
def test_a_login_by_hand_from_elsewhere_is_found_by_either_source(lost: str) -> None:
    evidence = stuffing(read=(1,))
    evidence.login(at(5), "203.0.113.77", 1)
    evidence.my_page(at(5, seconds=5), "203.0.113.77", "hand", 1)
    line = evidence.rows["http_activity"][-1]["line"]
    found = attributed(investigated(evidence.remove(lost)), "http_activity")
    assert found[line] == (False, "owner_or_intruder")
