"""Sleeps of one second told from whole-second stamps: by where within its second each request began.

A request that does not sleep takes a few hundredths of a second, so its stamp moves on only when a second is nearly
over.
Where within the second a client stands is followed from request to request (a hidden Markov chain over the phase),
forwards
and backwards; what is then nearly certain is taken, the rest stays undecided.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kakuho.exposure.injection.columns import Integers
from kakuho.exposure.injection.solve import UNKNOWN, Answers

_BINS = 64
_CERTAIN = 0.995
_ROUNDS = 3
_LONGEST = 4
_MOST = 200_000
Floats = npt.NDArray[np.float64]


def slow_by_phase(gap: Integers, asked: Floats, order: Integers) -> Answers:
    """1 for slow, 0 for fast, -1 where it is not nearly certain; see
    :func:`kakuho.exposure.injection.slowness.stamp_oracle`."""
    found = np.full(len(gap), UNKNOWN, np.int8)
    whole = np.round(asked).astype(np.int64)
    if len(gap) > _MOST or not np.allclose(asked, whole):
        return found
    gaps, sleeps = gap[order], whole[order]
    mean = 0.05
    slow = np.zeros(len(gaps))
    for _ in range(_ROUNDS):
        slow, carried = _passes(gaps, sleeps, _own_time(mean))
        mean = float(np.clip(carried, 0.004, 0.4))
    result = np.full(len(gaps), UNKNOWN, np.int8)
    result[slow >= _CERTAIN] = 1
    result[slow <= 1 - _CERTAIN] = 0
    result[gaps < 0] = UNKNOWN
    found[order] = result
    return found


def _own_time(mean: float) -> Floats:
    """How likely a request takes each number of bins by itself: around its mean, with a long tail."""
    at = (np.arange(_BINS) + 0.5) / _BINS
    spread = np.exp(-0.5 * (np.log(at / mean) / 0.7) ** 2) / at
    tail = np.exp(-at / 0.15)
    weights = spread / spread.sum() * 0.97 + tail / tail.sum() * 0.03
    return np.asarray(weights / weights.sum(), np.float64)


def _passes(gaps: Integers, sleeps: Integers, own: Floats) -> tuple[Floats, float]:
    """How likely each request slept, and the mean of a request's own time in seconds."""
    stay, carry = _moves(own)
    count = len(gaps)
    uniform = np.full(_BINS, 1 / _BINS)
    forward = np.empty((count + 1, _BINS))
    forward[0] = uniform
    parts: list[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None] = []
    for at in range(count):
        pair = _emissions(int(gaps[at]), int(sleeps[at]), stay, carry)
        parts.append(pair)
        if pair is None:
            forward[at + 1] = uniform
            continue
        moved = forward[at] @ (0.5 * (pair[0] + pair[1]))
        total = moved.sum()
        forward[at + 1] = moved / total if total > 0 else uniform
    slow = np.full(count, 0.5)
    backward = np.ones(_BINS)
    carried = weight = 0.0
    for at in range(count - 1, -1, -1):
        pair = parts[at]
        if pair is None:
            backward = np.ones(_BINS)
            continue
        fast_way, slow_way = (float(forward[at] @ way @ backward) for way in pair)
        if fast_way + slow_way > 0:
            slow[at] = slow_way / (fast_way + slow_way)
            carried += float(gaps[at]) - slow[at] * float(sleeps[at])
            weight += 1
        backward = (0.5 * (pair[0] + pair[1])) @ backward
        total = backward.sum()
        backward = backward / total if total > 0 else np.ones(_BINS)
    return slow, carried / weight if weight else 0.05


def _moves(own: Floats) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """From phase to phase within the second, and into the next one."""
    stay = np.zeros((_BINS, _BINS))
    carry = np.zeros((_BINS, _BINS))
    for begin in range(_BINS):
        for bins in range(_BINS):
            end = begin + bins
            if end < _BINS:
                stay[begin, end] += own[bins]
            else:
                carry[begin, end - _BINS] += own[bins]
    return stay, carry


def _emissions(
    gap: int, sleep: int, stay: npt.NDArray[np.float64], carry: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None:
    """The moves under which a fast and a slow request give this gap; None where neither does (the client paused)."""
    nothing = np.zeros_like(stay)
    fast = stay if gap == 0 else carry if gap == 1 else nothing
    slow = stay if gap == sleep else carry if gap == sleep + 1 else nothing
    if gap < 0 or gap > sleep + 1 or (fast is nothing and slow is nothing):
        return None
    return fast, slow
