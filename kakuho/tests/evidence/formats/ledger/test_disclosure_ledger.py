"""The disclosure ledger is believed as far as its chain and its checkpoints carry, and no further."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kakuho.case import Case
from kakuho.evidence import add_evidence
from kakuho.evidence.formats import FORMATS

from ...reading import lake_rows, read
from .showing import shown_items

WriteLedger = Callable[..., Path]
LEDGER = FORMATS["disclosure_ledger"]


def _change(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


def _gaps(case: Case) -> list[str]:
    query = f"select reason from '{case.lake}/gaps.parquet' where role = 'disclosure_ledger' order by reason"
    return [reason for (reason,) in duckdb.sql(query).fetchall()]


def _time(line: bytes) -> dt.datetime:
    record: dict[str, Any] = json.loads(line)
    return dt.datetime.fromisoformat(record["time"]).replace(tzinfo=None)


def test_one_row_a_subject_and_item(write_ledger: WriteLedger) -> None:
    _, part = read(LEDGER, write_ledger(events=3))
    rows = shown_items(part)
    assert (part.lines, part.events, part.ignored.total()) == (4, 3, 1)
    shown = [(row["subject"], row["item"], row["masked"]) for row in rows if row["seq"] == 2]
    assert shown == [
        ("clinic:3", "name", False),
        ("policyholder:1", "name", False),
        ("policyholder:1", "phone", False),
        ("policyholder:1", "bank_account", True),
    ]
    assert {(row["actor_kind"], row["actor_id"], row["src_ip"], row["route"], row["status"]) for row in rows} == {
        ("staff", "account:1", "127.0.0.1", "/staff/policyholders/{key}/", 200)
    }
    assert part.facts["breaks"] == []


def test_a_whole_ledger_has_no_gap(case: Case, write_ledger: WriteLedger) -> None:
    segment = write_ledger(events=25)
    add_evidence(case, [segment.parent])
    assert _gaps(case) == []
    ((start, end),) = duckdb.sql(f"select start, \"end\" from '{case.lake}/coverage.parquet'").fetchall()
    lines = segment.read_bytes().splitlines()
    assert start == dt.datetime.fromisoformat(json.loads(lines[0])["started"]).replace(tzinfo=None)
    assert end >= _time(lines[-1])


def test_a_changed_line_is_rejected_and_the_time_around_it_is_not_covered(
    case: Case, write_ledger: WriteLedger
) -> None:
    segment = write_ledger(events=25)
    lines = segment.read_bytes().splitlines()
    _change(
        segment,
        lambda all_lines: [*all_lines[:5], all_lines[5].replace(b"policyholder:4", b"policyholder:9"), *all_lines[6:]],
    )
    add_evidence(case, [segment.parent])
    (reject,) = lake_rows(case, "rejects", "line, reason")
    assert reject == (6, "hash_wrong")
    (gap,) = duckdb.sql(f"select start, \"end\", reason from '{case.lake}/gaps.parquet'").fetchall()
    assert gap == (_time(lines[4]), _time(lines[6]), "hash_wrong")


def test_a_removed_line_leaves_a_gap(case: Case, write_ledger: WriteLedger) -> None:
    segment = write_ledger(events=25)
    _change(segment, lambda lines: lines[:5] + lines[6:])
    add_evidence(case, [segment.parent])
    assert _gaps(case) == ["sequence_gap"]
    assert lake_rows(case, "ledger_event", "count(*), count(distinct seq)") == [(24, 24)]


def test_a_segment_that_ends_before_its_checkpoint_was_truncated(case: Case, write_ledger: WriteLedger) -> None:
    segment = write_ledger(events=25)
    _change(segment, lambda lines: lines[:-7])
    add_evidence(case, [segment.parent])
    assert _gaps(case) == ["truncated"]


def test_a_segment_that_only_its_checkpoints_know_is_missed(case: Case, write_ledger: WriteLedger) -> None:
    removed = write_ledger(events=5)
    kept = write_ledger(events=5)
    removed.unlink()
    add_evidence(case, [kept.parent])
    assert _gaps(case) == ["segment_missing"]


def test_checkpoints_that_come_later_are_compared_all_the_same(case: Case, write_ledger: WriteLedger) -> None:
    segment = write_ledger(events=25)
    _change(segment, lambda lines: lines[:-7])
    add_evidence(case, [segment])
    assert _gaps(case) == ["segment_not_closed"]
    add_evidence(case, [segment.parent / "checkpoints.jsonl"])
    assert _gaps(case) == ["truncated"]


def test_a_segment_rewritten_with_a_new_chain_differs_from_its_checkpoint(
    case: Case, write_ledger: WriteLedger
) -> None:
    segment = write_ledger(events=25)
    other = write_ledger(segment.parent.parent / "other", events=25)
    name, other_name = segment.stem.encode(), other.stem.encode()
    checkpoints = segment.parent / "checkpoints.jsonl"
    checkpoints.write_bytes(checkpoints.read_bytes().replace(name, other_name))
    add_evidence(case, [other, checkpoints])
    assert set(_gaps(case)) == {"checkpoint_differs"}


def test_a_process_that_was_killed_leaves_the_minute_after_its_last_checkpoint_open(
    case: Case, write_ledger: WriteLedger
) -> None:
    segment = write_ledger(events=25, close=False)
    add_evidence(case, [segment.parent])
    (gap,) = duckdb.sql(f"select \"end\" - start, reason from '{case.lake}/gaps.parquet'").fetchall()
    assert gap[1] == "segment_not_closed"
    assert dt.timedelta(seconds=59) < gap[0] <= dt.timedelta(seconds=61)


@pytest.mark.parametrize("cut", [1, 40])
def test_a_torn_last_line_is_rejected(write_ledger: WriteLedger, cut: int) -> None:
    segment = write_ledger(events=3)
    segment.write_bytes(segment.read_bytes()[: -1 - cut])
    _, part = read(LEDGER, segment)
    assert [(line, reason) for line, _, reason in part.rejects] == [(4, "line_cut_off")]
