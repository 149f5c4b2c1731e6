"""What verification finds, each with the file, the line and the reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from disclosure_ledger import Event, Ledger, verify
from disclosure_ledger.chain import digest_under, sealed
from disclosure_ledger.errors import LedgerKeyError, NotALedgerError
from disclosure_ledger.verification import proven_events

Record = Callable[..., Event]
Finding = tuple[int | None, str]


@pytest.fixture
def segment(directory: Path, record: Record) -> Path:
    """A closed segment of a header and nine events, a checkpoint every four."""
    with Ledger.open(directory, system="petinsurance", checkpoint_every=4) as ledger:
        for key in range(9):
            record(ledger, key)
    return segment_in(directory)


def segment_in(directory: Path) -> Path:
    [path] = [path for path in directory.iterdir() if path.name != "checkpoints.jsonl"]
    return path


def edit(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


def in_line(number: int, old: bytes, new: bytes) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: [*lines[: number - 1], lines[number - 1].replace(old, new, 1), *lines[number:]]


def finding(directory: Path, key: bytes | None = None) -> Finding:
    verification = verify(directory, key)
    assert not verification.ok
    problem = verification.first_problem
    assert problem is not None
    return problem.line, problem.reason.value


def test_a_whole_ledger_says_how_much_it_proves(directory: Path, segment: Path) -> None:
    verification = verify(directory)
    [report] = verification.segments
    assert (verification.ok, verification.events, verification.first_problem) == (True, 9, None)
    assert (report.segment, report.system, report.checkpointed) == (segment.stem, "petinsurance", 9)
    assert (report.closed, report.after_checkpoint) == (True, 0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(in_line(5, b'"phone"', b'"email"'), (5, "hash"), id="edited"),
        pytest.param(lambda lines: [*lines[:4], *lines[5:]], (5, "sequence"), id="removed"),
        pytest.param(lambda lines: [*lines[:5], *lines[4:]], (6, "sequence"), id="repeated"),
        pytest.param(lambda lines: [*lines[:4], lines[5], lines[4], *lines[6:]], (5, "sequence"), id="moved"),
        pytest.param(lambda lines: [*lines[:4], b"{} \n", *lines[4:]], (5, "hash"), id="inserted"),
        pytest.param(lambda lines: [*lines[:4], b"\n", *lines[4:]], (5, "not_a_line"), id="empty line"),
        pytest.param(in_line(5, b":", b": "), (5, "not_canonical"), id="spaces"),
        pytest.param(lambda lines: lines[1:], (1, "not_a_ledger"), id="without its header"),
        pytest.param(lambda lines: lines[:5], (6, "truncated"), id="cut after a checkpoint"),
        pytest.param(lambda lines: lines[:1], (2, "truncated"), id="cut to its header"),
        pytest.param(lambda lines: [*lines[:9], lines[9][:-1]], (10, "unfinished"), id="without the last newline"),
        pytest.param(lambda lines: [*lines[:9], lines[9][:40]], (10, "unfinished"), id="cut within a line"),
        pytest.param(lambda lines: [], (1, "empty"), id="emptied"),
        pytest.param(lambda lines: [b"\x7fELF\x02\x01\x00\xff\x00" * 40], (1, "not_a_line"), id="binary"),
        pytest.param(lambda lines: [b"\xff\xfe\n", *lines], (1, "not_a_line"), id="not UTF-8"),
        pytest.param(lambda lines: [b'{"kind":"other"}\n'], (1, "not_a_ledger"), id="another JSONL file"),
        pytest.param(lambda lines: [b"[" * 100_000 + b"\n"], (1, "not_a_line"), id="deeply nested"),
        pytest.param(lambda lines: [lines[0], b'{"status":NaN}\n'], (2, "not_a_line"), id="not JSON numbers"),
    ],
)  # fmt: skip
def test_a_changed_segment(
    directory: Path, segment: Path, change: Callable[[list[bytes]], list[bytes]], expected: Finding
) -> None:
    edit(segment, change)
    assert finding(directory) == expected


def test_what_stands_before_the_first_bad_line_stays_proven(directory: Path, segment: Path) -> None:
    edit(segment, lambda lines: [*lines[:4], *lines[5:]])
    assert [event.seq for event in proven_events(directory, None)] == [1, 2, 3]
    assert verify(directory).events == 3


def test_a_replaced_line_with_a_right_hash_of_its_own_breaks_the_next(directory: Path, segment: Path) -> None:
    def replace(lines: list[bytes]) -> list[bytes]:
        record = json.loads(lines[2])
        del record["hash"]
        record["actor"]["id"] = "account:99"
        return [*lines[:2], sealed(record, digest_under(None))[0], *lines[3:]]

    edit(segment, replace)
    assert finding(directory) == (4, "previous")


def rewritten(lines: list[bytes], key: bytes | None) -> list[bytes]:
    """The same events with another actor, chained anew by somebody who knows ``key``."""
    result, previous = [], None
    for line in lines:
        record = json.loads(line)
        del record["hash"]
        if previous is not None:
            record |= {"prev": previous, "actor": {"kind": "public", "id": None, "role": None, "subject": None}}
        sealed_line, previous = sealed(record, digest_under(key))
        result.append(sealed_line)
    return result


def test_a_chain_written_anew_differs_from_its_checkpoint(directory: Path, segment: Path) -> None:
    edit(segment, lambda lines: rewritten(lines, None))
    assert finding(directory) == (5, "checkpoint")


def test_under_a_key_a_chain_written_anew_without_it_is_a_wrong_hash(directory: Path, record: Record) -> None:
    key = bytes(range(32))
    with Ledger.open(directory, system="petinsurance", key=key) as ledger:
        record(ledger)
    assert verify(directory, key).ok
    edit(segment_in(directory), lambda lines: rewritten(lines, bytes(32)))
    (directory / "checkpoints.jsonl").unlink()
    assert finding(directory, key) == (1, "hash")


def test_a_keyed_ledger_replaced_by_one_without_a_key_is_found(directory: Path, segment: Path) -> None:
    verification = verify(directory, bytes(range(32)))
    assert [(problem.file, problem.reason.value) for problem in verification.problems] == [
        (segment.name, "not_keyed"),
        ("checkpoints.jsonl", "bad_checkpoint"),
    ]


def test_a_keyed_ledger_cannot_be_verified_without_the_key(directory: Path) -> None:
    Ledger.open(directory, system="petinsurance", key=bytes(32)).close()
    with pytest.raises(LedgerKeyError, match="--key-file"):
        verify(directory)


def test_a_line_added_after_closing_is_found_though_it_follows(directory: Path, segment: Path) -> None:
    def append(lines: list[bytes]) -> list[bytes]:
        last = json.loads(lines[-1])
        record = last | {"seq": 10, "prev": last["hash"]}
        del record["hash"]
        return [*lines, sealed(record, digest_under(None))[0]]

    edit(segment, append)
    assert finding(directory) == (11, "after_close")


def test_a_missing_segment_is_named_by_its_checkpoint(directory: Path, segment: Path) -> None:
    segment.unlink()
    [problem] = verify(directory).problems
    assert (problem.segment, problem.line, problem.reason.value) == (segment.stem, None, "missing")


def test_a_renamed_segment_is_found(directory: Path, segment: Path) -> None:
    segment.rename(directory / "20200101T000000.000000Z-1.jsonl")
    assert [problem.reason.value for problem in verify(directory).problems] == ["wrong_segment", "missing"]


def test_lost_checkpoints_are_a_problem_since_a_cut_tail_could_not_be_noticed(directory: Path, segment: Path) -> None:
    (directory / "checkpoints.jsonl").unlink()
    assert finding(directory) == (1, "no_checkpoint")


def test_a_damaged_checkpoint_says_nothing_against_the_others(directory: Path, segment: Path) -> None:
    edit(directory / "checkpoints.jsonl", lambda lines: [lines[0], b"\x00\n", *lines[2:]])
    assert [(problem.file, problem.line) for problem in verify(directory).problems] == [("checkpoints.jsonl", 2)]


def test_the_tail_after_the_last_checkpoint_is_counted_as_not_witnessed(directory: Path, record: Record) -> None:
    ledger = Ledger.open(directory, system="petinsurance", checkpoint_every=4)
    for _ in range(6):
        record(ledger)
    [report] = verify(directory).segments
    assert (report.closed, report.checkpointed, report.after_checkpoint) == (False, 4, 2)
    ledger.close()


def test_a_segment_that_cannot_be_read_is_a_problem_of_that_segment(directory: Path, segment: Path) -> None:
    (directory / "20990101T000000.000000Z-1.jsonl").mkdir()
    assert finding(directory) == (1, "unreadable")


@pytest.mark.parametrize(("make", "message"), [(False, "There is no directory"), (True, "holds no ledger")])
def test_a_missing_or_empty_directory_is_not_a_ledger(directory: Path, make: bool, message: str) -> None:
    if make:
        directory.mkdir()
    with pytest.raises(NotALedgerError, match=message):
        verify(directory)
