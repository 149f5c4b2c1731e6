"""Blocks read in several processes, their results in the order of the file.

Small files are read in this process: starting others costs about a second. Whatever the number of processes, the parts
are the same, for a block depends on nothing but itself. At most a few blocks are under way, so memory stays flat.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

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
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["kakuho.evidence.parsing"])
    with ProcessPoolExecutor(count, mp_context=context, initializer=_alone) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(work, task))
                if len(waiting) > count + 1:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _alone() -> None:
    """Each process uses one core: the others are taken by its siblings."""
    import pyarrow as pa  # noqa: PLC0415 - only in the processes that read blocks

    pa.set_cpu_count(1)
