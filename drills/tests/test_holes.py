"""A hole counts as found where the gaps of its source leave nothing of the deleted days out."""

from pathlib import Path

import duckdb
import pytest

from drills.holes import Gap, Hole, holes, read_gaps
from drills.scenarios.wiping import Wiped

DELETED = Wiped("2025-03-20T00:00:00+09:00", "2025-03-22T00:00:00+09:00", {"access.log": 300})


def _gap(start: str, end: str, role: str = "access_log", reason: str = "silence") -> Gap:
    return Gap(role, f"2025-03-{start}+00:00", f"2025-03-{end}+00:00", reason)


@pytest.mark.parametrize(
    ("gaps", "found"),
    [
        ([_gap("19T14:50:00", "21T15:10:00")], True),
        ([_gap("19T15:00:00", "21T15:00:00")], True),
        ([_gap("19T14:50:00", "20T12:00:00"), _gap("20T11:00:00", "21T15:10:00", reason="sequence_gap")], True),
        ([_gap("19T15:00:01", "21T15:10:00")], False),
        ([_gap("19T14:50:00", "21T14:59:59")], False),
        ([_gap("19T14:50:00", "20T12:00:00"), _gap("20T13:00:00", "21T15:10:00")], False),
        ([_gap("19T14:50:00", "21T15:10:00", role="database_log")], False),
        ([], False),
    ],
)
def test_a_hole_is_found_only_whole_and_in_its_own_source(gaps: list[Gap], found: bool) -> None:
    (hole,) = holes(DELETED, gaps)
    assert hole.found is found


def test_files_of_a_source_count_together_and_gaps_elsewhere_are_none_of_it() -> None:
    deleted = Wiped(DELETED.first, DELETED.last, {"ledger/one.jsonl": 180, "ledger/checkpoints.jsonl": 20})
    there = _gap("19T14:50:00", "21T15:10:00", "disclosure_ledger", "sequence_gap")
    before = _gap("15T00:00:00", "15T13:00:00", "disclosure_ledger")
    assert holes(deleted, [before, there]) == [Hole("disclosure_ledger", 200, (there,), True)]


def test_gaps_are_read_from_the_case(tmp_path: Path) -> None:
    duckdb.sql(
        "SELECT 1 AS source_id, 'access_log' AS role, TIMESTAMP '2025-03-19 14:50:00' AS start,"
        " TIMESTAMP '2025-03-21 15:10:00' AS \"end\", 'silence' AS reason"
    ).write_parquet(str(tmp_path / "gaps.parquet"))
    assert read_gaps(tmp_path) == [_gap("19T14:50:00", "21T15:10:00")]
