"""Where the time of a file's lines goes backwards, in the order of its lines.

A little is in the nature of logs: a request is stamped when it begins and written when it ends. A clock that was set
back, or files put together in a wrong order, is not: then the lines stay behind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.engine.parts import read_rows
from kakuho.evidence.coverage.interval import Gap
from kakuho.evidence.coverage.rhythm import Integers
from kakuho.evidence.coverage.source import EVENT_TABLES, CoveredSource, lines_and_times

REASON = "clock_set_back"
LEAST_STEP_US = 600_000_000
LEAST_LINES = 10


@dataclass
class Backwards:
    """``count``: lines stamped earlier than a line before them; ``largest_us``: by how much at most, at ``line``.

    ``behind``: for each time that at least :data:`LEAST_LINES` lines in a row were :data:`LEAST_STEP_US` or more
    behind, the earliest time of these lines and the latest before them.
    """

    count: int = 0
    largest_us: int = 0
    line: int | None = None
    at: int | None = None
    behind: list[tuple[int, int]] | None = None


def backwards_of(source: CoveredSource) -> Backwards:
    """Read the times of one source in the order of its lines. Lines that give several rows count once a row."""
    result = Backwards(behind=[])
    for table in EVENT_TABLES:
        latest, pending = np.iinfo(np.int64).min, _Run()
        for path in source.files(table):
            lines, times = lines_and_times(path)
            if len(lines):
                latest = _add(result, times, lines, latest, pending)
        pending.close(result)
    return result


def set_back(source: CoveredSource, found: Backwards) -> list[Gap]:
    """The stretches that the clock went through twice: what happened when, in them, the stamps cannot tell.

    None where the file does not hold its numbered records in the order of their numbers (Windows writes its event logs
    round and round): then their order tells nothing of the clock.
    """
    if not found.behind or _numbers_fall(source):
        return []
    return [Gap(source.source_id, start, end, REASON) for start, end in found.behind]


@dataclass
class _Run:
    """Lines in a row that are far behind, over the borders of files."""

    lines: int = 0
    earliest: int = 0
    latest: int = 0

    def add(self, lines: int, earliest: int, latest: int) -> None:
        self.earliest = min(self.earliest, earliest) if self.lines else earliest
        self.latest = max(self.latest, latest) if self.lines else latest
        self.lines += lines

    def close(self, result: Backwards) -> None:
        if self.lines >= LEAST_LINES and result.behind is not None:
            result.behind.append((self.earliest, self.latest))
        self.lines = 0


def _numbers_fall(source: CoveredSource) -> bool:
    """Whether in any stream of numbers of this source one is lower than the one on a line before it."""
    files = source.files("sequence")
    if not files:
        return False
    rows = pa.concat_tables([read_rows(path, ["stream", "number"]) for path in files])
    streams = pc.dictionary_encode(rows["stream"].combine_chunks()).indices.fill_null(-1).to_numpy(zero_copy_only=False)
    numbers = rows["number"].fill_null(0).to_numpy()
    order = np.argsort(streams, kind="stable")
    return bool(np.any((np.diff(numbers[order]) < 0) & (np.diff(streams[order]) == 0)))


def _add(result: Backwards, times: Integers, lines: Integers, latest: int, pending: _Run) -> int:
    """Take a file's times in; returns the latest time so far."""
    before = np.maximum.accumulate(np.concatenate([[latest], times]))[:-1]
    behind = np.where(times < before, before - times, 0)
    result.count += int(np.count_nonzero(behind))
    worst = int(np.argmax(behind))
    if behind[worst] > result.largest_us:
        result.largest_us, result.line, result.at = int(behind[worst]), int(lines[worst]), int(times[worst])
    far = behind >= LEAST_STEP_US
    edges = np.flatnonzero(np.diff(np.concatenate([[False], far, [False]]).astype(np.int8)))
    runs = edges.reshape(-1, 2)
    long = (runs[:, 1] - runs[:, 0] >= LEAST_LINES) | (runs[:, 0] == 0) | (runs[:, 1] == len(times))
    for start, end in runs[long].tolist():
        if start > 0:
            pending.close(result)
        pending.add(end - start, int(times[start:end].min()), int(before[start:end].max()))
        if end < len(times):
            pending.close(result)
    if not far[0]:
        pending.close(result)
    return max(int(times.max()), latest)
