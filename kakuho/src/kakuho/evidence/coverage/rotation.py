"""Files that are missing out of a rotation, told by the names of those that are there.

Numbered (``access.log.1``, ``access.log.2.gz``): a number between two that are there is missing. Dated
(``access.log-20250310``, ``access_log.2025-03-10.txt``): dates follow each other by the step that is commonest. The
oldest files of a rotation are deleted in the course of things; no name tells of those.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from kakuho.evidence.coverage.interval import Gap
from kakuho.evidence.coverage.source import CoveredSource

REASON = "rotated_away"
_NUMBER = re.compile(r"\.(\d{1,4})(?:\.(?:gz|zst|xz|bz2))?$")
_DATE = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d{1,3}(?!\d))")


def missing_files(sources: Sequence[CoveredSource], spans: dict[int, tuple[int, int]]) -> list[Gap]:
    """From the last event before each missing file to the first after it. ``sources`` share one log."""
    present = [source for source in sources if source.source_id in spans]
    return _between(present, spans, _steps_of_numbers(present)) + _between(present, spans, _steps_of_dates(present))


Steps = list[tuple[list[int], list[int]]]


def _between(sources: Sequence[CoveredSource], spans: dict[int, tuple[int, int]], steps: Steps) -> list[Gap]:
    """A gap for each step: from the end of the older files' events to the beginning of the younger ones'."""
    gaps = []
    for older, younger in steps:
        source_id, last = max(((one, spans[one][1]) for one in older), key=lambda pair: (pair[1], -pair[0]))
        first = min(spans[one][0] for one in younger)
        if first > last:
            gaps.append(Gap(source_id, last, first, REASON))
    return gaps


def _steps_of_numbers(sources: Sequence[CoveredSource]) -> Steps:
    """(older, younger) source ids on both sides of each missing number; the file without a number is number 0."""
    by_number: dict[int, list[int]] = {}
    for source in sources:
        found = _NUMBER.search(source.name)
        by_number.setdefault(int(found[1]) if found else 0, []).append(source.source_id)
    numbers = sorted(by_number)
    return [(by_number[higher], by_number[lower]) for lower, higher in pairwise(numbers) if higher - lower > 1]


def _steps_of_dates(sources: Sequence[CoveredSource]) -> Steps:
    """(older, younger) source ids on both sides of each stretch of missing dates."""
    by_date: dict[date, list[int]] = {}
    for source in sources:
        found = _DATE.search(source.name)
        if found:
            try:
                by_date.setdefault(date(*map(int, found.groups())), []).append(source.source_id)
            except ValueError:
                continue
    dates = sorted(by_date)
    steps = [(later - earlier).days for earlier, later in pairwise(dates)]
    if len(steps) < 2:
        return []
    common = Counter(steps)
    usual = max(common, key=lambda step: (common[step], -step))
    return [
        (by_date[earlier], by_date[later])
        for earlier, later, step in zip(dates, dates[1:], steps, strict=False)
        if step > usual
    ]
