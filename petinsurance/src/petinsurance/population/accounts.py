"""Who can log in: staff in every role, each agency, and the policyholders who registered for My Page."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from petinsurance.population import passwords, text
from petinsurance.population.casting import Cast
from petinsurance.population.counts import part
from petinsurance.population.dice import Dice, Integers
from petinsurance.population.moments import OFFICE_HOURS, day_of, moments, time_of_day, timestamps
from petinsurance.population.negotiation import Authors
from petinsurance.population.writing import Columns

#: Staff by role at SCALE=1, and at least so many of each.
STAFF = {"call_centre": 60, "adjuster": 36, "liability_handler": 12}
LEAST_STAFF = 3
#: Policyholders registered for My Page.
REGISTERED = 0.35
#: Accounts switched off (left the company, asked for it).
INACTIVE = 0.01
#: Policyholders who never logged in since they registered.
NEVER_LOGGED_IN = 0.10


@dataclass(frozen=True)
class Accounts:
    """The columns but for the hashes; the plain password of each row beside them."""

    columns: Columns
    plain: pa.StringArray
    authors: Authors

    def known_passwords(self) -> dict[str, str]:
        return dict(zip(self.columns["login"].to_pylist(), self.plain.to_pylist(), strict=True))

    def with_hashes(self, seed: int) -> Columns:
        coded = self.plain.dictionary_encode()
        hashes = passwords.hashed(coded.dictionary.to_pylist(), seed)
        password = pa.array(list(hashes.values())).take(coded.indices)
        return {"id": self.columns["id"], "password": password, **self.columns}


def accounts(
    cast: Cast,
    policyholder_email: pa.StringArray,
    agency_code: pa.StringArray,
    scale: float,
    seed: int,
    as_of: datetime,
) -> Accounts:
    dice = Dice(seed, "accounts")
    staff = {role: max(LEAST_STAFF, part(count, scale)) for role, count in STAFF.items()}
    staff_logins = [f"{role.replace('_', '-')}-{n:02d}" for role, count in staff.items() for n in range(1, count + 1)]
    member = _members(dice, policyholder_email)
    parts = np.array([len(staff_logins), len(agency_code), len(member)])
    size = int(parts.sum())
    first_agency, first_member = int(parts[0]), int(parts[0] + parts[1])

    customers_pool, staff_pool, agency_pool = passwords.pools(seed)
    # the n-th most usual password about 1 / (n + 10) as often as the first
    usual = dice.weighted(len(member), 100_000 // (np.arange(len(customers_pool)) + 10))
    plain = pa.concat_arrays(
        [
            text.pick(staff_pool, dice.below(int(parts[0]), len(staff_pool))),
            text.pick(agency_pool, dice.below(int(parts[1]), len(agency_pool))),
            text.pick(customers_pool, usual),
        ]
    )
    today = day_of(as_of)
    end = int(moments(np.array([today]), np.array([0]))[0])
    work = moments(today - dice.between(first_member, 200, 2500), time_of_day(dice, first_member, OFFICE_HOURS))
    joined = cast.policyholder.created[member]
    registered = joined + ((end - joined) * dice.uniform(len(member)) * dice.uniform(len(member))).astype(np.int64)
    created = np.concatenate([work, registered])
    last = end - 1 - ((end - 1 - created) * dice.uniform(size) * dice.uniform(size)).astype(np.int64)
    never = (np.arange(size) >= first_member) & dice.chance(size, NEVER_LOGGED_IN)
    roles = [role for role, count in staff.items() for _ in range(count)]
    columns = {
        "id": pa.array(np.arange(1, size + 1)),
        "last_login": pc.if_else(pa.array(never), pa.scalar(None, pa.timestamp("us", tz="UTC")), timestamps(last)),
        "login": pa.concat_arrays(
            [pa.array(staff_logins), pc.utf8_lower(agency_code), policyholder_email.take(pa.array(member))]
        ),
        "role": pa.array([*roles, *["agency"] * int(parts[1]), *["policyholder"] * len(member)]),
        "policyholder_id": _only(member + 1, size, first_member),
        "agency_id": _only(np.arange(1, parts[1] + 1), size, first_agency),
        "is_active": pa.array(~dice.chance(size, INACTIVE) | (np.arange(size) < first_member)),
        "created_at": timestamps(created),
    }
    ids = {role: np.flatnonzero(np.array(roles) == role) + 1 for role in staff}
    return Accounts(columns, plain, Authors(ids["liability_handler"], ids["adjuster"]))


def _members(dice: Dice, email: pa.StringArray) -> Integers:
    """Rows of policyholders who registered: only those whose mail address no other policyholder gave."""
    coded = email.dictionary_encode()
    code = coded.indices.to_numpy()
    alone = (np.bincount(code)[code] == 1) & (pc.utf8_length(email).to_numpy() > 0)
    able = np.flatnonzero(alone)
    return able[dice.subset(len(able), min(len(able), part(len(email), REGISTERED)))]


def _only(values: Integers, size: int, first: int) -> pa.Array:
    """The values from row `first` on, null elsewhere."""
    column, missing = np.zeros(size, np.int64), np.ones(size, bool)
    column[first : first + len(values)] = values
    missing[first : first + len(values)] = False
    return pa.array(column, mask=missing)
