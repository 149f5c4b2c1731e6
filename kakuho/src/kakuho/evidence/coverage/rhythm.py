"""A log's own rhythm over day and week, and how surprising each silence in it is.

What is measured, all out of the log itself, hour by hour (UTC; a day's and a week's cycle need no zone):

1. *Activity*: events an hour, none for more than four times the median of its hour of day, so that one flood does not
   become the expectation.
2. *Expectation* of each hour from the **other** days and weeks (never from the hour itself, or a hole would explain
   itself): the mean of the hour of day, times how the hours around it in the other weeks compare with that, drawn
   towards the mean of the same hour of the other weeks, times the level of the four weeks around it (growth). Each
   mean is shrunk towards the coarser one by the weight of one burst of events: sparse night hours keep a small
   expectation instead of none.
3. *Over-dispersion*: how the two halves of an hour differ gives the size of a burst D (one visit is many lines), and
   the residuals give, for each hour of day, the relative variance phi beyond that (offices that open at 8:40 or 9:20).
   The surprise of an empty hour is that of a negative binomial count: ``ln(1 + phi mean / D) / phi``, in nats.

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

ALPHA = 0.01
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
    """Of each hour from ``first_hour`` (hours since 1970) on: the events ``expected``, its ``surprise`` if empty.

    ``observed``: its activity, of the share ``exposure`` of the hour (less than 1 at both ends of the log). ``spread``:
    the relative variance phi of its hour of day. ``burst``: how many events come together.
    """

    first_hour: int
    observed: Floats
    exposure: Floats
    expected: Floats
    spread: Floats
    surprise: Floats
    burst: float

    def of(self, starts: Integers, ends: Integers) -> Floats:
        """The surprise of each silence from ``starts`` to ``ends`` (microseconds since 1970), both within the log."""
        edges = (np.arange(len(self.surprise) + 1) + self.first_hour) * HOUR_US
        total = np.concatenate([[0.0], np.cumsum(self.surprise)])
        result: Floats = np.interp(ends, edges, total) - np.interp(starts, edges, total)
        return result


def rhythm_of(minutes: Integers, counts: Integers) -> Rhythm:
    """The rhythm of a log of which ``minutes`` (since 1970, ascending, those with events) hold ``counts`` events."""
    first = int(minutes[0]) // 60
    hours = minutes // 60 - first
    observed: Floats = np.bincount(hours, weights=counts).astype(np.float64)
    exposure = np.ones(len(observed))
    exposure[0] -= (int(minutes[0]) % 60) / 60
    exposure[-1] -= (59 - int(minutes[-1]) % 60) / 60
    of_week: Integers = (np.arange(len(observed), dtype=np.int64) + first) % _WEEK
    usual = _without_floods(observed, of_week % 24)
    half_hours = np.bincount(minutes // 30 - 2 * first, weights=counts, minlength=2 * len(observed))
    burst = _burst(half_hours.astype(np.float64), of_week % 24)
    expected = _expected(usual, exposure, of_week, burst)
    phi = _spread(usual, expected * exposure, of_week % 24, burst)
    surprise = np.log1p(phi * expected / burst) / phi
    return Rhythm(first, observed, exposure, expected, phi, surprise, burst)


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


def _without_floods(observed: Floats, of_day: Integers) -> Floats:
    """No hour above four times the median of the hours of the day that have events, nor of all hours that have any."""
    overall = float(np.median(observed[observed > 0]))
    limits = np.full(24, 4 * overall)
    for hour in range(24):
        there = observed[(of_day == hour) & (observed > 0)]
        if len(there):
            limits[hour] = 4 * max(float(np.median(there)), overall)
    result: Floats = np.minimum(observed, limits[of_day])
    return result


def _burst(half_hours: Floats, of_day: Integers) -> float:
    """How many events come together: the variance of a half hour over its mean, from how the halves of hours differ.

    What changes slowly (day and night, growth) falls out; the median over the hours of the day leaves out those at
    which work begins and ends.
    """
    before, after = half_hours.reshape(-1, 2).T
    squares = np.bincount(of_day, weights=(before - after) ** 2, minlength=24)
    sums = np.bincount(of_day, weights=before + after, minlength=24)
    present = sums >= min(np.bincount(of_day).max(), sums.max())
    return max(1.0, float(np.median(squares[present] / sums[present])))


def _spread(observed: Floats, expected: Floats, of_day: Integers, burst: float) -> Floats:
    """For each hour the relative variance of its hour of day, beyond that of bursts."""
    squares = np.bincount(of_day, weights=(observed - expected) ** 2, minlength=24)
    means = np.bincount(of_day, weights=expected, minlength=24)
    mean_squares = np.bincount(of_day, weights=expected**2, minlength=24)
    phi = np.clip((squares - burst * means) / np.maximum(mean_squares, 1e-9), _LEAST_PHI, _MOST_PHI)
    result: Floats = phi[of_day]
    return result


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
