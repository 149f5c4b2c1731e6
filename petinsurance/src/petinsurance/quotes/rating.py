"""What a policy costs: factors as tables, one rounding rule.

Base: a one-year-old pet of class D1 on plan 50. Published points of the age table: 1, 6 and 12 years; the others are
fitted between and beyond.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

BASE_MONTHLY = Decimal(1640)
AGE_PERCENT = (100, 100, 108, 119, 134, 153, 176, 204, 238, 277, 323, 376, 437, 470, 500, 525, 545, 560, 570)
"""By the age in years, 0, 1, 2 …; the last holds for every older pet."""
CLASS_FACTORS = {
    "D1": Decimal("1.00"),
    "D2": Decimal("1.20"),
    "D3": Decimal("1.55"),
    "D4": Decimal("1.90"),
    "C": Decimal("0.80"),
}
PLAN_FACTORS = {50: Decimal("1.00"), 70: Decimal("1.40"), 100: Decimal("1.95")}
YEARLY_FACTOR = 12 * Decimal("0.88")
LIABILITY_RIDER_MONTHLY = 130
LIABILITY_RIDER_YEARLY = 1460
ENTRY_AGE_LIMIT = 8


@dataclass(frozen=True)
class Premium:
    """In yen."""

    monthly: int
    yearly: int


def premium(age_years: int, rating_class: str, plan: int, pets: int = 1, liability_rider: bool = False) -> Premium:
    """The premium for one pet of a household with ``pets`` insured pets.

    The yearly figure comes from the unrounded monthly one; the liability rider has no factors and is added last.
    """
    age_factor = Decimal(AGE_PERCENT[min(age_years, len(AGE_PERCENT) - 1)]) / 100
    unrounded = BASE_MONTHLY * age_factor * CLASS_FACTORS[rating_class] * PLAN_FACTORS[plan] * several_pets_factor(pets)
    return Premium(
        monthly=round_half_up_to_ten(unrounded) + (LIABILITY_RIDER_MONTHLY if liability_rider else 0),
        yearly=round_half_up_to_ten(unrounded * YEARLY_FACTOR) + (LIABILITY_RIDER_YEARLY if liability_rider else 0),
    )


def several_pets_factor(pets: int) -> Decimal:
    if pets >= 4:
        return Decimal("0.92")
    return Decimal("0.95") if pets >= 2 else Decimal(1)


def round_half_up_to_ten(yen: Decimal) -> int:
    return int((yen / 10).quantize(Decimal(1), ROUND_HALF_UP)) * 10
