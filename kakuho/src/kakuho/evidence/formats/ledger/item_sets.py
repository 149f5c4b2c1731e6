"""Which items an entry of a disclosure shows: its item set. A ledger has few, for its system has few pages.

An event keeps the sets' keys only; the items of each are kept once for a part of the ledger.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache

import pyarrow as pa

from kakuho.engine.schemas import part_schema

Items = tuple[tuple[str, bool], ...]
"""Items in the order of the line, each with whether it was masked."""
SCHEMA = part_schema("item_set")


@lru_cache(maxsize=1 << 10)
def key_of(items: Items) -> int:
    """The key of a set: the first 63 bits of the SHA-256 of its canonical JSON, the same in every part.

    Whoever found two sets with one key would make both be shown: more, never less.
    """
    text = json.dumps(items, ensure_ascii=False, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def table_of(sets: Iterable[Items]) -> pa.Table:
    """The items of these sets, each set once."""
    rows = sorted(
        (key, position, item, masked)
        for key, items in {key_of(items): items for items in sets}.items()
        for position, (item, masked) in enumerate(items)
    )
    columns: Sequence[Sequence[object]] = list(zip(*rows, strict=True)) if rows else [()] * len(SCHEMA)
    return pa.table(list(columns), schema=SCHEMA)
