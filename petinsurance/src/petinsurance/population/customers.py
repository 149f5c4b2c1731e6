"""Policyholders, quotes and brochure requests: contact data with what the insurer adds to them."""

from datetime import datetime

import numpy as np
import pyarrow as pa

from petinsurance.population import text
from petinsurance.population.casting import Appearances, Cast
from petinsurance.population.dice import Dice, Integers
from petinsurance.population.moments import DAY, OFFICE_HOURS, day_of, days_of, moments, time_of_day, timestamps
from petinsurance.population.people import People
from petinsurance.population.pets import BREED_WEIGHTS, BREEDS
from petinsurance.population.rating import CLASSES, PLANS, monthly_premiums
from petinsurance.population.writing import MASTER_DATA, WEB_BROCHURE, WEB_QUOTE, Columns, Manner, contacts

#: Policyholders who came through an agency; large agencies bring far more than small ones.
THROUGH_AGENCIES = 0.30
#: Policyholders who moved or married without telling the insurer: their letters come back.
MOVES_NOT_TOLD = 0.08
#: Days that a quote is valid.
QUOTE_VALID_DAYS = 90
#: Plans 50, 70, 100 as people choose them (ours).
PLAN_WEIGHTS = (25, 60, 15)
#: A pet's age in years when it is insured: new entry up to 8.
ENTRY_AGE_WEIGHTS = (46, 18, 10, 7, 6, 5, 4, 2, 2)


def policyholders(cast: Cast, people: People, agencies: int, seed: int, as_of: datetime) -> tuple[Columns, Integers]:
    """The columns, and each row's agency (0: none)."""
    dice = Dice(seed, "policyholders")
    created = cast.policyholder.created
    size = len(created)
    # the n-th largest agency brings about 1 / (n + 5) as many as the largest
    busy = dice.weighted(size, 100_000 // (np.arange(agencies) + 5))
    agency = np.where(dice.chance(size, THROUGH_AGENCIES), busy + 1, 0)
    told = ~dice.chance(size, MOVES_NOT_TOLD)
    today, joined = day_of(as_of), days_of(created)
    event = people.last_change(cast.policyholder.person)
    changed_on = np.where(told & (event > joined), np.minimum(event + dice.between(size, 1, 40), today - 1), joined)
    changed = moments(changed_on, time_of_day(dice, size, OFFICE_HOURS))
    columns = {
        **_record(people, cast.policyholder, np.where(told, today, joined), MASTER_DATA, dice),
        "agency_id": pa.array(agency, mask=agency == 0),
        "created_at": timestamps(created),
        "updated_at": timestamps(np.where(changed_on > joined, changed, created)),
    }
    return columns, agency


def quotes(cast: Cast, people: People, seed: int, as_of: datetime) -> Columns:
    dice = Dice(seed, "quotes")
    created = cast.quote.created
    size = len(created)
    breed = dice.weighted(size, BREED_WEIGHTS)
    rating_class = np.array([CLASSES.index(breed.rating_class) for breed in BREEDS])[breed]
    age = dice.weighted(size, ENTRY_AGE_WEIGHTS)
    plan = dice.weighted(size, PLAN_WEIGHTS)
    old = created < (day_of(as_of) - QUOTE_VALID_DAYS) * DAY
    day = pa.array(days_of(created).astype(np.int32)).cast(pa.date32())
    return {
        **_record(people, cast.quote, days_of(created), WEB_QUOTE, dice),
        "reference": text.join("Q", pa.compute.strftime(day, "%Y%m%d"), "-", text.number(np.arange(1, size + 1), 7)),
        "species": text.pick([breed.species for breed in BREEDS], breed),
        "rating_class": text.pick(CLASSES, rating_class),
        "pet_age_years": pa.array(age),
        "plan": pa.array(np.array(PLANS)[plan]),
        "monthly_premium": pa.array(monthly_premiums(age, rating_class, plan, np.ones(size, np.int64))),
        "status": text.pick(["quoted", "expired", "applied"], np.where(cast.quote_bought, 2, old.astype(np.int64))),
        "created_at": timestamps(created),
    }


def brochure_requests(cast: Cast, people: People, seed: int) -> Columns:
    created = days_of(cast.brochure_request.created)
    columns = _record(people, cast.brochure_request, created, WEB_BROCHURE, Dice(seed, "brochure requests"))
    return {**columns, "created_at": timestamps(cast.brochure_request.created)}


def _record(people: People, appearances: Appearances, known_on: Integers, manner: Manner, dice: Dice) -> Columns:
    return {
        "id": pa.array(np.arange(1, len(appearances.person) + 1)),
        **contacts(people, appearances.person, known_on, manner, dice),
    }
