"""The disclosures of canonical events, column-wise: which items of whom.

``{"items":["name"],"masked":[],"subject":"`` is the shape of an entry, ``policyholder:12`` its subject. A ledger has
few shapes, for its system has few pages: each is read once.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from kakuho.evidence.formats.ledger.canonical import CanonicalEvents
from kakuho.evidence.formats.ledger.columns import Flags, Places, back_to_quote, texts_at
from kakuho.evidence.formats.ledger.item_sets import Items
from kakuho.evidence.formats.ledger.stencils import Pattern, laid

_SHAPE = Pattern(re.compile(rb'(?P<shape>\{.*\],"subject":")'))


@dataclass(frozen=True)
class Shown:
    """The entries of events, one after the other: ``counts`` of each event, the subject, and which of ``sets``."""

    counts: Places
    subject: pa.Array
    set_of: Places
    sets: list[Items]

    @property
    def shows_any(self) -> Flags:
        """Which events show any item at all."""
        sizes = np.array([len(items) for items in self.sets], np.int64)[self.set_of]
        total = np.concatenate(([0], np.cumsum(sizes)))
        ends = np.cumsum(self.counts)
        return np.asarray(total[ends] > total[ends - self.counts])


def shown_by(data: bytes, events: CanonicalEvents) -> tuple[Shown, Flags]:
    """The entries of those events whose disclosures can be read, and which events these are."""
    first, counts = events.first_brace, events.last_brace - events.first_brace + 1
    braces, begins = events.braces, events.disclosures
    array = np.frombuffer(data, np.uint8)
    firsts = np.cumsum(counts) - counts
    event = np.repeat(np.arange(len(counts)), counts)
    closing = braces[np.arange(len(event)) + (first - firsts)[event]]
    opening = np.empty_like(closing)
    opening[1:] = closing[:-1] + len(b"},")
    opening[firsts] = begins
    back, found = back_to_quote(data, closing - 1)
    subject_begin = closing - 1 - back
    found &= array[closing - 1] == ord('"')
    is_joined = array[opening - 1] == ord(",")
    is_joined[firsts] = True
    found &= is_joined
    entries = laid(data, opening, np.where(found, subject_begin - opening, 0), _SHAPE)
    shapes = entries.said("shape")
    items = [_items(shape or b"") for shape in shapes.values]
    found = (
        entries.fits & np.array([*(one is not None for one in items), False])[np.where(entries.fits, shapes.codes, -1)]
    )
    sets = [one or () for one in items]
    readable = np.ones(len(counts), np.bool_)
    codes = shapes.codes
    if not found.all():
        readable[event[~found]] = False
        kept = readable[event]
        subject_begin, closing, codes, counts = subject_begin[kept], closing[kept], codes[kept], counts[readable]
    return Shown(counts, texts_at(data, subject_begin, closing - 1), codes, sets), readable


@lru_cache(maxsize=1 << 10)
def _items(shape: bytes) -> Items | None:
    """The items of a shape and whether they were masked; None where it is not exactly what the ledger writes."""
    try:
        text = shape.decode() + '"}'
        entry = json.loads(text)
        items, masked = entry["items"], entry["masked"]
        if not all(isinstance(name, str) for name in [*items, *masked]):
            return None
        again = {"items": list(items), "masked": list(masked), "subject": ""}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if json.dumps(again, ensure_ascii=False, separators=(",", ":")) != text:
        return None
    return (*((name, False) for name in items), *((name, True) for name in masked))
