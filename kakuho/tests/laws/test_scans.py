"""Laws 1, 2 and 5 on generated blind scans, of which the values are decoded from the access log."""

from __future__ import annotations

import random

import psycopg
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from .answer import answer, by_verdict
from .scans import Act, plan, population, scanned, with_holes

WOMAN = {"name": "佐藤 花子", "gender": "female", "email": "a@example.jp", "policies": 1, "bank": False}
MAN = {"name": "鈴木 一郎", "gender": "male", "email": "b@example.com", "policies": 1, "bank": False}
BY_PLACE = "ORDER BY id OFFSET {place} LIMIT 1"
BY_KEY = "WHERE id={key}"
ACCESS, BOTH = {"access_log"}, {"access_log", "database_log"}
generated = settings(phases=(Phase.explicit, Phase.generate))
"""A world follows from its number, so there is nothing to shrink."""


@generated
@given(st.integers(0, 1 << 40), st.booleans(), st.booleans(), st.sampled_from([ACCESS, BOTH]))
def test_nobody_of_whom_answers_told_is_missed(database: psycopg.Connection, number, known, certain, sources) -> None:
    chance = random.Random(number)
    found = scanned(database, population(chance), plan(chance), known=known, certain=certain)
    judgement = answer(found.world, database, sources)
    affected = by_verdict(judgement, "confirmed") | by_verdict(judgement, "possible")
    assert found.left - affected == set()


@generated
@given(st.integers(0, 1 << 40), st.booleans(), st.booleans(), st.sampled_from([ACCESS, BOTH]))
def test_what_the_decoder_confirms_truly_left(database: psycopg.Connection, number, known, certain, sources) -> None:
    chance = random.Random(number)
    found = scanned(database, population(chance), plan(chance), known=known, certain=certain)
    with_holes(found.world, chance, chance.choice([0.0, 0.0, 0.1, 0.5]))
    confirmed = by_verdict(answer(found.world, database, sources), "confirmed")
    assert confirmed - found.left - found.beside == set()
    assert certain or not confirmed


@pytest.mark.parametrize(
    ("people", "acts", "sources", "confirmed"),
    [
        pytest.param([WOMAN, MAN], [("row", "email", BY_PLACE, 1, True)], ACCESS, {"holder:2"}, id="beside its key"),
        pytest.param([WOMAN, WOMAN], [("scan", "email", BY_KEY, 1, True)], ACCESS, {"holder:2"}, id="by its key"),
        pytest.param([WOMAN, MAN], [("scan", "email", BY_PLACE, 1, True)], BOTH, {"holder:2"}, id="nobody else's"),
        pytest.param([WOMAN, MAN], [("scan", "email", BY_PLACE, 1, True)], ACCESS, set(), id="others may be gone"),
        pytest.param([WOMAN, WOMAN], [("scan", "email", BY_PLACE, 1, True)], BOTH, set(), id="two hold it"),
        pytest.param([WOMAN, MAN], [("scan", "email", BY_KEY, 0, True), ("email", 0, "c@example.jp")], ACCESS, set(),
                     id="changed since"),
        pytest.param([MAN, MAN, WOMAN], [("scan", "email", BY_PLACE, 0, True), ("gone", 1)], BOTH, set(),
                     id="one of them is gone"),
        pytest.param([MAN, {**WOMAN, "email": ""}], [("scan", "email", BY_PLACE, 3, True)], BOTH, set(),
                     id="no such row"),
        pytest.param([WOMAN, MAN], [("scan", "LENGTH(email)", BY_KEY, 1, True)], ACCESS, set(), id="a length"),
    ],
)  # fmt: skip
def test_a_value_is_confirmed_where_its_row_is_told(
    database: psycopg.Connection, people: list[dict[str, object]], acts: list[Act], sources: set[str], confirmed
) -> None:
    found = scanned(database, people, acts, known=False, certain=True)
    judgement = answer(found.world, database, sources)
    assert by_verdict(judgement, "confirmed") == {(subject, "email") for subject in confirmed}
    assert found.left <= by_verdict(judgement, "confirmed") | by_verdict(judgement, "possible")


def test_a_value_that_several_hold_is_possible_for_each_of_them_and_for_nobody_else(
    database: psycopg.Connection,
) -> None:
    found = scanned(database, [WOMAN, MAN, WOMAN], [("scan", "email", BY_PLACE, 2, True)], known=False, certain=True)
    assert by_verdict(answer(found.world, database, BOTH), "possible") == {("holder:1", "email"), ("holder:3", "email")}


def test_a_claim_cites_the_lines_of_every_question_that_it_rests_on(database: psycopg.Connection) -> None:
    found = scanned(database, [WOMAN, MAN], [("row", "email", BY_PLACE, 1, True)], known=False, certain=True)
    claims = answer(found.world, database, ACCESS).claims
    claim = next(row["claim_id"] for row in claims.claims.to_pylist() if row["certainty"] == "confirmed")
    cited = {row["line"] for row in claims.events.to_pylist() if row["claim_id"] == claim}
    assert cited == set(range(1, len(found.world.http) + 1))


def test_order_and_repetition_of_the_requests_change_nothing(database: psycopg.Connection) -> None:
    found = scanned(database, [WOMAN, MAN], [("row", "email", BY_PLACE, 1, True)], known=False, certain=True)
    once = answer(found.world, database, ACCESS)
    chance = random.Random(7)
    for rows in (found.world.http, found.world.attacker):
        rows.extend(chance.sample(rows, k=len(rows) // 2))
        chance.shuffle(rows)
    again = answer(found.world, database, ACCESS)
    assert again.verdicts.equals(once.verdicts)
    assert again.claims.events.equals(once.claims.events)
