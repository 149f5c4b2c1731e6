"""Intake where things go wrong around it: killed, no room, no right to write, two at once, originals that change."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kakuho.case import Case
from kakuho.case.verify import verify
from kakuho.evidence import add_evidence, sealed_sources

LINE = b'10.0.0.7 - - [19/Mar/2025:09:00:01 +0900] "GET /%d HTTP/1.1" 200 512 "-" "UA" 1234\n'
KAKUHO = [str(Path(sys.executable).parent / "kakuho"), "--lang", "en"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users can enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def logs(folder: Path, count: int, lines: int) -> list[Path]:
    made = []
    for number in range(count):
        made.append(folder / f"access-{number}.log")
        made[-1].write_bytes(b"".join(LINE % (number * lines + line) for line in range(lines)))
    return made


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


_KILLED_AFTER_TWO = """
import os, signal, sys
from pathlib import Path
from kakuho.case import Case
from kakuho.evidence import add_evidence, incoming

note = incoming.Incoming._note
def note_and_die(self, path, before, copied):
    note(self, path, before, copied)
    if path.name == "access-1.log":
        os.kill(os.getpid(), signal.SIGKILL)
incoming.Incoming._note = note_and_die
add_evidence(Case.open(Path(sys.argv[1])), [Path(sys.argv[2])])
"""


def test_a_killed_intake_goes_on_and_reads_nothing_twice(folder: Path) -> None:
    case = Case.create(folder / "case")
    (folder / "evidence").mkdir()
    first, second, third = logs(folder / "evidence", 3, 100)
    command = [sys.executable, "-c", _KILLED_AFTER_TWO, str(case.directory), str(folder / "evidence")]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    copied = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (first, second)]
    for path in (first, second):
        status = path.stat()
        with path.open("r+b") as file:
            file.write(b"X")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    intake = add_evidence(case, [folder / "evidence"])
    assert len(intake.added) == 3
    assert {source.sha256 for source in intake.added} >= set(copied), "what was copied is not read again"
    assert hashlib.sha256(third.read_bytes()).hexdigest() in {source.sha256 for source in intake.added}
    assert sorted(path.name for path in case.evidence.iterdir()) == sorted(one.sha256 for one in intake.added)


def test_an_original_that_grows_meanwhile_is_sealed_as_far_as_it_was_read_and_the_journal_says_so(folder: Path) -> None:
    case = Case.create(folder / "case")
    (log,) = logs(folder, 1, 400_000)
    stop = threading.Event()

    def write_on() -> None:
        with log.open("ab", buffering=0) as file:
            while not stop.is_set():
                file.write(LINE % 1)
                time.sleep(0.001)

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        intake = add_evidence(case, [log])
    finally:
        stop.set()
        writer.join()
    (entry,) = case.journal.entries("evidence.sealed")
    assert intake.changed_meanwhile == ["access-0.log"]
    assert entry.details["changed_meanwhile"] is True
    assert verify(case, lambda done, total: None).evidence_bytes == entry.details["size"]


_WITH_LITTLE_ROOM = """
import resource, sys
from kakuho.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
sys.exit(main(sys.argv[1:]))
"""


def test_where_there_is_no_room_the_case_stays_as_it_was_and_what_to_do_is_told(folder: Path) -> None:
    case = Case.create(folder / "case")
    logs(folder, 2, 5_000)
    before = contents(case.directory)
    names = [str(folder / "access-0.log"), str(folder / "access-1.log")]
    command = [
        sys.executable,
        "-c",
        _WITH_LITTLE_ROOM,
        "--lang",
        "en",
        "--case",
        str(case.directory),
        "evidence",
        "add",
    ]
    done = subprocess.run([*command, *names], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no room left" in done.stderr and "make room" in done.stderr
    assert contents(case.directory) == before


_READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'


@pytest.mark.skipif(
    subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode != 0,
    reason="this user may not mount a folder read-only",
)
def test_a_case_that_cannot_be_written_to_stays_as_it_was_and_what_to_do_is_told(folder: Path) -> None:
    case = Case.create(folder / "case")
    (log,) = logs(folder, 1, 10)
    before = contents(case.directory)
    add = [*KAKUHO, "--case", str(case.directory), "evidence", "add", str(log)]
    command = ["unshare", "--mount", "sh", "-c", _READ_ONLY, str(case.directory), *add]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "cannot be written to" in done.stderr
    assert contents(case.directory) == before


def test_of_two_at_once_one_works_and_the_other_is_told(folder: Path) -> None:
    case = Case.create(folder / "case")
    made = logs(folder, 2, 200_000)
    running = [
        subprocess.Popen(
            [*KAKUHO, "--case", str(case.directory), "evidence", "add", str(path), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for path in made
    ]
    ended = [(process.communicate(timeout=120), process.returncode) for process in running]
    added = [json.loads(out)["added"] for (out, _), code in ended if code == 0]
    told = [err for (_, err), code in ended if code != 0]
    assert len(added) + len(told) == 2 and added
    assert all("another kakuho is at work" in err for err in told)
    assert len(sealed_sources(case)) == len(added)
    assert verify(case, lambda done, total: None).unrecorded == []


def test_links_pipes_and_devices_in_a_folder_are_left_out_and_named(folder: Path) -> None:
    case = Case.create(folder / "case")
    (folder / "secret").write_bytes(LINE % 7)
    taken = folder / "evidence"
    taken.mkdir()
    logs(taken, 1, 10)
    (taken / "link.log").symlink_to(folder / "secret")
    (taken / "folder").symlink_to(folder)
    os.mkfifo(taken / "pipe")
    intake = add_evidence(case, [taken])
    assert [source.name for source in intake.added] == ["access-0.log"]
    assert sorted(intake.left_out) == [
        ("folder", "symbolic_link"),
        ("link.log", "symbolic_link"),
        ("pipe", "pipe_or_device"),
    ]


def test_a_folder_of_hundreds_of_files_is_one_call(folder: Path) -> None:
    case = Case.create(folder / "case")
    (folder / "evidence").mkdir()
    logs(folder / "evidence", 120, 3)
    assert len(add_evidence(case, [folder / "evidence"]).added) == 120
    shutil.rmtree(folder / "evidence")
    assert verify(case, lambda done, total: None).evidence_files == 120
