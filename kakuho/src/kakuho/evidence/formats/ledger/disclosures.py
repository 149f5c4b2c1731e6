"""The disclosures of canonical events, column-wise: which items of whom.

``{"items":["name"],"masked":[],"subject":"`` is the shape of an entry, ``policyholder:12`` its subject. A ledger has
few shapes, for its system has few pages: each is read once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kakuho.evidence.formats.ledger.columns import Flags, Places, repeated, stretches, texts_at

_WINDOWS = (32, 96)
"""Most subjects are found in the narrow one; only for the others the wide one is looked at."""
_BEFORE_SUBJECT = b'],"subject":"'
_BETWEEN = b"},{"


@dataclass(frozen=True)
class Shown:
    """One row an item that was shown: ``event`` (its position among the events), ``subject``, ``item``, ``masked``."""

    event: Places
    subject: pa.DictionaryArray
    item: pa.DictionaryArray
    masked: Flags


def shown_by(data: bytes, braces: Places, begins: Places, ends: Places) -> tuple[Shown, Flags]:
    """The rows of the disclosures between ``begins`` and ``ends``, and of which events they could be read.

    ``braces``: where closing braces stand. Rows of the others are to be thrown away. At least 256 bytes of ``data``
    stand before and after each.
    """
    event, entry_begin, entry_end, readable = _entries(data, braces, begins, ends)
    subject_begin, found = _subjects(data, entry_begin, entry_end)
    readable[event[~found]] = False
    good = readable[event]
    event, entry_begin, subject_begin, entry_end = (
        places[good] for places in (event, entry_begin, subject_begin, entry_end)
    )
    shapes = texts_at(data, entry_begin, subject_begin).dictionary_encode()
    items = [_items(text) for text in shapes.dictionary.to_pylist()]
    codes = shapes.indices.to_numpy()
    unreadable = np.array([one is None for one in items], np.bool_)
    readable[event[unreadable[codes]]] = False
    counts = np.array([len(one or ()) for one in items], np.int64)
    entries, within = repeated(counts[codes])
    names = pa.array([name for one in items for name, _ in one or ()], pa.string()).dictionary_encode()
    masked = np.array([flag for one in items for _, flag in one or ()], np.bool_)
    position = (np.cumsum(counts) - counts)[codes[entries]] + within
    return Shown(
        event[entries],
        texts_at(data, subject_begin, entry_end - 1).dictionary_encode().take(pa.array(entries)),
        pa.DictionaryArray.from_arrays(names.indices.take(pa.array(position)), names.dictionary),
        masked[position],
    ), readable


def _entries(data: bytes, braces: Places, begins: Places, ends: Places) -> tuple[Places, Places, Places, Flags]:
    """Each entry's event, its first byte and its closing brace; and which events are a list of entries."""
    array = np.frombuffer(data, np.uint8)
    first, last = np.searchsorted(braces, begins), np.searchsorted(braces, ends)
    counts = last - first
    event, within = repeated(counts)
    closing = braces[first[event] + within]
    opening = np.where(within == 0, begins[event], np.concatenate(([0], closing[:-1])) + len(b"},"))
    readable = (counts > 0) & (array[begins] == ord("{")) & (array[ends - 1] == ord("}"))
    joints = stretches(data, "S", len(_BETWEEN))
    readable[event[(within > 0) & (joints[opening - len(b"},")] != _BETWEEN)]] = False
    return event, opening, closing, readable


def _subjects(data: bytes, opening: Places, closing: Places) -> tuple[Places, Flags]:
    """Where each entry's subject begins, and whether it was found in its place."""
    array = np.frombuffer(data, np.uint8)
    narrow, wide = _WINDOWS
    back = _back_to_quote(data, closing - 1, narrow)
    far = np.flatnonzero(array[closing - 2 - back] != ord('"'))
    back[far] = _back_to_quote(data, closing[far] - 1, wide)
    begins = closing - 1 - back
    marks = stretches(data, "S", len(_BEFORE_SUBJECT))
    before = np.maximum(begins - len(_BEFORE_SUBJECT), 0)
    found = (array[closing - 1] == ord('"')) & (marks[before] == _BEFORE_SUBJECT) & (before > opening)
    return begins, found


def _back_to_quote(data: bytes, ends: Places, width: int) -> Places:
    """How many bytes stand between each end and the quotation mark before it; 0 where it is not within ``width``."""
    windows = stretches(data, "V", width)[np.maximum(ends - width, 0)].view(np.uint8).reshape(len(ends), width)
    return np.asarray((windows == ord('"'))[:, ::-1].argmax(axis=1))


def _items(shape: str) -> list[tuple[str, bool]] | None:
    """The items of a shape and whether they were masked; None where it is not exactly what the ledger writes."""
    try:
        entry = json.loads(shape + '"}')
        items, masked = entry["items"], entry["masked"]
        if not all(isinstance(name, str) for name in [*items, *masked]):
            return None
        again = {"items": list(items), "masked": list(masked), "subject": ""}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if json.dumps(again, ensure_ascii=False, separators=(",", ":")) != shape + '"}':
        return None
    return [*((name, False) for name in items), *((name, True) for name in masked)]
