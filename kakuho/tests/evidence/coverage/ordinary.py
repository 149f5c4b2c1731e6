"""Ordinary traffic for tests: visits of a few lines, by day and night, from a seed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

MONDAY = datetime(2025, 3, 3, tzinfo=UTC).replace(tzinfo=None)


def at(day: int, hour: float) -> datetime:
    """A time, days and hours after Monday, 3 March 2025, 00:00 UTC."""
    return MONDAY + timedelta(days=day, hours=hour)


def site(days: int, visits_an_hour: float, seed: int = 1) -> list[datetime]:
    """A site round the clock: a fifth of the visits by night; four lines a visit, some seconds apart."""
    by_hour = [visits_an_hour * (1.0 if 7 <= hour < 23 else 0.2) for hour in range(24)] * days
    return _visits(by_hour, seed)


def office(days: int, visits_an_hour: float, seed: int = 1) -> list[datetime]:
    """A staff system: 9 to 18 on weekdays, nothing else."""
    open_hours = [1.0 if 9 <= hour < 18 else 0.0 for hour in range(24)]
    by_hour = [visits_an_hour * share for day in range(days) for share in (open_hours if day % 7 < 5 else [0.0] * 24)]
    return _visits(by_hour, seed)


def without(times: list[datetime], start: datetime, end: datetime) -> list[datetime]:
    """The times outside a stretch."""
    return [time for time in times if not start <= time < end]


def _visits(by_hour: list[float], seed: int) -> list[datetime]:
    random = np.random.default_rng(seed)
    number = random.poisson(by_hour)
    begins = np.repeat(np.arange(len(by_hour)) * 3600.0, number) + random.uniform(0, 3600, number.sum())
    seconds = np.sort((begins[:, None] + np.cumsum(random.exponential(10, (len(begins), 4)), axis=1)).ravel())
    kept = seconds[seconds < len(by_hour) * 3600]
    return [MONDAY + timedelta(microseconds=int(second * 1_000_000)) for second in kept]
