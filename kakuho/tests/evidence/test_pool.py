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
    assert list(in_order(abs, range(-40, 0), size=SIZE_WORTH_PROCESSES, processes=2)) == list(range(40, 0, -1))


def test_the_work_is_done_in_other_processes_where_there_is_enough_of_it() -> None:
    far = set(in_order(os.getpgid, [0] * 8, size=SIZE_WORTH_PROCESSES, processes=2))
    assert far == {os.getpgid(0)}
    near = list(in_order(partial(isinstance, os), [object], size=10, processes=2))
    assert near == [True]


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
list(in_order(time.sleep, [0.01] * 10_000, size=SIZE_WORTH_PROCESSES, processes=2))
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
