"""The schedule: steps run at their simulated moments, and the clock jumps only when nothing is under way."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drills.clock import MappedClock
from drills.traffic.schedule import Schedule

START = datetime(2025, 3, 14, tzinfo=UTC)


def test_days_pass_in_no_time(tmp_path: Path) -> None:
    clock = MappedClock(tmp_path / "clock", START)
    seen: list[datetime] = []

    def visit() -> Iterator[float]:
        for _ in range(3):
            seen.append(clock.now())
            yield 3600.0

    schedule = Schedule(clock, settled=lambda: None, passed=lambda _: None)
    schedule.add(START + timedelta(days=5), visit())
    schedule.run()
    hours = [(moment - START) / timedelta(hours=1) for moment in seen]
    assert [round(hour, 2) for hour in hours] == [120.0, 121.0, 122.0]


def test_the_clock_does_not_jump_while_somebody_is_at_work(tmp_path: Path) -> None:
    clock = MappedClock(tmp_path / "clock", START)
    working = threading.Event()
    jumps_while_working: list[bool] = []

    def slow() -> Iterator[float]:
        working.set()
        threading.Event().wait(0.2)
        working.clear()
        yield 0.0

    def later() -> Iterator[float]:
        yield 0.0

    schedule = Schedule(clock, settled=lambda: jumps_while_working.append(working.is_set()), passed=lambda _: None)
    schedule.add(START, slow())
    schedule.add(START + timedelta(hours=9), later())
    schedule.run()
    assert jumps_while_working == [False]
    assert clock.now() >= START + timedelta(hours=9)


def test_visits_that_are_due_together_run_side_by_side(tmp_path: Path) -> None:
    clock = MappedClock(tmp_path / "clock", START)
    together = threading.Barrier(2, timeout=5)

    def visit() -> Iterator[float]:
        together.wait()
        yield 0.0

    schedule = Schedule(clock, settled=lambda: None, passed=lambda _: None)
    schedule.add(START, visit())
    schedule.add(START, visit())
    schedule.run()
    assert not together.broken


def test_an_error_in_a_visit_ends_the_drill(tmp_path: Path) -> None:
    clock = MappedClock(tmp_path / "clock", START)

    def broken() -> Iterator[float]:
        raise ValueError("the page was not the planned one")
        yield 0.0

    schedule = Schedule(clock, settled=lambda: None, passed=lambda _: None)
    schedule.add(START, broken())
    with pytest.raises(ValueError, match="not the planned one"):
        schedule.run()
