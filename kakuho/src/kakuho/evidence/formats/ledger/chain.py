"""The disclosure ledger's chain, verified by this package's own code (``docs/dev/interfaces.md`` section 2).

``hash`` is the SHA-256 of a line without its ``hash``; ``prev`` the hash of the line before; ``seq`` counts without a
gap. Under a key (the header's ``mac``) the hashes cannot be recomputed without it: then the links alone are checked.
Checked on the bytes as they stand, so that no way of writing JSON again can hide a difference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any


def hash_of(line: bytes, claimed: str) -> str | None:
    """The SHA-256 of a line without its ``hash``; None where the claimed hash does not stand in it exactly once."""
    mark = b'"hash":"' + claimed.encode() + b'",'
    if line.count(mark) != 1:
        return None
    return hashlib.sha256(line.replace(mark, b"", 1)).hexdigest()


class Chain:
    """The state of one segment's chain while its lines are read in order."""

    def __init__(self, *, keyed: bool) -> None:
        self.keyed = keyed
        self.seq = -1
        self.hash: str | None = None

    def break_at(self, line: bytes, record: Mapping[str, Any]) -> str | None:
        """The reason why this line does not follow the one before, or None; the line then becomes the last one."""
        claimed, seq = record.get("hash"), record.get("seq")
        reason = None
        if not isinstance(claimed, str) or not isinstance(seq, int):
            return "field_missing"
        if not self.keyed and hash_of(line, claimed) != claimed:
            reason = "hash_wrong"
        elif seq != self.seq + 1:
            reason = "sequence_gap"
        elif seq > 0 and record.get("prev") != self.hash:
            reason = "chain_broken"
        self.seq, self.hash = seq, claimed
        return reason
