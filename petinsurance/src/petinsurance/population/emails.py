"""Mail addresses in the shapes of several providers, under domains that are reserved and reach nobody.

example.com, .net and .org: RFC 2606; example.jp, .ne.jp, .co.jp and .or.jp: reserved by JPRS.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from petinsurance.population import text
from petinsurance.population.dice import Dice, Integers
from petinsurance.population.names import given_names, surnames
from petinsurance.population.pets import PET_NAMES

#: Domains with their weights: carriers' mail, free webmail, providers, work.
DOMAINS = {
    "keitai.example.ne.jp": 18,
    "mobile.example.jp": 12,
    "webmail.example.com": 34,
    "mail.example.jp": 14,
    "example.ne.jp": 8,
    "example.com": 5,
    "example.net": 3,
    "example.org": 2,
    "work.example.co.jp": 4,
}
#: Weights of the shapes below, in their order.
SHAPES = (20, 14, 12, 16, 10, 8, 12)


class Owner(NamedTuple):
    surname: Integers
    given: Integers
    born: Integers  # days


def emails(dice: Dice, owner: Owner) -> pa.StringArray:
    """One address for each owner; no two alike."""
    size = len(owner.given)
    family = text.pick(surnames().romaji, owner.surname)
    given = text.pick(given_names().romaji, owner.given)
    born = owner.born.astype("datetime64[D]")
    month = born.astype("datetime64[M]")
    year = text.number((month.astype("datetime64[Y]").astype(np.int64) + 1970) % 100, 2)
    birthday = text.join(
        text.number(month.astype(np.int64) % 12 + 1, 2),
        text.number((born - month.astype("datetime64[D]")).astype(np.int64) + 1, 2),
    )
    any_number = text.number(dice.below(size, 1000))
    pet = text.pick([romaji for _, romaji, _ in PET_NAMES], dice.below(size, len(PET_NAMES)))
    shapes = [
        text.join(given, ".", family, year),
        text.join(family, "-", given),
        text.join(given, birthday),
        text.join(pc.utf8_slice_codeunits(given, 0, 1), family, any_number),
        text.join(pet, "-", given, "-", any_number),
        text.join(pet, ".", pet, ".", birthday),
        text.join(family, "_", given, "_", birthday),
    ]
    shape = dice.weighted(size, SHAPES)
    local = pc.choose(pa.array(shape), *shapes)
    domain = text.pick(list(DOMAINS), dice.weighted(size, list(DOMAINS.values())))
    repeat = _earlier_alike(text.join(local, "@", domain))
    return text.join(local, text.blank(text.join("+", text.number(repeat)), repeat == 0), "@", domain)


def _earlier_alike(column: pa.StringArray) -> Integers:
    """For each text, how many before it are the same."""
    codes = column.dictionary_encode().indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    lengths = np.diff(np.append(starts, len(ordered)))
    rank = np.empty(len(codes), np.int64)
    rank[order] = np.arange(len(codes)) - np.repeat(starts, lengths)
    return rank
