"""Blocks read in several processes, this one among them, their results in the order of the file.

Small files are read in this process alone: starting another costs a third of a second. Of a larger one, the others are
given two blocks each, one to read and one to go on with; while they have them, this one reads blocks itself, so nobody
waits for a process that is still starting. Whatever the number of processes, the parts are the same, for a block
depends on nothing but itself. At most a few blocks are under way, so memory stays flat.

A process is started as ``python -m kakuho.evidence.worker`` and told over a pipe what to do; it ends when the pipe
does, also after a kill -9 of this one. (``multiprocessing`` would run the caller's main script once more in each.)
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from kakuho.evidence.formats.blocks import SIZE_WORTH_PROCESSES

Task = TypeVar("Task")
Result = TypeVar("Result")

_BLOCKS_EACH = 2
_MOST_UNDER_WAY = 4


def in_order(
    work: Callable[[Task], Result], tasks: Iterable[Task], *, size: int, processes: int | None = None
) -> Iterator[Result]:
    """``work`` on each task, in order; in ``processes`` (this one counts) where ``size`` (bytes in all) is worth it.

    ``work`` and the tasks must be picklable. An exception in a task is raised when its turn comes.
    """
    count = processes or len(os.sched_getaffinity(0))
    if size < SIZE_WORTH_PROCESSES or count < 2:
        for task in tasks:
            yield work(task)
        return
    others = count - 1
    under_way: deque[tuple[Future[Result], Task]] = deque()
    with ThreadPoolExecutor(others) as threads:
        try:
            for task in tasks:
                is_free = sum(not future.done() for future, _ in under_way) < _BLOCKS_EACH * others
                future = threads.submit(_WORKERS.run, work, task) if is_free else _done_here(work, task)
                under_way.append((future, task))
                while under_way and (under_way[0][0].done() or len(under_way) > _MOST_UNDER_WAY * count):
                    yield under_way.popleft()[0].result()
            while under_way:
                _help(work, under_way)
                yield under_way.popleft()[0].result()
        finally:
            threads.shutdown(wait=True, cancel_futures=True)


def _help(work: Callable[[Task], Result], under_way: deque[tuple[Future[Result], Task]]) -> None:
    """Do the last task that no other process has begun, if there is one."""
    for place in reversed(range(len(under_way))):
        future, task = under_way[place]
        if future.cancel():
            under_way[place] = _done_here(work, task), task
            return


def _done_here(work: Callable[[Task], Result], task: Task) -> Future[Result]:
    """What came of a task in this process."""
    future: Future[Result] = Future()
    try:
        future.set_result(work(task))
    except Exception as error:
        future.set_exception(error)
    return future


def start_ahead(size: int) -> None:
    """Start the processes for a source of ``size`` bytes now, while there is other work to do, where they will pay."""
    count = len(os.sched_getaffinity(0))
    if size >= SIZE_WORTH_PROCESSES and count >= 2:
        _WORKERS.start(count - 1)


class _Workers:
    """The processes of this one: started when first needed, kept for the next source, ended with the program."""

    def __init__(self) -> None:
        self._idle: list[subprocess.Popen[bytes]] = []

    def run(self, work: Callable[[Task], Result], task: Task) -> Result:
        """Have a process do it that nobody else uses meanwhile; one that ended unasked is not used again."""
        process = self._idle.pop() if self._idle else self._start()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both are pipes
        try:
            pickle.dump((work, task), process.stdin, protocol=5)
            process.stdin.flush()
            done, outcome = pickle.load(process.stdout)  # noqa: S301 - from a process of our own
        except BaseException:
            _end(process)
            raise
        self._idle.append(process)
        if not done:
            raise outcome
        result: Result = outcome
        return result

    def start(self, count: int) -> None:
        """Have at least ``count`` of them waiting for work."""
        while len(self._idle) < count:
            self._idle.append(self._start())

    def close(self) -> None:
        """End them all."""
        while self._idle:
            _end(self._idle.pop())

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "kakuho.evidence.worker"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()


_WORKERS = _Workers()
atexit.register(_WORKERS.close)
