"""From a confirmed address to sessions, accounts and further addresses, by the disclosure ledger."""

from __future__ import annotations

from .world import ATTACKER, Events, at, attributed, confirming, investigated, stuffing, told


def test_nothing_confirmed_means_nothing_delimited() -> None:
    found = told(stuffing(), confirming())
    assert found.delimited is False
    assert [(one.type, one.value, one.state, one.severity) for one in found.indicators] == [
        ("address", ATTACKER, "proposed", "high")
    ]
    assert found.as_json()["window"] is None
    assert found.compromised_accounts == ()
    assert (found.compromised_accounts_known, found.compromised_accounts_reason) == (False, "not_delimited")


def test_the_accounts_of_sessions_from_a_confirmed_address_are_compromised_since_the_first_event() -> None:
    found = told(stuffing(read=(1, 2)))
    assert [(one.account, one.subject, one.kind, one.basis) for one in found.compromised_accounts] == [
        ("account:1", "policyholder:1", "policyholder", "session_from_confirmed_address"),
        ("account:2", "policyholder:2", "policyholder", "session_from_confirmed_address"),
    ]
    assert found.compromised_accounts[0].since.isoformat() == "2025-03-13T00:01:05+00:00"
    assert (found.compromised_accounts_known, found.compromised_accounts_reason) == (True, "accounts_known")


def test_later_use_of_a_compromised_account_may_be_the_owners_or_the_intruders() -> None:
    evidence = stuffing(read=(1,))
    evidence.my_page(at(1), "198.51.100.1", "before", 1)
    evidence.my_page(at(5), "198.51.100.1", "after", 1)
    evidence.my_page(at(5), "198.51.100.9", "somebody-else", 9)
    lines = {row["session"]: row["line"] for row in evidence.rows["disclosure"]}
    found = attributed(investigated(evidence), "disclosure")
    assert found == {lines["stolen1"]: (True, "confirmed_address"), lines["after"]: (False, "owner_or_intruder")}


def test_an_address_on_two_compromised_accounts_that_is_no_owners_is_proposed() -> None:
    evidence = stuffing(read=(1, 2))
    for account in (1, 2):
        evidence.my_page(at(5, minutes=account), "203.0.113.77", f"hand{account}", account)
        evidence.my_page(at(1), "198.51.100.5", f"home{account}", account)
        evidence.my_page(at(6), "198.51.100.5", f"later{account}", account)
    evidence.my_page(at(6), "203.0.113.88", "one-only", 1)
    proposed = [one for one in told(evidence).indicators if one.state == "proposed"]
    assert [(one.value, one.basis) for one in proposed] == [("203.0.113.77", "on_several_compromised_accounts")]


def test_an_attackers_own_session_elsewhere_is_certain_and_its_address_suspected() -> None:
    evidence = stuffing(read=(1,))
    evidence.my_page(at(3, hours=2), "203.0.113.77", "stolen1", 1)
    evidence.my_page(at(4), "203.0.113.77", "another", 7)
    lines = {(row["session"], row["src_ip"]): row["line"] for row in evidence.rows["disclosure"]}
    result = investigated(evidence)
    found = attributed(result, "disclosure")
    assert found[lines["stolen1", "203.0.113.77"]] == (True, "attacker_session")
    assert found[lines["another", "203.0.113.77"]] == (False, "suspected_address")
    assert [one.account for one in result.investigation.compromised_accounts] == ["account:1"]
    assert {(one.type, one.value, one.basis) for one in result.investigation.indicators if one.state == "proposed"} == {
        ("address", "203.0.113.77", "shares_attacker_session"),
        ("account", "account:7", "account_at_suspected_address"),
    }


def test_suspicion_follows_the_sessions_to_a_fixpoint() -> None:
    evidence = stuffing(read=(1,))
    evidence.my_page(at(4), "203.0.113.77", "stolen1", 1)
    evidence.my_page(at(4, hours=1), "203.0.113.77", "second", 7)
    evidence.my_page(at(4, hours=2), "203.0.113.78", "second", 7)
    suspected = [one.value for one in told(evidence).indicators if one.basis == "shares_attacker_session"]
    assert suspected == ["203.0.113.77", "203.0.113.78"]


def test_a_session_that_its_owner_opened_stays_undecided_where_the_owner_is() -> None:
    evidence = stuffing(read=())
    evidence.my_page(at(2), "198.51.100.5", "cookie", 5)
    evidence.my_page(at(3, hours=1), ATTACKER, "cookie", 5)
    evidence.my_page(at(3, hours=2), "198.51.100.5", "cookie", 5)
    assert attributed(investigated(evidence), "disclosure") == {
        2: (True, "confirmed_address"),
        3: (False, "shared_session"),
    }


def test_a_dismissed_address_is_nobodys() -> None:
    evidence = stuffing(read=(1,))
    evidence.my_page(at(4), "203.0.113.77", "stolen1", 1)
    decisions = confirming(("address", ATTACKER), dismissed=[("address", "203.0.113.77")])
    states = {one.value: (one.state, one.basis, one.decided_by) for one in told(evidence, decisions).indicators}
    assert states == {ATTACKER: ("confirmed", "seen", "analyst"), "203.0.113.77": ("dismissed", "ours", "analyst")}


def test_what_an_account_was_shown_at_its_owners_own_address_is_the_owners_once_the_owner_was_asked() -> None:
    evidence = stuffing(read=(1,))
    evidence.my_page(at(4), "198.51.100.5", "of the owner", 1)
    asked = confirming(("address", ATTACKER), dismissed=[("address", "198.51.100.5")])
    undecided = attributed(investigated(evidence, confirming(("address", ATTACKER))), "disclosure")
    assert (False, "owner_or_intruder") in undecided.values()
    assert set(attributed(investigated(evidence, asked), "disclosure").values()) == {(True, "confirmed_address")}


def test_a_confirmed_user_agent_finds_its_requests_at_other_addresses() -> None:
    evidence = Events()
    evidence.cover(at(0), at(10))
    evidence.request(at(3), "203.0.113.1", "/legacy/policy-status", "no=1", agent="sqlmap/1.9")
    evidence.request(at(4), "203.0.113.2", "/legacy/policy-status", "no=2", agent="sqlmap/1.9")
    evidence.request(at(4), "203.0.113.3", "/legacy/policy-status", "no=2")
    result = investigated(evidence, confirming(("user_agent", "sqlmap/1.9")))
    assert attributed(result, "http_activity") == {1: (True, "confirmed_user_agent"), 2: (True, "confirmed_user_agent")}


def test_behind_a_hole_in_the_ledger_a_session_may_be_its_owners_though_the_attacker_is_seen_in_it_first() -> None:
    evidence = stuffing(read=())
    evidence.silence("disclosure_ledger", at(4), at(6))  # in which the owner opened the session
    evidence.my_page(at(7), ATTACKER, "cookie", 5)
    evidence.my_page(at(8), "198.51.100.5", "cookie", 5)
    mine, owners = (row["line"] for row in evidence.rows["disclosure"])
    assert attributed(investigated(evidence), "disclosure") == {
        mine: (True, "confirmed_address"),
        owners: (False, "suspected_address"),
    }
