"""Times of syslog lines as UTC: years that are not written, zones that are not written.

A date without a year is in the year of the line before, or in the next where the month goes back by more than half a
year (December to January); a December line after a January one is of the year before. The last line of a file is not
after the file was last written, which settles the year of all (RFC 3164 leaves it out).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from kakuho.evidence.content import Content
from kakuho.evidence.formats.base import Declared, SourceFile
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.evidence.formats.host.syslog_lines import MONTHS
from kakuho.evidence.formats.host.zones import zone_named, zone_needed
from kakuho.evidence.formats.rows_by_table import BLOCK_BYTES

_MONTH_OF_LINE = re.compile(
    rb"^(?:<\d{1,3}>)?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([ 0-3]?\d) \d\d:\d\d:\d\d", re.MULTILINE
)
_HALF_A_YEAR = 6
_DECEMBER = 12
_LEAP_SECOND = 60
_CLOCKS_DIFFER = timedelta(days=1)
_LONGEST_TAIL = 1 << 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def year_after(year: int, month_before: int, month: int) -> int:
    """The year of a line of ``month`` that follows a line of ``month_before`` in ``year``."""
    if month_before - month > _HALF_A_YEAR:
        return year + 1
    if month == _DECEMBER and month_before == 1:
        return year - 1
    return year


@dataclass(frozen=True)
class YearBefore:
    """The year and the month of the last dated line before a block (of its first line where there is none)."""

    year: int
    month: int


def dated_blocks(source: SourceFile) -> Iterator[LineBlock]:
    """The file in blocks that end before a line that is not indented, each with its :class:`YearBefore` as context.

    The file is read once more before, for the years of its beginning depend on its end.
    """
    state = _at_the_beginning(source)
    for block in _whole_records(source.content):
        yield replace(block, context=state)
        if state is not None:
            for month, _ in _dates(block):
                if month != state.month:
                    state = YearBefore(year_after(state.year, state.month, month), month)


def _at_the_beginning(source: SourceFile) -> YearBefore | None:
    first = last = None
    years = 0
    for block in line_blocks(source.content, BLOCK_BYTES):
        for month, day in _dates(block):
            if last is not None:
                years = year_after(years, last[0], month)
            first = first or month
            last = (month, day)
    if first is None or last is None:
        return None
    return YearBefore(_latest_year(*last, source) - years, first)


def _dates(block: LineBlock) -> list[tuple[int, int]]:
    """Month and day of dated lines in order; of a run of lines of one month the first and the last alone."""
    data, starts = block.data, block.starts[:-1]
    if data.startswith(b"<") or b"\n<" in data:
        return [(MONTHS[name.decode()], int(day)) for name, day in _MONTH_OF_LINE.findall(data)]
    letters = np.frombuffer(data + b"\n\n\n", np.uint8)
    names = (letters[starts].astype(np.int32) << 16) | (letters[starts + 1].astype(np.int32) << 8) | letters[starts + 2]
    bounds = [0, *(np.flatnonzero(np.diff(names)) + 1).tolist(), len(starts)]
    found = []
    for begin, end in pairwise(bounds):
        first = _first_date(data, starts, range(begin, end))
        if first is not None:
            last = _first_date(data, starts, range(end - 1, begin - 1, -1))
            found += [first, last or first]
    return found


def _first_date(data: bytes, starts: npt.NDArray[np.int64], lines: range) -> tuple[int, int] | None:
    for line in lines:
        if date := _MONTH_OF_LINE.match(data, int(starts[line])):
            return MONTHS[date[1].decode()], int(date[2])
    return None


def _latest_year(month: int, day: int, source: SourceFile) -> int:
    """The last year in which this day was not after the file was written."""
    zone = zone_named(source.declared.time_zone) or UTC
    written = (source.modified + _CLOCKS_DIFFER).astimezone(zone).date()
    for year in range(written.year, written.year - 9, -1):
        try:
            if datetime(year, month, day, tzinfo=zone).date() <= written:
                return year
        except ValueError:
            continue
    return written.year


def _whole_records(content: Content) -> Iterator[LineBlock]:
    """Blocks whose end is before a line that is not indented, unless a single record is longer than a mebibyte."""
    rest = b""
    offset, line = 0, 1
    for block in line_blocks(content, BLOCK_BYTES):
        data = rest + block.data
        cut = _last_beginning(data)
        if cut:
            whole = LineBlock(data[:cut], offset, line)
            yield whole
            offset += cut
            line += whole.line_ends
        rest = data[cut:]
        if len(rest) > _LONGEST_TAIL:
            whole = LineBlock(rest, offset, line)
            yield whole
            offset, line, rest = offset + len(rest), line + whole.line_ends, b""
    if rest:
        yield LineBlock(rest, offset, line)


def _last_beginning(data: bytes) -> int:
    end = len(data)
    while (at := data.rfind(b"\n", max(len(data) - _LONGEST_TAIL, 0), end)) >= 0:
        if data[at + 1 : at + 2] not in {b" ", b"\t", b""}:
            return at + 1
        end = at
    return 0


class Clock:
    """Reads stamps of one block; remembers what it read, for many lines share their minute."""

    def __init__(self, declared: Declared, before: YearBefore | None) -> None:
        self._declared = declared
        self._year = before.year if before else 0
        self._month = before.month if before else 0
        self._minutes: dict[tuple[str, str], int | None] = {}
        self._yearless: dict[str, int] = {}

    def of_yearless(self, month: str, stamp: str, fraction: str | None) -> int | None:
        """UTC microseconds of ``Mar`` and ``19 09:00:01`` (or ``19 2025 09:00:01``); None for no valid time."""
        number = MONTHS[month]
        date, _, clock = stamp.rpartition(" ")
        if len(date) > 2:
            day, _, stated = date.strip().partition(" ")
            return self._at(f"{stated}-{number:02d}-{day.strip().zfill(2)}T{clock}", fraction, None)
        if number != self._month:
            self._year = year_after(self._year, self._month, number)
            self._month = number
            self._yearless.clear()
        minute = self._yearless.get(stamp[:-3])
        if minute is None:
            minute = self._at(f"{self._year:04d}-{number:02d}-{date.strip().zfill(2)}T{clock[:5]}:00", None, None)
            if minute is None:
                return None
            self._yearless[stamp[:-3]] = minute
        return _within(minute, clock[6:], fraction)

    def of_iso(self, stamp: str, fraction: str | None, zone: str | None) -> int | None:
        """UTC microseconds of ``2025-03-19T09:00:01``; None for no valid time."""
        return self._at(stamp, fraction, zone)

    def _at(self, stamp: str, fraction: str | None, zone: str | None) -> int | None:
        key = (stamp[:16], zone or "")
        if key in self._minutes:
            minute = self._minutes[key]
        else:
            minute = self._minutes[key] = self._minute(stamp[:16], zone)
        return None if minute is None else _within(minute, stamp[17:19], fraction)

    def _minute(self, text: str, zone: str | None) -> int | None:
        try:
            local = datetime.fromisoformat(text)
            at = local.replace(tzinfo=self._zone(zone)) - _EPOCH
        except (ValueError, OverflowError):
            return None
        return at // timedelta(microseconds=1)

    def _zone(self, written: str | None) -> tzinfo:
        if written == "Z":
            return UTC
        if written:
            minutes = int(written[1:3]) * 60 + int(written[-2:])
            return timezone(timedelta(minutes=-minutes if written[0] == "-" else minutes))
        return zone_needed(self._declared.time_zone, "syslog")


def _within(minute: int, seconds: str, fraction: str | None) -> int | None:
    """A time within a minute; the sixtieth second is a leap second."""
    whole = int(seconds)
    if whole > _LEAP_SECOND:
        return None
    return minute + whole * 1_000_000 + (int(fraction[:6].ljust(6, "0")) if fraction else 0)
