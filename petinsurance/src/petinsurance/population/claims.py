"""Claims for treatment: what was billed, what the plan pays within its yearly limit, and when."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from petinsurance.population import text
from petinsurance.population.dice import Dice, Flags, Integers
from petinsurance.population.moments import OFFICE_HOURS, dates, day_of, moments, time_of_day, timestamps
from petinsurance.population.partners import Partners
from petinsurance.population.policies import Policies
from petinsurance.population.prefectures import prefectures
from petinsurance.population.wordlists import entries
from petinsurance.population.writing import Columns

#: Policies by number of claims, 0 to 8, per thousand (ours): most pets are healthy, a few always at the vet's.
CLAIMS_PER_THOUSAND = (520, 210, 110, 60, 40, 25, 15, 12, 8)
#: Yen on the vet's bill by tenths.
BILLS = (1_500, 3_200, 4_800, 6_600, 9_000, 12_500, 18_000, 27_000, 48_000, 120_000, 480_000)
#: Yen a plan (percent) pays in a year of insurance.
YEARLY_LIMITS = {50: 500_000, 70: 700_000, 100: 1_100_000}
#: Claims not covered (vaccines, neutering, illness in the waiting period).
DENIED = 0.07
#: Claims whose clinic is not on the insurer's list.
UNKNOWN_CLINIC = 0.03
STATUSES = ("received", "under_review", "paid", "denied")
_RECEIVED, _UNDER_REVIEW, _PAID, _DENIED = range(4)


@dataclass(frozen=True)
class Claims:
    """The columns, and beside them what notes and bank accounts need (row i has id i + 1)."""

    columns: Columns
    policy: Integers
    received: Integers  # days
    billed: Integers
    paid: Flags
    number: pa.StringArray


def claims(policies: Policies, prefecture: Integers, clinics: Partners, seed: int, as_of: datetime) -> Claims:
    """`prefecture` is where each policy's holder lives: the pet is treated nearby."""
    dice = Dice(seed, "claims")
    today = day_of(as_of)
    covered = np.minimum(policies.ends, today - 3) - policies.begins
    number = np.where(covered > 0, dice.weighted(len(covered), CLAIMS_PER_THOUSAND), 0)
    policy = np.repeat(np.arange(len(number)), number)
    treated = policies.begins[policy] + dice.below(len(policy), np.maximum(covered, 1)[policy])
    received = treated + dice.between(len(policy), 2, 45)
    order = np.lexsort((dice.shuffled(len(policy)), received))
    order = order[received[order] < today]  # the others are still on their way
    policy, treated, received = policy[order], treated[order], received[order]

    size = len(policy)
    billed = dice.curve(size, BILLS) // 10 * 10
    share, exhausted = _payable(policies, policy, treated, billed)
    decided = received + dice.between(size, 8, 28)
    status = np.select(
        [decided >= today, exhausted | dice.chance(size, DENIED)],
        [np.where(today - received > 7, _UNDER_REVIEW, _RECEIVED), _DENIED],
        _PAID,
    )
    paid = status == _PAID
    changed = np.where(decided < today, decided, received)
    claim_number = _numbers(received)
    columns = {
        "id": pa.array(np.arange(1, size + 1)),
        "claim_number": claim_number,
        "policy_id": pa.array(policy + 1),
        "clinic_id": _clinics(dice, prefecture[policy], clinics),
        "diagnosis": _diagnoses(dice, policies.dog[policy]),
        "treated_on": dates(treated),
        "received_on": dates(received),
        "amount_billed": pa.array(billed),
        "amount_paid": pa.array(share, mask=~paid),
        "paid_on": dates(decided, missing=~paid),
        "status": text.pick(STATUSES, status),
        "updated_at": timestamps(moments(changed, time_of_day(dice, size, OFFICE_HOURS))),
    }
    return Claims(columns, policy, received, billed, paid, claim_number)


def _payable(policies: Policies, policy: Integers, treated: Integers, billed: Integers) -> tuple[Integers, Flags]:
    """The plan's share of each bill, cut at what its year of insurance has left; and whether nothing was left."""
    share = billed * policies.plan[policy] // 100
    year = policy * 100 + (treated - policies.begins[policy]) // 365
    order = np.lexsort((treated, year))
    in_order, grouped = share[order], year[order]
    running = np.cumsum(in_order) - in_order
    starts = np.concatenate([[True], grouped[1:] != grouped[:-1]]) if len(grouped) else np.empty(0, bool)
    before = running - np.repeat(running[starts], np.diff(np.append(np.flatnonzero(starts), len(grouped))))
    used = np.empty_like(share)
    used[order] = before
    limits = np.select([policies.plan[policy] == plan for plan in YEARLY_LIMITS], list(YEARLY_LIMITS.values()))
    left = np.clip(limits - used, 0, None)
    return np.minimum(share, left), left == 0


def _clinics(dice: Dice, prefecture: Integers, clinics: Partners) -> pa.Array:
    """A veterinary institution in the prefecture, any one where it has none, null where it is not on the list."""
    size = len(prefecture)
    chosen = clinics.treats[dice.below(size, len(clinics.treats))]
    where = clinics.prefecture[clinics.treats]
    for number in range(len(prefectures())):
        near = clinics.treats[where == number]
        here = np.flatnonzero(prefecture == number)
        if len(near):
            chosen[here] = near[dice.below(len(here), len(near))]
    return pa.array(chosen + 1, mask=dice.chance(size, UNKNOWN_CLINIC))


def _diagnoses(dice: Dice, dog: Flags) -> pa.StringArray:
    kinds, weights, names = zip(*entries("diagnoses"), strict=True)
    kind, weight = np.array(kinds), np.array(weights, np.int64)
    for_dogs = dice.weighted(len(dog), np.where(kind != "cat", weight, 0))
    for_cats = dice.weighted(len(dog), np.where(kind != "dog", weight, 0))
    return text.pick(names, np.where(dog, for_dogs, for_cats))


def _numbers(received: Integers) -> pa.StringArray:
    """`C202402-0012345`: month of receipt, serial."""
    month = pa.compute.strftime(dates(received), "%Y%m")
    return text.join("C", month, "-", text.number(np.arange(1, len(received) + 1), 7))
