"""Lines a little out of order are in the nature of logs; a clock that was set back is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from kakuho.evidence.coverage import Covered

from .covering import coverage, gaps, made
from .ordinary import at


def _minutes(start: datetime, count: int) -> list[datetime]:
    return [start + timedelta(minutes=minute) for minute in range(count)]


def _set_back(answer: Covered) -> list[tuple[object, ...]]:
    return [gap for gap in gaps(answer) if gap[2] == "clock_set_back"]


def test_lines_written_at_their_end_and_stamped_at_their_beginning_are_counted_and_no_gap(tmp_path: Path) -> None:
    times = _minutes(at(0, 0), 60)
    times[10], times[11] = times[11], times[10]
    times[40] = times[38] - timedelta(seconds=5)
    answer = coverage(made(1, "access_log", times, tmp_path))
    assert _set_back(answer) == []
    assert answer.clocks[1]["backwards"] == {
        "lines": 2,
        "largest_us": 65_000_000,
        "line": 41,
        "at": at(0, 0) + timedelta(minutes=37, seconds=55),
    }


def test_rows_that_a_format_gave_out_of_order_are_taken_in_the_order_of_their_lines(tmp_path: Path) -> None:
    times = _minutes(at(0, 0), 60)
    columns = {"line": [*range(1, 30), *range(31, 61), 30]}
    answer = coverage(made(1, "host_log", [*times[:29], *times[30:], times[29]], tmp_path, columns=columns))
    assert answer.clocks[1]["backwards"]["lines"] == 0


def test_a_clock_that_was_set_back_by_an_hour_makes_that_hour_a_gap(tmp_path: Path) -> None:
    times = [*_minutes(at(0, 0), 121), *_minutes(at(0, 1), 120)]
    answer = coverage(made(1, "host_log", times, tmp_path))
    assert gaps(answer) == [(at(0, 1), at(0, 2), "clock_set_back")]
    assert answer.clocks[1]["backwards"]["largest_us"] == 3_600_000_000
    assert answer.clocks[1]["backwards"]["line"] == 122


def test_a_single_late_line_is_no_clock_set_back(tmp_path: Path) -> None:
    times = _minutes(at(0, 0), 121)
    times[100] = at(0, 0)
    answer = coverage(made(1, "host_log", times, tmp_path))
    assert _set_back(answer) == []
    assert (answer.clocks[1]["backwards"]["lines"], answer.clocks[1]["backwards"]["line"]) == (1, 101)


def test_a_file_whose_records_are_not_in_the_order_of_their_numbers_shows_no_clock(tmp_path: Path) -> None:
    times = [*_minutes(at(0, 3), 60), *_minutes(at(0, 0), 180)]
    source = made(1, "host_log", times, tmp_path)
    columns = {"stream": ["Security"] * 240, "number": [*range(180, 240), *range(180)]}
    made(1, "host_log", times, tmp_path, table="sequence", columns=columns)
    assert _set_back(coverage(source)) == []
