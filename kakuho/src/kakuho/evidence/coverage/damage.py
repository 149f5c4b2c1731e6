"""Times that a log cannot witness for what is wrong in it: unreadable lines, ends cut off, clearing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import numpy as np

from kakuho.engine.parts import read_rows
from kakuho.evidence.coverage.interval import Gap
from kakuho.evidence.coverage.rhythm import Integers
from kakuho.evidence.coverage.source import EVENT_TABLES, CoveredSource, lines_and_times

_MOST_GAPS = 2_000
_COARSER_US = (1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000)


def around_rejects(sources: Iterable[CoveredSource], spans: dict[int, tuple[int, int]]) -> list[Gap]:
    """From the event before a line that could not be read to the one after it, in the order of the file's lines."""
    gaps: list[Gap] = []
    for source in sources:
        if source.source_id not in spans:
            continue
        files = source.files("rejects")
        lines = [read_rows(path, ["line"])["line"].to_numpy() for path in files]
        if lines:
            starts, ends = _neighbours(source, np.unique(np.concatenate(lines)), spans[source.source_id])
            gaps += as_gaps(source.source_id, np.minimum(starts, ends), np.maximum(starts, ends), "rejected_lines")
    return gaps


def _neighbours(source: CoveredSource, rejected: Integers, span: tuple[int, int]) -> tuple[Integers, Integers]:
    """The times of the events nearest before and after each of these lines; the first and last event where none is."""
    before, after = np.full(len(rejected), span[0]), np.full(len(rejected), span[1])
    line_before, line_after = np.full(len(rejected), -1), np.full(len(rejected), np.iinfo(np.int64).max)
    for path in (path for table in EVENT_TABLES for path in source.files(table)):
        lines, times = lines_and_times(path)
        place = np.searchsorted(lines, rejected)
        for found, nearest, line, is_nearer in (
            (place - 1, before, line_before, np.greater),
            (place, after, line_after, np.less),
        ):
            there = np.flatnonzero((found >= 0) & (found < len(lines)))
            there = there[is_nearer(lines[found[there]], line[there])]
            line[there], nearest[there] = lines[found[there]], times[found[there]]
    return before, after


def as_gaps(source_id: int, starts: Integers, ends: Integers, reason: str) -> list[Gap]:
    """These stretches as gaps, those that touch as one; where there are thousands, those that are near each other too.

    Widening is safe: what lies in a gap is not covered.
    """
    if not len(starts):
        return []
    order = np.lexsort((ends, starts))
    starts, ends = starts[order], np.maximum.accumulate(ends[order])
    for apart in (0, *_COARSER_US):
        begins = np.flatnonzero(np.append(True, starts[1:] > ends[:-1] + apart))
        starts, ends = starts[begins], ends[np.append(begins[1:], len(ends)) - 1]
        if len(starts) <= _MOST_GAPS:
            break
    return [Gap(source_id, start, end, reason) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def broken_ends(sources: Iterable[CoveredSource], spans: dict[int, tuple[int, int]], end: int) -> list[Gap]:
    """From the last event of a file that broke off to the first event of the log after it.

    ``sources`` share one log; ``end``: how long after its stamp (microseconds) an event may lie. A file that nothing
    follows gives a gap of that length: coverage ends there anyway.
    """
    gaps = []
    for source in sources:
        reason = source.truncated or ("ends_in_mid_line" if source.ends_in_mid_line else None)
        if reason is None or source.source_id not in spans:
            continue
        last = spans[source.source_id][1]
        after = [first for first, _ in spans.values() if first > last]
        gaps.append(Gap(source.source_id, last, min(after, default=last + end), reason))
    return gaps


def cleared(sources: Iterable[CoveredSource], spans: dict[int, tuple[int, int]]) -> list[Gap]:
    """Up to the moment at which a log was emptied, from the last event before it that another file of the log has.

    ``facts["log_cleared"]``: a list of ``{"time", "log"}``, times in RFC 3339. Without such an event the gap has no
    length: there is no saying how far back the log reached.
    """
    gaps = []
    for source in sources:
        for moment in _moments(source.facts.get("log_cleared", ())):
            before = [last for _, last in spans.values() if last < moment]
            if spans.get(source.source_id, (moment, moment))[0] < moment:
                before.append(spans[source.source_id][0])
            gaps.append(Gap(source.source_id, max(before, default=moment), moment, "log_cleared"))
    return gaps


def _moments(cleared: Iterable[Mapping[str, str]]) -> list[int]:
    times = [datetime.fromisoformat(one["time"]) for one in cleared]
    return [(time - datetime(1970, 1, 1, tzinfo=UTC)) // datetime.resolution for time in times]
