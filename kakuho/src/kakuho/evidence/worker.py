"""A process that reads blocks: does what comes over standard input until it ends, and answers on standard output.

Started by :mod:`kakuho.evidence.pool` as a program; nothing imports it.
"""

from __future__ import annotations

import os
import pickle
import sys
from typing import Any

import pyarrow as pa

import kakuho.evidence.parsing  # noqa: F401 - loaded while the first block is still on its way
from kakuho.evidence.memory import keep_freed_memory


def serve() -> None:
    """Answer each task until there are no more; nothing but answers goes to standard output."""
    keep_freed_memory()
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
    serve()
