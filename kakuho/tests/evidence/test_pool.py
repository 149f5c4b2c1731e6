"""Work in several processes comes back in order, and its errors are raised where they are waited for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from kakuho.errors import UsageError
from kakuho.evidence.formats import Declared
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.parsing import PartPlace, _read_block
from kakuho.evidence.pool import SIZE_WORTH_PROCESSES, in_order
from kakuho.language import Bilingual

LINE = b'10.0.0.7 - - [19/Mar/2025:09:00:01 +0900] "GET / HTTP/1.1" 200 512 "-" "UA" 1234\n'


def test_results_come_in_the_order_of_the_tasks_whichever_process_was_faster() -> None:
    assert list(in_order(abs, range(-40, 0), size=SIZE_WORTH_PROCESSES, processes=3)) == list(range(40, 0, -1))


def _slowly(seconds: float, what: str) -> str:
    """A task for ``eval``, which every process knows: the value of ``what``, after so many seconds."""
    return f"(__import__('time').sleep({seconds}), {what})[1]"


def test_this_process_and_another_share_the_work_where_there_is_enough_of_it() -> None:
    process = "__import__('os').getpid()"
    shared = list(in_order(eval, [_slowly(0.2, process)] * 8, size=SIZE_WORTH_PROCESSES, processes=2))
    assert len(set(shared)) == 2 and os.getpid() in shared
    assert set(in_order(eval, [process] * 3, size=10, processes=2)) == {os.getpid()}


@pytest.mark.parametrize("count", [1, 2, 3, 4, 20])
@pytest.mark.parametrize("slow", [0, 1, 2, 3, 19])
def test_no_task_is_lost_or_done_twice_whichever_is_slow(count: int, slow: int) -> None:
    tasks = [_slowly(0.1 if number == slow else 0.0, str(number)) for number in range(count)]
    assert list(in_order(eval, tasks, size=SIZE_WORTH_PROCESSES, processes=2)) == list(range(count))


@pytest.mark.parametrize("wrong", [0, 2, 5])
def test_an_error_comes_after_the_results_before_it_and_ends_the_work(wrong: int) -> None:
    done = in_order(
        partial(divmod, 10), [0 if n == wrong else 1 for n in range(6)], size=SIZE_WORTH_PROCESSES, processes=2
    )
    for _ in range(wrong):
        assert next(done) == (10, 0)
    with pytest.raises(ZeroDivisionError):
        next(done)


def test_an_error_is_raised_in_its_turn_with_both_languages() -> None:
    read = partial(_read_block, "postgresql_jsonlog", Declared(), PartPlace(Path("/nowhere"), 7))
    record = {"timestamp": "2025-03-19 09:00:01.123 EST", "session_id": "a", "line_num": 1, "error_severity": "LOG"}
    blocks = [(0, LineBlock(json.dumps({**record, "message": "m"}).encode(), 0, 1))]
    with pytest.raises(UsageError) as caught:
        list(in_order(read, blocks, size=SIZE_WORTH_PROCESSES, processes=2))
    assert "EST" in str(caught.value.what)
    assert isinstance(caught.value.what, Bilingual) and "時間帯 EST" in caught.value.what.ja


def test_one_process_or_two_give_the_same_parts(tmp_path: Path) -> None:
    blocks = [(number, LineBlock(LINE * 400, 0, 1)) for number in range(5)]
    made = []
    for size in (1, SIZE_WORTH_PROCESSES):
        folder = tmp_path / str(size)
        folder.mkdir()
        read = partial(_read_block, "access_log", Declared(), PartPlace(folder, 7))
        assert sum(part.events for part in in_order(read, blocks, size=size, processes=2)) == 2000
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert made[0] == made[1]


_LONG = """
import time
from kakuho.evidence.pool import in_order, SIZE_WORTH_PROCESSES
print("begun", flush=True)
list(in_order(time.sleep, [0.01] * 10_000, size=SIZE_WORTH_PROCESSES, processes=3))
"""


def test_processes_end_when_the_one_that_started_them_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _LONG], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        children: list[int] = []
        while len(children) < 2:
            time.sleep(0.05)
            children = [
                int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            ]
            tasks = Path(f"/proc/{process.pid}/task")
            children = [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while any(_runs(pid) for pid in children):
        assert time.monotonic() < deadline, "left behind"
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
