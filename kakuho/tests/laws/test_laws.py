"""DESIGN's laws on generated intrusions: one world, what was done in it, what of the evidence was lost.

``make laws`` tries ten thousand. What the search found once stays as an ``@example``. Each law was seen to catch a
fault put into the code; which, stands in ``docs/dev/laws.md``. Law 6 has a file of its own.
"""

from __future__ import annotations

import random

import psycopg
from hypothesis import example, given, settings
from hypothesis import strategies as st

from .whole.answer import answer, by_verdict
from .whole.counted import counted, told
from .whole.deeds import actions, build, clinics, holders
from .whole.handing_over import WAYS, handed_over
from .whole.losing import loss, losses, tellable
from .whole.world import SOURCES

ALL = settings.default.max_examples
WOMAN = {"name": "佐藤 花子", "gender": "female", "email": "a@example.jp", "policies": 1, "bank": True}


def share(tenths: int) -> settings:
    """Of the profile's number of intrusions, so many tenths: what needs one judgement is tried more often."""
    return settings(max_examples=max(4, ALL * tenths // 10))


@share(3)
@given(holders, clinics, actions, losses, st.booleans())
def test_1_nobody_is_missed(database: psycopg.Connection, people, bodies, acts, lost, undecided) -> None:
    world = build(database, people, bodies, tellable(acts, lost))
    judgement = answer(world, lost, undecided=undecided)
    found = by_verdict(judgement, "confirmed") | by_verdict(judgement, "possible")
    assert world.truth - found == set()


@share(3)
@given(holders, clinics, actions, losses, st.booleans())
@example([WOMAN], [], [("union", "email", " WHERE gender='male'"), ("change", 0)], [], False)
@example([WOMAN, WOMAN], [], [("direct", 1, "name", True, True), ("change", 1)], [], False)
@example([{**WOMAN, "email": None}, {**WOMAN, "email": ""}, WOMAN], [], [("union", "email", "")], [], False)
def test_2_what_is_confirmed_truly_left(database: psycopg.Connection, people, bodies, acts, lost, undecided) -> None:
    world = build(database, people, bodies, acts)
    assert by_verdict(answer(world, lost, undecided=undecided), "confirmed") - world.truth == set()


@share(1)
@given(holders, clinics, actions, losses, loss)
def test_3_less_evidence_never_moves_a_cell_toward_ruled_out(
    database: psycopg.Connection, people, bodies, acts, lost, one_more
) -> None:
    world = build(database, people, bodies, tellable(acts, [*lost, one_more]))
    with_it = by_verdict(answer(world, lost), "ruled_out")
    without = by_verdict(answer(world, [*lost, one_more]), "ruled_out")
    assert without <= with_it


@share(1)
@given(holders, clinics, actions, actions, losses)
def test_4_more_claims_never_lower_a_verdict(database: psycopg.Connection, people, bodies, acts, more, lost) -> None:
    """Not where nothing tells the intruder apart: the first act that does is no claim more, but what delimits him."""
    more = [act for act in more if act[0] not in ("change", "join_in")]
    fewer_claims = answer(build(database, people, bodies, acts), lost)
    if "undelimited" in fewer_claims.verdicts["reason_id"].to_pylist():
        return
    more_claims = answer(build(database, people, bodies, acts + more), lost)
    assert by_verdict(fewer_claims, "confirmed") <= by_verdict(more_claims, "confirmed")
    assert by_verdict(more_claims, "ruled_out") <= by_verdict(fewer_claims, "ruled_out")


@share(1)
@given(holders, clinics, actions, losses, st.sampled_from(WAYS), st.randoms(use_true_random=False))
def test_5_order_repetition_and_division_change_nothing(
    database: psycopg.Connection, people, bodies, acts, lost, way, chance: random.Random
) -> None:
    """A file shuffled, with lines twice, handed over twice, in two parts."""
    world = build(database, people, bodies, acts)
    assert handed_over(world, lost, way, chance).verdicts.equals(answer(world, lost).verdicts)


@share(1)
@given(holders, clinics, actions, losses, st.randoms(use_true_random=False))
def test_7_every_number_is_counted_off_one_assessment_and_comes_out_the_same(
    database: psycopg.Connection, people, bodies, acts, lost, chance: random.Random
) -> None:
    """The bytes of ``facts.json``'s facts, from the evidence in another order; their values beside a plain count."""
    world = build(database, people, bodies, acts)
    judgement = answer(world, lost)
    assert told(handed_over(world, lost, "shuffled", chance)) == told(judgement)
    assert counted(judgement) == {}


def test_the_rows_of_a_session_past_the_application_are_confirmed_once_its_address_is(
    database: psycopg.Connection,
) -> None:
    def found(*, confirmed: bool, lost: list[tuple[str, str, int, int]]) -> tuple[set[tuple[str, str]], ...]:
        acts = [("broken",), ("direct", 2, "name", False, confirmed)]
        judgement = answer(build(database, [WOMAN] * 3, [], acts), lost)
        return by_verdict(judgement, "confirmed"), by_verdict(judgement, "possible")

    names = {("holder:2", "name"), ("holder:3", "name")}
    assert found(confirmed=True, lost=[]) == (names, set())
    assert found(confirmed=False, lost=[]) == (set(), names)
    assert found(confirmed=True, lost=[("database_log", "gone", 0, 1)])[1] > names


def test_a_statement_that_the_intruders_request_makes_to_the_letter_is_his_however_it_was_attributed(
    database: psycopg.Connection,
) -> None:
    """Nothing is injected: the page was used as it was made, so the database's log alone does not tell whose it is."""
    world = build(database, [WOMAN], [], [("lookup", 0)])
    assert by_verdict(answer(world), "confirmed") == {("holder:1", "name"), ("holder:1", "policy_number")}


def test_what_can_be_done_leads_to_all_six_methods(database: psycopg.Connection) -> None:
    acts = [("profile", 0, False), ("lookup", 0), ("direct", 1, "name", False, True), ("dump", True), ("host",)]
    world, silent = build(database, [WOMAN] * 2, [], acts), [("database_log", "gone", 0, 1)]
    untold = [("disclosure_ledger", "gone", 0, 1)]
    claims = [answer(world, lost).claims for lost in ([], silent, untold)]
    methods = {method for one in claims for table in (one.claims, one.sets) for method in table["method"].to_pylist()}
    assert methods == {"ledger", "route", "replay", "injection", "export", "reach"}


def test_nothing_is_certain_of_sources_that_are_gone(database: psycopg.Connection) -> None:
    world = build(database, [WOMAN], [], [("lookup", 0), ("profile", 0, False)])
    found = answer(world, [(source, "gone", 0, 1) for source in SOURCES])
    assert by_verdict(found, "confirmed") == set()
    assert world.truth <= by_verdict(found, "possible")
