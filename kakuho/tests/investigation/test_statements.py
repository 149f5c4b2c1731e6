"""Which database statements are the attacker's."""

from __future__ import annotations

from .world import ATTACKER, LOOKUP, Events, at, attributed, confirming, investigated

UNION = "x' UNION ALL SELECT NULL,login FROM account-- -"


def injected() -> Events:
    evidence = Events()
    evidence.cover(at(0), at(10))
    for second in range(3):
        evidence.look_up(at(3, minutes=second), ATTACKER, UNION)
    return evidence


def test_a_statement_that_holds_the_injected_value_is_certain() -> None:
    evidence = injected()
    evidence.statement(at(3, seconds=1), 'SELECT "session"."data" FROM "session"')
    evidence.statement(at(3, hours=1), 'SELECT "session"."data" FROM "session"')
    found = attributed(investigated(evidence, confirming(("address", ATTACKER))), "datastore_activity")
    assert found == {
        1: (True, "holds_injected_value"),
        2: (True, "holds_injected_value"),
        3: (True, "holds_injected_value"),
        4: (False, "overlaps_injected_request"),
    }


def test_the_value_is_found_as_a_parameter_and_as_a_quoted_literal_too() -> None:
    evidence = injected()
    evidence.statement(at(3), "SELECT name FROM policyholder WHERE kana = $1", parameters=[UNION])
    evidence.statement(at(3), "SELECT name FROM policyholder WHERE kana = '" + UNION.replace("'", "''") + "'")
    found = attributed(investigated(evidence, confirming(("address", ATTACKER))), "datastore_activity")
    assert found[4] == found[5] == (True, "holds_injected_value")


def test_the_same_text_outside_the_requests_time_needs_its_shape_confirmed() -> None:
    evidence = injected()
    evidence.statement(at(6), LOOKUP.replace("{no}", UNION))
    by_address = attributed(investigated(evidence, confirming(("address", ATTACKER))), "datastore_activity")
    assert 4 not in by_address
    assert attributed(investigated(evidence), "datastore_activity")[4] == (True, "injection_syntax")


def test_without_an_access_log_the_statement_speaks_for_itself() -> None:
    result = investigated(injected().remove("access_log"))
    assert attributed(result, "datastore_activity") == dict.fromkeys((1, 2, 3), (True, "injection_syntax"))
    assert result.investigation.delimited is True
    assert result.investigation.compromised_accounts_reason == "address_unknown"


def test_another_roles_statements_at_that_time_are_not_the_webs() -> None:
    evidence = injected()
    evidence.statement(at(3, seconds=1), "SELECT count(*) FROM policy", role="batch")
    assert 4 not in attributed(investigated(evidence), "datastore_activity")


def test_a_slow_request_reaches_back_by_its_duration() -> None:
    evidence = injected()
    evidence.request(at(4, seconds=40), ATTACKER, "/legacy/policy-status", "no=P1", duration_us=30_000_000)
    evidence.statement(at(4, seconds=9), "SELECT 1 AS early")
    evidence.statement(at(4, seconds=7), "SELECT 1 AS too_early")
    found = attributed(investigated(evidence), "datastore_activity")
    assert (found.get(4), found.get(5)) == ((False, "overlaps_attacker_request"), None)


def test_requests_that_a_complete_ledger_tells_exactly_draw_no_statements_in() -> None:
    evidence = injected()
    evidence.request(at(5), ATTACKER, "/staff/policyholders/7/")
    evidence.statement(at(5), "SELECT name FROM policyholder WHERE id = 7")
    assert 4 not in attributed(investigated(evidence), "datastore_activity")
    without = attributed(investigated(evidence.remove("disclosure_ledger")), "datastore_activity")
    assert without[4] == (False, "overlaps_attacker_request")


def test_a_connection_of_the_attackers_own_is_certain() -> None:
    evidence = injected()
    evidence.statement(at(5), "SELECT * FROM policyholder", role="batch")
    evidence.rows["datastore_activity"][-1]["src_ip"] = ATTACKER
    result = investigated(evidence)
    assert attributed(result, "datastore_activity")[4] == (True, "direct_connection")
    assert {p.id: p.state for p in result.investigation.paths}["database.direct"] == "used"
