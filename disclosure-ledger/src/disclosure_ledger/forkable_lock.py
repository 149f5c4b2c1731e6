"""A lock that no thread of this process holds while the process forks.

So the child never copies a file half-way through a write, nor a file lock (flock) that nobody would release.
"""

from __future__ import annotations

import os
import threading
import weakref


class ForkableLock:
    """A mutual exclusion for ``with``; a fork waits until it is free."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        _locks.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def _renew(self) -> None:
        self._lock = threading.Lock()


_locks: weakref.WeakSet[ForkableLock] = weakref.WeakSet()
_forking = threading.local()
"""Of the thread that forks: the locks that it holds meanwhile."""


def _before_fork() -> None:
    _forking.locks = list(_locks)
    for lock in _forking.locks:
        lock.__enter__()


def _after_in_parent() -> None:
    for lock in _forking.locks:
        lock.__exit__()


def _after_in_child() -> None:
    for lock in _forking.locks:
        lock._renew()


os.register_at_fork(before=_before_fork, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
