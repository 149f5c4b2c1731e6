"""One process's part of the ledger: header, events and the checkpoints of them.

A segment has a single writer at a time (:mod:`disclosure_ledger.ledger` holds the lock). An event counts as written
when its line, and the checkpoint if one is due, are written; if either fails, the line is taken back.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from disclosure_ledger.append_only import AppendOnlyFile, sync_directory
from disclosure_ledger.chain import MAC, Digest, sealed
from disclosure_ledger.checkpoints import Checkpoint, append_checkpoint
from disclosure_ledger.event import VERSION, Event, timestamp

SECONDS_BETWEEN_SYNCS = 1.0


class Segment:
    """An open segment of this process. Methods raise OSError where the disk does not take the lines."""

    def __init__(
        self, directory: Path, system: str, digest: Digest, *, keyed: bool, every: int, seconds: float
    ) -> None:
        started = datetime.now(UTC)
        self._directory = directory
        self._digest = digest
        self._every = every
        self._seconds = seconds
        self.process = os.getpid()
        self._file = _new_file(directory, started)
        self.name = self._file.path.stem
        header = {
            "kind": "header",
            "ledger": "disclosure",
            "segment": self.name,
            "seq": 0,
            "started": timestamp(started),
            "system": system,
            "v": VERSION,
        } | ({"mac": MAC} if keyed else {})
        line, self._hash = sealed(header, digest)
        self._seq = 0
        self._settled = True
        self._sync_due = monotonic()
        try:
            self._file.append(line)
            self._checkpoint(started, closed=False)
            sync_directory(directory)
        except OSError:
            self._file.path.unlink()
            self.abandon()
            raise

    @property
    def usable(self) -> bool:
        """Whether this process may go on writing here: not in a forked child, not after an interrupted write."""
        return self._settled and self.process == os.getpid()

    def append(self, event_at: Callable[[str, int, datetime, str], Event]) -> Event:
        """Write the event that ``event_at(segment, seq, time, prev)`` makes, and return it with its hash."""
        time = datetime.now(UTC)
        event = event_at(self.name, self._seq + 1, time, self._hash)
        line, value = sealed(event.to_record(), self._digest)
        size, seq, before = self._file.size, self._seq, self._hash
        self._settled = False
        try:
            self._file.append(line)
            self._seq, self._hash = event.seq, value
            if self._is_due(time):
                self._checkpoint(time, closed=False)
        except OSError:
            self._file.cut_back(size)
            self._seq, self._hash = seq, before
            self._settled = True
            raise
        self._settled = True
        return replace(event, hash=value)

    def _is_due(self, time: datetime) -> bool:
        """By count, or by the clock that the events bear; a clock that was set back is due too."""
        elapsed = (time - self._last.time).total_seconds()
        return self._seq - self._last.seq >= self._every or abs(elapsed) >= self._seconds

    def _checkpoint(self, time: datetime, *, closed: bool) -> None:
        checkpoint = Checkpoint(self.name, self._seq, self._hash, time, closed)
        durable = closed or monotonic() >= self._sync_due
        if durable:
            self._file.sync()
        append_checkpoint(self._directory, checkpoint, self._digest, durable=durable)
        self._last = checkpoint
        if durable:
            self._sync_due = monotonic() + SECONDS_BETWEEN_SYNCS

    def close(self) -> None:
        """Write the closing checkpoint and let go of the file."""
        try:
            self._checkpoint(datetime.now(UTC), closed=True)
        finally:
            self._file.close()

    def abandon(self) -> None:
        """Let go of the file and write nothing more."""
        self._file.close()


def _new_file(directory: Path, started: datetime) -> AppendOnlyFile:
    """A file that did not exist, named by time and process so that names sort by start."""
    name = f"{started:%Y%m%dT%H%M%S.%fZ}-{os.getpid()}"
    attempt = 1
    while True:
        try:
            return AppendOnlyFile(directory / f"{name if attempt == 1 else f'{name}-{attempt}'}.jsonl")
        except FileExistsError:
            attempt += 1
