"""A log's own rhythm over day and week, and how surprising each silence in it is.

What is measured, all out of the log itself, hour by hour (UTC; a day's and a week's cycle need no zone):

1. *Activity*: events a minute, capped at five times the median of the minutes that have any, so that one flood does not
   become the expectation.
2. *Expectation* of each hour from the **other** days and weeks (never from the hour itself, or a hole would explain
   itself): the mean of the hour of day, times how the hours around it in the other weeks compare with that, drawn
   towards the mean of the same hour of the other weeks, times the level of the four weeks around it (growth). Each
   mean is shrunk towards the coarser one by the weight of one burst of events: sparse night hours keep a small
   expectation instead of none.
3. *Over-dispersion*: residuals give the size of a burst D (variance = D mean where traffic is thin: one visit is many
   lines) and, for each hour of day, the spread phi beyond that (offices that open at 8:40 or 9:20). The surprise of an
   empty hour is that of a negative binomial count: ``ln(1 + phi mean / D) / phi``, in nats.

A silence's surprise is the sum over the time that it lasts. :func:`limit` then says what is implausible *for this log*:
the tail of the surprises of all its silences is extended exponentially (peaks over a threshold: Davison and Smith,
J. R. Statist. Soc. B 52, 1990) to the level that the longest ordinary silence passes with probability ALPHA; quantiles
of the tail and not its mean are used, so that a few real holes do not raise the limit much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ALPHA = 0.05
HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000
_WEEK = 168
_AROUND = 6
_LEVEL_HOURS, _OWN_HOURS = 14 * 24, 36
_LEAST_SILENCES = 20
_HOLES_ALLOWED = 4
_MARGIN = 1.5
_LEAST_PHI, _MOST_PHI = 0.02, 5.0


@dataclass(frozen=True)
class Rhythm:
    """Of each hour from ``first_hour`` (hours since 1970) on: how many events are ``expected``; its ``surprise`` if empty.

    ``burst``: how many events come together at a time.
    """

    first_hour: int
    expected: Floats
    surprise: Floats
    burst: float

    def of(self, starts: Integers, ends: Integers) -> Floats:
        """The surprise of each silence from ``starts`` to ``ends`` (microseconds since 1970)."""
        edges = (np.arange(len(self.surprise) + 1) + self.first_hour) * HOUR_US
        total = np.concatenate([[0.0], np.cumsum(self.surprise)])
        result: Floats = np.interp(ends, edges, total) - np.interp(starts, edges, total)
        return result


def rhythm_of(minutes: Integers, counts: Integers) -> Rhythm:
    """The rhythm of a log of which ``minutes`` (since 1970, ascending, those with events) hold ``counts`` events."""
    activity = np.minimum(counts, 5 * max(1.0, float(np.median(counts)))).astype(np.float64)
    first = int(minutes[0]) // 60
    hours = minutes // 60 - first
    observed: Floats = np.bincount(hours, weights=activity).astype(np.float64)
    exposure = np.ones(len(observed))
    exposure[0] -= (int(minutes[0]) % 60) / 60
    exposure[-1] -= (59 - int(minutes[-1]) % 60) / 60
    of_week: Integers = (np.arange(len(observed), dtype=np.int64) + first) % _WEEK
    burst = 1.0
    for _ in range(2):
        expected = _expected(observed, exposure, of_week, burst)
        burst, phi = _dispersion(observed, expected * exposure, of_week % 24)
    surprise = np.log1p(phi * expected / burst) / phi
    return Rhythm(first, expected, surprise, burst)


def limit(surprises: Floats) -> float:
    """The surprise above which a silence is implausible for the log whose silences these are (all of them).

    Infinite where there are too few to say.
    """
    number = len(surprises)
    if number < _LEAST_SILENCES:
        return float("inf")
    ordered = np.sort(surprises)[::-1]
    near = min(_HOLES_ALLOWED, number // 10)
    far = max(near + 5, min(number // 5, 30 + number // 50))
    slope = max(
        (ordered[near] - ordered[rank]) / np.log((rank + 0.5) / (near + 0.5))
        for rank in (far, (near + far) // 2)
        if rank > near
    )
    return float(max(ordered[near] + slope * np.log((near + 0.5) / ALPHA), _MARGIN * ordered[near]))


def _expected(observed: Floats, exposure: Floats, of_week: Integers, burst: float) -> Floats:
    """The expected activity of each whole hour, from the other hours of its kind."""
    overall = max(observed.sum() / exposure.sum(), 1e-9)
    by_day = _others(observed, of_week % 24, 24) + burst
    by_day /= _others(exposure, of_week % 24, 24) + burst / overall
    around_seen = _others(_around(observed, _AROUND), of_week, _WEEK)
    around_due = _others(_around(by_day * exposure, _AROUND), of_week, _WEEK)
    coarse = by_day * (around_seen + 3 * burst) / (around_due + 3 * burst)
    weight = 1 + 2 * burst / np.maximum(coarse, 1e-9)
    fine = (_others(observed, of_week, _WEEK) + weight * coarse) / (_others(exposure, of_week, _WEEK) + weight)
    near_seen = _around(observed, _LEVEL_HOURS) - _around(observed, _OWN_HOURS)
    near_due = _around(fine * exposure, _LEVEL_HOURS) - _around(fine * exposure, _OWN_HOURS)
    result: Floats = fine * (near_seen + 3 * burst) / (near_due + 3 * burst)
    return result


def _dispersion(observed: Floats, expected: Floats, of_day: Integers) -> tuple[float, Floats]:
    """The size of a burst, and for each hour the spread of its hour of day beyond that."""
    squares = np.bincount(of_day, weights=(observed - expected) ** 2, minlength=24)
    means = np.bincount(of_day, weights=expected, minlength=24)
    mean_squares = np.bincount(of_day, weights=expected**2, minlength=24)
    present = means > means.max() / 100
    burst = max(1.0, float(np.quantile(squares[present] / means[present], 0.25)))
    phi = np.clip((squares - burst * means) / np.maximum(mean_squares, 1e-9), _LEAST_PHI, _MOST_PHI)
    return burst, phi[of_day]


def _others(values: Floats, kind: Integers, kinds: int) -> Floats:
    """For each value, the sum over the other values of its kind."""
    result: Floats = np.maximum(np.bincount(kind, weights=values, minlength=kinds)[kind] - values, 0.0)
    return result


def _around(values: Floats, reach: int) -> Floats:
    """For each value, the sum over itself and ``reach`` values on either side."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    index = np.arange(len(values))
    result: Floats = total[np.minimum(index + reach + 1, len(values))] - total[np.maximum(index - reach, 0)]
    return result
