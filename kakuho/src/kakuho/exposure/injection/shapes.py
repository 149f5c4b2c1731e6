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
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
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
    is_list: Flags

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


def _slots(data: Bytes, offsets: Integers, *, encoded: bool) -> tuple[Integers, Integers, npt.NDArray[np.uint8]]:
    """Begin, end and mark of each slot; none reaches over the end of a payload."""
    nothing = np.zeros(0, np.int64)
    if len(data) == 0:
        return nothing, nothing, np.zeros(0, np.uint8)
    digit = (data - np.uint8(48)) < 10
    escape = _escapes(data) if encoded else None
    if escape is not None:
        digit &= ~escape[:-1]
    inner = np.unique(offsets[(offsets > 0) & (offsets < len(data))])
    starts, ends, is_list = _numbers_and_lists(data, digit, inner, encoded=encoded)
    if len(starts) == 0:
        return _with_letters(data, starts, ends, np.zeros(0, np.uint8), encoded=encoded)
    row_begin = np.zeros(len(data) + 1, bool)
    row_begin[offsets] = True
    before = _WORD[data[np.maximum(starts - 1, 0)]] & ~row_begin[starts]
    last = len(data) - 1
    follow = _WORD[data[np.minimum(ends, last)]] & ~row_begin[ends]
    if escape is not None:
        before &= ~escape[np.maximum(starts - 1, 0)]
        follow &= ~escape[ends]
    hexes = (
        follow
        & ~before
        & ~is_list
        & (ends - starts == 1)
        & (data[starts] == 48)
        & ((data[np.minimum(ends, last)] | 0x20) == ord("x"))
    )
    if hexes.any():
        ends = ends.copy()
        ends[hexes] = _word_ends(data, ends[hexes], row_begin)
    wanted = ~before & (~follow | hexes)
    starts, ends, is_list = starts[wanted], ends[wanted], is_list[wanted]
    marks = np.where(is_list, np.uint8(ord(LIST_MARK)), np.uint8(ord(NUMBER_MARK)))
    if hexes.any():  # digits within a hexadecimal literal are no slots of their own
        outer = np.concatenate(([0], np.maximum.accumulate(ends)[:-1])) if len(ends) else ends
        good = starts >= outer
        starts, ends, marks = starts[good], ends[good], marks[good]
    return _with_letters(data, starts, ends, marks, encoded=encoded)


def _escapes(data: Bytes) -> Flags:
    """Which bytes are the two digits of a percent escape; one place more than there are bytes."""
    found = np.zeros(len(data) + 1, bool)
    if len(data) > 2:
        percent = data[:-2] == ord("%")
        found[1:-2] = percent
        found[2:-1] |= percent
    return found


def _numbers_and_lists(
    data: Bytes, digit: Flags, inner: Integers, *, encoded: bool
) -> tuple[Integers, Integers, Flags]:
    """Runs of digits, and lists of three and more of them in brackets, as one; ``inner``: where payloads begin.

    Numbers that only commas part are found as one run first: there are few runs, where lists have many numbers.
    """
    joined = digit | _commas(data, digit, encoded=encoded)
    starts, ends = _runs(joined, digit, inner)
    first = _number_ends(digit, starts, ends)
    several = np.flatnonzero(first < ends)
    if len(several) == 0:
        return starts, ends, np.zeros(len(starts), bool)
    width = np.where(data[first[several]] == ord(","), 1, 3)
    seconds = first[several] + width
    second_ends = _number_ends(digit, seconds, ends[several])
    is_long = second_ends < ends[several]
    opened = _follows(data, starts[several], "(")
    if (is_long & ~opened).any():  # some are no list, and every number of them is a slot of its own
        return _one_by_one(data, digit, inner)
    pairs = ~is_long
    is_list = np.zeros(len(starts), bool)
    is_list[several[is_long]] = True
    ends = ends.copy()
    ends[several[pairs]] = first[several[pairs]]
    all_starts = np.concatenate((starts, seconds[pairs]))
    order = np.argsort(all_starts, kind="stable")
    all_ends = np.concatenate((ends, second_ends[pairs]))
    return all_starts[order], all_ends[order], np.concatenate((is_list, np.zeros(int(pairs.sum()), bool)))[order]


def _commas(data: Bytes, digit: Flags, *, encoded: bool) -> Flags:
    """Which bytes are a comma, plain or encoded, between two digits."""
    found = np.zeros(len(data), bool)
    if len(data) > 2:
        found[1:-1] = (data[1:-1] == ord(",")) & digit[:-2] & digit[2:]
    if encoded and len(data) > 4:
        comma = digit[:-4] & digit[4:] & (data[1:-3] == ord("%")) & (data[2:-2] == ord("2"))
        comma &= (data[3:-1] | 0x20) == ord("c")
        for at in (1, 2, 3):
            found[at : at - 4] |= comma
    return found


def _runs(wanted: Flags, digit: Flags, inner: Integers) -> tuple[Integers, Integers]:
    """Begin and end of each run, cut where a payload ends within it."""
    at = np.flatnonzero(wanted[1:] != wanted[:-1]) + 1
    if wanted[0]:
        at = np.concatenate(([0], at))
    if wanted[-1]:
        at = np.append(at, len(wanted))
    both = inner[digit[inner] & digit[inner - 1]]  # a digit at the end of one payload and at the beginning of the next
    if len(both):
        at = np.sort(np.concatenate((at, both, both)))
    return at[::2], at[1::2]


def _number_ends(digit: Flags, starts: Integers, ends: Integers) -> Integers:
    """Where the numbers end that begin at ``starts``, within their runs."""
    found = starts.copy()
    going = np.flatnonzero(found < ends)
    while len(going):
        found[going] += 1
        at = found[going]
        going = going[(at < ends[going]) & digit[np.minimum(at, len(digit) - 1)]]
    return found


def _one_by_one(data: Bytes, digit: Flags, inner: Integers) -> tuple[Integers, Integers, Flags]:
    """Numbers, those of lists put together afterwards: where numbers with commas stand without a bracket too."""
    starts, ends = _runs(digit, digit, inner)
    plain = (starts[1:] == ends[:-1] + 1) & (data[np.minimum(ends[:-1], len(data) - 1)] == ord(","))
    linked = plain | ((starts[1:] == ends[:-1] + 3) & _follows(data, starts[1:], ","))
    begins = np.flatnonzero(np.concatenate(([True], ~linked)))
    counts = np.diff(np.append(begins, len(starts)))
    is_list = (counts >= _LEAST_OF_LIST) & _follows(data, starts[begins], "(")
    kept = ~np.repeat(is_list, counts)
    kept[begins[is_list]] = True
    last_of = ends.copy()
    last_of[begins[is_list]] = ends[begins[is_list] + counts[is_list] - 1]
    marks = np.zeros(len(starts), bool)
    marks[begins[is_list]] = True
    return starts[kept], last_of[kept], marks[kept]


def _word_ends(data: Bytes, places: Integers, row_begin: Flags) -> Integers:
    """Where the words that go on at ``places`` end."""
    ends = places.copy()
    while True:
        on = (ends < len(data)) & _WORD[data[np.minimum(ends, len(data) - 1)]] & ~row_begin[ends]
        if not on.any():
            return ends
        ends[on] += 1


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


def _cut(data: Bytes, starts: Integers, ends: Integers) -> pa.Array:
    offsets = np.concatenate(([0], np.cumsum(ends - starts))).astype(np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data[_within(len(data), starts, ends)])]
    return pa.Array.from_buffers(pa.large_string(), len(starts), buffers)


def _within(count: int, starts: Integers, ends: Integers) -> Flags:
    """Which of ``count`` bytes lie in one of the stretches, which do not overlap."""
    edges = np.empty(2 * len(starts) + 2, np.int64)
    edges[0], edges[1:-1:2], edges[2:-1:2], edges[-1] = 0, starts, ends, count
    inside = np.zeros(len(edges) - 1, bool)
    inside[1::2] = True
    return np.repeat(inside, np.diff(edges))


def _shape(
    data: Bytes,
    offsets: Integers,
    starts: Integers,
    ends: Integers,
    marks: npt.NDArray[np.uint8],
    first: Integers,
) -> pa.DictionaryArray:
    data = data.copy()
    data[starts] = marks
    gone = ends - starts - 1
    total = np.concatenate(([0], np.cumsum(gone))).astype(np.int64)
    longer = gone > 0
    kept = data[~_within(len(data), starts[longer] + 1, ends[longer])] if total[-1] else data
    buffers = [None, pa.py_buffer(np.ascontiguousarray(offsets - total[first])), pa.py_buffer(kept)]
    return pa.Array.from_buffers(pa.large_binary(), len(offsets) - 1, buffers).dictionary_encode()
