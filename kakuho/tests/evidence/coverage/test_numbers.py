"""A number that is missing where a program numbers its records is a gap between its neighbours."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from random import Random

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from kakuho.evidence.coverage.numbers import _STREAMS

from .covering import coverage, covered, gaps, made, stretches
from .ordinary import at


def _numbered(folder: Path, numbers: list[int], *, streams: list[str] | None = None) -> list[tuple[object, ...]]:
    times = [at(0, index) for index in range(len(numbers))]
    source = made(1, "host_log", times, folder)
    columns = {"stream": streams or ["Security"] * len(numbers), "number": numbers}
    made(1, "host_log", times, folder, table="sequence", columns=columns)
    return gaps(coverage(source))


def test_record_ids_that_follow_each_other_leave_no_gap(tmp_path: Path) -> None:
    assert _numbered(tmp_path, [4, 5, 6, 7]) == []


def test_a_missing_record_id_is_a_gap_between_its_neighbours(tmp_path: Path) -> None:
    assert _numbered(tmp_path, [4, 5, 7, 8]) == [(at(0, 1), at(0, 2), "sequence_break")]


def test_each_stream_is_numbered_by_itself(tmp_path: Path) -> None:
    assert _numbered(tmp_path, [4, 90, 5, 91], streams=["Security", "System"] * 2) == []


def test_records_a_little_out_of_order_are_no_gap(tmp_path: Path) -> None:
    assert _numbered(tmp_path, [100, 102, 101, 103]) == []


def test_numbers_that_begin_anew_after_a_restart_are_no_gap(tmp_path: Path) -> None:
    assert _numbered(tmp_path, [523, 524, 80, 81, 82]) == []


def test_numbers_go_on_from_one_file_of_a_log_to_the_next(tmp_path: Path) -> None:
    sources = []
    for source_id, (hour, numbers) in enumerate([(0, [1, 2]), (4, [4, 5])], 1):
        times = [at(0, hour + index) for index in range(2)]
        sources.append(made(source_id, "host_log", times, tmp_path, name=f"audit.log.{source_id}", series="audit.log"))
        columns = {"stream": ["audit"] * 2, "number": numbers}
        made(source_id, "host_log", times, tmp_path, table="sequence", columns=columns)
    assert gaps(coverage(*sources)) == [(at(0, 1), at(0, 4), "sequence_break")]


def _missing(records: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The times around each missing number, found by going through all numbers of each run."""
    runs: list[dict[int, list[int]]] = [{}]
    before: int | None = None
    for time, number in sorted(records, key=itemgetter(0)):
        if before is not None and before - number > 10 and number * 2 <= before:
            runs.append({})
        runs[-1].setdefault(number, []).append(time)
        before = number
    found = []
    for run in runs:
        for low, high in pairwise(sorted(run)):
            if high - low > 1:
                first, last = max(run[low]), min(run[high])
                found.append((min(first, last), max(first, last)))
    return sorted(found)


@given(
    st.lists(st.tuples(st.sampled_from([1, 2, 3, 30, 40, 95]), st.integers(1, 4), st.integers(0, 30)), max_size=9),
    st.randoms(use_true_random=False),
)
@settings(max_examples=150, deadline=None)
def test_whatever_the_order_each_missing_number_is_found(runs: list[tuple[int, int, int]], draw: Random) -> None:
    records = [(begin + index, first + index) for first, length, begin in runs for index in range(length)]
    draw.shuffle(records)
    values = ", ".join(f"(1, {line}, 's', {number}, {time})" for line, (time, number) in enumerate(records))
    values = values or "(1, 0, 's', NULL, 0)"
    rows = f"SELECT * FROM (VALUES {values}) t(source_id, line, stream, number, time)"
    with duckdb.connect() as connection:
        found = [(first, last) for _, first, last in connection.sql(_STREAMS.format(rows=rows)).fetchall()]
    assert sorted(found) == _missing(records)


def _session(folder: Path, lines: list[int], known: str = "postgresql_jsonlog") -> list[tuple[object, ...]]:
    times = [at(0, index) for index in range(len(lines))]
    columns = {
        "session_id": ["67c4a000.1f"] * len(lines),
        "session_line": lines,
        "kind": ["statement"] * len(lines),
        "statement": ["select 1"] * len(lines),
    }
    source = made(1, "database_log", times, folder, table="datastore_activity", columns=columns, known=known)
    return gaps(coverage(source))


def test_a_missing_line_of_a_session_is_a_gap_between_its_neighbours(tmp_path: Path) -> None:
    assert _session(tmp_path, [1, 2, 5, 6]) == [(at(0, 1), at(0, 2), "session_lines_missing")]


def test_stderr_numbers_lines_that_are_no_records_so_its_jumps_are_no_gap(tmp_path: Path) -> None:
    assert _session(tmp_path, [1, 2, 5, 6], "postgresql_stderr") == []


def test_a_session_that_was_open_when_the_log_begins_may_begin_later_than_one(tmp_path: Path) -> None:
    assert _session(tmp_path, [41, 42, 43]) == []


def test_a_session_that_began_while_the_log_ran_has_its_first_line(tmp_path: Path) -> None:
    columns = {
        "session_id": ["67000000.1", "67c4ff10.2", "67c4ff10.2"],
        "session_line": [7, 3, 4],
        "kind": ["statement"] * 3,
        "statement": ["select 1"] * 3,
    }
    times = [at(0, 0), at(0, 3), at(0, 4)]
    source = made(
        1, "database_log", times, tmp_path, table="datastore_activity", columns=columns, known="postgresql_csvlog"
    )
    assert gaps(coverage(source)) == [(at(0, 1), at(0, 3), "session_lines_missing")]


def test_lines_cut_out_of_a_log_of_the_real_program_are_found(tmp_path: Path, postgresql_logs: Path) -> None:
    lines = (postgresql_logs / "jsonlog.json").read_text(encoding="utf-8").splitlines(keepends=True)
    cut = [number for number, line in enumerate(lines) if "select id -- " in line and '"LOG"' in line]
    path = tmp_path / "log.json"
    path.write_text("".join(line for number, line in enumerate(lines) if number not in cut), encoding="utf-8")
    answer = covered([path], tmp_path)
    assert cut
    assert {reason for _, _, reason in gaps(answer)} == {"session_lines_missing"}
    assert len(stretches(answer)) == 2


WriteLedger = Callable[..., Path]


def test_a_line_removed_from_the_ledger_is_a_gap(tmp_path: Path, write_ledger: WriteLedger) -> None:
    segment = write_ledger(events=25)
    assert gaps(covered(sorted(segment.parent.iterdir()), tmp_path / "whole")) == []
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(b"".join(lines[:5] + lines[6:]))
    answer = covered(sorted(segment.parent.iterdir()), tmp_path / "cut")
    assert [reason for _, _, reason in gaps(answer)] == ["sequence_gap"]


def test_a_ledger_cut_off_before_its_checkpoint_is_truncated(tmp_path: Path, write_ledger: WriteLedger) -> None:
    segment = write_ledger(events=25)
    segment.write_bytes(b"".join(segment.read_bytes().splitlines(keepends=True)[:12]))
    answer = covered(sorted(segment.parent.iterdir()), tmp_path)
    assert "truncated" in {reason for _, _, reason in gaps(answer)}


def test_a_segment_that_only_its_checkpoints_know_is_missing(tmp_path: Path, write_ledger: WriteLedger) -> None:
    segment = write_ledger(events=25)
    segment.unlink()
    answer = covered(sorted(segment.parent.iterdir()), tmp_path)
    assert [reason for _, _, reason in gaps(answer)] == ["segment_missing"]
