"""Whatever a drill starts has ended when the drill has, by whatever way it ended."""

import os
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from drills.processes import Processes

ENVIRONMENT = dict(os.environ)
SLEEPER = [
    sys.executable,
    "-c",
    "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])",
]


def _family(pid: int) -> list[psutil.Process]:
    limit = time.monotonic() + 5
    while time.monotonic() < limit:
        children = psutil.Process(pid).children(recursive=True)
        if children:
            return [psutil.Process(pid), *children]
        time.sleep(0.02)
    raise AssertionError("the program started nothing")


def _ended(process: psutil.Process) -> bool:
    try:
        process.wait(5)
    except psutil.NoSuchProcess:
        return True
    return not process.is_running()


def test_a_program_and_its_children_end_with_the_drill(tmp_path: Path) -> None:
    with Processes() as processes:
        family = _family(processes.start(SLEEPER, tmp_path / "log", ENVIRONMENT).pid)
    assert all(_ended(member) for member in family)


def test_they_end_after_a_failure_too(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="in the middle"), Processes() as processes:
        family = _family(processes.start(SLEEPER, tmp_path / "log", ENVIRONMENT).pid)
        raise ValueError("in the middle")
    assert all(_ended(member) for member in family)


def test_a_program_that_another_thread_waits_for_ends_too(tmp_path: Path) -> None:
    started = tmp_path / "started"
    program = [sys.executable, "-c", "import sys, time; open(sys.argv[1], 'w').close(); time.sleep(60)", str(started)]
    with Processes() as processes:
        waiting = threading.Thread(target=processes.run, args=(program, ENVIRONMENT))
        waiting.start()
        limit = time.monotonic() + 20
        while not started.exists() and time.monotonic() < limit:
            time.sleep(0.02)
    waiting.join(5)
    assert not waiting.is_alive()


def test_what_a_program_left_behind() -> None:
    with Processes() as processes:
        program = "import sys; data = bytearray(64 * 2**20); print('out'); print('err', file=sys.stderr); "
        finished = processes.run(
            [sys.executable, "-c", program + "import time; time.sleep(0.3); sys.exit(3)"], ENVIRONMENT
        )
    assert (finished.exit_code, finished.output, finished.errors) == (3, "out\n", "err\n")
    assert finished.seconds >= 0.3
    assert 60 < finished.peak_mib < 400


def test_endings_run_in_reverse_order() -> None:
    order: list[str] = []
    with Processes() as processes:
        processes.at_end(lambda: order.append("database"))
        processes.at_end(lambda: order.append("web"))
    assert order == ["web", "database"]
