"""The offset between two clocks is measured where both logs saw the same events, and only there."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from kakuho.evidence.coverage.skew import FARTHEST, peak

from .covering import coverage, made
from .ordinary import MONDAY, at, site


def _later(times: list[datetime], offset: timedelta, seed: int = 7) -> list[datetime]:
    """What another log on another clock writes of these events: most of them, some milliseconds later."""
    random = np.random.default_rng(seed)
    kept = random.uniform(size=len(times)) < 0.7
    delays = random.exponential(4_000, len(times)).astype(int)
    return sorted(
        time + offset + timedelta(microseconds=int(delay))
        for time, delay, keep in zip(times, delays, kept, strict=True)
        if keep
    )


@pytest.mark.parametrize("visits", [2, 60])
@pytest.mark.parametrize(
    "offset", [timedelta(0), timedelta(seconds=37.25), timedelta(hours=9), timedelta(hours=-9, seconds=-2.5)]
)
def test_an_offset_is_measured_to_some_milliseconds(tmp_path: Path, visits: float, offset: timedelta) -> None:
    times = site(7, visits)
    web = made(1, "host_log", times, tmp_path, name="web.log")
    database = made(2, "database_log", _later(times, offset), tmp_path, name="database.log")
    clocks = coverage(web, database).clocks
    assert clocks[2]["measured_offset_us"] == pytest.approx(offset / timedelta(microseconds=1), abs=10_000)
    assert clocks[1]["measured_offset_us"] == -clocks[2]["measured_offset_us"]
    assert (clocks[1]["against"], clocks[2]["against"]) == ("database.log", "web.log")
    assert 0.3 < clocks[1]["confidence"] <= 1


def test_stamps_of_whole_seconds_are_measured_to_within_a_quarter_of_a_second(tmp_path: Path) -> None:
    times = site(7, 20)
    web = made(1, "access_log", [time.replace(microsecond=0) for time in times], tmp_path)
    database = made(2, "database_log", _later(times, timedelta(seconds=12)), tmp_path)
    assert coverage(web, database).clocks[2]["measured_offset_us"] == pytest.approx(12_000_000, abs=250_000)


@pytest.mark.parametrize("visits", [0.3, 2, 60])
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_logs_that_saw_different_events_have_no_offset(tmp_path: Path, visits: float, seed: int) -> None:
    one = made(1, "access_log", site(7, visits, 1), tmp_path)
    other = made(2, "database_log", site(7, visits, seed), tmp_path)
    assert coverage(one, other).clocks[1]["measured_offset_us"] is None


def test_a_few_events_that_meet_by_chance_are_no_offset() -> None:
    first, second = np.zeros(90_000), np.zeros(90_000 + 2 * FARTHEST)
    first[[10_000, 31_003, 52_017, 73_456]] = 1
    second[FARTHEST + 40 + np.array([10_000, 31_003, 52_017, 73_456])] = 1
    assert peak(first, second) is None
    more = np.random.default_rng(1).integers(0, 90_000, 30)
    first[more], second[FARTHEST + 40 + more] = 1, 1
    assert peak(first, second) == (40, pytest.approx(1.0, abs=0.05))


def test_jobs_of_every_minute_in_both_logs_show_no_offset(tmp_path: Path) -> None:
    ticks = [MONDAY + timedelta(minutes=minute) for minute in range(3 * 1440)]
    one = made(1, "host_log", ticks, tmp_path)
    other = made(2, "application_log", [tick + timedelta(seconds=7) for tick in ticks], tmp_path)
    assert coverage(one, other).clocks[1]["measured_offset_us"] is None


def test_logs_of_different_times_show_no_offset(tmp_path: Path) -> None:
    times = site(4, 20)
    early = made(1, "host_log", [time for time in times if time < at(1, 0)], tmp_path)
    late = made(2, "database_log", [time for time in times if time > at(3, 0)], tmp_path)
    assert coverage(early, late).clocks[1]["measured_offset_us"] is None
