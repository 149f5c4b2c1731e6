"""Stretches of time, covered or not, and what is left of some when others are taken out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LONGEST_SILENCE = timedelta(hours=12)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Interval:
    """A stretch of time, with the source that covers it, or the reason why nothing does."""

    source_id: int
    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True)
class Gap:
    """A time that a log does not cover, beginning with an event of ``source_id``; microseconds since 1970, UTC."""

    source_id: int
    start: int
    end: int
    reason: str

    def interval(self) -> Interval:
        """The same in the lake's times."""
        return Interval(self.source_id, moment(self.start), moment(self.end), self.reason)


def moment(microseconds: int) -> datetime:
    """Microseconds since 1970 as the lake's time: UTC without a zone."""
    return _EPOCH + timedelta(microseconds=microseconds)


def joined(intervals: Sequence[Interval], longest_silence: timedelta = LONGEST_SILENCE) -> list[Interval]:
    """The intervals of one role, each reaching to the next where no more than ``longest_silence`` lies between."""
    result: list[Interval] = []
    latest = 0
    for interval in sorted(intervals, key=lambda one: (one.start, one.end, one.source_id)):
        if result:
            before = result[latest]
            if timedelta(0) < interval.start - before.end <= longest_silence:
                result[latest] = Interval(before.source_id, before.start, interval.start)
        result.append(interval)
        if result[-1].end > result[latest].end:
            latest = len(result) - 1
    return result


def holes(intervals: Sequence[Interval]) -> list[Interval]:
    """The times between intervals that no interval reaches into, as gaps."""
    found: list[Interval] = []
    latest: Interval | None = None
    for interval in sorted(intervals, key=lambda one: (one.start, one.end, one.source_id)):
        if latest is not None and interval.start > latest.end:
            found.append(Interval(latest.source_id, latest.end, interval.start, "between_sources"))
        if latest is None or interval.end > latest.end:
            latest = interval
    return found


def without(intervals: Iterable[Interval], gaps: Iterable[Interval]) -> list[Interval]:
    """What of the intervals lies in no gap, interval after interval in the order given."""
    taken = _disjoint(gaps)
    ends = [end for _, end in taken]
    remaining: list[Interval] = []
    for one in intervals:
        start = one.start
        for index in range(bisect_right(ends, one.start), len(taken)):
            gap_start, gap_end = taken[index]
            if gap_start >= one.end:
                break
            if gap_start > start:
                remaining.append(Interval(one.source_id, start, gap_start))
            start = max(start, gap_end)
        if start < one.end:
            remaining.append(Interval(one.source_id, start, one.end))
    return remaining


def united(gaps: Iterable[Interval]) -> list[Interval]:
    """Gaps of one source and reason that touch become one."""
    result: list[Interval] = []
    for gap in sorted(gaps, key=lambda one: (one.source_id, one.reason, one.start, one.end)):
        last = result[-1] if result else None
        if last and (last.source_id, last.reason) == (gap.source_id, gap.reason) and gap.start <= last.end:
            result[-1] = Interval(last.source_id, last.start, max(last.end, gap.end), last.reason)
        else:
            result.append(gap)
    return result


def _disjoint(gaps: Iterable[Interval]) -> list[tuple[datetime, datetime]]:
    """The times that lie in any gap, as disjoint stretches in order; a gap without length takes nothing out."""
    result: list[tuple[datetime, datetime]] = []
    for gap in sorted((one.start, one.end) for one in gaps if one.end > one.start):
        if result and gap[0] <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], gap[1]))
        else:
            result.append(gap)
    return result
