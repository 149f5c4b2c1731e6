"""Which stretches of time the sources of a role really witness, in its simplest honest form.

- A file covers from its first event to its last; a ledger segment as :mod:`kakuho.evidence.ledger_witness` says.
- Files of one role that follow each other within :data:`LONGEST_SILENCE` are one record: rotation makes no gap.
- Not covered, with the reason: a silence inside a file longer than that (for the ledger: of all segments together),
  the time around rejected lines, and a database log without a single read.
- A gap in one file of a role is taken out of every file of that role: each may be the only witness of its own traffic.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from kakuho.evidence.ledger_witness import Interval

LONGEST_SILENCE = timedelta(hours=12)


def joined(intervals: Sequence[Interval], longest_silence: timedelta = LONGEST_SILENCE) -> list[Interval]:
    """The intervals of one role, each reaching to the next where no more than ``longest_silence`` lies between."""
    result: list[Interval] = []
    for interval in sorted(intervals, key=lambda one: (one.start, one.end, one.source_id)):
        if result:
            latest = max(range(len(result)), key=lambda index: result[index].end)
            before = result[latest]
            if timedelta(0) < interval.start - before.end <= longest_silence:
                result[latest] = Interval(before.source_id, before.start, interval.start)
        result.append(interval)
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
    """What of the intervals lies in no gap."""
    remaining = list(intervals)
    for gap in gaps:
        cut: list[Interval] = []
        for one in remaining:
            if gap.end <= one.start or gap.start >= one.end:
                cut.append(one)
                continue
            if gap.start > one.start:
                cut.append(Interval(one.source_id, one.start, gap.start))
            if gap.end < one.end:
                cut.append(Interval(one.source_id, gap.end, one.end))
        remaining = cut
    return [one for one in remaining if one.end > one.start]


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
