"""Bank accounts that money is paid to: exactly as many of each kind of party as the counts say, one an owner."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from petinsurance.population import text
from petinsurance.population.banks import branches
from petinsurance.population.dice import Dice, Flags, Integers
from petinsurance.population.moments import OFFICE_HOURS, day_of, moments, time_of_day, timestamps
from petinsurance.population.writing import Columns

#: Kinds of account of persons and of businesses, per hundred: ordinary, current, savings.
KINDS = ("普通", "当座", "貯蓄")
PERSONS_KINDS, BUSINESS_KINDS = (98, 0, 2), (72, 28, 0)
OWNERS = ("policyholder", "injured_third_party", "clinic", "agency")


@dataclass(frozen=True)
class Party:
    """One kind of owner: all its rows, how many of them have an account, who is more likely to."""

    accounts: int
    holder: pa.StringArray  # name in katakana
    prefecture: Integers
    paid: Flags  # money has been sent to them, so their account is known
    business: bool


def bank_accounts(parties: dict[str, Party], seed: int, as_of: datetime) -> Columns:
    """`parties` in the order of `OWNERS`."""
    dice = Dice(seed, "bank accounts")
    owners = {name: _owners(dice, party) for name, party in parties.items()}
    size = sum(len(rows) for rows in owners.values())
    kind = np.concatenate(
        [
            dice.weighted(len(rows), BUSINESS_KINDS if parties[name].business else PERSONS_KINDS)
            for name, rows in owners.items()
        ]
    )
    branch = branches().draw(dice, np.concatenate([parties[name].prefecture[rows] for name, rows in owners.items()]))
    kind[branches().japan_post[branch]] = KINDS.index("普通")  # all that Japan Post's branches here keep
    holder = pa.concat_arrays([parties[name].holder.take(pa.array(rows)) for name, rows in owners.items()])
    changed = day_of(as_of) - dice.between(size, 1, 1500)
    return {
        "id": pa.array(np.arange(1, size + 1)),
        **{f"{name}_id": _owner_column(owners, name, size) for name in OWNERS},
        "bank_code": text.pick(branches().bank_code, branch),
        "bank_name": text.pick(branches().bank_name, branch),
        "branch_code": text.pick(branches().branch_code, branch),
        "branch_name": text.pick(branches().branch_name, branch),
        "account_type": text.pick(KINDS, kind),
        "account_number": text.number(dice.between(size, 100_000, 9_999_999), 7),
        "holder_kana": text.rewrite(holder, np.ones(size, bool), text.bank_kana),
        "updated_at": timestamps(moments(changed, time_of_day(dice, size, OFFICE_HOURS))),
    }


def _owners(dice: Dice, party: Party) -> Integers:
    """Those who were paid first, then others by chance; in the order of their ids."""
    order = np.lexsort((dice.shuffled(len(party.paid)), ~party.paid))
    return np.sort(order[: party.accounts])


def _owner_column(owners: dict[str, Integers], name: str, size: int) -> pa.Array:
    values, missing, start = np.zeros(size, np.int64), np.ones(size, bool), 0
    for owner, rows in owners.items():
        if owner == name:
            values[start : start + len(rows)] = rows + 1
            missing[start : start + len(rows)] = False
        start += len(rows)
    return pa.array(values, mask=missing)
