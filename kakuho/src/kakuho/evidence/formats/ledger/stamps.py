"""Times exactly as the ledger writes them, ``2026-11-23T18:55:01.123456Z``, read column-wise."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

LENGTH = 27
_TO_THE_MINUTE = 16
_MARKS = {4: "-", 7: "-", 10: "T", 13: ":", 16: ":", 19: ".", 26: "Z"}
_DIGITS = [index for index in range(LENGTH) if index not in _MARKS]
_WORTH = {17: 10_000_000, 18: 1_000_000} | {20 + index: 10 ** (5 - index) for index in range(6)}
"""Microseconds that one stands for in each place behind the minute."""
_DAYS_BEFORE_MONTH = np.array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])
_DAYS_OF_MONTH = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_DAYS_BEFORE_1970 = 719_162
"""Days from 0001-01-01 to 1970-01-01 in the proleptic Gregorian calendar."""


def times_of(
    stamps: npt.NDArray[np.uint8],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Microseconds since 1970 for stamps of 27 bytes (one a row), and which of them are times of the calendar."""
    digits = stamps - ord("0")  # below "0" it goes round: no digit either
    valid = (digits[:, _DIGITS] <= 9).all(axis=1)
    for index, mark in _MARKS.items():
        valid &= stamps[:, index] == ord(mark)
    valid &= digits[:, 17] < 6
    minutes = np.ascontiguousarray(stamps[:, :_TO_THE_MINUTE]).view(np.uint64)
    changes = np.append(True, (minutes[1:] != minutes[:-1]).any(axis=1))[: len(stamps)]
    times, is_minute = _minutes(digits[changes].astype(np.int64))
    minute = np.cumsum(changes) - 1
    times = times[minute]
    for index, worth in _WORTH.items():
        times += digits[:, index].astype(np.int64) * worth
    return times, valid & is_minute[minute]


def _minutes(digits: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Microseconds from 1970 to each minute, and which minutes there are."""

    def number(begin: int, end: int) -> npt.NDArray[np.int64]:
        value = digits[:, begin].copy()
        for index in range(begin + 1, end):
            value = value * 10 + digits[:, index]
        return value

    year, month, day, hour, minute = (number(*place) for place in ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16)))
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    valid = (year >= 1) & (month >= 1) & (month <= 12) & (hour < 24) & (minute < 60) & (day >= 1)
    month = np.where(valid, month, 1)
    valid &= day <= _DAYS_OF_MONTH[month] + (leap & (month == 2))
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400 - _DAYS_BEFORE_1970
    days += _DAYS_BEFORE_MONTH[month] + (leap & (month > 2)) + day - 1
    return ((days * 24 + hour) * 60 + minute) * 60_000_000, valid
