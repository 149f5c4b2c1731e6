"""Pets, policies and claims hang together: periods, premiums by the product's table, payments within the plan."""

import re
from collections import Counter, defaultdict
from datetime import date

from petinsurance.quotes.rating import premium

AS_OF = date(2025, 3, 1)


def check_digit(number: str) -> int:
    """Modulus 10, weights 3 and 1 from the right."""
    digits = [int(digit) for digit in number if digit.isdigit()]
    return -sum(digit * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))) % 10


def test_policy_numbers_have_one_form_and_differ(rows):
    numbers = [row["policy_number"] for row in rows("policy")]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert re.fullmatch(r"PA\d\d-\d{7}-\d", number)
        assert check_digit(number[:-1]) == int(number[-1])
    assert check_digit("PA14-0000001-") == 0


def test_policyholders_have_one_to_four_policies_and_some_have_several(rows):
    each = Counter(Counter(row["policyholder_id"] for row in rows("policy")).values())
    assert set(each) == {1, 2, 3, 4}
    assert each[1] > each[2] > each[3] > each[4] > 10
    assert sum(each.values()) == 1430


def test_policies_insure_the_policyholders_own_pets(rows):
    keeper = {pet["id"]: pet["policyholder_id"] for pet in rows("pet")}
    assert all(keeper[row["pet_id"]] == row["policyholder_id"] for row in rows("policy"))
    assert {row["pet_id"] for row in rows("policy")} == set(keeper)


def test_policies_in_force_go_on_and_the_others_ended(rows):
    seen = Counter(row["status"] for row in rows("policy"))
    assert set(seen) == {"in_force", "cancelled", "expired", "lapsed"}
    for row in rows("policy"):
        assert row["starts_on"] < row["ends_on"]
        assert (row["ends_on"] > AS_OF) == (row["status"] == "in_force"), row["id"]


def test_premiums_are_the_products(rows):
    pets = {pet["id"]: pet for pet in rows("pet")}
    several = Counter(pet["policyholder_id"] for pet in pets.values())
    for row in rows("policy"):
        pet = pets[row["pet_id"]]
        rider = row["liability_rider"]
        possible = {
            premium(age, pet["rating_class"], row["plan"], several[row["policyholder_id"]], rider).monthly
            for age in range(25)
        }
        assert row["monthly_premium"] in possible, row["id"]
        assert not rider or pet["species"] == "dog"


def test_quotes_cost_what_the_table_says(rows):
    for row in rows("quote"):
        expected = premium(row["pet_age_years"], row["rating_class"], row["plan"]).monthly
        assert row["monthly_premium"] == expected, row["id"]


def test_claims_lie_within_their_policy_and_are_paid_within_the_plan(rows):
    policies = {row["id"]: row for row in rows("policy")}
    for claim in rows("claim"):
        policy = policies[claim["policy_id"]]
        assert policy["starts_on"] <= claim["treated_on"] < policy["ends_on"]
        assert claim["treated_on"] < claim["received_on"] < AS_OF
        if claim["status"] == "paid":
            assert claim["received_on"] < claim["paid_on"] < AS_OF
            assert 0 < claim["amount_paid"] <= claim["amount_billed"] * policy["plan"] // 100
        else:
            assert claim["amount_paid"] is None
            assert claim["paid_on"] is None
    assert set(Counter(claim["status"] for claim in rows("claim"))) == {"received", "under_review", "paid", "denied"}


def test_no_year_of_insurance_pays_more_than_its_limit(rows):
    policies = {row["id"]: row for row in rows("policy")}
    paid = defaultdict(int)
    for claim in rows("claim"):
        policy = policies[claim["policy_id"]]
        year = (claim["treated_on"] - policy["starts_on"]).days // 365
        paid[claim["policy_id"], year] += claim["amount_paid"] or 0
    for (policy_id, _), total in paid.items():
        assert total <= {50: 500_000, 70: 700_000, 100: 1_100_000}[policies[policy_id]["plan"]]


def test_a_bill_beyond_the_limit_is_cut_and_the_next_one_denied():
    """Plan 70 pays ¥700,000 a year: 476,000 of 680,000, then the 224,000 that are left of 476,000, then nothing."""
    import numpy as np

    from petinsurance.population.claims import _payable
    from petinsurance.population.policies import Policies

    unused = np.zeros(1, np.int64)
    policies = Policies(
        {}, {}, holder=unused, dog=unused > 0, plan=np.array([70]), rider=unused > 0, begins=unused, ends=unused,
        number=None,
    )  # fmt: skip
    share, exhausted = _payable(policies, np.array([0, 0, 0]), np.array([10, 20, 30]), np.array([680_000] * 3))
    assert share.tolist() == [476_000, 224_000, 0]
    assert exhausted.tolist() == [False, False, True]
