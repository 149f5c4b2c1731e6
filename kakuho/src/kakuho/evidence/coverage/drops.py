"""Stretches in which a log has far fewer events than its rhythm makes likely: lines may have been cut out.

Over windows of one to six hours: the activity seen against that expected (:mod:`kakuho.evidence.coverage.rhythm`). A
window stands out where at most :data:`MOST_LEFT` of what is expected is there, and its shortfall (the logarithm of
expected over seen, in standard deviations of bursts and of the hours' own spread) is implausible among all windows of
its length in this log, by the same rule as a silence among its silences, and at least :data:`LEAST`. Windows with few
bursts are not judged. A holiday does the same to a log and is reported too: the log cannot tell.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kakuho.evidence.coverage.activity import Activity
from kakuho.evidence.coverage.interval import Gap
from kakuho.evidence.coverage.rhythm import HOUR_US, MINUTE_US, Floats, Integers, Rhythm, limit

REASON = "rate_drop"
WINDOWS = (1, 2, 3, 6)
MOST_LEFT = 1 / 4
LEAST_BURSTS = 20.0
LEAST = 6.0


def drops_of(activity: Activity, rhythm: Rhythm, silences: Sequence[Gap]) -> list[Gap]:
    """The stretches that stand out, in whole hours, those that touch as one.

    ``silences``: those of the log that are gaps; an hour of which they take half is told by them.
    """
    seen, due = rhythm.observed, rhythm.expected * rhythm.exposure
    marked = np.zeros(len(seen) + 1, bool)
    for hours in WINDOWS:
        if len(seen) < 80 * hours:
            break
        sums = _sums(due, hours)
        spread = _sums(rhythm.spread * due**2, hours) / np.maximum(sums, 1e-9) ** 2
        shortfall = _shortfall(_sums(seen, hours), sums, rhythm.burst, spread)
        for begin in np.flatnonzero(shortfall > max(LEAST, limit(shortfall[::hours]))).tolist():
            short = np.flatnonzero(seen[begin : begin + hours] < due[begin : begin + hours] / 2) + begin
            marked[short] = True
    for silence in silences:
        begin, end = (round(time / HOUR_US) - rhythm.first_hour for time in (silence.start, silence.end))
        marked[begin:end] = False
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marked]).astype(np.int8))).reshape(-1, 2)
    times: Integers = (edges.astype(np.int64) + rhythm.first_hour) * HOUR_US
    return [
        Gap(
            int(
                activity.sources[min(np.searchsorted(activity.minutes, start // 60_000_000), len(activity.sources) - 1)]
            ),
            max(start, int(activity.first[0])),
            min(end, int(activity.last[-1])),
            REASON,
        )
        for start, end in zip(times[:, 0].tolist(), times[:, 1].tolist(), strict=True)
    ]


def _source_at(activity: Activity, time: int) -> int:
    """The source of the first event from ``time`` on."""
    index = int(np.searchsorted(activity.minutes, time // MINUTE_US))
    return int(activity.sources[min(index, len(activity.sources) - 1)])


def _shortfall(seen: Floats, due: Floats, burst: float, spread: Floats) -> Floats:
    """How many standard deviations short; no more than LEAST where it is not to be judged."""
    bursts = due / burst
    short = np.log((due + burst) / (seen + burst)) / np.sqrt(spread + 1 / np.maximum(bursts, 1.0))
    result: Floats = np.where((bursts < LEAST_BURSTS) | (seen > due * MOST_LEFT), np.minimum(short, LEAST), short)
    return result


def _sums(values: Floats, hours: int) -> Floats:
    """The sum of each run of ``hours`` values."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    result: Floats = total[hours:] - total[:-hours]
    return result
