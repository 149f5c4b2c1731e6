"""Accidents under the liability rider and the people injured in them (賠償責任保険の被害者)."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from petinsurance.population import text
from petinsurance.population.casting import Cast
from petinsurance.population.counts import part
from petinsurance.population.dice import Dice, Flags, Integers
from petinsurance.population.moments import OFFICE_HOURS, dates, day_of, moments, time_of_day, timestamps
from petinsurance.population.people import People
from petinsurance.population.policies import Policies
from petinsurance.population.writing import ON_THE_TELEPHONE, Columns, contacts

#: Accidents for each injured person: now and then a dog hurts two.
CASES_PER_INJURED = 0.96
#: States of the cases whose time has not come yet, and of the others; per hundred (ours).
OPEN_STATES = {"reported": 8, "coverage_check": 12, "negotiating": 52, "settlement_proposed": 16, "consented": 12}
FINAL_STATES = {"paid": 58, "denied": 7, "closed": 35}
#: Closed cases in which the injured was paid.
CLOSED_WITH_PAYMENT = 0.8
#: Yen by tenths; the rider pays up to five million an accident.
PAYMENTS = (8_000, 20_000, 32_000, 45_000, 60_000, 80_000, 110_000, 160_000, 260_000, 600_000, 3_200_000)
#: Accidents lie back so many days at most: older files are closed and gone.
FILES_KEPT = 5 * 365
#: From the accident to its report at the latest, and from the accident to the payment, in days.
REPORTED_WITHIN, PAID_AFTER = 20, (60, 260)

INJURIES = {
    "右手咬傷（縫合3針）": 12,
    "左前腕咬傷": 12,
    "右下腿咬傷": 11,
    "左手指咬傷": 10,
    "転倒による左膝打撲": 10,
    "転倒による右手関節骨折": 6,
    "転倒による腰部打撲": 8,
    "右手背部掻創": 8,
    "顔面挫創（縫合5針）": 3,
    "左大腿咬傷・衣服損傷": 7,
    "自転車転倒による右肘擦過傷": 8,
    "右足関節捻挫": 5,
}


@dataclass(frozen=True)
class Liability:
    """Columns of both tables, and beside them what the notes need of each injured third party."""

    case_columns: Columns
    injured_columns: Columns
    occurred: Integers  # days, by injured third party
    last_act: Integers
    number: pa.StringArray  # of the case
    paid: Flags


def liability(cast: Cast, people: People, policies: Policies, seed: int, as_of: datetime) -> Liability:
    dice = Dice(seed, "liability")
    today, injured = day_of(as_of), len(cast.injured_third_party)
    count = max(1, part(injured, CASES_PER_INJURED))
    since, until = np.maximum(policies.begins, today - FILES_KEPT), np.minimum(policies.ends, today - REPORTED_WITHIN)
    possible = np.flatnonzero(policies.rider & (until > since))
    policy = possible[dice.below(count, len(possible))]
    occurred = since[policy] + dice.below(count, (until - since)[policy])
    order = np.argsort(occurred, kind="stable")
    policy, occurred = policy[order], occurred[order]

    case = np.concatenate([np.arange(count), dice.below(injured - count, count)])
    policy = _nobody_injures_himself(cast, policies, policy, case, possible)
    occurred = np.clip(occurred, since[policy], until[policy] - 1)

    settled_on = occurred + dice.between(count, *PAID_AFTER)
    still_open = dice.weighted(count, list(OPEN_STATES.values()))
    ended = len(OPEN_STATES) + dice.weighted(count, list(FINAL_STATES.values()))
    status = np.where(settled_on >= today, still_open, ended)
    names = [*OPEN_STATES, *FINAL_STATES]
    closed_paid = (status == names.index("closed")) & dice.chance(count, CLOSED_WITH_PAYMENT)
    paid = ((status == names.index("paid")) | closed_paid)[case]
    last_act = np.minimum(settled_on, today - 1)
    stamp = timestamps(moments(last_act, time_of_day(dice, count, OFFICE_HOURS)))
    year = pa.compute.strftime(dates(occurred), "%Y")
    number = text.join("L", year, "-", text.number(np.arange(1, count + 1), 6))
    case_columns = {
        "id": pa.array(np.arange(1, count + 1)),
        "case_number": number,
        "policy_id": pa.array(policy + 1),
        "occurred_on": dates(occurred),
        "status": text.pick(names, status),
        "updated_at": stamp,
    }
    injured_columns = {
        "id": pa.array(np.arange(1, injured + 1)),
        **contacts(people, cast.injured_third_party, occurred[case], ON_THE_TELEPHONE, dice),
        "case_id": pa.array(case + 1),
        "injury": text.pick(list(INJURIES), dice.weighted(injured, list(INJURIES.values()))),
        "amount_paid": pa.array(dice.curve(injured, PAYMENTS) // 10 * 10, mask=~paid),
        "paid_on": dates(last_act[case], missing=~paid),
        "updated_at": stamp.take(pa.array(case)),
    }
    return Liability(case_columns, injured_columns, occurred[case], last_act[case], number.take(pa.array(case)), paid)


def _nobody_injures_himself(
    cast: Cast, policies: Policies, policy: Integers, case: Integers, possible: Integers
) -> Integers:
    """Another policy for each case in which the policyholder would be the injured person."""
    policy = policy.copy()
    owner = cast.policyholder.person[policies.holder]
    for clash in np.unique(case[owner[policy[case]] == cast.injured_third_party]):
        hurt = cast.injured_third_party[case == clash]
        others = possible[~np.isin(owner[possible], hurt)]
        if len(others):
            policy[clash] = others[clash % len(others)]
    return policy
