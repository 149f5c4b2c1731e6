"""Silences that a log's own rhythm does not explain, and long ones that it does but that could hide a hole."""

from __future__ import annotations

import numpy as np

from kakuho.evidence.coverage.activity import Activity
from kakuho.evidence.coverage.interval import LONGEST_SILENCE, Gap
from kakuho.evidence.coverage.rhythm import MINUTE_US, Integers, Rhythm, limit

IMPLAUSIBLE, UNTOLD, NO_FILE = "silence", "quiet_stretch", "between_sources"
_LONGEST_US = LONGEST_SILENCE // LONGEST_SILENCE.resolution


def silences_of(activity: Activity, rhythm: Rhythm) -> list[Gap]:
    """The silences during which the log counts as not covering.

    ``silence``: implausible against the rhythm. ``quiet_stretch``: longer than :data:`LONGEST_SILENCE` though nothing
    else was to be expected: nobody could tell a hole from it. ``between_sources``: either, where no file reaches.
    """
    starts, ends = activity.last[:-1], activity.first[1:]
    surprises = rhythm.of(starts, ends)
    implausible = (surprises > limit(surprises)) & (ends - starts >= MINUTE_US)
    chosen: Integers = np.flatnonzero(implausible | (ends - starts > _LONGEST_US))
    return [
        silence(
            activity,
            int(activity.sources[index]),
            int(starts[index]),
            int(ends[index]),
            IMPLAUSIBLE if implausible[index] else UNTOLD,
        )
        for index in chosen
    ]


def silence(activity: Activity, source_id: int, start: int, end: int, reason: str) -> Gap:
    """A silence as a gap: of this reason where a file reaches over it, else between the files."""
    within = any(first <= start and end <= last for first, last in activity.spans.values())
    return Gap(source_id, start, end, reason if within else NO_FILE)
