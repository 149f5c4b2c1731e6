"""A silence is held against the log's own rhythm, and a long one counts as not covered whatever the rhythm says."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kakuho.evidence.coverage.rhythm import limit, rhythm_of

from .covering import coverage, gaps, made
from .ordinary import at, office, site, without


def _gaps(times: list[datetime], folder: Path) -> list[tuple[Any, ...]]:
    return gaps(coverage(made(1, "access_log", times, folder)))


@pytest.mark.parametrize("seed", range(5))
def test_four_ordinary_weeks_have_no_gap(tmp_path: Path, seed: int) -> None:
    assert _gaps(site(28, 60, seed), tmp_path) == []


@pytest.mark.parametrize("hour", [10, 15, 20])
def test_an_hour_cut_out_of_a_busy_day_is_found_with_its_beginning_and_end(tmp_path: Path, hour: int) -> None:
    whole = site(28, 60)
    start, end = at(9, hour), at(9, hour + 1)
    before, after = max(time for time in whole if time < start), min(time for time in whole if time >= end)
    assert _gaps(without(whole, start, end), tmp_path) == [(before, after, "silence")]


def test_half_an_hour_without_lines_is_ordinary_by_night_and_a_gap_by_day(tmp_path: Path) -> None:
    whole = site(28, 60)
    by_night = without(whole, at(9, 3), at(9, 3.25))
    by_day = without(whole, at(9, 14), at(9, 14.5))
    assert _gaps(by_night, tmp_path / "night") == []
    assert [reason for _, _, reason in _gaps(by_day, tmp_path / "day")] == ["silence"]


def test_several_holes_do_not_hide_each_other(tmp_path: Path) -> None:
    times = site(28, 60)
    for day in (4, 9, 15, 22):
        times = without(times, at(day, 12), at(day, 15))
    assert [(start.day, reason) for start, _, reason in _gaps(times, tmp_path)] == [
        (7, "silence"),
        (12, "silence"),
        (18, "silence"),
        (25, "silence"),
    ]


def test_nights_and_weekends_of_an_office_are_quiet_but_not_covered(tmp_path: Path) -> None:
    found = _gaps(office(28, 40, seed=2), tmp_path)
    assert {reason for _, _, reason in found} == {"quiet_stretch"}
    assert len(found) == 19  # 16 nights between weekdays, 3 weekends


def test_a_weekday_missing_from_an_office_is_implausible(tmp_path: Path) -> None:
    found = _gaps(without(office(28, 40, seed=2), at(9, 0), at(10, 0)), tmp_path)
    (silence,) = [gap for gap in found if gap[2] == "silence"]
    assert (silence[0].day, silence[1].day) == (11, 13)


def test_a_silence_of_more_than_twelve_hours_is_a_gap_and_twelve_is_none(tmp_path: Path) -> None:
    assert _gaps([at(0, 0), at(0, 12), at(0, 25), at(0, 26)], tmp_path) == [(at(0, 12), at(0, 25), "quiet_stretch")]


def test_nine_of_ten_lines_cut_out_of_an_afternoon_are_a_drop(tmp_path: Path) -> None:
    whole = site(28, 200)
    inside = [time for time in whole if at(9, 12) <= time < at(9, 18)]
    thinned = sorted([*without(whole, at(9, 12), at(9, 18)), *inside[::10]])
    found = [gap for gap in _gaps(thinned, tmp_path) if gap[2] == "rate_drop"]
    assert [(start, end) for start, end, _ in found] == [(at(9, 12), at(9, 18))]


def test_a_flood_of_lines_makes_nothing_else_a_gap(tmp_path: Path) -> None:
    flood = [at(12, 3) + timedelta(seconds=second / 20) for second in range(3600 * 20)]
    assert _gaps(sorted(site(28, 60) + flood), tmp_path) == []


def test_the_expectation_of_an_hour_does_not_come_from_that_hour() -> None:
    minutes = np.arange(0, 28 * 24 * 60, dtype=np.int64)
    counts = np.full(len(minutes), 10, dtype=np.int64)
    missing = (minutes >= 9 * 24 * 60) & (minutes < 10 * 24 * 60)
    rhythm = rhythm_of(minutes[~missing], counts[~missing])
    assert rhythm.expected[9 * 24 : 10 * 24] == pytest.approx(600, rel=0.1)


def test_a_flood_does_not_become_the_expectation_of_other_days() -> None:
    minutes = np.arange(0, 28 * 24 * 60, dtype=np.int64)
    counts = np.full(len(minutes), 10, dtype=np.int64)
    counts[(minutes >= 9 * 1440 + 600) & (minutes < 9 * 1440 + 720)] = 10_000
    assert rhythm_of(minutes, counts).expected[16 * 24 + 10] < 1_500


def test_the_expectation_follows_a_log_that_grows() -> None:
    minutes = np.arange(0, 56 * 24 * 60, dtype=np.int64)
    counts = 1 + minutes * 20 // len(minutes)
    expected = rhythm_of(minutes, counts).expected
    assert expected[:168].mean() == pytest.approx(60 * 3.5, rel=0.35)
    assert expected[-168:].mean() == pytest.approx(60 * 18, rel=0.2)


def test_too_few_silences_say_nothing() -> None:
    assert limit(np.full(19, 1.0)) == float("inf")
    assert limit(np.full(20, 1.0)) == 1.5
