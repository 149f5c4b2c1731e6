"""Checkpoints: what a signed note says about a log at one moment (C2SP tlog-checkpoint, https://c2sp.org/tlog-checkpoint).

<origin>             which log: ``kakuho.case/<case id>``
<tree size>          the number of the journal's lines
<root hash>          base64 of the head of the Merkle tree over them
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kakuho.case import Entry
from kakuho.custody.keys import decode_base64, encode_base64
from kakuho.custody.merkle import Tree

_LARGEST_SIZE = (1 << 64) - 1
_ORIGIN_PREFIX = "kakuho.case/"


class MalformedCheckpointError(ValueError):
    """A text that is no checkpoint."""


@dataclass(frozen=True)
class Checkpoint:
    """A log, how long it was, and the head of its tree then. ``rest``: extension lines, which kakuho does not write."""

    origin: str
    size: int
    root: bytes
    rest: str = ""

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n{self.rest}"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a checkpoint's text; raises MalformedCheckpointError."""
        origin, _, after = text.partition("\n")
        size, _, after = after.partition("\n")
        root, newline, rest = after.partition("\n")
        if not origin or not newline:
            raise MalformedCheckpointError("fewer than three lines")
        if not re.fullmatch(r"0|[1-9][0-9]{0,19}", size) or int(size) > _LARGEST_SIZE:
            raise MalformedCheckpointError("the second line is no tree size")
        try:
            decoded = decode_base64(root)
        except ValueError:
            raise MalformedCheckpointError("the third line is no root hash") from None
        return cls(origin, int(size), decoded, rest)


def case_id(entries: Sequence[Entry]) -> str:
    """The case's random id from its first line; the head of that line's hash where an older version wrote no id."""
    first = entries[0]
    return str(first.details.get("id") or first.hash[:32])


def checkpoint_of(entries: Sequence[Entry], tree: Tree, size: int) -> Checkpoint:
    """The checkpoint over the first ``size`` lines."""
    return Checkpoint(_ORIGIN_PREFIX + case_id(entries), size, tree.root(size))


def tree_of(entries: Sequence[Entry]) -> Tree:
    """The Merkle tree over the journal's lines."""
    return Tree(bytes.fromhex(entry.hash) for entry in entries)
