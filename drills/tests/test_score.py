"""The score is set arithmetic: worked out here by hand."""

from pathlib import Path

import duckdb

from drills.score import compare, read_verdicts

NAME, PHONE, BANK = "name", "phone", "bank_account"


def test_a_perfect_answer() -> None:
    truth = {("policyholder:1", NAME), ("policyholder:1", PHONE)}
    score = compare(truth, confirmed=truth, possible=set())
    assert score.passed
    assert (score.missed_persons, score.missed_cells) == (0, 0)
    assert (score.precision_confirmed, score.precision_possible) == (1.0, 1.0)


def test_an_answer_that_is_only_wide_misses_nobody() -> None:
    truth = {("policyholder:1", NAME)}
    possible = {
        ("policyholder:1", NAME),
        ("policyholder:1", PHONE),
        ("policyholder:2", NAME),
        ("policyholder:2", PHONE),
    }
    score = compare(truth, confirmed=set(), possible=possible)
    assert score.passed
    assert score.precision_possible == 0.25


def test_a_missed_item_of_a_known_person_misses_a_cell_but_no_person() -> None:
    score = compare({("quote:5", NAME), ("quote:5", PHONE)}, confirmed={("quote:5", NAME)}, possible=set())
    assert not score.passed
    assert (score.missed_persons, score.missed_cells) == (0, 1)


def test_a_missed_person() -> None:
    score = compare({("quote:5", NAME), ("quote:6", NAME)}, confirmed=set(), possible={("quote:5", NAME)})
    assert (score.missed_persons, score.missed_cells) == (1, 1)


def test_what_is_confirmed_without_having_left() -> None:
    truth = {("clinic:1", NAME)}
    confirmed = {("clinic:1", NAME), ("clinic:1", BANK), ("clinic:2", NAME)}
    score = compare(truth, confirmed, possible=set())
    assert not score.passed
    assert (score.wrong_confirmed_persons, score.wrong_confirmed_cells) == (1, 2)
    assert score.precision_confirmed == 0.333333


def test_verdicts_are_read_from_the_assessment(tmp_path: Path) -> None:
    file = tmp_path / "verdicts.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT * FROM (VALUES"
            " ('agency', 'name', 'confirmed', [{'first': 1, 'last': 2}, {'first': 4, 'last': 4}], []::VARCHAR[]),"
            " ('agency', 'address', 'possible', [], ['T-01']),"
            " ('clinic', 'name', 'ruled_out', [{'first': 2, 'last': 2}], []))"
            f" t(collection, item, verdict, runs, keys)) TO '{file}' (FORMAT parquet)"
        )
    assert read_verdicts(file) == {
        "confirmed": {("agency:1", "name"), ("agency:2", "name"), ("agency:4", "name")},
        "possible": {("agency:T-01", "address")},
        "ruled_out": {("clinic:2", "name")},
    }
