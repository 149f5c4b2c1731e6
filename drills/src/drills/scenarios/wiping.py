"""Deleting the lines of some days from every log on a taken host, as an intruder does: cut out of the middle, in place.

The files keep their names, owners and everything before and after, so that what is left looks like a log. The writers
hold them open for appending and go on behind the cut; they are stopped for the moment, so that no line of theirs is
lost. Nothing of the truth comes from here.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psutil

from drills.truth.forms import JAPAN

_UNDER_WAY_SECONDS = 0.3


@dataclass(frozen=True)
class Wiped:
    """What was deleted: from `first` (ISO 8601) until before `last`, and how many lines of which file."""

    first: str
    last: str
    lines: dict[str, int]


def _of_access_log(line: bytes) -> datetime | None:
    found = re.search(rb"\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\]", line)
    return datetime.strptime(found[1].decode(), "%d/%b/%Y:%H:%M:%S %z") if found else None


def _of_database_log(line: bytes) -> datetime | None:
    """jsonlog, csvlog and the plain log beside them; petinsurance has PostgreSQL write Japan's time."""
    found = re.match(rb'(?:\{"timestamp":")?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+) JST', line)
    return datetime.fromisoformat(found[1].decode()).replace(tzinfo=JAPAN) if found else None


def _of_ledger(line: bytes) -> datetime | None:
    found = re.search(rb'"time":"([^"]+)"', line)
    return datetime.fromisoformat(found[1].decode()) if found else None


_MOMENTS: dict[str, Callable[[bytes], datetime | None]] = {
    "access.log": _of_access_log,
    "postgresql*": _of_database_log,
    "ledger/*.jsonl": _of_ledger,
}


def wipe(logs: Path, first: datetime, last: datetime, writers: Sequence[int]) -> Wiped:
    """Delete every line of [`first`, `last`) from the logs in `logs`, while the processes `writers` stand still."""
    counts = {}
    with _stopped(writers):
        for pattern, moment_of in _MOMENTS.items():
            for file in sorted(logs.glob(pattern)):
                counts[file.relative_to(logs).as_posix()] = _cut(file, moment_of, first, last)
    return Wiped(first.isoformat(), last.isoformat(), {name: count for name, count in counts.items() if count})


def _cut(file: Path, moment_of: Callable[[bytes], datetime | None], first: datetime, last: datetime) -> int:
    """How many lines went; a line without a time of its own goes with the one before it."""
    kept, cut, going = [], 0, False
    with file.open("r+b") as log:
        for line in log.readlines():
            moment = moment_of(line)
            going = going if moment is None else first <= moment < last
            if going:
                cut += 1
            else:
                kept.append(line)
        log.seek(0)
        log.writelines(kept)
        log.truncate()
    return cut


@contextmanager
def _stopped(processes: Sequence[int]) -> Iterator[None]:
    """Hold the processes still; what they had asked of the database is logged before this goes on."""
    held = [psutil.Process(process) for process in processes]
    for process in held:
        process.suspend()
    try:
        time.sleep(_UNDER_WAY_SECONDS)
        yield
    finally:
        for process in held:
            process.resume()
