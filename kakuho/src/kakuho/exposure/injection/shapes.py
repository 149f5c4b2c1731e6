"""Payloads by their shape: what is left when numbers, hexadecimal literals and single quoted letters are taken out.

An extraction asks the same question a hundred thousand times and changes three numbers. Here a column of payloads
becomes few shapes, and of each payload the literals that stood in the shape's placeholders: its *slots*, in order.
Three
and more numbers in brackets with commas between are one slot, for the lists of ``IN (…)`` and ``CHAR(…)`` have any
length.

All of it works on the bytes of all payloads at once; nothing is done line by line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

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


def shapes_of(payloads: pa.Array, *, encoded: bool = False) -> Shapes:
    """The shapes of a column of payloads without NUL bytes; ``encoded``: they are percent-encoded still."""
    data, offsets = bytes_of(payloads)
    starts, ends, marks = _slots(data, offsets, encoded=encoded)
    first = np.searchsorted(starts, offsets, "left").astype(np.int64)
    values, texts = _values(data, starts, ends, marks)
    shape = _shape(data, offsets, starts, ends, marks, first)
    begins = np.repeat(offsets[:-1], np.diff(first))
    return Shapes(shape, values, texts, first, starts - begins, ends - begins, marks == ord(LIST_MARK))


def _slots(
    data: npt.NDArray[np.uint8], offsets: Integers, *, encoded: bool
) -> tuple[Integers, Integers, npt.NDArray[np.uint8]]:
    """Begin, end and mark of each slot; none reaches over the end of a payload."""
    nothing = np.zeros(0, np.int64)
    if len(data) == 0:
        return nothing, nothing, np.zeros(0, np.uint8)
    digit = (data - np.uint8(48)) < 10
    escape = _escapes(data) if encoded else None
    if escape is not None:
        digit[escape] = False
    edges = digit[1:] != digit[:-1]
    inner = np.unique(offsets[(offsets > 0) & (offsets < len(data))])
    both = inner[digit[inner] & digit[inner - 1]]  # a digit at the end of one payload and at the beginning of the next
    at = np.flatnonzero(edges) + 1
    if digit[0]:
        at = np.concatenate(([0], at))
    if digit[-1]:
        at = np.append(at, len(data))
    if len(both):
        at = np.sort(np.concatenate((at, both, both)))
    starts, ends = at[::2], at[1::2]
    if len(starts) == 0:
        return _with_letters(data, starts, ends, np.zeros(0, np.uint8), encoded=encoded)
    row_begin = np.zeros(len(data) + 1, bool)
    row_begin[offsets] = True
    before = _WORD[data[np.maximum(starts - 1, 0)]] & ~row_begin[starts]
    last = len(data) - 1
    follow = _WORD[data[np.minimum(ends, last)]] & ~row_begin[ends]
    if escape is not None:
        is_escape = np.zeros(len(data) + 1, bool)
        is_escape[escape] = True
        before &= ~is_escape[np.maximum(starts - 1, 0)]
        follow &= ~is_escape[ends]
    hexes = (
        follow
        & ~before
        & (ends - starts == 1)
        & (data[starts] == 48)
        & ((data[np.minimum(ends, last)] | 0x20) == ord("x"))
    )
    if hexes.any():
        ends = ends.copy()
        ends[hexes] = _word_ends(data, ends[hexes], row_begin)
    wanted = ~before & (~follow | hexes)
    starts, ends, plain = starts[wanted], ends[wanted], ~hexes[wanted]
    starts, ends, marks = _lists(data, starts, ends, plain)
    if hexes.any():  # digits within a hexadecimal literal are no slots of their own
        outer = np.concatenate(([0], np.maximum.accumulate(ends)[:-1])) if len(ends) else ends
        good = starts >= outer
        starts, ends, marks = starts[good], ends[good], marks[good]
    return _with_letters(data, starts, ends, marks, encoded=encoded)


def _escapes(data: npt.NDArray[np.uint8]) -> Integers:
    """The places of the two digits of each percent escape."""
    marks = np.flatnonzero(data == ord("%"))
    marks = marks[marks + 2 < len(data)]
    return np.concatenate((marks + 1, marks + 2))


def _word_ends(data: npt.NDArray[np.uint8], places: Integers, row_begin: npt.NDArray[np.bool_]) -> Integers:
    """Where the words that go on at ``places`` end."""
    ends = places.copy()
    while True:
        on = (ends < len(data)) & _WORD[data[np.minimum(ends, len(data) - 1)]] & ~row_begin[ends]
        if not on.any():
            return ends
        ends[on] += 1


def _lists(
    data: npt.NDArray[np.uint8], starts: Integers, ends: Integers, plain: npt.NDArray[np.bool_]
) -> tuple[Integers, Integers, npt.NDArray[np.uint8]]:
    if len(starts) == 0:
        return starts, ends, np.zeros(0, np.uint8)
    linked = _linked(data, starts, ends) & plain[1:] & plain[:-1]
    begins = np.flatnonzero(np.concatenate(([True], ~linked)))
    counts = np.diff(np.append(begins, len(starts)))
    opened = _follows(data, starts[begins], "(")
    is_list = (counts >= _LEAST_OF_LIST) & opened
    kept = np.ones(len(starts), bool)
    last_of = ends.copy()
    in_list = np.repeat(is_list, counts)
    kept[in_list] = False
    kept[begins[is_list]] = True
    last_of[begins[is_list]] = ends[begins[is_list] + counts[is_list] - 1]
    marks = np.where(in_list, np.uint8(ord(LIST_MARK)), np.uint8(ord(NUMBER_MARK)))
    return starts[kept], last_of[kept], marks[kept]


def _linked(data: npt.NDArray[np.uint8], starts: Integers, ends: Integers) -> npt.NDArray[np.bool_]:
    """Whether nothing but a comma, plain or encoded, stands between a slot and the next."""
    plain = (starts[1:] == ends[:-1] + 1) & (data[np.minimum(ends[:-1], len(data) - 1)] == ord(","))
    encoded = (starts[1:] == ends[:-1] + 3) & _follows(data, starts[1:], ",")
    return np.asarray(plain | encoded, bool)


def _follows(data: npt.NDArray[np.uint8], places: Integers, mark: str) -> npt.NDArray[np.bool_]:
    """Whether a mark, plain or percent-encoded, stands right before each place."""
    before = data[np.maximum(places - 1, 0)]
    code = f"{ord(mark):02X}"
    escape = (
        (data[np.maximum(places - 3, 0)] == ord("%"))
        & (data[np.maximum(places - 2, 0)] == ord(code[0]))
        & ((before | 0x20) == (ord(code[1]) | 0x20))
        & (places >= 3)
    )
    return np.asarray(((before == ord(mark)) & (places > 0)) | escape, bool)


def _with_letters(
    data: npt.NDArray[np.uint8], starts: Integers, ends: Integers, marks: npt.NDArray[np.uint8], *, encoded: bool
) -> tuple[Integers, Integers, npt.NDArray[np.uint8]]:
    quotes = np.flatnonzero(data == ord("'"))
    width = 1
    if encoded and len(quotes) == 0:
        percents = np.flatnonzero(data == ord("%"))
        percents = percents[percents + 2 < len(data)]
        quotes = percents[(data[percents + 1] == ord("2")) & (data[percents + 2] == ord("7"))]
        width = 3
    if len(quotes) < 2:
        return starts, ends, marks
    gaps = np.diff(quotes) - width
    lead = data[np.minimum(quotes[:-1] + width, len(data) - 1)]
    size = np.where(lead >= 0xF0, 4, np.where(lead >= 0xE0, 3, np.where(lead >= 0xC2, 2, 1)))
    letter = (gaps == size) & (_LETTER[lead] | (lead >= 0xC2))
    found = quotes[:-1][letter] + width
    if len(found) == 0:
        return starts, ends, marks
    all_starts = np.concatenate((starts, found))
    all_ends = np.concatenate((ends, found + size[letter]))
    all_marks = np.concatenate((marks, np.full(len(found), ord(LETTER_MARK), np.uint8)))
    order = np.argsort(all_starts, kind="stable")
    return all_starts[order], all_ends[order], all_marks[order]


def _values(
    data: npt.NDArray[np.uint8], starts: Integers, ends: Integers, marks: npt.NDArray[np.uint8]
) -> tuple[Integers, pa.Array]:
    sizes = ends - starts
    head = data[starts] if len(starts) else np.zeros(0, np.uint8)
    second = data[np.minimum(starts + 1, max(len(data) - 1, 0))] if len(starts) else head
    numeric = (
        (marks == ord(NUMBER_MARK))
        & (sizes <= _MOST_DIGITS)
        & (((head != 48) & (second | 0x20 != ord("x"))) | (sizes == 1))
    )
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
    data: npt.NDArray[np.uint8],
    offsets: Integers,
    starts: Integers,
    ends: Integers,
    marks: npt.NDArray[np.uint8],
    first: Integers,
) -> pa.DictionaryArray:
    data = data.copy()
    data[starts] = marks
    gone = ends - starts - 1
    kept = np.ones(len(data), bool)
    total = np.concatenate(([0], np.cumsum(gone))).astype(np.int64)
    if total[-1]:
        kept[np.arange(total[-1]) + np.repeat(starts + 1 - total[:-1], gone)] = False
    buffers = [None, pa.py_buffer(np.ascontiguousarray(offsets - total[first])), pa.py_buffer(data[kept])]
    return pa.Array.from_buffers(pa.large_binary(), len(offsets) - 1, buffers).dictionary_encode()
