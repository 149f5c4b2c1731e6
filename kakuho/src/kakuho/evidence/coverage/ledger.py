"""What the segments and checkpoints of a disclosure ledger say together: what it covers, and where it does not.

A segment covers the time from its header to its last event or checkpoint. Taken out of that, with the reason:
a break of the chain (from the last good line to the next), a segment that ends before its checkpoint or differs from
it, a segment that only its checkpoints know, and the minute after the last checkpoint of a segment that was never
closed (checkpoints are written at least every minute of activity, so no more can have been cut off unseen).
What this cannot show: a segment removed together with all of its checkpoints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kakuho.evidence.coverage.interval import Interval
from kakuho.evidence.formats.ledger.records import utc

CHECKPOINT_PERIOD = timedelta(minutes=1)


@dataclass(frozen=True)
class Segment:
    """A segment's facts; ``hash_of`` gives the hash of one of its lines, None where the line is not there."""

    source_id: int
    facts: Mapping[str, Any]
    hash_of: Callable[[int], str | None]


def ledger_intervals(
    segments: Sequence[Segment], checkpoints: Sequence[tuple[int, Mapping[str, Sequence[Mapping[str, Any]]]]]
) -> tuple[list[Interval], list[Interval]]:
    """The covered intervals and the gaps. ``checkpoints``: for each checkpoint file its source and its checkpoints."""
    known: dict[str, list[Mapping[str, Any]]] = {}
    keeper: dict[str, int] = {}
    for source_id, by_segment in checkpoints:
        for name, marks in by_segment.items():
            known.setdefault(name, []).extend(marks)
            keeper.setdefault(name, source_id)
    covered: list[Interval] = []
    gaps: list[Interval] = []
    for segment in segments:
        marks = sorted(known.pop(str(segment.facts["segment"]), []), key=lambda mark: (mark["seq"], mark["time"]))
        interval = _covered(segment, marks)
        if interval is not None:
            covered.append(interval)
            gaps += _gaps(segment, marks, interval)
    beginnings = [interval.start for interval in covered]
    for name, marks in sorted(known.items()):
        times = sorted(utc(mark["time"]) for mark in marks)
        from_start = any(mark["seq"] == 0 for mark in marks)
        start = times[0] if from_start else min([times[0], *beginnings])
        gaps.append(Interval(keeper[name], start, times[-1] + CHECKPOINT_PERIOD, "segment_missing"))
    return covered, gaps


def _covered(segment: Segment, marks: list[Mapping[str, Any]]) -> Interval | None:
    texts = [segment.facts["started"], segment.facts["last_time"], *(mark["time"] for mark in marks)]
    times = sorted(utc(text) for text in texts if text)
    return Interval(segment.source_id, times[0], times[-1]) if times else None


def _gaps(segment: Segment, marks: list[Mapping[str, Any]], covered: Interval) -> list[Interval]:
    last_event = utc(segment.facts["last_time"]) if segment.facts["last_time"] else covered.start
    gaps = [
        Interval(
            segment.source_id,
            utc(broken["from"]) if broken["from"] else covered.start,
            utc(broken["to"]) if broken["to"] else covered.end,
            str(broken["reason"]),
        )
        for broken in segment.facts["breaks"]
    ]
    before = covered.start
    for mark in marks:
        time = utc(mark["time"])
        if mark["seq"] > segment.facts["last_seq"]:
            gaps.append(Interval(segment.source_id, last_event, covered.end, "truncated"))
            break
        if segment.hash_of(int(mark["seq"])) != mark["hash"]:
            gaps.append(Interval(segment.source_id, before, time, "checkpoint_differs"))
        before = time
    if not any(mark.get("closed") for mark in marks):
        last_mark = utc(marks[-1]["time"]) if marks else last_event
        end = max(last_event, last_mark + CHECKPOINT_PERIOD)
        gaps.append(Interval(segment.source_id, min(last_event, last_mark), end, "segment_not_closed"))
    return gaps
