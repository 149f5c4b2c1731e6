"""Writing: the published format, checkpoints, threads, and nothing half-written when the disk is full."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from disclosure_ledger import Event, Ledger, verify
from disclosure_ledger.errors import LedgerKeyError, WriteError
from disclosure_ledger.verification import proven_events

Record = Callable[..., Event]


def lines_of(directory: Path) -> list[Any]:
    [segment] = [path for path in directory.iterdir() if path.name != "checkpoints.jsonl"]
    return [json.loads(line) for line in segment.read_text(encoding="utf-8").splitlines()]


def checkpoints_of(directory: Path) -> list[tuple[int, bool]]:
    lines = (directory / "checkpoints.jsonl").read_text(encoding="utf-8").splitlines()
    return [(checkpoint["seq"], checkpoint["closed"]) for checkpoint in map(json.loads, lines)]


def test_a_segment_is_a_header_and_events(directory: Path, record: Record) -> None:
    with Ledger.open(directory, system="petinsurance") as ledger:
        event = record(ledger)
    header, line = lines_of(directory)
    assert set(header) == {"hash", "kind", "ledger", "segment", "seq", "started", "system", "v"}
    assert (header["kind"], header["ledger"], header["seq"], header["system"]) == (
        "header",
        "disclosure",
        0,
        "petinsurance",
    )
    assert line == {
        "v": 1,
        "kind": "disclosure",
        "segment": header["segment"],
        "seq": 1,
        "time": line["time"],
        "request": "9f2c",
        "actor": {"kind": "policyholder", "id": "account:17", "role": None, "subject": "policyholder:12"},
        "session": "0123456789abcdef",
        "address": "192.0.2.7",
        "method": "GET",
        "route": "/mypage/profile/",
        "status": 200,
        "purpose": "self_service",
        "disclosures": [{"subject": "policyholder:12", "items": ["name", "phone"], "masked": ["bank_account"]}],
        "prev": header["hash"],
        "hash": event.hash,
    }
    assert line["time"].endswith("Z")
    assert len(line["time"]) == len("2026-01-01T00:00:00.000000Z")
    assert list(proven_events(directory, None)) == [event]


def test_with_a_key_the_header_says_so(directory: Path) -> None:
    Ledger.open(directory, system="petinsurance", key=bytes(32)).close()
    assert lines_of(directory)[0]["mac"] == "hmac-sha256"


def test_a_short_key_is_refused(directory: Path) -> None:
    with pytest.raises(LedgerKeyError, match="too short"):
        Ledger.open(directory, system="petinsurance", key=b"secret")


def test_a_checkpoint_is_written_at_the_start_by_count_and_at_close(directory: Path, record: Record) -> None:
    with Ledger.open(directory, system="petinsurance", checkpoint_every=3) as ledger:
        for _ in range(7):
            record(ledger)
    assert checkpoints_of(directory) == [(0, False), (3, False), (6, False), (7, True)]


def test_a_checkpoint_is_written_when_the_time_is_up(directory: Path, record: Record) -> None:
    ledger = Ledger.open(directory, system="petinsurance", checkpoint_seconds=1)
    record(ledger)
    time.sleep(1.01)
    record(ledger)
    record(ledger)
    assert checkpoints_of(directory) == [(0, False), (2, False)]
    ledger.close()


def test_an_event_is_on_disk_when_record_returns(directory: Path, record: Record) -> None:
    ledger = Ledger.open(directory, system="petinsurance")
    record(ledger)
    assert [line["seq"] for line in lines_of(directory)] == [0, 1]
    ledger.close()


def test_threads_share_one_chain(directory: Path, record: Record) -> None:
    with Ledger.open(directory, system="petinsurance", checkpoint_every=10) as ledger:
        threads = [
            threading.Thread(target=lambda key=key: [record(ledger, key) for _ in range(50)]) for key in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    verification = verify(directory)
    assert (verification.ok, len(verification.segments), verification.events) == (True, 1, 400)


def test_two_ledgers_in_one_directory_write_two_segments(directory: Path, record: Record) -> None:
    with Ledger.open(directory, system="petinsurance") as one, Ledger.open(directory, system="petinsurance") as other:
        record(one)
        record(other)
    assert [segment.events for segment in verify(directory).segments] == [1, 1]


def test_a_full_disk_raises_and_leaves_no_part_of_the_line(directory: Path, record: Record, full_disk: Any) -> None:
    with Ledger.open(directory, system="petinsurance") as ledger:
        record(ledger, 1)
        [segment] = [path for path in directory.iterdir() if path.name != "checkpoints.jsonl"]
        size = segment.stat().st_size
        with full_disk(size + 20), pytest.raises(WriteError, match="cannot be written") as refused:
            record(ledger, 2)
        assert segment.stat().st_size == size
        assert "空き容量と権限を確認してください" in refused.value.text("ja")
        record(ledger, 3)
    verification = verify(directory)
    assert (verification.ok, verification.events) == (True, 2)


def test_an_event_whose_checkpoint_cannot_be_written_is_taken_back(
    directory: Path, record: Record, full_disk: Any
) -> None:
    with Ledger.open(directory, system="petinsurance", checkpoint_every=1) as ledger:
        for _ in range(20):
            record(ledger, 1)
        checkpoints = directory / "checkpoints.jsonl"
        short = Ledger.open(directory, system="petinsurance", checkpoint_every=1)
        before = checkpoints.stat().st_size
        with full_disk(before + 20), pytest.raises(WriteError):
            record(short, 2)
        assert checkpoints.stat().st_size == before
        record(short, 3)
        short.close()
    verification = verify(directory)
    assert (verification.ok, verification.events) == (True, 21)


def test_text_that_is_not_unicode_is_refused_and_the_chain_goes_on(directory: Path, record: Record) -> None:
    with Ledger.open(directory, system="petinsurance") as ledger:
        with pytest.raises(WriteError, match="not valid Unicode"):
            record(ledger, address="\udcff")
        record(ledger)
    assert verify(directory).events == 1


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WriteError, match="file/ledger cannot be written"):
        Ledger.open(tmp_path / "file" / "ledger", system="petinsurance")


def test_a_closed_ledger_refuses_and_may_be_closed_again(directory: Path, record: Record) -> None:
    ledger = Ledger.open(directory, system="petinsurance")
    ledger.close()
    ledger.close()
    with pytest.raises(WriteError, match="has been closed"):
        record(ledger)
    assert checkpoints_of(directory) == [(0, False), (0, True)]
