"""Checkpoints: how far each segment had come, beside the segments, so that a cut tail shows.

All processes append to one ``checkpoints.jsonl`` under a file lock. ``closed`` says that the segment ended there;
``seal`` is the hash of the checkpoint's own line, so that a damaged checkpoint is not taken for a cut segment.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from disclosure_ledger.append_only import write_all
from disclosure_ledger.chain import Digest, sealed
from disclosure_ledger.event import VERSION, timestamp

FILE_NAME = "checkpoints.jsonl"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    segment: str
    seq: int
    hash: str
    time: datetime
    closed: bool

    def line(self, digest: Digest) -> bytes:
        record = {
            "closed": self.closed,
            "hash": self.hash,
            "segment": self.segment,
            "seq": self.seq,
            "time": timestamp(self.time),
            "v": VERSION,
        }
        return sealed(record, digest, "seal")[0]


def append_checkpoint(directory: Path, checkpoint: Checkpoint, digest: Digest, *, durable: bool) -> None:
    """Append, with an fsync if ``durable``, or leave the file as it was and raise OSError."""
    descriptor = os.open(directory / FILE_NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        try:
            write_all(descriptor, checkpoint.line(digest))
            if durable:
                os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)


def parse_checkpoint(line: bytes, digest: Digest) -> Checkpoint | None:
    """The checkpoint of a line, newline included; None where the line is not exactly as it was written."""
    try:
        record = json.loads(line)
        checkpoint = Checkpoint(
            segment=record["segment"],
            seq=record["seq"],
            hash=record["hash"],
            time=datetime.fromisoformat(record["time"]),
            closed=record["closed"],
        )
        whole = checkpoint.line(digest) == line
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return checkpoint if whole else None
