"""The product's golden figures."""

import pytest

from petinsurance.quotes.rating import AGE_PERCENT, Premium, premium


def test_six_years_class_d3_plan_70_two_pets() -> None:
    assert premium(age_years=6, rating_class="D3", plan=70, pets=2) == Premium(monthly=5_950, yearly=62_840)


def test_the_liability_rider_is_added_after_everything_else() -> None:
    with_rider = premium(age_years=6, rating_class="D3", plan=70, pets=2, liability_rider=True)
    assert with_rider == Premium(monthly=6_080, yearly=64_300)


@pytest.mark.parametrize(
    ("age_years", "rating_class", "plan", "pets", "monthly"),
    [
        (1, "D1", 50, 1, 1_640),
        (6, "D1", 50, 1, 2_890),  # 2,886.40
        (12, "D1", 50, 1, 7_170),  # 7,166.80
        (1, "C", 50, 1, 1_310),  # 1,312.00
        (1, "D4", 100, 4, 5_590),  # 5,590.10
        (30, "D1", 50, 1, 9_350),  # as at 18
    ],
)
def test_each_factor(age_years: int, rating_class: str, plan: int, pets: int, monthly: int) -> None:
    assert premium(age_years, rating_class, plan, pets).monthly == monthly


def test_half_a_ten_yen_coin_rounds_up() -> None:
    assert premium(age_years=1, rating_class="D2", plan=50, pets=1).monthly == 1_970  # 1,968.00
    assert premium(age_years=3, rating_class="D2", plan=100, pets=2).monthly == 4_340  # 4,338.46


def test_a_pet_never_gets_cheaper_with_age() -> None:
    assert list(AGE_PERCENT) == sorted(AGE_PERCENT)
