"""Times exactly as the ledger writes them, ``2026-11-23T18:55:01.123456Z``, read column-wise."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

LENGTH = 27
_MARKS = {4: "-", 7: "-", 10: "T", 13: ":", 16: ":", 19: ".", 26: "Z"}
_DIGITS = [index for index in range(LENGTH) if index not in _MARKS]
_DAYS_BEFORE_MONTH = np.array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])
_DAYS_OF_MONTH = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_DAYS_BEFORE_1970 = 719_162
"""Days from 0001-01-01 to 1970-01-01 in the proleptic Gregorian calendar."""


def times_of(
    stamps: npt.NDArray[np.uint8],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Microseconds since 1970 for stamps of 27 bytes (one a row), and which of them are times of the calendar."""
    digits = stamps.astype(np.int64) - ord("0")
    valid = ((digits[:, _DIGITS] >= 0) & (digits[:, _DIGITS] <= 9)).all(axis=1)
    for index, mark in _MARKS.items():
        valid &= stamps[:, index] == ord(mark)

    def number(begin: int, end: int) -> npt.NDArray[np.int64]:
        value = digits[:, begin].copy()
        for index in range(begin + 1, end):
            value = value * 10 + digits[:, index]
        return value

    year, month, day = number(0, 4), number(5, 7), number(8, 10)
    hour, minute, second = number(11, 13), number(14, 16), number(17, 19)
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    valid &= (year >= 1) & (month >= 1) & (month <= 12) & (hour < 24) & (minute < 60) & (second < 60) & (day >= 1)
    month = np.where(valid, month, 1)
    valid &= day <= _DAYS_OF_MONTH[month] + (leap & (month == 2))
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400 - _DAYS_BEFORE_1970
    days += _DAYS_BEFORE_MONTH[month] + (leap & (month > 2)) + day - 1
    return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + number(20, 26), valid
