"""What each person of the cast is: sex, birth date, names, homes before and after a move, phones and mail addresses."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from petinsurance.population import emails, phones
from petinsurance.population.casting import Cast
from petinsurance.population.dice import Dice, Flags, Integers
from petinsurance.population.homes import Homes
from petinsurance.population.households import Households, households
from petinsurance.population.moments import day_of, days_of, years_of
from petinsurance.population.names import given_names, surnames

#: More women than men insure pets (ours).
WOMEN = 0.57
#: Partners of the other sex than the head's.
MIXED_COUPLES = 0.98
#: Members of a household who bear another surname than its head.
OTHER_SURNAME = 0.05
#: Households that moved since the insurer began, and how long ago in days by tenths.
MOVED = 0.24
MOVED_DAYS_AGO = (5, 150, 320, 520, 760, 1050, 1400, 1850, 2400, 3000, 3900)
#: Women of 22 to 45 whose surname changed by marriage within those years.
MARRIED = 0.22
#: Age at the first contract or request, by tenths; and of people who were only injured, children among them.
AGES_OF_CUSTOMERS = (20, 25, 29, 33, 37, 41, 45, 49, 54, 62, 82)
AGES_OF_INJURED = (9, 13, 18, 27, 35, 42, 50, 57, 65, 73, 88)
ADULT, CHILD, OLDEST = 18, 8, 97
_YEAR = 365


@dataclass(frozen=True)
class People:
    """Columns by a person's number; homes and landlines by household, the former ones after all present ones."""

    living: Households
    male: Flags
    born: Integers
    surname: Integers
    former_surname: Integers
    married: Integers  # day; the surname before it is the former one
    given: Integers
    homes: Homes
    moved: Integers  # day, by household; the home before it is the former one
    mobile: pa.StringArray
    landline: pa.StringArray
    email: pa.StringArray
    second_email: pa.StringArray

    def home_at(self, person: Integers, day: Integers) -> Integers:
        household = self.living.of_person[person]
        return household + np.where(day < self.moved[household], self.living.count, 0)

    def surname_at(self, person: Integers, day: Integers) -> Integers:
        return np.where(day < self.married[person], self.former_surname[person], self.surname[person])

    def last_change(self, person: Integers) -> Integers:
        """The day of the last move or marriage; 0 where there was none."""
        return np.maximum(self.moved[self.living.of_person[person]], self.married[person])


def people(cast: Cast, seed: int, as_of: datetime) -> People:
    living = households(cast.persons, seed)
    today = day_of(as_of)
    dice = Dice(seed, "people")
    male = _sexes(dice, living)
    born = _births(dice, cast, living, today)
    surname, former_surname, married = _surnames(dice, living, male, born, today)
    given = given_names().draw(dice, male, years_of(born))
    homes = Homes.draw(Dice(seed, "homes"), 2 * living.count)
    moved = np.where(dice.chance(living.count, MOVED), today - dice.curve(living.count, MOVED_DAYS_AGO), 0)
    # the first address was opened under the name of birth, the second under the present one
    both = emails.emails(
        Dice(seed, "emails"),
        emails.Owner(np.concatenate([former_surname, surname]), np.tile(given, 2), np.tile(born, 2)),
    )
    return People(
        living=living,
        male=male,
        born=born,
        surname=surname,
        former_surname=former_surname,
        married=married,
        given=given,
        homes=homes,
        moved=moved,
        mobile=phones.mobiles(Dice(seed, "mobiles"), cast.persons),
        landline=phones.landlines(Dice(seed, "landlines"), homes.prefecture),
        email=both.slice(0, cast.persons),
        second_email=both.slice(cast.persons),
    )


def _sexes(dice: Dice, living: Households) -> Flags:
    persons = len(living.of_person)
    own = ~dice.chance(persons, WOMEN)
    partner = (living.position == 1) & dice.chance(persons, MIXED_COUPLES)
    return np.where(partner, ~own[living.head], own)


def _births(dice: Dice, cast: Cast, living: Households, today: int) -> Integers:
    """Birth days: everyone of age at their first contract or request, families a generation apart."""
    persons = cast.persons
    first = np.full(persons, today)
    for appearances in (cast.policyholder, cast.quote, cast.brochure_request):
        np.minimum.at(first, appearances.person, days_of(appearances.created))
    adult = np.arange(persons) < cast.adults
    latest = first - np.where(adult, ADULT, CHILD) * _YEAR - 5
    age = np.where(adult, dice.curve(persons, AGES_OF_CUSTOMERS), dice.curve(persons, AGES_OF_INJURED))
    own = first - age * _YEAR - dice.between(persons, 5, _YEAR)
    head = own[living.head]
    partner = head + dice.between(persons, -5 * _YEAR, 5 * _YEAR)
    apart = dice.between(persons, 24 * _YEAR, 33 * _YEAR)
    relative = np.where(head + apart <= latest, head + apart, head - apart)
    by_position = np.select([living.position == 0, living.position == 1], [own, partner], relative)
    born: Integers = np.clip(by_position, today - OLDEST * _YEAR, latest)
    return born


def _surnames(
    dice: Dice, living: Households, male: Flags, born: Integers, today: int
) -> tuple[Integers, Integers, Integers]:
    """Surnames now, surnames before marriage, and the days of the marriages (0 for the others)."""
    persons = len(male)
    family = surnames().draw(dice, living.count)[living.of_person]
    other = (living.position > 0) & dice.chance(persons, OTHER_SURNAME)
    surname = np.where(other, surnames().draw(dice, persons), family)
    wedding = born + dice.between(persons, 22 * _YEAR, 45 * _YEAR)
    recent = (wedding < today) & (wedding > today - 12 * _YEAR)
    married = ~male & recent & dice.chance(persons, MARRIED)
    before = np.where(married, surnames().draw(dice, persons), surname)
    return surname, before, np.where(married, wedding, 0)
