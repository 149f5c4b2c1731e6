"""The product's monthly premiums, each possible one worked out once: half a million rows only look them up."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from petinsurance.population.dice import Integers
from petinsurance.quotes.rating import AGE_PERCENT, CLASS_FACTORS, PLAN_FACTORS, premium

CLASSES, PLANS = tuple(CLASS_FACTORS), tuple(PLAN_FACTORS)
_OLDEST, _MOST_PETS = len(AGE_PERCENT) - 1, 4


def monthly_premiums(age: Integers, rating_class: Integers, plan: Integers, pets: Integers) -> Integers:
    """Yen a month without riders; class and plan are positions in `CLASSES` and `PLANS`."""
    return _table()[np.clip(age, 0, _OLDEST), rating_class, plan, np.minimum(pets, _MOST_PETS)]


@cache
def _table() -> NDArray[np.int64]:
    return np.array(
        [
            [
                [[premium(age, letter, plan, pets).monthly for pets in range(_MOST_PETS + 1)] for plan in PLANS]
                for letter in CLASSES
            ]
            for age in range(_OLDEST + 1)
        ]
    )
