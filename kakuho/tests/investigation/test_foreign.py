"""Database connections from where the application does not connect from."""

from __future__ import annotations

from .world import ATTACKER, INVENTORY, Events, at, attributed, confirming, investigated, paths

APPLICATION = "10.0.0.5"
ELSEWHERE = "198.51.100.77"
WITH_ADDRESSES = INVENTORY.model_copy(
    update={
        "access_paths": tuple(
            p.model_copy(update={"application_from": ("local", APPLICATION)}) if p.id == "database.direct" else p
            for p in INVENTORY.access_paths
        )
    }
)


def _connections(*addresses: str | None) -> Events:
    """One statement from each address, on one day after another, beside a confirmed intruder on the web."""
    evidence = Events()
    evidence.cover(at(0), at(10))
    evidence.request(at(2), ATTACKER, "/")
    for day, address in enumerate(addresses, 3):
        evidence.statement(at(day), "SELECT * FROM policyholder")
        evidence.rows["datastore_activity"][-1]["src_ip"] = address
    return evidence


def _attributed(evidence: Events, *confirmed: str, dismissed: str | None = None, inventory: object = WITH_ADDRESSES):
    known = confirming(
        *(("address", one) for one in (ATTACKER, *confirmed)),
        dismissed=[("address", dismissed)] if dismissed else [],
    )
    return investigated(evidence, known, inventory=inventory)


def test_a_connection_from_elsewhere_may_be_the_attackers() -> None:
    result = _attributed(_connections("[local]", APPLICATION, ELSEWHERE))
    assert attributed(result, "datastore_activity") == {3: (False, "foreign_connection")}
    proposed = [(i.value, i.basis) for i in result.investigation.indicators if i.state == "proposed"]
    assert proposed == [(ELSEWHERE, "foreign_connection")]


def test_with_its_address_confirmed_it_is() -> None:
    result = _attributed(_connections("[local]", ELSEWHERE), ELSEWHERE)
    assert attributed(result, "datastore_activity") == {2: (True, "direct_connection")}
    assert paths(result.investigation)["database.direct"] == ("used", "attacker_statements")


def test_with_its_address_dismissed_it_is_not() -> None:
    assert attributed(_attributed(_connections(ELSEWHERE), dismissed=ELSEWHERE), "datastore_activity") == {}


def test_what_a_client_calls_itself_changes_nothing() -> None:
    evidence = _connections(ELSEWHERE)
    evidence.rows["datastore_activity"][-1]["application"] = "pg_dump"
    assert attributed(_attributed(evidence), "datastore_activity") == {1: (False, "foreign_connection")}


def test_the_log_witnesses_an_open_path_once_it_is_said_where_the_application_connects_from() -> None:
    evidence = _connections("[local]")
    assert paths(_attributed(evidence).investigation)["database.direct"] == ("open", "open_and_witnessed")
    silent = _attributed(evidence, inventory=INVENTORY).investigation
    assert paths(silent)["database.direct"] == ("open", "undecided")


def test_a_log_with_a_statement_without_an_address_tells_nothing() -> None:
    result = _attributed(_connections("[local]", None, ELSEWHERE))
    assert attributed(result, "datastore_activity") == {}
    assert paths(result.investigation)["database.direct"] == ("open", "undecided")


def test_a_log_that_leaves_queries_out_tells_nothing() -> None:
    evidence = _connections("[local]", ELSEWHERE)
    for row in evidence.rows["datastore_activity"]:
        row["statement"] = "UPDATE account SET last_login = $1"
    assert attributed(_attributed(evidence), "datastore_activity") == {}
    assert paths(_attributed(evidence).investigation)["database.direct"] == ("open", "undecided")
