"""Dates and times as whole numbers: days since 1970-01-01 in Japan, microseconds since 1970-01-01 UTC."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from petinsurance.population.dice import Dice, Integers

JAPAN = ZoneInfo("Asia/Tokyo")
#: The drill's clock starts here: everything in the population happened before.
AS_OF = datetime(2025, 3, 1, tzinfo=JAPAN)

DAY = 86_400_000_000
_JAPAN_AHEAD = 9 * 3_600_000_000  # no summer time since 1951
_EPOCH = date(1970, 1, 1)

#: How busy each hour of a day is on a consumer's web site (ours: low at night, lunch and evening peaks).
WEB_HOURS = (6, 3, 2, 1, 1, 2, 4, 8, 12, 16, 18, 18, 24, 20, 17, 17, 18, 19, 22, 27, 32, 34, 28, 15)
#: The same for an office.
OFFICE_HOURS = (0, 0, 0, 0, 0, 0, 0, 0, 2, 30, 36, 34, 14, 32, 35, 34, 30, 20, 6, 1, 0, 0, 0, 0)


def day_of(moment: datetime) -> int:
    """The Japanese calendar day of a time-zone aware moment."""
    return (moment.astimezone(JAPAN).date() - _EPOCH).days


def days_from_years(years: NDArray[np.int64]) -> Integers:
    """1 January of each year."""
    return (years - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)


def years_of(days: Integers) -> Integers:
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def time_of_day(dice: Dice, size: int, hours: tuple[int, ...]) -> Integers:
    """Microseconds after midnight, busy hours more often."""
    return dice.weighted(size, hours) * 3_600_000_000 + dice.below(size, 3_600_000_000)


def moments(days: Integers, times: Integers) -> Integers:
    """UTC microseconds of a time of day in Japan on each day."""
    return days * DAY + times - _JAPAN_AHEAD


def days_of(times: Integers) -> Integers:
    """The Japanese calendar day of each moment."""
    return (times + _JAPAN_AHEAD) // DAY


def dates(days: Integers, missing: NDArray[np.bool_] | None = None) -> pa.Array:
    return pa.array(days.astype(np.int32), mask=missing).cast(pa.date32())


def timestamps(times: Integers) -> pa.Array:
    return pa.array(times).cast(pa.timestamp("us", tz="UTC"))
