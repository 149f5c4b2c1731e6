"""Liability cases stand on policies with the rider; nobody is injured by the own dog; histories are complete."""

import re
from collections import Counter
from datetime import timedelta


def test_cases_lie_within_policies_on_dogs_with_the_rider(rows):
    policies = {row["id"]: row for row in rows("policy")}
    for case in rows("liability_case"):
        policy = policies[case["policy_id"]]
        assert policy["liability_rider"]
        assert policy["starts_on"] <= case["occurred_on"] < policy["ends_on"]


def test_nobody_is_injured_by_the_own_dog(population, rows):
    policies = {row["id"]: row for row in rows("policy")}
    cases = {row["id"]: row for row in rows("liability_case")}
    holders = population.cast.policyholder.person
    for row, person in zip(rows("injured_third_party"), population.cast.injured_third_party, strict=True):
        assert holders[policies[cases[row["case_id"]]["policy_id"]]["policyholder_id"] - 1] != person


def test_every_injured_third_party_has_several_notes_and_some_claims_have_one(rows):
    notes = Counter(row["injured_third_party_id"] for row in rows("negotiation_entry"))
    about_claims = notes.pop(None)
    assert set(notes) == {row["id"] for row in rows("injured_third_party")}
    assert min(notes.values()) >= 2
    assert 0.02 < about_claims / len(rows("claim")) < 0.2


def test_a_note_names_its_case_or_claim_and_is_about_one_of_them(rows):
    injured = {row["id"]: row for row in rows("injured_third_party")}
    cases = {row["id"]: row for row in rows("liability_case")}
    claims = {row["id"]: row for row in rows("claim")}
    for note in rows("negotiation_entry"):
        assert (note["injured_third_party_id"] is None) != (note["claim_id"] is None)
        number = re.match(r"【([^】]+)】", note["body"])[1]
        if note["claim_id"]:
            assert number == claims[note["claim_id"]]["claim_number"]
        else:
            case = cases[injured[note["injured_third_party_id"]]["case_id"]]
            assert number == case["case_number"]
            assert note["noted_at"].date() >= case["occurred_on"] - timedelta(days=1)


def test_notes_are_written_by_the_staff_whose_work_it_is(population, rows):
    roles = population.accounts.columns["role"].to_pylist()
    for note in rows("negotiation_entry"):
        assert roles[note["author_id"] - 1] == ("adjuster" if note["claim_id"] else "liability_handler")
