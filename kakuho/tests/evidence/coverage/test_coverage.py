"""Coverage says no more than the sources carry: what is damaged, cut off, missing or cleared is not covered."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from kakuho.evidence.coverage import CoveredSource, coverage_of

from .covering import Given, coverage, covered, gaps, made, stretches
from .ordinary import at, site, without

SECOND = timedelta(seconds=1)


def _access_log(path: Path, *hours: float) -> Path:
    stamps = [f"{at(0, hour):%d/%b/%Y:%H:%M:%S} +0000" for hour in hours]
    path.write_text("".join(f'10.0.0.1 - - [{stamp}] "GET / HTTP/1.1" 200 5 "-" "-" 9\n' for stamp in stamps))
    return path


def test_an_access_log_covers_the_whole_second_of_its_last_stamp(tmp_path: Path) -> None:
    answer = covered([_access_log(tmp_path / "access.log", 0, 1, 2)], tmp_path)
    assert stretches(answer) == [(at(0, 0), at(0, 2) + SECOND)]
    assert gaps(answer) == []


def test_the_time_around_a_line_that_cannot_be_read_is_not_covered(tmp_path: Path) -> None:
    path = _access_log(tmp_path / "access.log", 0, 1, 2, 3)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:2], "damaged\n", *lines[2:]]))
    answer = covered([path], tmp_path)
    assert gaps(answer) == [(at(0, 1), at(0, 2) + SECOND, "rejected_lines")]
    assert stretches(answer) == [(at(0, 0), at(0, 1)), (at(0, 2) + SECOND, at(0, 3) + SECOND)]


def test_a_rejected_line_lies_between_its_neighbours_whatever_the_order_of_rows(tmp_path: Path) -> None:
    source = made(
        1, "host_log", [at(0, 0), at(0, 4), at(0, 5), at(0, 1)], tmp_path, columns={"line": [1, 4, 5, 2]}
    )  # fmt: skip
    reject = pa.table({"source_id": [1], "line": [3], "byte_offset": [0], "reason": ["not_json"]})
    pq.write_table(reject, source.folder / "rejects-00000.parquet")
    assert gaps(coverage(source)) == [(at(0, 1), at(0, 4), "rejected_lines")]


def test_thousands_of_unreadable_lines_give_no_more_than_two_thousand_gaps(tmp_path: Path) -> None:
    path = _access_log(tmp_path / "access.log", *(number / 60 for number in range(10_000)))
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line if number % 4 else "damaged\n" for number, line in enumerate(lines, 1)))
    found = gaps(covered([path], tmp_path))
    assert 0 < len(found) <= 2_000
    assert {reason for _, _, reason in found} == {"rejected_lines"}


def test_a_database_log_without_reads_witnesses_none(tmp_path: Path, postgresql_logs: Path) -> None:
    lines = (postgresql_logs / "jsonlog.json").read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path / "log.json"
    path.write_text("".join(line for line in lines if '"statement: ' not in line and '"execute ' not in line))
    answer = covered([path], tmp_path)
    assert "reads_not_logged" in {reason for _, _, reason in gaps(answer)}
    assert stretches(answer) == []


def test_a_whole_database_log_of_the_real_program_has_no_gap(tmp_path: Path, postgresql_logs: Path) -> None:
    answer = covered([postgresql_logs / "jsonlog.json"], tmp_path)
    assert gaps(answer) == []
    assert len(stretches(answer)) == 1


def test_a_file_that_breaks_off_covers_up_to_its_last_event(tmp_path: Path) -> None:
    first = made(1, "host_log", [at(0, 0), at(0, 1)], tmp_path, name="messages.1", series="messages")
    second = made(2, "host_log", [at(0, 3), at(0, 4)], tmp_path, name="messages", series="messages")
    broken = CoveredSource(**{**vars(first), "truncated": "truncated"})
    assert gaps(coverage(broken, second)) == [(at(0, 1), at(0, 3), "truncated")]
    assert gaps(coverage(first, second)) == []


def test_a_file_that_ends_in_mid_line_says_so(tmp_path: Path) -> None:
    path = _access_log(tmp_path / "access.log", 0, 1, 2)
    path.write_bytes(path.read_bytes()[:-20])
    answer = covered([Given(path, ends_in_mid_line=True)], tmp_path)
    assert "ends_in_mid_line" in {reason for _, _, reason in gaps(answer)}
    assert stretches(answer)[-1][1] <= at(0, 1) + SECOND


def test_a_cleared_log_covers_nothing_from_the_event_before_the_clearing(tmp_path: Path) -> None:
    old = made(1, "host_log", [at(0, 0), at(0, 1)], tmp_path, name="Security-1.evtx", series="Security")
    new = made(
        2, "host_log", [at(0, 5), at(0, 6)], tmp_path, name="Security.evtx", series="Security",
        facts={"log_cleared": [{"time": f"{at(0, 5).isoformat()}Z", "log": "Security"}]},
    )  # fmt: skip
    assert gaps(coverage(old, new)) == [(at(0, 1), at(0, 5), "log_cleared")]
    alone = coverage(new)
    assert gaps(alone) == [(at(0, 5), at(0, 5), "log_cleared")]
    assert stretches(alone) == [(at(0, 5), at(0, 6))]


def test_logs_that_hold_only_a_part_are_not_silent(tmp_path: Path) -> None:
    answer = coverage(made(1, "partial_log", [at(0, 0), at(3, 0), at(9, 0)], tmp_path))
    assert "silence" not in {reason for _, _, reason in gaps(answer)}
    assert "quiet_stretch" not in {reason for _, _, reason in gaps(answer)}


def test_sources_without_time_are_left_out(tmp_path: Path) -> None:
    answer = coverage(made(1, "snapshot", [at(0, 0)], tmp_path), made(2, "unknown", [at(0, 0)], tmp_path))
    assert (answer.coverage.num_rows, answer.gaps.num_rows, answer.clocks) == (0, 0, {})


def test_a_line_dated_1970_neither_covers_the_years_since_nor_hides_a_hole(tmp_path: Path) -> None:
    times = [datetime(1970, 1, 1), *without(site(7, 60), at(4, 12), at(4, 14))]  # noqa: DTZ001 - the lake's times
    answer = coverage(made(1, "access_log", times, tmp_path))
    assert [(start.year, end.year, reason) for start, end, reason in gaps(answer)] == [
        (1970, 2025, "quiet_stretch"),
        (2025, 2025, "silence"),
    ]
    assert [start.year for start, _ in stretches(answer)] == [2025, 2025]


def test_a_log_that_goes_on_for_a_century_covers_nothing(tmp_path: Path) -> None:
    times = [at(40 * number, 0) for number in range(1000)]
    assert stretches(coverage(made(1, "host_log", times, tmp_path))) == []


def test_times_that_are_no_date_or_centuries_apart_do_no_harm(tmp_path: Path) -> None:
    source = made(1, "host_log", [at(0, 0), at(0, 1)], tmp_path)
    (path,) = source.folder.glob("base_event-*.parquet")
    rows = pq.read_table(path)
    for number, time in enumerate((2**62, -(2**62), 253_000_000_000_000_000, -60_000_000_000_000_000), 1):
        moved = rows.slice(0, 1).set_column(0, "time", pa.array([time], pa.timestamp("us")))
        pq.write_table(moved, source.folder / f"base_event-{number:05d}.parquet")
    pq.write_table(
        pa.table({"source_id": [1], "line": [9], "byte_offset": [0], "reason": ["blank"]}),
        source.folder / "rejects-00000.parquet",
    )
    reasons = [reason for _, _, reason in gaps(coverage(source))]
    assert reasons.count("quiet_stretch") == 2


def test_a_gap_in_one_log_is_taken_out_of_every_log_of_its_role(tmp_path: Path) -> None:
    whole = site(14, 60)
    one = made(1, "access_log", whole, tmp_path, name="a.log")
    other = made(2, "access_log", without(whole, at(5, 10), at(5, 14)), tmp_path, name="b.log")
    answer = coverage(one, other)
    ((start, end, reason),) = gaps(answer)
    assert reason == "silence"
    assert not any(first < start + SECOND < last for first, last in stretches(answer))
    assert {row["source_id"] for row in answer.coverage.to_pylist() if row["start"] >= end} == {1, 2}


def test_a_silence_begins_with_the_last_event_of_all_files_of_a_log(tmp_path: Path) -> None:
    whole = site(14, 60)
    before = max(time for time in whole if time < at(5, 10)).replace(second=0, microsecond=0)
    kept = without(whole, before, at(5, 14))
    times = [*kept, *(before + timedelta(seconds=second) for second in (5, 20))]
    one = made(1, "access_log", sorted([*times, before + timedelta(seconds=30)]), tmp_path, name="a", series="log")
    other = made(2, "access_log", sorted([*times, before + timedelta(seconds=50)]), tmp_path, name="b", series="log")
    ((start, _, reason),) = gaps(coverage(one, other))
    assert (start, reason) == (before + timedelta(seconds=50), "silence")


def test_what_no_file_reaches_is_between_the_files(tmp_path: Path) -> None:
    early = made(1, "access_log", [time for time in site(10, 60) if time < at(4, 0)], tmp_path, name="a.log")
    late = made(2, "access_log", [time for time in site(10, 60) if time >= at(6, 0)], tmp_path, name="b.log")
    ((start, end, reason),) = gaps(coverage(early, late))
    assert (start.day, end.day, reason) == (6, 9, "between_sources")


_EVENTS = st.lists(st.integers(0, 24 * 60 * 20), min_size=1, max_size=60)


@settings(max_examples=15, deadline=None)
@given(events=st.lists(_EVENTS, min_size=1, max_size=3))
def test_the_order_of_sources_changes_nothing(tmp_path_factory: Any, events: list[list[int]]) -> None:
    folder = tmp_path_factory.mktemp("order")
    roles = ("access_log", "access_log", "host_log")
    sources = [
        made(number, roles[number - 1], [at(0, minute / 60) for minute in minutes], folder, series=f"s{number % 2}")
        for number, minutes in enumerate(events, 1)
    ]
    answers = []
    for order in (sources, sources[::-1], sources[1:] + sources[:1]):
        with duckdb.connect() as connection:
            answers.append(coverage_of(connection, order))
    assert all(answer == answers[0] for answer in answers)


@settings(max_examples=30, deadline=None)
@given(minutes=_EVENTS)
def test_no_more_is_covered_than_from_the_first_event_to_the_last(tmp_path_factory: Any, minutes: list[int]) -> None:
    times = [at(0, minute / 60) for minute in minutes]
    answer = coverage(made(1, "host_log", times, tmp_path_factory.mktemp("reach")))
    for start, end in stretches(answer):
        assert min(times) <= start < end <= max(times)
        silences = _silences(sorted(times), start, end)
        assert max(silences, default=timedelta(0)) <= timedelta(hours=12)


def _silences(times: list[datetime], start: datetime, end: datetime) -> list[timedelta]:
    inside = [start, *(time for time in times if start <= time <= end), end]
    return [after - before for before, after in pairwise(inside)]
