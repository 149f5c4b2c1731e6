"""Japanese personal names whose reading belongs to the writing: from curated lists, never put together from sounds."""

from dataclasses import dataclass
from functools import cache

import jaconv
import numpy as np
import pyarrow as pa

from petinsurance.population.dice import Dice, Flags, Integers
from petinsurance.population.wordlists import entries

#: Families registered with a variant character (髙橋 for 高橋), of those whose name has one.
VARIANT_WRITING = 0.30
#: A given name's popularity falls in a straight line to nothing, so many years before and after its peak.
YEARS_FROM_PEAK = 16
_FIRST_YEAR, _LAST_YEAR, _YEARS_IN_GENERATION = 1930, 2005, 5


@dataclass(frozen=True)
class Surnames:
    """Every registered writing of every surname; `plain` is the position of the same surname's usual writing."""

    kanji: pa.StringArray
    kana: pa.StringArray
    romaji: pa.StringArray
    plain: Integers
    variants: Integers  # how many other writings follow the plain one
    weight: Integers  # zero for the other writings

    def draw(self, dice: Dice, size: int) -> Integers:
        chosen = dice.weighted(size, self.weight)
        other = self.variants[chosen]
        varied = dice.chance(size, VARIANT_WRITING) & (other > 0)
        return chosen + np.where(varied, 1 + dice.below(size, np.maximum(other, 1)), 0)


@dataclass(frozen=True)
class GivenNames:
    """Women's names first, then men's."""

    kanji: pa.StringArray
    kana: pa.StringArray
    romaji: pa.StringArray
    peak: Integers
    weight: Integers
    male: Flags

    def draw(self, dice: Dice, male: Flags, born_in: Integers) -> Integers:
        """A name of the person's sex and generation."""
        generation = (np.clip(born_in, _FIRST_YEAR, _LAST_YEAR) - _FIRST_YEAR) // _YEARS_IN_GENERATION
        chosen = np.empty(len(male), np.int64)
        for sex in (False, True):
            for number in range((_LAST_YEAR - _FIRST_YEAR) // _YEARS_IN_GENERATION + 1):
                people = np.flatnonzero((male == sex) & (generation == number))
                year = _FIRST_YEAR + number * _YEARS_IN_GENERATION + _YEARS_IN_GENERATION // 2
                usual = self.weight * np.maximum(0, YEARS_FROM_PEAK - np.abs(year - self.peak))
                chosen[people] = dice.weighted(len(people), np.where(self.male == sex, usual, 0))
        return chosen


@cache
def surnames() -> Surnames:
    writings: list[tuple[str, str, int, int, int]] = []
    for usual, reading, weight, *rest in entries("surnames"):
        others = rest[0].split(",") if rest else []
        first = len(writings)
        writings.append((usual, reading, first, len(others), int(weight)))
        writings += [(other, reading, first, 0, 0) for other in others]
    kanji, kana, plain, variants, weights = zip(*writings, strict=True)
    return Surnames(
        pa.array(kanji),
        pa.array(kana),
        pa.array(map(romaji, kana)),
        np.array(plain),
        np.array(variants),
        np.array(weights),
    )


@cache
def given_names() -> GivenNames:
    women, men = entries("given_female"), entries("given_male")
    kanji, kana, peak, weight = zip(*women, *men, strict=True)
    return GivenNames(
        kanji=pa.array(kanji),
        kana=pa.array(kana),
        romaji=pa.array(map(romaji, kana)),
        peak=np.array(peak, np.int64),
        weight=np.array(weight, np.int64),
        male=np.arange(len(kanji)) >= len(women),
    )


def romaji(kana: str) -> str:
    """The reading in Latin letters as people put it into a mail address: long vowels short (サトウ: sato)."""
    letters = jaconv.kana2alphabet(jaconv.kata2hira(kana))
    for long, short in (("ou", "o"), ("oo", "o"), ("uu", "u")):
        letters = letters.replace(long, short)
    return letters
