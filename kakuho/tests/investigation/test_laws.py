"""Order and repetition change nothing; less evidence never makes the possible accounts fewer."""

from __future__ import annotations

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from .world import ATTACKER, Events, at, confirming, investigated, told

HAND = "203.0.113.77"
acts = st.lists(
    st.tuples(
        st.sampled_from(["attacker", "hand", "owner", "lookup"]),
        st.integers(1, 6),
        st.booleans(),
        st.integers(0, 30),
    ),
    min_size=1,
    max_size=10,
)
CONFIRMED = confirming(("address", ATTACKER))


def lived(drawn: list[tuple[str, int, bool, int]]) -> Events:
    """Logins of attacker and owners, some read a page, some requests carry an injection; sometimes within seconds."""
    evidence = Events()
    evidence.cover(at(0), at(30))
    moment = at(3)
    evidence.login(moment, ATTACKER, 99, succeeds=False)
    for number, (who, account, reads, seconds) in enumerate(drawn):
        moment += timedelta(seconds=seconds)
        address = {"attacker": ATTACKER, "hand": HAND, "lookup": ATTACKER}.get(who, f"198.51.100.{account}")
        if who == "lookup":
            evidence.look_up(moment, address, "x' UNION SELECT login,password FROM account--" if reads else "P1")
            continue
        evidence.login(moment, address, account)
        if reads:
            evidence.my_page(moment + timedelta(seconds=2), address, f"session{number}", account)
    return evidence


@settings(max_examples=6, deadline=None)
@given(acts, st.randoms(use_true_random=False))
def test_order_and_repetition_of_events_change_nothing(drawn, order: random.Random) -> None:
    evidence = lived(drawn)
    one = investigated(evidence)
    other = investigated(evidence, order=order, repeat=True)
    assert one.investigation.as_json() == other.investigation.as_json()
    assert one.attacker_events.equals(other.attacker_events)


@settings(max_examples=8, deadline=None)
@given(acts, st.sampled_from(["access_log", "database_log", "disclosure_ledger"]))
def test_removing_a_source_never_makes_the_possible_accounts_fewer(drawn, lost: str) -> None:
    evidence = lived(drawn)
    full, less = told(evidence, CONFIRMED), told(evidence.remove(lost), CONFIRMED)
    if less.compromised_accounts_known:
        accounts = {one.account for one in less.compromised_accounts}
        assert full.compromised_accounts_known
        assert accounts >= {one.account for one in full.compromised_accounts}


@settings(max_examples=8, deadline=None)
@given(acts, st.sets(st.sampled_from(["access_log", "database_log", "disclosure_ledger"]), max_size=2))
def test_every_account_that_the_attacker_opened_is_compromised_or_they_are_unknown(drawn, lost: set[str]) -> None:
    evidence = lived(drawn)
    for role in sorted(lost):
        evidence = evidence.remove(role)
    found = told(evidence, CONFIRMED)
    opened = {f"account:{account}" for who, account, _, _ in drawn if who == "attacker"}
    assert not found.compromised_accounts_known or opened <= {one.account for one in found.compromised_accounts}
