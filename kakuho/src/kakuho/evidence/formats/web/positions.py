"""Places in a block's bytes as arrays: where quotes stand, what texts and numbers lie between two places.

Everything here works on all lines of a block at once, without a copy of the block. Windows of bytes are read beyond a
line's end, so places nearer than :data:`MARGIN` to the end of the block are not for these functions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MARGIN = 512
MOST_DIGITS = 18
_SCANNED_AT_ONCE = 1 << 18
_NEWLINE, _QUOTE, _BLANK, _DASH = b'\n" -'


@dataclass(frozen=True)
class Bytes:
    """A block's bytes."""

    data: bytes

    @property
    def array(self) -> npt.NDArray[np.uint8]:
        """The bytes as numbers."""
        return np.frombuffer(self.data, np.uint8)

    def marks(self) -> Places:
        """Where line ends and quotes stand, in order; scanned in pieces that stay in the processor's cache."""
        array = self.array
        found = []
        for begin in range(0, len(array), _SCANNED_AT_ONCE):
            piece = array[begin : begin + _SCANNED_AT_ONCE]
            mask = piece == _QUOTE
            mask |= piece == _NEWLINE
            found.append(np.flatnonzero(mask) + begin)
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def texts_at(self, places: Places, width: int) -> npt.NDArray[np.bytes_]:
        """The ``width`` bytes from each place, to compare."""
        view: npt.NDArray[np.bytes_] = np.ndarray(
            (len(self.data) - width + 1,), dtype=f"S{width}", buffer=self.data, strides=(1,)
        )
        return view[places]

    def windows(self, places: Places, width: int) -> npt.NDArray[np.uint8]:
        """The ``width`` bytes from each place, one row each."""
        return self.texts_at(places, width).view(np.uint8).reshape(len(places), width)

    def has(self, places: Places, literal: bytes) -> Mask:
        """Whether a text stands at each place."""
        if len(literal) == 1:
            return np.equal(self.array[places], literal[0])
        return np.equal(self.texts_at(places, len(literal)), literal)

    def is_dash(self, starts: Places, ends: Places) -> Mask:
        """Whether there is nothing but ``-``."""
        is_dash: Mask = np.logical_and(ends - starts == 1, self.array[starts] == _DASH)
        return is_dash

    def strings(self, starts: Places, ends: Places, absent: Mask | None = None) -> pa.Array:
        """The texts between the places as strings, null where ``absent``."""
        count = len(starts)
        if absent is not None and absent.all():
            return pa.nulls(count, pa.string())
        bounds = np.empty(2 * count + 1, np.int32)
        bounds[0:-1:2] = starts
        bounds[1::2] = ends
        bounds[-1] = ends[-1] if count else 0
        every = pa.Array.from_buffers(pa.string(), 2 * count, [None, pa.py_buffer(bounds), pa.py_buffer(self.data)])
        chosen = np.arange(0, 2 * count, 2, dtype=np.int32)
        return every.take(pa.array(chosen, mask=absent if absent is not None and absent.any() else None))

    def numbers(self, starts: Places, ends: Places) -> tuple[npt.NDArray[np.int64], Mask]:
        """The whole numbers between the places, and whether there is one (of at most 18 digits)."""
        lengths = ends - starts
        is_number = (lengths > 0) & (lengths <= MOST_DIGITS)
        values = np.zeros(len(starts), np.int64)
        longest = min(int(lengths.max(initial=0)), MOST_DIGITS)
        if not longest:
            return values, is_number
        digits = self.windows(starts, longest) - ord("0")
        for index in range(longest):
            digit = digits[:, index]
            inside = lengths > index
            values = np.where(inside, values * 10 + digit, values)
            is_number &= ~inside | (digit < 10)
        return values, is_number


def blanks(window: npt.NDArray[np.uint8], lengths: Places, count: int) -> tuple[Places, Mask]:
    """Where the ``count`` blanks of each row stand, and whether it has just so many before its length."""
    rows, width = window.shape
    mask = window == _BLANK
    mask &= np.arange(width, dtype=np.uint16) < lengths.astype(np.uint16)[:, None]
    found = np.flatnonzero(mask)
    row = found // width
    counts = np.bincount(row, minlength=rows)
    has_all = counts == count
    if has_all.all():
        return (found - row * width).reshape(rows, count), has_all
    places = np.zeros((rows, count), np.int64)
    if not count:
        return places, has_all
    kept = found[has_all[row]]
    places[has_all] = (kept - kept // width * width).reshape(-1, count)
    return places, has_all
