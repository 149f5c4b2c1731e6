"""The rows of ``ledger_chain``: the hash of each good line, for the checkpoints to be compared with.

A hash is kept as the 32 bytes that its hexadecimal digits mean; ``other`` holds what is no such hash (only under a key
can that be told of a good line).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from kakuho.engine.schemas import part_schema
from kakuho.evidence.formats.ledger.canonical import CanonicalEvents

_SCHEMA = part_schema("ledger_chain")
_SIZE = 32
_DIGEST = re.compile("[0-9a-f]{64}")


def careful_rows(chain: Sequence[tuple[int, str]]) -> pa.Table:
    """Rows out of (``seq``, hash)."""
    digests = [bytes.fromhex(claimed) if _DIGEST.fullmatch(claimed) else None for _, claimed in chain]
    other = [None if digest else claimed for digest, (_, claimed) in zip(digests, chain, strict=True)]
    return pa.table({"seq": [seq for seq, _ in chain], "digest": digests, "other": other}, schema=_SCHEMA)


def chain_rows(events: CanonicalEvents, careful: Sequence[tuple[int, int, str]]) -> pa.Table:
    """The rows of events and of (position in the block, ``seq``, hash), in the order of their lines."""
    count = len(events.index)
    offsets = np.arange(0, _SIZE * count + 1, _SIZE, dtype=np.int32)
    digests = pa.BinaryArray.from_buffers(
        pa.binary(), count, [None, pa.py_buffer(offsets), pa.py_buffer(events.digests)]
    )
    rows = pa.table([pa.array(events.seq), digests, pa.nulls(count, pa.string())], schema=_SCHEMA)
    if not careful:
        return rows
    index = np.concatenate((events.index, [index for index, _, _ in careful])).astype(np.int64)
    both = pa.concat_tables([rows, careful_rows([(seq, claimed) for _, seq, claimed in careful])])
    return both if (np.diff(index) > 0).all() else both.take(pa.array(np.argsort(index, kind="stable")))
