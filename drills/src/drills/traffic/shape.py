"""The shape of days and weeks: when people visit, in Japan's time.

Shares by hour are ours, after what any consumer site sees: a peak at noon, a higher one after supper, a thin night.
"""

import random
from datetime import datetime, timedelta

from drills.truth.forms import JAPAN

CONSUMER_HOURS = (2, 1, 1, 1, 1, 2, 4, 8, 10, 9, 9, 9, 13, 10, 8, 8, 8, 9, 11, 13, 15, 15, 11, 6)
OFFICE_HOURS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 14, 13, 5, 12, 13, 12, 10, 5, 0, 0, 0, 0, 0, 0)
CONSUMER_WEEK = (0.95, 0.9, 0.95, 0.95, 1.0, 1.2, 1.25)  # Monday first
CALL_CENTRE_WEEK = (1.2, 1.0, 1.0, 1.0, 1.0, 0.5, 0.0)
OFFICE_WEEK = (1.1, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0)

LONGEST_SILENCE = timedelta(hours=5)


def moments(
    chance: random.Random,
    first_day: datetime,
    days: int,
    a_day: float,
    week: tuple[float, ...],
    hours: tuple[int, ...],
) -> list[datetime]:
    """Random moments, `a_day` of them on an average day, shaped by weekday and hour; in order."""
    found = []
    for day in range(days):
        midnight = (first_day + timedelta(days=day)).astimezone(JAPAN)
        expected = a_day * week[midnight.weekday()]
        count = int(expected) + (chance.random() < expected % 1)
        for hour in chance.choices(range(24), hours, k=count):
            found.append(midnight + timedelta(hours=hour, seconds=chance.uniform(0, 3600)))
    return sorted(found)


def fill_silences(
    chance: random.Random, known: list[datetime], start: datetime, end: datetime, longest: timedelta = LONGEST_SILENCE
) -> list[datetime]:
    """The moments to add so that `known`, `start` and `end` together never leave more than `longest` empty."""
    added: list[datetime] = []
    last = start
    for moment in [*sorted(known), end]:
        while moment - last > longest:
            last += longest * chance.uniform(0.7, 0.95)
            added.append(last)
        last = max(last, moment)
    return added
