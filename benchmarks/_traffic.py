"""Generated weeks of ordinary traffic of several kinds of systems: the times of a log's lines, nothing else.

A visit comes at the rate of its hour (day cycle, weekend, each day's own level), and is several lines some seconds
apart. Everything follows from the seed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
HOUR, DAY = 3600.0, 86_400.0
START = 1_740_927_600  # Monday, 3 March 2025, 00:00 in Japan
SHOP = np.array([3, 2, 1, 1, 1, 2, 4, 7, 9, 11, 12, 12, 13, 12, 11, 11, 11, 12, 12, 13, 14, 13, 10, 6]) / 8.5


@dataclass(frozen=True)
class Shape:
    """A kind of system: what it is, and the seconds (from START) of its lines over some days."""

    name: str
    days: int
    times: Callable[[np.random.Generator, int], Floats]


def _visits(random: np.random.Generator, rate: Floats, lines: float, spread: float = 15.0) -> Floats:
    """``rate``: visits of each hour; each visit has about ``lines`` lines, ``spread`` seconds apart."""
    number = random.poisson(rate)
    begins = np.repeat(np.arange(len(rate)) * HOUR, number) + random.uniform(0, HOUR, number.sum())
    sizes = random.geometric(1 / lines, len(begins)) if lines > 1 else np.ones(len(begins), np.int64)
    visit = np.repeat(np.arange(len(begins)), sizes)
    steps = random.exponential(spread, len(visit))
    total = np.cumsum(steps)
    first = np.cumsum(sizes) - sizes
    return begins[visit] + total - np.repeat(total[first], sizes)


def _daily(random: np.random.Generator, days: int, weekend: float, noise: float) -> Floats:
    level = np.exp(random.normal(0, noise, days))
    level[np.arange(days) % 7 >= 5] *= weekend
    return np.repeat(level, 24)


def shop(lines_an_hour: float, *, holidays: int = 0, growth: float = 1.0, flood: bool = False) -> Callable[..., Floats]:
    """A site for the public: round the clock, quiet before dawn, visits of six lines."""

    def times(random: np.random.Generator, days: int) -> Floats:
        rate = np.tile(SHOP, days) * _daily(random, days, 1.15, 0.15) * lines_an_hour / 6
        rate *= growth ** (np.arange(days * 24) / (days * 24))
        for day in random.choice(days, holidays, replace=False):
            rate[day * 24 : day * 24 + 24] *= 0.5
        found = _visits(random, rate, 6)
        if flood:
            at = random.uniform(0, (days - 1) * DAY)
            found = np.concatenate([found, at + random.uniform(0, 3 * HOUR, int(lines_an_hour * 60))])
        return found

    return times


def office(lines_an_hour: float, holidays: int = 0) -> Callable[..., Floats]:
    """A staff system: used from about nine to about six on weekdays, nothing on holidays."""

    def times(random: np.random.Generator, days: int) -> Floats:
        found = []
        closed = set(random.choice(days, holidays, replace=False).tolist())
        for day in range(days):
            if day % 7 >= 5 or day in closed:
                continue
            opens, closes = 9 + random.normal(0, 0.3), 18 + random.exponential(0.7)
            rate = np.full(24, lines_an_hour / 8) * np.exp(random.normal(0, 0.2))
            rate[12] *= 0.3
            visits = _visits(random, rate, 8, 25)
            found.append(day * DAY + visits[(visits > opens * HOUR) & (visits < closes * HOUR)])
        return np.concatenate(found)

    return times


def batch(random: np.random.Generator, days: int) -> Floats:
    """A server of jobs: some lines every 15 minutes, 20,000 in the night's run, which takes one to three hours."""
    ticks = np.arange(0, days * DAY, 900)
    small = np.repeat(ticks, 6) + random.exponential(8, len(ticks) * 6)
    nights = [day * DAY + 2 * HOUR + random.uniform(0, random.uniform(1, 3) * HOUR, 20_000) for day in range(days)]
    return np.concatenate([small, *nights])


def heartbeat(random: np.random.Generator, days: int) -> Floats:
    """A database behind a site, with a check every minute."""
    ticks = np.arange(0, days * DAY, 60) + random.uniform(0, 2, int(days * DAY / 60))
    return np.concatenate([ticks, shop(300)(random, days)])


SHAPES = (
    Shape("site, 6,000 lines/h", 28, shop(6000)),
    Shape("site, 600 lines/h", 28, shop(600)),
    Shape("site, 40 lines/h", 28, shop(40)),
    Shape("tiny site, 5 lines/h", 28, shop(5)),
    Shape("site, 600 lines/h, one week", 7, shop(600)),
    Shape("site, 40 lines/h, one week", 7, shop(40)),
    Shape("site, growing 4x in 8 weeks", 56, shop(300, growth=4)),
    Shape("site, three holidays at half", 28, shop(600, holidays=3)),
    Shape("site, with a flood of lines", 28, shop(100, flood=True)),
    Shape("office hours, 300 lines/h", 28, office(300)),
    Shape("office hours, two holidays", 28, office(300, holidays=2)),
    Shape("office hours, 30 lines/h", 28, office(30)),
    Shape("jobs every 15 min and at night", 28, batch),
    Shape("database, checked each minute", 28, heartbeat),
)


def lines_of(shape: Shape, seed: int) -> Integers:
    """The times of a log's lines, in order, in whole microseconds since 1970."""
    random = np.random.default_rng(seed)
    seconds = shape.times(random, shape.days)
    kept = np.sort(seconds[(seconds >= 0) & (seconds < shape.days * DAY)])
    result: Integers = ((kept + START) * 1_000_000).astype(np.int64)
    return result
