"""Logs that must exist: the absence of a whole file is a gap, where somebody said that there is such a log.

A log in files of which one is missing shows it: by its rhythm, its numbers, the names of the others. A log of which
every file is missing shows nothing, and another host's log of the same role goes on covering the role. So the inventory
names the logs that a role consists of, and the role covers only the time that each of them covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Protocol

from kakuho.evidence.witnesses import Coverage, Interval


class Log(Protocol):
    """A log of the inventory's: ``files`` are patterns over a file's name, or its path where they hold a slash."""

    @property
    def role(self) -> str: ...
    @property
    def files(self) -> tuple[str, ...]: ...


def covered_by_all(rows: Iterable[tuple[str, str, datetime, datetime]], logs: Sequence[Log]) -> Coverage:
    """``rows``: name of the source, role, start, end. Files of a role that belong to none of its logs cover nothing."""
    stretches = list(rows)
    found = dict(Coverage.of(row[1:] for row in stretches).intervals)
    for role in sorted({log.role for log in logs}):
        own = [row for row in stretches if row[1] == role]
        each = [
            Coverage.of(row[1:] for row in own if _is_of(log, row[0])).intervals.get(role, ())
            for log in logs
            if log.role == role
        ]
        shared = each[0]
        for other in each[1:]:
            shared = _both(shared, other)
        found[role] = shared
    return Coverage({role: intervals for role, intervals in found.items() if intervals})


def _is_of(log: Log, name: str) -> bool:
    file = PurePosixPath(name.replace("\\", "/"))
    return any(fnmatchcase(file.as_posix() if "/" in one else file.name, one) for one in log.files)


def _both(one: tuple[Interval, ...], other: tuple[Interval, ...]) -> tuple[Interval, ...]:
    parts = [(max(a[0], b[0]), min(a[1], b[1])) for a in one for b in other]
    return tuple(sorted(part for part in parts if part[0] < part[1]))
