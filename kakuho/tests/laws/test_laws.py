"""DESIGN's laws 1–5 on generated intrusions. Law 7 stands with the documents, law 6 with the formats."""

from __future__ import annotations

import random

import psycopg
from hypothesis import example, given
from hypothesis import strategies as st

from .answer import answer, by_verdict
from .world import SOURCES, World, actions, build, clinics, holders

WOMAN = {"name": "佐藤 花子", "gender": "female", "email": "a@example.jp", "policies": 1, "bank": True}
present = st.sets(st.sampled_from(SOURCES))


@given(holders, clinics, actions, present)
def test_1_nobody_is_missed(database: psycopg.Connection, people, bodies, acts, sources) -> None:
    world = build(database, people, bodies, acts)
    judgement = answer(world, database, sources)
    found = by_verdict(judgement, "confirmed") | by_verdict(judgement, "possible")
    assert world.truth - found == set()


@given(holders, clinics, actions, present)
@example([WOMAN], [], [("union", "email", " WHERE gender='male'"), ("change", 0)], set(SOURCES))
@example([WOMAN, WOMAN], [], [("direct", 1, "name", True, True), ("change", 1)], set(SOURCES))
@example([{**WOMAN, "email": None}, {**WOMAN, "email": ""}, WOMAN], [], [("union", "email", "")], set(SOURCES))
def test_2_what_is_confirmed_truly_left(database: psycopg.Connection, people, bodies, acts, sources) -> None:
    world = build(database, people, bodies, acts)
    assert by_verdict(answer(world, database, sources), "confirmed") - world.truth == set()


@given(holders, clinics, actions, present, st.sampled_from(SOURCES))
def test_3_less_evidence_never_moves_a_cell_toward_ruled_out(
    database: psycopg.Connection, people, bodies, acts, sources, lost
) -> None:
    world = build(database, people, bodies, acts)
    with_it = by_verdict(answer(world, database, sources | {lost}), "ruled_out")
    without = by_verdict(answer(world, database, sources - {lost}), "ruled_out")
    assert without <= with_it


@given(holders, clinics, actions, actions, present)
def test_4_more_claims_never_lower_a_verdict(database: psycopg.Connection, people, bodies, acts, more, sources) -> None:
    more = [act for act in more if act[0] not in ("change", "join_in")]
    fewer_claims = answer(build(database, people, bodies, acts), database, sources)
    more_claims = answer(build(database, people, bodies, acts + more), database, sources)
    assert by_verdict(fewer_claims, "confirmed") <= by_verdict(more_claims, "confirmed")
    assert by_verdict(more_claims, "ruled_out") <= by_verdict(fewer_claims, "ruled_out")


@given(holders, clinics, actions, present, st.randoms())
def test_5_order_and_repetition_change_nothing(
    database: psycopg.Connection, people, bodies, acts, sources, chance: random.Random
) -> None:
    world = build(database, people, bodies, acts)
    once = answer(world, database, sources)
    shuffled = _shuffled(world, chance)
    again = answer(shuffled, database, sources)
    assert again.verdicts.equals(once.verdicts)
    assert again.claims.claims.equals(once.claims.claims)


def _shuffled(world: World, chance: random.Random) -> World:
    for rows in (world.http, world.datastore, world.disclosure, world.attacker):
        rows.extend(chance.sample(rows, k=len(rows) // 2))
        chance.shuffle(rows)
    return world


def test_the_rows_of_a_session_past_the_application_are_confirmed_once_its_address_is(
    database: psycopg.Connection,
) -> None:
    def found(*, confirmed: bool, sources: set[str]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
        world = build(database, [WOMAN] * 3, [], [("direct", 2, "name", False, confirmed)])
        judgement = answer(world, database, sources)
        return by_verdict(judgement, "confirmed"), by_verdict(judgement, "possible")

    names = {("holder:2", "name"), ("holder:3", "name")}
    assert found(confirmed=True, sources=set(SOURCES)) == (names, set())
    assert found(confirmed=False, sources=set(SOURCES)) == (set(), names)
    assert found(confirmed=True, sources={"access_log"})[1] > names


def test_a_statement_that_the_intruders_request_makes_to_the_letter_is_his_however_it_was_attributed(
    database: psycopg.Connection,
) -> None:
    """Nothing is injected: the page was used as it was made, so the database's log alone does not tell whose it is."""
    world = build(database, [WOMAN], [], [("lookup", 0)])
    for row in world.attacker:
        row["certain"] = row["table"] != "datastore_activity"
    assert by_verdict(answer(world, database, set(SOURCES)), "confirmed") == {
        ("holder:1", "name"),
        ("holder:1", "policy_number"),
    }


def test_a_request_that_may_be_another_persons_confirms_nothing(database: psycopg.Connection) -> None:
    world = build(database, [WOMAN], [], [("lookup", 0)])
    for row in world.attacker:
        row["certain"] = False
    found = answer(world, database, set(SOURCES))
    assert by_verdict(found, "confirmed") == set()
    assert world.truth <= by_verdict(found, "possible")
