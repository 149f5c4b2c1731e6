"""Blocks read in several processes, their results in the order of the file.

Small files are read in this process: starting others costs about a second. Whatever the number of processes, the parts
are the same, for a block depends on nothing but itself. At most a few blocks are under way, so memory stays flat.

A process is started as ``python -m kakuho.evidence.pool`` and told over a pipe what to do; it ends when the pipe does,
also after a kill -9 of this one. (``multiprocessing`` would run the caller's main script once more in each process.)
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

SIZE_WORTH_PROCESSES = 48 << 20
"""Bytes from which on starting processes pays."""


def in_order(
    work: Callable[[Task], Result], tasks: Iterable[Task], *, size: int, processes: int | None = None
) -> Iterator[Result]:
    """``work`` on each task, in order; in other processes where ``size`` (bytes in all) is worth it.

    ``work`` and the tasks must be picklable. An exception in a task is raised when its turn comes.
    """
    count = processes or len(os.sched_getaffinity(0))
    if size < SIZE_WORTH_PROCESSES or count < 2:
        for task in tasks:
            yield work(task)
        return
    workers = _Workers()
    waiting: deque[Future[Result]] = deque()
    try:
        with ThreadPoolExecutor(count) as threads:
            try:
                for task in tasks:
                    waiting.append(threads.submit(workers.run, work, task))
                    if len(waiting) > count + 1:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                threads.shutdown(wait=True, cancel_futures=True)
    finally:
        workers.close()


class _Workers:
    """One process a thread."""

    def __init__(self) -> None:
        self._own = threading.local()
        self._all: list[subprocess.Popen[bytes]] = []

    def run(self, work: Callable[[Task], Result], task: Task) -> Result:
        """Have this thread's process do it."""
        process = self._process()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both are pipes
        pickle.dump((work, task), process.stdin, protocol=5)
        process.stdin.flush()
        done, outcome = pickle.load(process.stdout)  # noqa: S301 - from a process of our own
        if not done:
            raise outcome
        result: Result = outcome
        return result

    def close(self) -> None:
        """End them all."""
        for process in self._all:
            if process.stdin is not None and process.stdout is not None:
                process.stdin.close()
                process.wait()
                process.stdout.close()

    def _process(self) -> subprocess.Popen[bytes]:
        if not hasattr(self._own, "process"):
            command = [sys.executable, "-m", "kakuho.evidence.pool"]
            self._own.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self._all.append(self._own.process)
        process: subprocess.Popen[bytes] = self._own.process
        return process


def _serve() -> None:
    """Do what comes over standard input until it ends; nothing but answers goes to standard output."""
    import pyarrow as pa  # noqa: PLC0415 - only in the processes that read blocks

    pa.set_cpu_count(1)  # the other cores are taken by this one's siblings
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while True:
        try:
            work, task = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        answer: tuple[bool, Any]
        try:
            answer = True, work(task)
        except Exception as error:
            answer = False, error
        pickle.dump(answer, answers, protocol=5)
        answers.flush()


if __name__ == "__main__":
    _serve()
