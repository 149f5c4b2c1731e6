"""Answers put together: for each character of each value, the codes that every answer leaves.

Pure and vectorised: one sort by key, then AND over the masks, the greatest lower and the least upper bound. Order and
repetition of the answers change nothing; each missing one can only leave more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kakuho.exposure.injection.columns import Integers
from kakuho.exposure.injection.questions import BIT_IS_NO, FIRST_HIGH, HIGHEST, Masks, Questions

YES, NO, UNKNOWN = 1, 0, -1
ALL_BITS = np.int64((1 << 62) - 1)
_PLANE_BITS = (1 << 21) - 1
Answers = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Solved:
    """One row a key (a character of a value).

    ``count``: how many codes are left (many: 1 << 20); ``code``: the one, where it is one. ``yes`` and ``no``: how many
    answers of each. ``open_high``: higher codes are left only for want of a question that would tell.
    ``bits``: the bits of the code that were asked for, ``ones`` those that are set.
    """

    key: Integers
    mask0: Masks
    mask1: Masks
    low: Integers
    high: Integers
    yes: Integers
    no: Integers
    open_high: npt.NDArray[np.bool_]
    bits: Integers
    ones: Integers
    order: Integers
    begins: Integers

    @property
    def ascii_count(self) -> Integers:
        """How many ASCII codes are left."""
        return (np.bitwise_count(self.mask0) + np.bitwise_count(self.mask1)).astype(np.int64)

    @property
    def count(self) -> Integers:
        """How many codes are left in all."""
        return np.asarray(self.ascii_count + np.clip(self.high - self.low + 1, 0, 1 << 20), np.int64)

    @property
    def code(self) -> Integers:
        """The least code that is left."""
        first = np.where(
            self.mask0 != 0, lowest_bit(self.mask0), np.where(self.mask1 != 0, 64 + lowest_bit(self.mask1), self.low)
        )
        return first.astype(np.int64)

    @property
    def contradicts(self) -> npt.NDArray[np.bool_]:
        """Whether no code is left, or the bits that are set make none."""
        beyond = (self.bits & ~_PLANE_BITS == 0) & ((self.bits & _PLANE_BITS) == _PLANE_BITS) & (self.ones > 0x10FFFF)
        return np.asarray((self.count == 0) | (self.ones == ALL_BITS) | beyond, bool)


def lowest_bit(words: Masks) -> Integers:
    """The place of the lowest bit that is set; 64 where none is."""
    isolated = words & (~words + np.uint64(1))
    return np.bitwise_count(isolated - np.uint64(1)).astype(np.int64)


def solve(questions: Questions, key: Integers, answers: Answers) -> Solved:
    """The codes left for each key by the answers; questions without an answer are left out."""
    known = np.flatnonzero(answers != UNKNOWN)
    order = known[np.argsort(key[known], kind="stable")]
    sorted_key = key[order]
    begins = (
        np.flatnonzero(np.concatenate(([True], sorted_key[1:] != sorted_key[:-1])))
        if len(order)
        else np.zeros(0, np.int64)
    )
    if len(order) == 0:
        empty = np.zeros(0, np.int64)
        words = np.zeros(0, np.uint64)
        return Solved(empty, words, words, empty, empty, empty, empty, np.zeros(0, bool), empty, empty, empty, empty)
    said = answers[order] == YES
    mask0, mask1, low, high = (
        np.where(said, yes[order], no[order]) for yes, no in zip(questions.yes, questions.no, strict=True)
    )
    bits, ones = _bits(questions.bit[order], said, begins)
    low = np.maximum.reduceat(low, begins)
    high = np.minimum.reduceat(high, begins)
    return Solved(
        sorted_key[begins],
        np.bitwise_and.reduceat(mask0, begins),
        np.bitwise_and.reduceat(mask1, begins),
        np.maximum(low, FIRST_HIGH),
        np.minimum(high, HIGHEST),
        np.add.reduceat(said.astype(np.int64), begins),
        np.add.reduceat((~said).astype(np.int64), begins),
        np.logical_or.reduceat(questions.open_high[order], begins),
        bits,
        ones,
        order,
        begins,
    )


def _bits(bit: Integers, said: npt.NDArray[np.bool_], begins: Integers) -> tuple[Integers, Integers]:
    """The bits that were asked for by key, and those that are set; both are all where answers contradict."""
    if not (bit >= 0).any():
        nothing = np.zeros(len(begins), np.int64)
        return nothing, nothing
    asked = np.where(bit >= 0, np.int64(1) << (bit & (BIT_IS_NO - 1)), 0)
    is_set = said == (bit < BIT_IS_NO)
    ones = np.bitwise_or.reduceat(np.where(is_set, asked, 0), begins)
    zeros = np.bitwise_or.reduceat(np.where(is_set, 0, asked), begins)
    return np.bitwise_or.reduceat(asked, begins), np.where((ones & zeros) != 0, ALL_BITS, ones)


def predicted(questions: Questions, key: Integers, solved: Solved) -> Answers:
    """What the answer to each question must be by what is solved; UNKNOWN where it may be either."""
    found = np.full(len(key), UNKNOWN, np.int8)
    if len(solved.key) == 0:
        return found
    at = np.minimum(np.searchsorted(solved.key, key), len(solved.key) - 1)
    usable = (solved.key[at] == key) & ~solved.contradicts[at]
    mask0, mask1, low, high = solved.mask0[at], solved.mask1[at], solved.low[at], solved.high[at]
    for answer, (y0, y1, ylow, yhigh) in ((YES, questions.yes), (NO, questions.no)):
        inside = ((mask0 & ~y0) == 0) & ((mask1 & ~y1) == 0) & ((low > high) | ((low >= ylow) & (high <= yhigh)))
        found[usable & inside & (found == UNKNOWN)] = answer
    return found
