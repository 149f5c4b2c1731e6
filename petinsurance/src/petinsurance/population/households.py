"""Who lives with whom: households of the cast, and which of its members each person is. Knows no names or addresses."""

from dataclasses import dataclass

import numpy as np

from petinsurance.population.dice import Dice, Integers

#: Households by number of members that the insurer knows, per thousand (ours: most know the insurer alone).
MEMBERS_PER_THOUSAND = (0, 800, 150, 37, 13)


@dataclass(frozen=True)
class Households:
    count: int
    of_person: Integers
    position: Integers  # 0 the head, 1 the partner, 2 and 3 a grown child or a parent
    head: Integers  # the head of each person's household (a person's number)


def households(persons: int, seed: int) -> Households:
    dice = Dice(seed, "households")
    members = dice.weighted(persons, MEMBERS_PER_THOUSAND)
    ends = np.cumsum(members)
    count = int(np.searchsorted(ends, persons, side="left")) + 1
    starts = ends[:count] - members[:count]
    in_a_row = np.repeat(np.arange(count), members[:count])[:persons]
    order = dice.shuffled(persons)
    of_person = np.empty(persons, np.int64)
    position = np.empty(persons, np.int64)
    of_person[order] = in_a_row
    position[order] = np.arange(persons) - starts[in_a_row]
    return Households(count, of_person, position, head=order[starts][of_person])
