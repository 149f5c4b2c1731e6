"""Slots of many requests of one shape, as columns; what depends on few of them is worked out once a combination."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Integers = npt.NDArray[np.int64]
Result = TypeVar("Result")


@dataclass(frozen=True)
class SlotColumns:
    """``values[i, k]``: slot ``k`` of request ``i``: a plain number, or ``-1 - n`` for the text ``texts[n]``."""

    values: Integers
    texts: Sequence[str]

    def __len__(self) -> int:
        return len(self.values)

    def text(self, value: int) -> str:
        """The text of one slot."""
        return str(value) if value >= 0 else self.texts[-1 - value]

    def row(self, index: int) -> list[str]:
        """All slots of one request as texts."""
        return [self.text(value) for value in self.values[index].tolist()]

    def is_plain(self, slot: int) -> bool:
        """Whether the slot is a plain number in every request."""
        return bool((self.values[:, slot] >= 0).all())

    def per_combination(
        self, slots: Sequence[int], work: Callable[[list[str]], Result]
    ) -> tuple[list[Result], Integers]:
        """``work`` on the slots (as texts, those not named are stale) of each combination; and each request's own."""
        which, first = combinations([self.values[:, slot] for slot in slots], len(self))
        return [work(self.row(int(index))) for index in first], which


def combinations(columns: Sequence[Integers], length: int) -> tuple[Integers, Integers]:
    """A number for each row, equal where all columns are; and the first row of each number."""
    which = np.zeros(length, np.int64)
    for column in columns:
        codes, count = encoded(column)
        which, _ = encoded(which * count + codes)
    first = np.full(int(which.max()) + 1 if length else 0, -1, np.int64)
    first[which[::-1]] = np.arange(length - 1, -1, -1)
    return which, first


def encoded(column: npt.NDArray[Any]) -> tuple[Integers, int]:
    """A column's values as numbers from 0 in the order of their first appearance, and how many there are."""
    found = pa.array(column).dictionary_encode()
    return np.asarray(found.indices).astype(np.int64), max(len(found.dictionary), 1)
