"""Stretches of time: joined over rotation, cut by gaps."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from kakuho.evidence.coverage.interval import Interval, holes, joined, united, without

DAY = dt.datetime(2025, 3, 19)  # noqa: DTZ001 - the lake's times are UTC without a zone


def _at(hours: float) -> dt.datetime:
    return DAY + dt.timedelta(hours=hours)


def _interval(start: float, end: float, source: int = 1, reason: str = "") -> Interval:
    return Interval(source, _at(start), _at(end), reason)


def test_files_that_follow_each_other_within_twelve_hours_are_one_record() -> None:
    assert joined([_interval(12, 20, 2), _interval(0, 11, 1)]) == [_interval(0, 12, 1), _interval(12, 20, 2)]
    assert holes(joined([_interval(12, 20, 2), _interval(0, 11, 1)])) == []


def test_a_longer_time_between_files_is_a_gap() -> None:
    intervals = joined([_interval(0, 1, 1), _interval(14, 20, 2)])
    assert intervals == [_interval(0, 1, 1), _interval(14, 20, 2)]
    assert holes(intervals) == [_interval(1, 14, 1, "between_sources")]


def test_files_side_by_side_make_no_hole() -> None:
    assert holes([_interval(0, 30, 1), _interval(1, 2, 2), _interval(29, 40, 3)]) == []


def test_a_gap_in_one_file_is_taken_out_of_every_file_of_the_role() -> None:
    covered = without([_interval(0, 10, 1), _interval(5, 20, 2)], [_interval(6, 8, 1, "silence")])
    assert covered == [_interval(0, 6, 1), _interval(8, 10, 1), _interval(5, 6, 2), _interval(8, 20, 2)]


def test_gaps_that_touch_become_one() -> None:
    gaps = [_interval(2, 3, reason="silence"), _interval(1, 2, reason="silence"), _interval(2, 4, reason="other")]
    assert united(gaps) == [_interval(2, 4, reason="other"), _interval(1, 3, reason="silence")]


_SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda p: _interval(p[0], p[0] + p[1])))


@given(_SPANS, _SPANS, st.integers(0, 140))
def test_a_moment_is_covered_if_it_was_and_lies_in_no_gap(
    intervals: list[Interval], gaps: list[Interval], half_hour: int
) -> None:
    moment = _at(half_hour / 2 + 0.25)
    covered = any(one.start < moment < one.end for one in without(intervals, gaps))
    expected = any(one.start < moment < one.end for one in intervals) and not any(
        gap.start < moment < gap.end for gap in gaps
    )
    assert covered == expected
