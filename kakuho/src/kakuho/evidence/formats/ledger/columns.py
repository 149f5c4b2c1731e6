"""Columns out of the places where the values stand in a block: no line becomes a Python object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

_NARROW, _WIDE = 32, 96
"""Most texts end within the narrow window; only for the others the wide one is looked at."""
LONGEST_TEXT = _WIDE - 1


@dataclass(frozen=True)
class Texts:
    """Where a value stands on each line, and on which it is not null."""

    begins: Places
    ends: Places
    present: Flags

    def only(self, kept: Flags) -> Texts:
        """Some of them."""
        return Texts(self.begins[kept], self.ends[kept], self.present[kept])


@dataclass(frozen=True)
class Coded:
    """A value of which there are few: for each line its position in ``values``."""

    codes: Places
    values: list[bytes | None]

    def only(self, kept: Flags) -> Coded:
        """Some of them."""
        return Coded(self.codes[kept], self.values)

    def texts(self) -> pa.DictionaryArray:
        """The values of all lines; raises UnicodeDecodeError for what is no text."""
        kept = [(index, value.decode()) for index, value in enumerate(self.values) if value is not None]
        code_of = np.zeros(len(self.values) + 1, np.int32)
        code_of[[index for index, _ in kept]] = np.arange(len(kept))
        absent = np.array([*(value is None for value in self.values), False])[self.codes]
        codes = pa.array(code_of[self.codes], mask=absent if absent.any() else None)
        return pa.DictionaryArray.from_arrays(codes, pa.array([value for _, value in kept], pa.string()))


def texts_at(data: bytes, begins: Places, ends: Places, present: Flags | None = None) -> pa.Array:
    """The texts between ``begins`` and ``ends`` of ``data``; null where not ``present``.

    The places ascend: each text ends before the next one begins.
    """
    offsets = np.empty(2 * len(begins) + 1, np.int32)
    offsets[0:-1:2], offsets[1::2] = begins, ends
    # What lies between is never taken. Arrow makes room by the mean length of all: the last end tells it the true sum.
    offsets[-1] = begins[0] + 2 * int((ends - begins).sum()) if len(begins) else 0
    every_other = pa.StringArray.from_buffers(2 * len(begins), pa.py_buffer(offsets), pa.py_buffer(data))
    chosen = np.arange(0, 2 * len(begins), 2)
    return every_other.take(pa.array(chosen, mask=None if present is None else ~present))


def stretches(data: bytes, kind: str, length: int) -> npt.NDArray[Any]:
    """At each place of ``data`` the stretch of so many bytes that begins there, without copying.

    ``kind`` is numpy's: ``S`` to be compared with a text, ``V`` to be looked at byte by byte.
    """
    count = len(data) - length + 1
    if count < 1:
        return np.zeros(0, f"{kind}{length}")
    return np.ndarray((count,), f"{kind}{length}", data, 0, (1,))


def bytes_at(data: bytes, places: Places, length: int) -> Bytes:
    """So many bytes from each place on, one row a place."""
    return stretches(data, "V", length)[places].view(np.uint8).reshape(len(places), length)


def stand_at(data: bytes, places: Places, known: bytes) -> Flags:
    """Whether ``known``, which ends with no NUL, stands at each place."""
    return np.asarray(stretches(data, "S", len(known))[places] == known)


def to_quote(data: bytes, begins: Places) -> tuple[Places, Flags]:
    """How far it is from each place to the next quotation mark, and whether it is near enough to be seen."""
    length = _first(data, begins, _NARROW, "little")
    far = np.flatnonzero(length < 0)
    if len(far):
        length[far] = _first(data, begins[far], _WIDE, "little")
    return length, length >= 0


def back_to_quote(data: bytes, ends: Places) -> tuple[Places, Flags]:
    """How many bytes stand between the quotation mark before each place and the place, and whether it can be seen."""
    length = _first(data, np.maximum(ends - _NARROW, 0), _NARROW, "big")
    far = np.flatnonzero(length < 0)
    if len(far):
        length[far] = _first(data, np.maximum(ends[far] - _WIDE, 0), _WIDE, "big")
    return length, length >= 0


def _first(data: bytes, places: Places, width: int, order: str) -> Places:
    """How far the first quotation mark is in each window, from its begin or (``big``) its end; -1 where there is none.

    The windows' bytes become bits; of a word of 32 bits the lowest one that is set tells.
    """
    marks = (bytes_at(data, places, width) == ord('"')).reshape(-1)
    packed = np.packbits(marks, bitorder="little" if order == "little" else "big")
    words = packed.view("<u4" if order == "little" else ">u4").astype(np.uint32).reshape(len(places), width // 32)
    if order == "big":
        words = words[:, ::-1]
    result = np.full(len(places), -1, np.int64)
    for number in range(width // 32 - 1, -1, -1):
        word = words[:, number]
        lowest = word & (~word + np.uint32(1))
        bit = (lowest.astype(np.float32).view(np.int32) >> 23) - 127
        result = np.where(word != 0, bit + 32 * number, result)
    return result
