"""Random draws that are the same on every machine and with every numpy.

Only the bit generator is used (its stream is guaranteed by NEP 19, unlike `Generator`'s methods), and only integer
arithmetic and IEEE multiplication on top of it: no logarithm or root, whose last bit differs between processors.
Each purpose has a stream of its own, so that one more draw here does not shift every draw there.
"""

import hashlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Dice:
    """One stream of draws, named by the seed and its purpose."""

    def __init__(self, seed: int, purpose: str) -> None:
        key = hashlib.sha256(f"{seed}/{purpose}".encode()).digest()
        self._bits = np.random.PCG64(int.from_bytes(key, "big"))

    def uniform(self, size: int) -> NDArray[np.float64]:
        """Numbers in [0, 1), 53 bits each."""
        raw: NDArray[np.uint64] = self._bits.random_raw(size)
        return (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def below(self, size: int, limit: ArrayLike) -> Integers:
        """Integers in [0, limit); `limit` may differ from draw to draw."""
        return (self.uniform(size) * np.asarray(limit, dtype=np.int64)).astype(np.int64)

    def between(self, size: int, low: int, high: int) -> Integers:
        """Integers in [low, high], both included."""
        return low + self.below(size, high - low + 1)

    def chance(self, size: int, share: ArrayLike) -> Flags:
        return self.uniform(size) < np.asarray(share)

    def weighted(self, size: int, weights: ArrayLike) -> Integers:
        """Positions in `weights` (non-negative integers), each as often as its weight says."""
        sums = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(sums, self.below(size, sums[-1]), side="right").astype(np.int64)

    def curve(self, size: int, knots: ArrayLike) -> Integers:
        """Whole numbers whose quantiles at equal steps from 0 to 1 are `knots`, straight lines between them."""
        points = np.asarray(knots, dtype=np.int64)
        place = self.uniform(size) * (len(points) - 1)
        step = place.astype(np.int64)
        return points[step] + ((place - step) * (points[step + 1] - points[step])).astype(np.int64)

    def shuffled(self, size: int) -> Integers:
        """The positions 0 … size-1 in random order."""
        raw: NDArray[np.uint64] = self._bits.random_raw(size)
        return np.argsort(raw, kind="stable").astype(np.int64)

    def subset(self, size: int, count: int) -> Integers:
        """`count` different positions below `size`, ascending."""
        return np.sort(self.shuffled(size)[:count])
