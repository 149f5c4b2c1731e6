"""Payloads by their shape: what is left when numbers, hexadecimal literals and single quoted letters are taken out.

An extraction asks the same question a hundred thousand times and changes three numbers. Here a column of payloads
becomes few shapes, and of each payload the literals that stood in the shape's placeholders: its *slots*, in order. Three
and more numbers in brackets with commas between are one slot, for the lists of ``IN (…)`` and ``CHAR(…)`` have any length.

All of it works on the bytes of all payloads at once; nothing is done line by line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.exposure.injection.percent import bytes_of
from kakuho.exposure.injection.tokens import Slot

Integers = npt.NDArray[np.int64]
NUMBER_MARK, LETTER_MARK, LIST_MARK = "\x01", "\x02", "\x03"
_WORD = np.zeros(256, bool)
_WORD[[*range(48, 58), *range(65, 91), *range(97, 123), 95]] = True
_WORD[128:] = True
_LETTER = np.zeros(256, bool)
_LETTER[[*range(65, 91), *range(97, 123)]] = True
_MOST_DIGITS = 15
_LEAST_OF_LIST = 3


@dataclass(frozen=True)
class Shapes:
    """``shape`` of each payload (a dictionary array) and its slots, one payload's after the other.

    ``values``: a slot that is a plain number is that number; any other is ``-1 - n`` with n its place in ``texts``.
    ``first``: where each payload's slots begin; ``starts`` and ``ends``: their places in the payload, in bytes.
    """

    shape: pa.DictionaryArray
    values: Integers
    texts: pa.Array
    first: Integers
    starts: Integers
    ends: Integers
    is_list: npt.NDArray[np.bool_]

    def slots_of(self, row: int, payload: str) -> list[Slot]:
        """The places of one payload's slots, in characters."""
        begin, end = self.first[row], self.first[row + 1]
        data = payload.encode()
        at = [len(data[:place].decode(errors="replace")) for place in self.starts[begin:end]]
        to = [len(data[:place].decode(errors="replace")) for place in self.ends[begin:end]]
        return [Slot(a, b, bool(c)) for a, b, c in zip(at, to, self.is_list[begin:end], strict=True)]


def shapes_of(payloads: pa.Array) -> Shapes:
    """The shapes of a column of payloads without NUL bytes."""
    ended = pc.binary_join_element_wise(payloads, pa.scalar(""), "\0")
    data, offsets = bytes_of(ended)
    starts, ends, marks = _slots(data)
    rows = np.searchsorted(offsets, starts, "right") - 1
    first = np.searchsorted(rows, np.arange(len(payloads) + 1), "left").astype(np.int64)
    values, texts = _values(data, starts, ends, marks)
    shape = _shape(data, starts, ends, marks)
    begins = offsets[rows]
    return Shapes(shape, values, texts, first, starts - begins, ends - begins, marks == ord(LIST_MARK))


def _slots(data: npt.NDArray[np.uint8]) -> tuple[Integers, Integers, npt.NDArray[np.uint8]]:
    is_word = _WORD[data]
    edges = np.flatnonzero(np.diff(is_word.view(np.int8), prepend=np.int8(0), append=np.int8(0)))
    starts, ends = edges[::2], edges[1::2]
    head = data[starts]
    numeric = (head >= 48) & (head <= 57)
    starts, ends = starts[numeric], ends[numeric]
    others = np.concatenate(([0], np.cumsum((data < 48) | (data > 57), dtype=np.int32)))
    plain = others[ends] == others[starts]
    prefix = data[np.minimum(starts + 1, len(data) - 1)] | 0x20
    wanted = plain | ((data[starts] == 48) & (prefix == ord("x")) & (ends - starts > 2))
    starts, ends, plain = starts[wanted], ends[wanted], plain[wanted]
    starts, ends, marks = _lists(data, starts, ends, plain)
    return _with_letters(data, starts, ends, marks)


def _lists(
    data: npt.NDArray[np.uint8], starts: Integers, ends: Integers, plain: npt.NDArray[np.bool_]
) -> tuple[Integers, Integers, npt.NDArray[np.uint8]]:
    if len(starts) == 0:
        return starts, ends, np.zeros(0, np.uint8)
    linked = (starts[1:] == ends[:-1] + 1) & (data[np.minimum(ends[:-1], len(data) - 1)] == ord(",")) & plain[1:] & plain[:-1]
    begins = np.flatnonzero(np.concatenate(([True], ~linked)))
    counts = np.diff(np.append(begins, len(starts)))
    opened = (data[np.maximum(starts[begins] - 1, 0)] == ord("(")) & (starts[begins] > 0)
    is_list = (counts >= _LEAST_OF_LIST) & opened
    kept = np.ones(len(starts), bool)
    last_of = ends.copy()
    in_list = np.repeat(is_list, counts)
    kept[in_list] = False
    kept[begins[is_list]] = True
    last_of[begins[is_list]] = ends[begins[is_list] + counts[is_list] - 1]
    marks = np.where(in_list, np.uint8(ord(LIST_MARK)), np.uint8(ord(NUMBER_MARK)))
    return starts[kept], last_of[kept], marks[kept]


def _with_letters(
    data: npt.NDArray[np.uint8], starts: Integers, ends: Integers, marks: npt.NDArray[np.uint8]
) -> tuple[Integers, Integers, npt.NDArray[np.uint8]]:
    quotes = np.flatnonzero(data == ord("'"))
    if len(quotes) < 2:
        return starts, ends, marks
    gaps = np.diff(quotes)
    inner = np.minimum(quotes[:-1] + 1, len(data) - 1)
    lead = data[inner]
    size = np.where(lead >= 0xF0, 5, np.where(lead >= 0xE0, 4, np.where(lead >= 0xC2, 3, 2)))
    letter = (gaps == size) & (_LETTER[lead] | (lead >= 0xC2))
    found = quotes[:-1][letter] + 1
    if len(found) == 0:
        return starts, ends, marks
    all_starts = np.concatenate((starts, found))
    all_ends = np.concatenate((ends, found + size[letter] - 1))
    all_marks = np.concatenate((marks, np.full(len(found), ord(LETTER_MARK), np.uint8)))
    order = np.argsort(all_starts, kind="stable")
    return all_starts[order], all_ends[order], all_marks[order]


def _values(
    data: npt.NDArray[np.uint8], starts: Integers, ends: Integers, marks: npt.NDArray[np.uint8]
) -> tuple[Integers, pa.Array]:
    sizes = ends - starts
    head = data[starts] if len(starts) else np.zeros(0, np.uint8)
    second = data[np.minimum(starts + 1, max(len(data) - 1, 0))] if len(starts) else head
    numeric = (marks == ord(NUMBER_MARK)) & (sizes <= _MOST_DIGITS) & (((head != 48) & (second | 0x20 != ord("x"))) | (sizes == 1))
    values = np.zeros(len(starts), np.int64)
    at, left = starts[numeric].copy(), sizes[numeric].copy()
    total = np.zeros(len(at), np.int64)
    while (more := left > 0).any():
        digits = data[np.minimum(at, len(data) - 1)].astype(np.int64) - 48
        total = np.where(more, total * 10 + digits, total)
        at, left = at + 1, left - 1
    values[numeric] = total
    texts = _cut(data, starts[~numeric], ends[~numeric]).dictionary_encode()
    values[~numeric] = -1 - np.asarray(texts.indices).astype(np.int64)
    return values, texts.dictionary


def _cut(data: npt.NDArray[np.uint8], starts: Integers, ends: Integers) -> pa.Array:
    sizes = ends - starts
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    index = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], sizes)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data[index])]
    return pa.Array.from_buffers(pa.large_string(), len(starts), buffers)


def _shape(
    data: npt.NDArray[np.uint8], starts: Integers, ends: Integers, marks: npt.NDArray[np.uint8]
) -> pa.DictionaryArray:
    data = data.copy()
    data[starts] = marks
    change = np.zeros(len(data) + 1, np.int8)
    change[starts + 1] += 1
    change[ends] -= 1
    kept = data[np.cumsum(change[:-1], dtype=np.int8) == 0]
    offsets = np.concatenate(([0], np.flatnonzero(kept == 0) + 1)).astype(np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(kept)]
    return pa.Array.from_buffers(pa.large_binary(), len(offsets) - 1, buffers).dictionary_encode()
