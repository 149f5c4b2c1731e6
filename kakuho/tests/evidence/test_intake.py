"""Intake: sealed by content, all or nothing, in any order, and clear about what it refuses."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from kakuho.case import Case
from kakuho.case.verify import verify
from kakuho.errors import IntegrityError, KakuhoError, UsageError
from kakuho.evidence import Spoken, add_evidence, bring_up_to_date, is_up_to_date, read_line, sealed_sources
from kakuho.evidence.wording import REASONS

LINE = b'10.0.0.7 - - [19/Mar/2025:09:00:01 +0900] "GET / HTTP/1.1" 200 512 "-" "UA" 1234\n'


def _contents(case: Case, *, but: tuple[str, ...] = ()) -> dict[str, str]:
    """Every file and folder of a case with its hash."""
    return {
        str(path.relative_to(case.directory)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(case.directory.rglob("*"))
        if path.name not in but
    }


def test_a_file_is_copied_read_only_under_its_hash_and_entered_in_the_journal(case: Case, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(LINE)
    add_evidence(case, [log])
    sha256 = hashlib.sha256(LINE).hexdigest()
    sealed = case.evidence / sha256
    assert sealed.read_bytes() == LINE
    assert sealed.stat().st_mode & 0o777 == 0o444
    assert sealed.stat().st_ino != log.stat().st_ino
    details = case.journal.entries("evidence.sealed")[0].details
    assert {key: details[key] for key in ("sha256", "name", "size", "path", "changed_meanwhile")} == {
        "sha256": sha256,
        "name": "access.log",
        "size": len(LINE),
        "path": str(log),
        "changed_meanwhile": False,
    }
    (source,) = details["sources"]
    assert (source["format"], source["role"]) == ("access_log", "access_log")


def test_what_happens_to_the_original_later_does_not_reach_the_case(case: Case, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(LINE)
    add_evidence(case, [log])
    log.write_bytes(b"wiped")
    assert verify(case, lambda done, total: None).evidence_files == 1


def test_an_event_leads_back_to_its_line(case: Case, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(LINE + LINE.replace(b"/ H", b"/second H"))
    add_evidence(case, [log])
    (source,) = sealed_sources(case)
    assert read_line(case, source.source_id, len(LINE)) == LINE.replace(b"/ H", b"/second H").rstrip()
    with pytest.raises(UsageError):
        read_line(case, source.source_id, 5)


def test_a_folder_is_taken_with_all_that_is_in_it(
    case: Case, tmp_path: Path, postgresql_logs: Path, write_ledger: Callable[..., Path]
) -> None:
    folder = tmp_path / "evidence"
    write_ledger(folder / "ledger", events=3)
    (folder / "access.log").write_bytes(LINE)
    for name in ("jsonlog.json", "csvlog.csv", "snapshot.dump"):
        (folder / name).write_bytes((postgresql_logs / name).read_bytes())
    (folder / "inventory.yaml").write_text("inventory: 1\n")
    (folder / "responder.toml").write_text("[[path]]\n")
    intake = add_evidence(case, [folder])
    assert sorted(source.format for source in intake.added) == [
        "access_log",
        "disclosure_ledger",
        "disclosure_ledger_checkpoints",
        "postgresql_csvlog",
        "postgresql_jsonlog",
        "postgresql_snapshot",
    ]
    assert intake.left_out == [("inventory.yaml", "belongs_elsewhere"), ("responder.toml", "belongs_elsewhere")]
    assert "ledger/checkpoints.jsonl" in {source.name for source in intake.added}


def test_a_file_that_is_sealed_already_is_told_and_changes_nothing(case: Case, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(LINE)
    add_evidence(case, [log])
    before = _contents(case)
    copy = tmp_path / "copy.log"
    copy.write_bytes(LINE)
    intake = add_evidence(case, [log, copy])
    assert (intake.added, intake.known) == ([], ["access.log", "copy.log"])
    assert _contents(case) == before


def test_order_and_repetition_of_intake_change_nothing(tmp_path: Path, postgresql_logs: Path) -> None:
    log, other = tmp_path / "access.log", tmp_path / "access.log.1"
    log.write_bytes(LINE * 3)
    other.write_bytes(LINE * 2)
    files = [log, other, postgresql_logs / "jsonlog.json"]
    together, one_by_one = Case.create(tmp_path / "a"), Case.create(tmp_path / "b")
    add_evidence(together, files)
    for file in [*reversed(files), log]:
        add_evidence(one_by_one, [file])
    assert _contents(together, but=("journal.jsonl", "case.toml")) == _contents(
        one_by_one, but=("journal.jsonl", "case.toml")
    )


def test_the_lake_is_rebuilt_byte_for_byte_from_evidence_and_journal(
    case: Case, tmp_path: Path, postgresql_logs: Path
) -> None:
    add_evidence(case, [postgresql_logs / "jsonlog.json", postgresql_logs / "csvlog.csv"])
    before = _contents(case)
    for path in sorted(case.lake.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert not is_up_to_date(case)
    bring_up_to_date(case)
    assert _contents(case) == before


def _missing(path: Path) -> Path:
    return path


def _loop(path: Path) -> Path:
    path.symlink_to(path)
    return path


def _fifo(path: Path) -> Path:
    os.mkfifo(path)
    return path


def _empty_folder(path: Path) -> Path:
    path.mkdir()
    return path


def _holding(content: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return make


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (_missing, "no such file"),
        (_loop, "cannot be read"),
        (_fifo, "not a regular file"),
        (_empty_folder, "no file"),
    ],
)
def test_what_cannot_be_taken_in_is_told_and_the_case_stays_as_it_was(
    case: Case, tmp_path: Path, make: Callable[[Path], Path], told: str
) -> None:
    good = tmp_path / "good.log"
    good.write_bytes(LINE)
    before = _contents(case)
    bad = make(tmp_path / "bad")
    with pytest.raises(KakuhoError) as caught:
        add_evidence(case, [good, bad])
    assert told in caught.value.what
    assert "bad" in caught.value.where
    assert caught.value.remedy
    assert _contents(case) == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (bytes(range(256)) * 20, "binary"),
        ("\ufeff".encode("utf-16-le") + LINE.decode().encode("utf-16-le"), "UTF-16"),
        (LINE.decode().encode("utf-16-be"), "UTF-16"),
        ("メモ：これはログではない\n".encode(), "no known format"),
        ("メモ：これはログではない\n".encode("shift_jis"), "no known format"),
        (LINE[:40], "no known format"),
    ],
)
def test_a_file_of_unknown_content_is_sealed_all_the_same_and_the_journal_says_why(
    case: Case, tmp_path: Path, content: bytes, told: str
) -> None:
    odd = tmp_path / "odd"
    odd.write_bytes(content)
    (source,) = add_evidence(case, [odd]).added
    assert (source.format, source.role) == ("unknown", "unknown")
    assert (case.evidence / source.sealed).read_bytes() == content
    (entry,) = case.journal.entries("evidence.sealed")
    assert told in entry.details["sources"][0]["why"]
    assert verify(case, lambda done, total: None).evidence_files == 1


def _sources(case: Case) -> list[dict[str, Any]]:
    return pq.read_table(case.lake / "sources.parquet").to_pylist()


def test_a_truncated_snapshot_is_sealed_and_what_is_wrong_with_it_is_told(
    case: Case, tmp_path: Path, postgresql_logs: Path
) -> None:
    dump = tmp_path / "snapshot.dump"
    whole = (postgresql_logs / "snapshot.dump").read_bytes()
    for size in (len(whole) // 2, len(whole) - 1):
        dump.write_bytes(whole[:size])
        add_evidence(case, [dump])
    problems = [json.loads(source["problem"]) for source in _sources(case)]
    assert ["truncated" in problem["what"]["en"] for problem in problems] == [True, True]
    assert all(problem["remedy"]["ja"] for problem in problems)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission_is_told(case: Case, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(LINE)
    log.chmod(0)
    with pytest.raises(UsageError) as caught:
        add_evidence(case, [log])
    assert "cannot be read" in caught.value.what


def test_a_format_can_be_chosen_and_a_wrong_choice_is_told(case: Case, tmp_path: Path) -> None:
    log = tmp_path / "odd.log"
    log.write_bytes(b"a comment\n" * 3 + LINE)
    before = _contents(case)
    with pytest.raises(UsageError) as caught:
        add_evidence(case, [log], Spoken("postgresql_jsonlog"))
    assert "not one of its first lines" in caught.value.what
    with pytest.raises(UsageError) as caught:
        add_evidence(case, [log], Spoken("no_such_format"))
    assert "access_log" in caught.value.remedy
    assert _contents(case) == before
    (source,) = add_evidence(case, [log], Spoken("access_log")).added
    assert source.format == "access_log"


def test_a_sealed_file_that_was_changed_is_found(case: Case, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(LINE)
    add_evidence(case, [log])
    sealed = case.evidence / hashlib.sha256(LINE).hexdigest()
    sealed.chmod(0o644)
    sealed.write_bytes(LINE.replace(b"200", b"404"))
    with pytest.raises(IntegrityError) as caught:
        verify(case, lambda done, total: None)
    assert str(sealed) in caught.value.where


_ADD = """
import os, signal, sys
from pathlib import Path
from kakuho.case import Case
from kakuho.evidence import add_evidence
from kakuho.case import journal

def die(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)

before, after = sys.argv[3] == "before", sys.argv[3] == "after"
append = journal.Journal.append_all
def killed(self, *arguments, **options):
    if before:
        die()
    append(self, *arguments, **options)
    die()
journal.Journal.append_all = killed
add_evidence(Case.open(Path(sys.argv[1])), [Path(sys.argv[2])])
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_around_the_journal_entry_it_is_clean_and_can_be_repeated(case: Case, tmp_path: Path, when: str) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(LINE)
    done = subprocess.run([sys.executable, "-c", _ADD, str(case.directory), str(log), when], check=False)
    assert done.returncode == -signal.SIGKILL
    again = Case.open(case.directory)
    bring_up_to_date(again)
    intake = add_evidence(again, [log])
    assert len(intake.added) == (1 if when == "before" else 0)
    assert verify(again, lambda done, total: None).unrecorded == []
    assert is_up_to_date(again)
    assert len(sealed_sources(again)) == 1


def test_every_reason_has_words_in_both_languages() -> None:
    source = Path(__file__).resolve().parents[2] / "src" / "kakuho" / "evidence"
    text = "".join(path.read_text(encoding="utf-8") for path in source.rglob("*.py") if path.name != "wording.py")
    assert [reason for reason in REASONS if f'"{reason}"' not in text and f"'{reason}'" not in text] == []
    assert all(words.ja and str(words) for words in REASONS.values())
