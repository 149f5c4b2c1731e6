"""Pets and the policies on them: when each began, was replaced or ended, and what it costs.

A policy starts on the first of a month and is renewed each year under its number: it ends where its last term ends.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from petinsurance.population import text
from petinsurance.population.customers import ENTRY_AGE_WEIGHTS, PLAN_WEIGHTS
from petinsurance.population.dice import Dice, Flags, Integers
from petinsurance.population.moments import OFFICE_HOURS, dates, day_of, days_of, moments, time_of_day, timestamps
from petinsurance.population.pets import BREED_WEIGHTS, BREEDS, PET_NAME_WEIGHTS, PET_NAMES
from petinsurance.population.rating import CLASSES, PLANS, monthly_premiums
from petinsurance.population.writing import Columns
from petinsurance.quotes.rating import LIABILITY_RIDER_MONTHLY

#: Policyholders by number of policies, one to four, per hundred (ours).
POLICIES_PER_HUNDRED = (0, 62, 25, 9, 4)
#: Further policies that replace the one before, on the same pet (another plan), where that has run a year.
REPLACEMENTS = 0.30
#: What became of policies that nothing replaced, per hundred: in force, cancelled, expired, lapsed (ours).
STATUS_WEIGHTS = (68, 17, 9, 6)
STATUSES = ("in_force", "cancelled", "expired", "lapsed")
_IN_FORCE, _CANCELLED, _EXPIRED, _LAPSED = range(4)
#: Policies on dogs with the liability rider.
LIABILITY_RIDERS = 0.45
#: Pets with a microchip (a duty of breeders since June 2022; ours).
MICROCHIPS = 0.55
#: From this age on plan 70 is renewed as plan 50.
PLAN_REDUCED_AT_AGE = 11
#: The first policyholders' dogs are insured to this day, with the rider: so there are always liability cases.
SURE_RIDERS = 2


@dataclass(frozen=True)
class Policies:
    """Columns of both tables, and beside them what claims and liability cases need (row i has id i + 1)."""

    pet_columns: Columns
    columns: Columns
    holder: Integers  # row of the policyholder
    dog: Flags
    plan: Integers  # percent of the bill
    rider: Flags
    begins: Integers  # days
    ends: Integers
    number: pa.StringArray


@dataclass
class _Contracts:
    """Contracts as they are made, in months; `replaced` is set when a later one takes over."""

    holder: Integers
    start: Integers
    end: Integers  # -1 while nothing replaced it
    pet: Integers


def policies(created: Integers, agency: Integers, seed: int, as_of: datetime) -> Policies:
    dice = Dice(seed, "policies")
    today = day_of(as_of)
    this_month = int(_month(np.array([today]))[0])
    contracts, pets = _contracts(dice, _month(days_of(created)), this_month)
    status, end = _outcomes(dice, contracts, this_month)
    order = np.lexsort((dice.shuffled(len(end)), contracts.start))
    contracts = _Contracts(contracts.holder[order], contracts.start[order], end[order], contracts.pet[order])
    status, size = status[order], len(order)

    keepers, first_start = np.empty(pets, np.int64), np.full(pets, 1 << 30)
    keepers[contracts.pet] = contracts.holder
    np.minimum.at(first_start, contracts.pet, contracts.start)
    sure = np.zeros(pets, bool)
    sure[:SURE_RIDERS] = True
    breed = np.where(sure, 0, dice.weighted(pets, BREED_WEIGHTS))
    dog = np.array([breed.species == "dog" for breed in BREEDS])[breed]
    born = first_start - dice.weighted(pets, ENTRY_AGE_WEIGHTS) * 12 - dice.between(pets, 2, 11)

    pet = contracts.pet
    rider = dog[pet] & (sure[pet] | dice.chance(size, LIABILITY_RIDERS))
    age = (np.minimum(contracts.end, this_month) - born[pet]) // 12
    plan = dice.weighted(size, PLAN_WEIGHTS)
    plan = np.where((plan == 1) & (age >= PLAN_REDUCED_AT_AGE), 0, plan)
    rating_class = np.array([CLASSES.index(breed.rating_class) for breed in BREEDS])[breed]
    pets_of_holder = np.bincount(keepers, minlength=len(created))
    premium = monthly_premiums(age, rating_class[pet], plan, pets_of_holder[contracts.holder])
    premium = premium + np.where(rider, LIABILITY_RIDER_MONTHLY, 0)
    begins, ends = _first_day(contracts.start), _first_day(contracts.end)
    changed = np.where(status == _IN_FORCE, _first_day(contracts.end - 12) - 20, ends + 3)
    changed = np.minimum(changed, today - 1)
    number = _policy_numbers(contracts.start)
    columns = {
        "id": pa.array(np.arange(1, size + 1)),
        "policy_number": number,
        "policyholder_id": pa.array(contracts.holder + 1),
        "pet_id": pa.array(pet + 1),
        "agency_id": pa.array(agency[contracts.holder], mask=agency[contracts.holder] == 0),
        "plan": pa.array(np.array(PLANS)[plan]),
        "liability_rider": pa.array(rider),
        "status": text.pick(STATUSES, status),
        "starts_on": dates(begins),
        "ends_on": dates(ends),
        "monthly_premium": pa.array(premium),
        "updated_at": timestamps(moments(changed, time_of_day(dice, size, OFFICE_HOURS))),
    }
    return Policies(
        _pet_columns(dice, keepers, breed, _first_day(born) + dice.below(pets, 28)),
        columns,
        holder=contracts.holder,
        dog=dog[pet],
        plan=np.array(PLANS)[plan],
        rider=rider,
        begins=begins,
        ends=ends,
        number=number,
    )


def _contracts(dice: Dice, joined: Integers, this_month: int) -> tuple[_Contracts, int]:
    """All contracts, each policyholder's first, then all the second ones …; and the number of pets."""
    wanted = dice.weighted(len(joined), POLICIES_PER_HUNDRED)
    holder = np.arange(len(joined))
    start = joined + dice.between(len(joined), 1, 2)
    rounds = [_Contracts(holder, start, np.full(len(holder), -1), np.arange(len(holder)))]
    pets = len(holder)
    for further in range(2, len(POLICIES_PER_HUNDRED)):
        before = rounds[-1]
        goes_on = np.flatnonzero(wanted[before.holder] >= further)
        size = len(goes_on)
        run = np.maximum(0, this_month - before.start[goes_on])
        replaces = dice.chance(size, REPLACEMENTS) & (run >= 12)
        year = 12 * (1 + dice.below(size, np.maximum(1, run // 12)))
        start = before.start[goes_on] + np.where(replaces, year, dice.below(size, run + 1))
        before.end[goes_on[replaces]] = start[replaces]
        pet = np.where(replaces, before.pet[goes_on], pets + np.cumsum(~replaces) - 1)
        pets += int(np.count_nonzero(~replaces))
        rounds.append(_Contracts(before.holder[goes_on], start, np.full(size, -1), pet))
    return (
        _Contracts(
            *(np.concatenate([getattr(each, name) for each in rounds]) for name in ("holder", "start", "end", "pet"))
        ),
        pets,
    )


def _outcomes(dice: Dice, contracts: _Contracts, this_month: int) -> tuple[Integers, Integers]:
    """Status and the month of the end of each contract."""
    size = len(contracts.start)
    run = np.maximum(0, this_month - contracts.start)
    drawn = np.where(contracts.pet < SURE_RIDERS, _IN_FORCE, dice.weighted(size, STATUS_WEIGHTS))
    status = np.where((drawn == _EXPIRED) & (run < 12), _IN_FORCE, drawn)
    status = np.where(np.isin(drawn, (_CANCELLED, _LAPSED)) & (run < 2), _IN_FORCE, status)
    years, some_months = 12 * (1 + dice.below(size, np.maximum(1, run // 12))), 1 + dice.below(size, np.maximum(1, run))
    lasted = np.select([status == _IN_FORCE, status == _EXPIRED], [12 * (run // 12 + 1), years], some_months)
    replaced = contracts.end >= 0
    return np.where(replaced, _EXPIRED, status), np.where(replaced, contracts.end, contracts.start + lasted)


def _pet_columns(dice: Dice, keeper: Integers, breed: Integers, born: Integers) -> Columns:
    size = len(keeper)
    # ISO 11784: Japan, companion animals, then the number of the chip
    chip = text.join("39214", text.number(dice.below(size, 10**10), 10))
    return {
        "id": pa.array(np.arange(1, size + 1)),
        "policyholder_id": pa.array(keeper + 1),
        "name": text.pick([name for name, _, _ in PET_NAMES], dice.weighted(size, PET_NAME_WEIGHTS)),
        "species": text.pick([breed.species for breed in BREEDS], breed),
        "breed": text.pick([breed.name for breed in BREEDS], breed),
        "rating_class": text.pick([breed.rating_class for breed in BREEDS], breed),
        "sex": text.pick(["female", "male"], dice.below(size, 2)),
        "born_on": dates(born),
        "microchip_number": text.blank(chip, ~dice.chance(size, MICROCHIPS)),
    }


def _policy_numbers(start: Integers) -> pa.StringArray:
    """`PA24-0123456-7`: year of the start, serial in order of the start, check digit (modulus 10, weights 3 and 1)."""
    serial = np.arange(1, len(start) + 1)
    digits = (start // 12 + 1970) % 100 * 10_000_000 + serial
    total = np.zeros(len(start), np.int64)
    for place in range(9):
        total += digits // 10**place % 10 * (3 if place % 2 == 0 else 1)
    year, check = text.number(digits // 10_000_000, 2), text.number(-total % 10)
    return text.join("PA", year, "-", text.number(serial, 7), "-", check)


def _month(days: Integers) -> Integers:
    """Months since January 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _first_day(months: Integers) -> Integers:
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
