"""Coverage says no more than the sources carry: joined over rotation, cut by silence and damage."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
from hypothesis import given
from hypothesis import strategies as st
from kakuho.evidence.ledger_witness import Interval

from kakuho.case import Case
from kakuho.evidence import add_evidence
from kakuho.evidence.coverage import holes, joined, united, without

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


def _access_log(path: Path, *hours: float) -> Path:
    stamps = [f"{_at(hour):%d/%b/%Y:%H:%M:%S} +0000" for hour in hours]
    path.write_text("".join(f'10.0.0.1 - - [{stamp}] "GET / HTTP/1.1" 200 5 "-" "-" 9\n' for stamp in stamps))
    return path


def _read(case: Case, table: str, columns: str) -> list[tuple[object, ...]]:
    return duckdb.sql(f"select {columns} from '{case.lake}/{table}.parquet' order by start").fetchall()


def test_a_silence_of_more_than_twelve_hours_is_a_gap_and_twelve_is_none(case: Case, tmp_path: Path) -> None:
    add_evidence(case, [_access_log(tmp_path / "access.log", 0, 12, 25, 26)])
    assert _read(case, "gaps", 'start, "end", reason') == [(_at(12), _at(25), "silence")]
    one_second = dt.timedelta(seconds=1)
    assert _read(case, "coverage", 'start, "end"') == [(_at(0), _at(12)), (_at(25), _at(26) + one_second)]


def test_the_time_around_a_line_that_cannot_be_read_is_not_covered(case: Case, tmp_path: Path) -> None:
    path = _access_log(tmp_path / "access.log", 0, 1, 2)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[0] + lines[1] + "damaged\n" + lines[2])
    add_evidence(case, [path])
    one_second = dt.timedelta(seconds=1)
    assert _read(case, "gaps", 'start, "end", reason') == [(_at(1), _at(2) + one_second, "rejected_lines")]
    assert _read(case, "coverage", 'start, "end"') == [(_at(0), _at(1))]


def test_a_database_log_without_reads_witnesses_none(case: Case, tmp_path: Path, postgresql_logs: Path) -> None:
    lines = (postgresql_logs / "jsonlog.json").read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path / "log.json"
    path.write_text("".join(line for line in lines if '"statement: ' not in line and '"execute ' not in line))
    add_evidence(case, [path])
    assert [row[0] for row in _read(case, "gaps", "reason")] == ["reads_not_logged"]
    assert _read(case, "coverage", "start") == []
