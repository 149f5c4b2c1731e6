"""What all sources cover, role by role, and what is known of each clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import duckdb
import pyarrow as pa

from kakuho.engine.schemas import TABLES
from kakuho.evidence.coverage.activity import Activity, activity_of, spans_of
from kakuho.evidence.coverage.backwards import Backwards, backwards_of, set_back
from kakuho.evidence.coverage.damage import around_rejects, broken_ends, cleared
from kakuho.evidence.coverage.interval import Gap, Interval, holes, joined, moment, united, without
from kakuho.evidence.coverage.judgement import rhythm_gaps
from kakuho.evidence.coverage.ledgers import of_ledger
from kakuho.evidence.coverage.numbers import sequence_breaks, session_breaks
from kakuho.evidence.coverage.records import records_of
from kakuho.evidence.coverage.rotation import missing_files
from kakuho.evidence.coverage.silences import NO_FILE
from kakuho.evidence.coverage.skew import offsets_of
from kakuho.evidence.coverage.source import CoveredSource
from kakuho.evidence.coverage.unlogged import left_out

VERSION = 2
"""Raised when the same sources would be covered otherwise."""

WITHOUT_TIME = frozenset({"snapshot", "unknown"})
SILENCE_SAYS_NOTHING = frozenset({"partial_log", "http_capture"})
_WHOLE_SECONDS_US = 1_000_000


@dataclass
class Covered:
    """``coverage`` and ``gaps``: rows of these tables of the lake. ``clocks``: by source id, what its clock did.

    A clock: ``backwards`` = ``{"lines", "largest_us", "line", "at"}``: lines that are stamped earlier than one before
    them, by how much at most, and where (``at`` in UTC). ``measured_offset_us``: how far its clock is ahead of that of
    the source named in ``against``, ``confidence`` 0 to 1; all three None where nothing could be measured.
    """

    coverage: pa.Table
    gaps: pa.Table
    clocks: dict[int, dict[str, Any]] = field(default_factory=dict)


def coverage_of(connection: duckdb.DuckDBPyConnection, sources: Sequence[CoveredSource]) -> Covered:
    """What the sources really cover. The order of ``sources`` makes no difference."""
    known = sorted((one for one in sources if one.role not in WITHOUT_TIME), key=lambda one: one.source_id)
    backwards = {source.source_id: backwards_of(source) for source in known}
    coverage: list[dict[str, Any]] = []
    gaps: list[dict[str, Any]] = []
    for role in sorted({source.role for source in known}):
        ours = [source for source in known if source.role == role]
        intervals, missing = _of_role(connection, role, ours, backwards)
        coverage += [_row(one, role) for one in intervals]
        gaps += [{**_row(one, role), "reason": one.reason} for one in missing]
    clocks = _clocks(connection, known, backwards)
    return Covered(_table("coverage", coverage), _table("gaps", gaps), clocks)


def _of_role(
    connection: duckdb.DuckDBPyConnection,
    role: str,
    sources: Sequence[CoveredSource],
    backwards: dict[int, Backwards],
) -> tuple[list[Interval], list[Interval]]:
    """The covered intervals of a role and its gaps. A gap of one source is taken out of every source of the role."""
    end = _WHOLE_SECONDS_US if role == "access_log" else 0
    intervals, gaps = of_ledger(sources) if role == "disclosure_ledger" else ([], [])
    spans = spans_of(connection, sources)
    records = [tuple(sources)] if role == "disclosure_ledger" else records_of(sources, spans)
    for record in records:
        activity = activity_of(connection, record)
        if activity is None:
            continue
        found = _of_record(connection, role, record, activity)
        found += [gap for one in record for gap in set_back(one, backwards[one.source_id])]
        gaps += [gap.interval() for gap in found]
        if role != "disclosure_ledger":
            intervals += [
                Interval(source_id, moment(first), moment(last) + timedelta(microseconds=end))
                for source_id, (first, last) in activity.spans.items()
            ]
    intervals = joined(intervals)
    between = without(holes(intervals), gaps)
    gaps = united([*gaps, *(Interval(one.source_id, one.start, one.end, NO_FILE) for one in between)])
    return without(intervals, gaps), gaps


def _of_record(
    connection: duckdb.DuckDBPyConnection, role: str, record: Sequence[CoveredSource], activity: Activity
) -> list[Gap]:
    """The gaps of one log."""
    spans = activity.spans
    end = _WHOLE_SECONDS_US if role == "access_log" else 0
    gaps = [*broken_ends(record, spans, end), *cleared(record, spans), *missing_files(record, spans)]
    gaps += sequence_breaks(connection, record)
    if role not in SILENCE_SAYS_NOTHING:
        gaps += rhythm_gaps(activity)
    if role != "disclosure_ledger":
        rejected = around_rejects(record, spans)
        gaps += [Gap(gap.source_id, gap.start, gap.end + end, gap.reason) for gap in rejected]
    if role == "database_log":
        gaps += left_out(connection, record, spans)
        gaps += session_breaks(connection, record, min(first for first, _ in spans.values()))
    return gaps


def _clocks(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[CoveredSource], backwards: dict[int, Backwards]
) -> dict[int, dict[str, Any]]:
    """What is known of each source's clock."""
    spans = spans_of(connection, sources)
    records = [
        record
        for role in sorted({source.role for source in sources})
        for record in records_of([source for source in sources if source.role == role], spans)
    ]
    offsets = offsets_of(connection, records, spans)
    clocks = {}
    for source in sources:
        offset = offsets.get(source.source_id)
        clocks[source.source_id] = {
            "measured_offset_us": offset.offset_us if offset else None,
            "against": offset.against if offset else None,
            "confidence": round(offset.confidence, 3) if offset else None,
            "backwards": _told(backwards[source.source_id]),
        }
    return clocks


def _told(found: Backwards) -> dict[str, Any]:
    at = None if found.at is None else moment(found.at)
    return {"lines": found.count, "largest_us": found.largest_us, "line": found.line, "at": at}


def _row(one: Interval, role: str) -> dict[str, Any]:
    return {"source_id": one.source_id, "role": role, "start": one.start, "end": one.end}


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    declared = TABLES[name]
    return pa.Table.from_pylist(rows, schema=declared.schema).sort_by([(key, "ascending") for key in declared.order])
