"""What a log's rhythm says of it: its silences and the stretches with too few events.

A log is judged in parts that no silence of :data:`BREAK` divides: what lies so far apart (the remains of an earlier
year, a line with a damaged date) has no rhythm in common.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np

from kakuho.evidence.coverage.activity import Activity
from kakuho.evidence.coverage.drops import drops_of
from kakuho.evidence.coverage.interval import Gap
from kakuho.evidence.coverage.rhythm import MINUTE_US, rhythm_of
from kakuho.evidence.coverage.silences import IMPLAUSIBLE, UNTOLD, silence, silences_of

BREAK = timedelta(weeks=8)
LONGEST_LOG = timedelta(days=36_525)


def rhythm_gaps(activity: Activity) -> list[Gap]:
    """The gaps that the rhythm of a log tells.

    A part that goes on for a century is no log (dates made up or damaged) and covers nothing.
    """
    gaps: list[Gap] = []
    before: Activity | None = None
    for part in _parts(activity):
        if before is not None:
            source_id = int(before.sources[-1])
            gaps.append(silence(activity, source_id, int(before.last[-1]), int(part.first[0]), UNTOLD))
        before = part
        if part.last[-1] - part.first[0] > LONGEST_LOG // LONGEST_LOG.resolution:
            gaps.append(Gap(int(part.sources[0]), int(part.first[0]), int(part.last[-1]), IMPLAUSIBLE))
            continue
        rhythm = rhythm_of(part.minutes, part.counts)
        silences = silences_of(part, rhythm)
        gaps += [*silences, *drops_of(part, rhythm, silences)]
    return gaps


def _parts(activity: Activity) -> Iterator[Activity]:
    far = BREAK // timedelta(microseconds=MINUTE_US)
    edges = [0, *(np.flatnonzero(np.diff(activity.minutes) > far) + 1).tolist(), len(activity.minutes)]
    for start, end in pairwise(edges):
        cut = {name: getattr(activity, name)[start:end] for name in ("minutes", "first", "last", "counts", "sources")}
        yield replace(activity, **cut)
