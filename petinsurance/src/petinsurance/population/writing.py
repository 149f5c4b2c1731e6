"""How one person's contact data come to stand in one record: the same person is written differently in each.

The insurer's own clerks write the registered names in one form; visitors of the web site type what they please.
"""

from dataclasses import dataclass
from functools import partial

import jaconv
import numpy as np
import pyarrow as pa

from petinsurance.population import text
from petinsurance.population.dice import Dice, Integers
from petinsurance.population.moments import dates
from petinsurance.population.names import given_names, surnames
from petinsurance.population.people import People

Columns = dict[str, pa.Array]
_YEAR = 365


@dataclass(frozen=True)
class Manner:
    """Shares of records that are written in a certain way (ours; they set how hard a matching of persons is)."""

    plain_characters: float  # 高橋 where 髙橋 is registered
    name_separators: tuple[int, ...]  # weights of: full-width space, half-width space, none
    half_width_kana: float
    hiragana: float
    address_styles: tuple[int, ...]  # weights of `homes.Style`
    no_prefecture: float
    no_building: float
    landline: float
    phone_without_hyphens: float
    full_width_phone: float
    no_phone: float
    no_email: float
    second_email: float
    family_email: float  # the address of the head of the household
    no_gender: float
    unspecified_gender: float
    no_birth_date: float


#: A policyholder's master data: checked by clerks, in one form.
MASTER_DATA = Manner(
    plain_characters=0.15, name_separators=(4, 94, 2), half_width_kana=0.02, hiragana=0.0,
    address_styles=(72, 8, 14, 4, 2), no_prefecture=0.0, no_building=0.01,
    landline=0.22, phone_without_hyphens=0.03, full_width_phone=0.0, no_phone=0.01,
    no_email=0.12, second_email=0.05, family_email=0.03,
    no_gender=0.0, unspecified_gender=0.01, no_birth_date=0.0,
)  # fmt: skip
#: A quote on the web site: every field is asked for.
WEB_QUOTE = Manner(
    plain_characters=0.55, name_separators=(38, 34, 28), half_width_kana=0.05, hiragana=0.04,
    address_styles=(52, 18, 14, 6, 10), no_prefecture=0.05, no_building=0.05,
    landline=0.10, phone_without_hyphens=0.48, full_width_phone=0.02, no_phone=0.03,
    no_email=0.0, second_email=0.12, family_email=0.02,
    no_gender=0.0, unspecified_gender=0.04, no_birth_date=0.0,
)  # fmt: skip
#: A brochure request: where to send it; the rest is voluntary.
WEB_BROCHURE = Manner(
    plain_characters=0.55, name_separators=(38, 34, 28), half_width_kana=0.05, hiragana=0.06,
    address_styles=(50, 20, 14, 6, 10), no_prefecture=0.04, no_building=0.03,
    landline=0.16, phone_without_hyphens=0.45, full_width_phone=0.02, no_phone=0.12,
    no_email=0.18, second_email=0.14, family_email=0.03,
    no_gender=0.20, unspecified_gender=0.05, no_birth_date=0.30,
)  # fmt: skip
#: An injured third party: taken down on the telephone by a handler.
ON_THE_TELEPHONE = Manner(
    plain_characters=0.60, name_separators=(8, 90, 2), half_width_kana=0.10, hiragana=0.0,
    address_styles=(70, 6, 18, 4, 2), no_prefecture=0.02, no_building=0.05,
    landline=0.30, phone_without_hyphens=0.04, full_width_phone=0.0, no_phone=0.0,
    no_email=0.50, second_email=0.10, family_email=0.05,
    no_gender=0.02, unspecified_gender=0.01, no_birth_date=0.12,
)  # fmt: skip


def contacts(people: People, person: Integers, days: Integers, manner: Manner, dice: Dice) -> Columns:
    """The contact columns (see `petinsurance.contact`) of records, each as true on its day."""
    size = len(person)
    chance = partial(dice.chance, size)
    home = people.home_at(person, days)
    return {
        **_names(people, person, days, manner, dice),
        "gender": text.pick(
            ["female", "male", "unspecified", ""],
            np.select(
                [chance(manner.no_gender), chance(manner.unspecified_gender)],
                [3, 2],
                people.male[person].astype(np.int64),
            ),
        ),
        "birth_date": dates(people.born[person], missing=chance(manner.no_birth_date)),
        "postal_code": people.homes.postal_codes(home),
        "address": people.homes.write(
            home,
            dice.weighted(size, manner.address_styles),
            no_prefecture=chance(manner.no_prefecture),
            no_building=chance(manner.no_building),
        ),
        "phone": _phones(people, person, home, manner, dice),
        "email": _emails(people, person, days, manner, dice),
    }


def _names(people: People, person: Integers, days: Integers, manner: Manner, dice: Dice) -> Columns:
    size = len(person)
    surname = people.surname_at(person, days)
    plain = dice.chance(size, manner.plain_characters)
    written = np.where(plain, surnames().plain[surname], surname)
    space = text.pick(["　", " ", ""], dice.weighted(size, manner.name_separators))
    kana = text.join(text.pick(surnames().kana, surname), space, text.pick(given_names().kana, people.given[person]))
    kana = text.rewrite(kana, dice.chance(size, manner.half_width_kana), text.half_width_kana)
    return {
        "name": text.join(
            text.pick(surnames().kanji, written), space, text.pick(given_names().kanji, people.given[person])
        ),
        "kana": text.rewrite(kana, dice.chance(size, manner.hiragana), _hiragana),
    }


def _hiragana(kana: str) -> str:
    wide: str = jaconv.h2z(kana, kana=True)
    return str(jaconv.kata2hira(wide))


def _phones(people: People, person: Integers, home: Integers, manner: Manner, dice: Dice) -> pa.StringArray:
    size = len(person)
    phone = text.choose(
        dice.chance(size, manner.landline), people.landline.take(pa.array(home)), people.mobile.take(pa.array(person))
    )
    bare = pa.compute.replace_substring(phone, "-", "")
    phone = text.choose(dice.chance(size, manner.phone_without_hyphens), bare, phone)
    phone = text.rewrite(phone, dice.chance(size, manner.full_width_phone), text.full_width)
    return text.blank(phone, dice.chance(size, manner.no_phone))


def _emails(people: People, person: Integers, days: Integers, manner: Manner, dice: Dice) -> pa.StringArray:
    size = len(person)
    whose = np.where(dice.chance(size, manner.family_email), people.living.head[person], person)
    email = text.choose(
        dice.chance(size, manner.second_email) & (days >= people.married[person]),
        people.second_email.take(pa.array(whose)),
        people.email.take(pa.array(whose)),
    )
    child = days - people.born[person] < 13 * _YEAR
    return text.blank(email, dice.chance(size, manner.no_email) | child)
