"""A stage: runs only when something changed, and leaves the old or the new, whenever it is killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kakuho.case import Case, Stage
from kakuho.case.stages import read_sound_record

_RUN = """
import os, signal, sys
from pathlib import Path
from kakuho.case import Case, Stage

directory, die_at, value = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
calls = 0

def counting(original):
    def replacement(*arguments, **options):
        global calls
        calls += 1
        if calls == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments, **options)
    return replacement

for name in ("rename", "replace", "unlink", "mkdir", "open"):
    setattr(Path, name, counting(getattr(Path, name)))
case = Case.open(directory)
stage = Stage(case.directory, "detection")
with stage.writing(stage.inputs(files=[], parameters={"value": value})) as folder:
    for name in ("a", "b", "only-" + value):
        (folder / name).write_text(value)
"""


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.create(tmp_path / "case")


def _run(case: Case, value: str) -> None:
    stage = Stage(case.directory, "detection")
    with stage.writing(stage.inputs(files=[], parameters={"value": value})) as folder:
        for name in ("a", "b", f"only-{value}"):
            (folder / name).write_text(value)


def _state(case: Case) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(case.lake.iterdir()) if path.is_file()}


def test_it_is_current_until_what_it_read_changes(case: Case) -> None:
    read = case.lake / "events"
    read.write_text("1")
    stage = Stage(case.directory, "detection")
    assert not stage.is_current(stage.inputs(files=[read]))
    with stage.writing(stage.inputs(files=[read])) as folder:
        (folder / "findings").write_text("x")
    assert stage.is_current(stage.inputs(files=[read]))
    assert not stage.is_current(stage.inputs(files=[read], parameters={"threshold": 2}))
    read.write_text("2")
    assert not stage.is_current(stage.inputs(files=[read]))


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_text("other")])
def test_it_is_not_current_when_what_it_wrote_is_gone_or_changed(case: Case, harm) -> None:  # type: ignore[no-untyped-def]
    _run(case, "old")
    stage = Stage(case.directory, "detection")
    inputs = stage.inputs(files=[], parameters={"value": "old"})
    assert stage.is_current(inputs)
    harm(case.lake / "a")
    assert not stage.is_current(inputs)


def test_an_exception_leaves_everything_as_it_was(case: Case) -> None:
    _run(case, "old")
    before = {path: path.read_bytes() for path in case.directory.rglob("*") if path.is_file()}
    stage = Stage(case.directory, "detection")
    with pytest.raises(RuntimeError), stage.writing(stage.inputs(files=[])) as folder:
        (folder / "a").write_text("half")
        raise RuntimeError
    assert {path: path.read_bytes() for path in case.directory.rglob("*") if path.is_file()} == before


def test_files_that_are_no_longer_written_are_removed(case: Case) -> None:
    _run(case, "old")
    _run(case, "new")
    assert _state(case) == {"a": "new", "b": "new", "only-new": "new"}


def test_the_record_holds_no_clock_time(case: Case, tmp_path: Path) -> None:
    other = Case.create(tmp_path / "other")
    _run(case, "same")
    _run(other, "same")
    name = "lake/stages/detection.json"
    assert (case.directory / name).read_bytes() == (other.directory / name).read_bytes()


def test_a_record_shows_any_change_to_itself(case: Case) -> None:
    _run(case, "old")
    record = case.lake / "stages" / "detection.json"
    assert sorted(read_sound_record(record)) == ["inputs", "outputs", "seal", "stage"]
    whole = record.read_bytes()
    for at in range(len(whole)):
        record.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(ValueError):
            read_sound_record(record)


def test_killed_at_any_step_it_leaves_the_old_or_the_new(case: Case) -> None:
    old = {"a": "old", "b": "old", "only-old": "old"}
    new = {"a": "new", "b": "new", "only-new": "new"}
    seen = []
    for die_at in range(1, 200, 3):
        _run(case, "old")
        done = subprocess.run([sys.executable, "-c", _RUN, str(case.directory), str(die_at), "new"], check=False)
        again = Case.open(case.directory)
        state = _state(again)
        assert state in (old, new), die_at
        seen.append(state == new)
        if done.returncode == 0:
            break
    assert False in seen and True in seen[:-1]
