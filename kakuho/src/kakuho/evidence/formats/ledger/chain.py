"""The disclosure ledger's chain, verified by this package's own code (``docs/dev/interfaces.md`` section 2).

``hash`` is the SHA-256 of a line without its ``hash``; ``prev`` the hash of the line before; ``seq`` counts without a
gap. Under a key (the header's ``mac``) the hashes cannot be recomputed without it: then the links alone are checked.
Checked on the bytes as they stand, so that no way of writing JSON again can hide a difference.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from kakuho.evidence.formats.ledger.records import LedgerLine, ledger_line

Break = dict[str, str | None]


def hash_of(line: bytes, claimed: str) -> str | None:
    """The SHA-256 of a line without its ``hash``; None where the claimed hash does not stand in it exactly once."""
    mark = b'"hash":"' + claimed.encode() + b'",'
    if line.count(mark) != 1:
        return None
    return hashlib.sha256(line.replace(mark, b"", 1)).hexdigest()


@dataclass(frozen=True)
class Opening:
    """What the first line of a ledger says of all of it.

    A later header changes nothing: else whoever can insert a line could declare the rest to be under a key, and change
    it unseen.
    """

    segment: str
    started: str | None
    keyed: bool


@dataclass
class Chain:
    """The state of one segment's chain while its lines are followed in order.

    ``broken``: why the lines since ``broken_since`` (None: since the start) are not proven; None again from the next
    good line on.
    """

    opening: Opening | None = None
    seq: int = -1
    hash: str | None = None
    last_time: str | None = None
    broken: str | None = None
    broken_since: str | None = None

    @property
    def keyed(self) -> bool:
        """Whether the hashes are made with a key."""
        return self.opening is not None and self.opening.keyed

    def is_authentic(self, raw: bytes, line: LedgerLine) -> bool:
        """Whether a line is as it was written, as far as that can be told without a key."""
        return self.keyed or hash_of(raw, line.hash) == line.hash

    def reject(self, reason: str) -> None:
        """A line that proves nothing: from the last good line on the time is not proven."""
        if self.broken is None:
            self.broken, self.broken_since = reason, self.last_time

    def take_changed(self, seq: int, claimed: str) -> None:
        """A line that was changed after it was written: rejected, but the next one is to follow it."""
        self.seq, self.hash = seq, claimed
        self.reject("hash_wrong")

    def take(self, seq: int, prev: Any, claimed: str, time: str) -> Break | None:
        """A good line; returns the stretch of time before it that is not proven, if there is one."""
        if seq != self.seq + 1:
            self.reject("sequence_gap")
        elif seq > 0 and prev != self.hash:
            self.reject("chain_broken")
        ended = self.end_of_break(time)
        self.seq, self.hash, self.last_time = seq, claimed, time
        return ended

    def end_of_break(self, time: str | None) -> Break | None:
        """The stretch that is not proven, ending at ``time`` (None: where the ledger ends)."""
        if self.broken is None:
            return None
        since = self.broken_since or (self.opening.started if self.opening else None)
        ended: Break = {"reason": self.broken, "from": since, "to": time}
        self.broken = self.broken_since = None
        return ended

    def pass_over(self, data: bytes) -> None:
        """Come to the state after these lines, by their last good line and what follows it alone."""
        last: tuple[int, str] | None = None
        reason: str | None = None
        end = len(data)
        while end > 0:
            start = data.rfind(b"\n", 0, end - 1) + 1
            raw = data[start:end].rstrip(b"\r\n")
            end = start
            if not raw.strip():
                continue
            line = ledger_line(raw)
            if isinstance(line, str):
                reason = line
                continue
            last = last or (line.seq, line.hash)
            if self.is_authentic(raw, line):
                self.last_time, self.broken, self.broken_since = line.time, None, None
                break
            reason = "hash_wrong"
        if reason is not None:
            self.reject(reason)
        if last is not None:
            self.seq, self.hash = last
