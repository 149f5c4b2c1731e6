"""JSON objects that differ in nothing but their values, read all at once.

Programs write their records with the same keys in the same order. Objects are of one *shape* where all their bytes
agree but the contents of texts and whole numbers. What a shape means is found out once, on a *marked* record: its
first object with a mark in the place of each of those values. Then the values themselves are taken out of all objects
as columns of Arrow. Whatever is unusual (escapes that orjson writes otherwise, numbers of other forms, control
characters, keys that come twice, shapes that are rare) is left to be read one by one.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.blocks import LineBlock

Indices = npt.NDArray[np.int64]

LEAST_OBJECTS = 128
"""Fewer of one shape are read sooner one by one."""
MOST_TEXTS = 900
"""Objects with more texts (keys and values) are read one by one."""
_LONGEST_NUMBER = 18
_AT_ONCE = 1 << 17
_NUMBER = re.compile(r":(0|[1-9][0-9]{0,17})(?![0-9.eE])")
_QUOTE, _BACKSLASH, _COLON, _SPACE, _END = b'"\\: \n'
_PLAIN_NUMBER = "^(?:0|[1-9][0-9]{0,17})$"
_TOKEN = secrets.token_hex(8)
_NUMBERS_FROM = 10**17 + secrets.randbelow(8 * 10**14) * 1000
"""Marks cannot be guessed, so that no log holds one."""
_MARK = re.compile(rf'"{_TOKEN}([0-9]+)\."|(?<![0-9.])({str(_NUMBERS_FROM)[:-3]}[0-9]{{3}})(?![0-9.eE])')
_PLAIN_ESCAPES = np.isin(np.arange(256), list(b'"\\bfnrt'))
_CLASSES = np.zeros(256, np.uint64)
for _number, _characters in enumerate((b'"', b"{", b"[", b"-0123456789", b"n", b"t", b"f"), 1):
    _CLASSES[list(_characters)] = _number
_MIXED_BY = np.uint64(0x9E3779B97F4A7C15)
"""2**64 by the golden ratio: spreads what differs in a few bits (Knuth, vol. 3, 6.4)."""


@dataclass(frozen=True)
class _Texts:
    """Where the texts of all objects stand: ``first`` of each object in ``opens`` and ``closes``, ``count`` of them."""

    data: bytes
    array: npt.NDArray[np.uint8]
    begins: Indices
    opens: Indices
    closes: Indices
    first: Indices
    count: Indices

    @cached_property
    def words(self) -> npt.NDArray[np.uint64]:
        """The eight bytes from each place on as a number."""
        return np.ndarray((len(self.data) - 7,), "<u8", self.data, strides=(1,))

    @cached_property
    def pieces(self) -> pa.Array:
        """All bytes, cut at each quotation mark of a text and where an object begins.

        Of object ``r`` they begin at ``2 * first[r] + r``: what stands before a text with its quotation mark, the text
        without them, and so on.
        """
        at = np.repeat(np.arange(len(self.begins)), self.count) + 2 * np.arange(len(self.opens)) + 1
        bounds = np.empty(2 * len(self.opens) + len(self.begins) + 1, np.int32)
        bounds[at], bounds[at + 1] = self.opens + 1, self.closes
        bounds[2 * self.first + np.arange(len(self.begins))] = self.begins
        bounds[-1] = len(self.data) - 8
        return pa.Array.from_buffers(
            pa.binary(), len(bounds) - 1, [None, pa.py_buffer(bounds), pa.py_buffer(self.data)]
        )


@dataclass(frozen=True)
class _Slot:
    """A value: the piece that holds it, and what is to be cut off of that piece at both ends."""

    piece: int
    before: int = 0
    behind: int = 0


@dataclass(frozen=True)
class Shape:
    """Objects of one shape. ``rows``: which of the objects that were given; ``record``: the marked one."""

    rows: Indices
    record: dict[str, Any]
    _texts: _Texts
    _slots: tuple[_Slot, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, chosen: npt.NDArray[np.bool_]) -> Shape:
        """Some of the objects."""
        if chosen.all():
            return self
        return Shape(self.rows[chosen], self.record, self._texts, self._slots)

    def is_number(self, value: Any) -> bool:
        """Whether a value of the marked record stands for whole numbers of at most 18 digits."""
        return type(value) is int and 0 <= value - _NUMBERS_FROM < len(self._slots)

    def is_text(self, value: Any) -> bool:
        """Whether a value of the marked record stands for texts."""
        return type(value) is str and value.startswith(_TOKEN)

    def as_number(self, value: Any) -> Any:
        """A mark of texts as one of numbers where all of them are plain whole numbers; else the value as it is."""
        if not self.is_text(value):
            return value
        texts = self.written(value)
        is_plain = pc.all(pc.match_substring_regex(texts.unique(), _PLAIN_NUMBER)).as_py()
        return _NUMBERS_FROM + int(value[len(_TOKEN) : -1]) if is_plain else value

    def only(self, value: Any) -> Any:
        """The text that a mark stands for where it is the same in all objects; else the value as it is."""
        if not self.is_text(value):
            return value
        different = self.texts(value).unique()
        return different[0].as_py() if len(different) == 1 else value

    def written(self, value: Any) -> pa.Array:
        """What a mark stands for as it is written: digits, or texts with their escapes, without quotation marks."""
        return self._column(value - _NUMBERS_FROM if self.is_number(value) else int(value[len(_TOKEN) : -1]))

    def texts(self, value: Any) -> pa.Array:
        """The texts, or digits, that a mark stands for."""
        column = self.written(value)
        if not _has(column, b"\\"):
            return column
        plain = pc.replace_substring(column, "\\\\", "\x01")
        if pc.any(pc.match_substring(plain, "\\")).as_py():
            return pa.array([json.loads(f'"{text}"') for text in column.to_pylist()], pa.string())
        return pc.replace_substring(plain, "\x01", "\\")

    def filled(self, written: str) -> pa.Array:
        """JSON text of values of the marked record, with each object's own values."""
        pieces: list[str | pa.Array] = []
        at, before = 0, ""
        for mark in _MARK.finditer(written):
            slot = int(mark[1]) if mark[1] else int(mark[2]) - _NUMBERS_FROM
            edge = '"' if mark[1] else ""
            pieces += [before + written[at : mark.start()] + edge, self._column(slot)]
            at, before = mark.end(), edge
        if not pieces:
            return pa.repeat(pa.scalar(written), len(self))
        return pc.binary_join_element_wise(*pieces, before + written[at:], "")

    def _column(self, number: int) -> pa.Array:
        return self._columns[number]

    @cached_property
    def _columns(self) -> dict[int, pa.Array]:
        """The column of every slot; slots that are cut alike are taken out of the objects at once."""
        first = 2 * self._texts.first[self.rows] + self.rows
        kinds: dict[tuple[int, int], list[int]] = {}
        for number, slot in enumerate(self._slots):
            kinds.setdefault((slot.before, slot.behind), []).append(number)
        columns = {}
        for (before, behind), numbers in kinds.items():
            pieces = np.array([self._slots[number].piece for number in numbers])
            taken = self._texts.pieces.take(pa.array((pieces[:, None] + first).ravel()))
            if before:
                taken = pc.binary_slice(taken, before, -behind)
            texts = taken.cast(pa.string())
            for at, number in enumerate(numbers):
                columns[number] = texts.slice(at * len(self), len(self))
        return columns


def shapes_of(objects: Sequence[bytes]) -> tuple[list[Shape], Indices]:
    """The shapes of JSON objects that are frequent, and the indices of all objects that have none of them."""
    if len(objects) < LEAST_OBJECTS:
        return [], np.arange(len(objects))
    texts, is_usual = _find_texts(objects)
    shapes, taken = [], np.zeros(len(objects), bool)
    for rows in _alike(texts, np.flatnonzero(is_usual)):
        shape = _shape(texts, rows)
        if shape is not None:
            shapes.append(shape)
            taken[shape.rows] = True
    return shapes, np.flatnonzero(~taken)


def _find_texts(objects: Sequence[bytes]) -> tuple[_Texts, npt.NDArray[np.bool_]]:
    """The texts of all objects, and which objects have nothing unusual."""
    data = b"\n".join([*objects, bytes(8)])
    array = np.frombuffer(data, np.uint8)[:-8]
    lengths = np.fromiter(map(len, objects), np.int64, len(objects)) + 1
    begins = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    is_usual = np.ones(len(objects), bool)

    def leave(places: Indices) -> None:
        is_usual[np.searchsorted(begins, places, "right") - 1] = False

    if not LineBlock(data, 0, 1).is_utf8:
        is_usual &= [_is_utf8(one) for one in objects]
    steps = range(0, len(array), _AT_ONCE)
    if sum(int(np.count_nonzero(array[at : at + _AT_ONCE] < _SPACE)) for at in steps) > len(objects):
        controls = _places(array, lambda some: some < _SPACE)
        leave(np.setdiff1d(controls, begins + lengths - 1, assume_unique=True))
    quotes = _places(array, lambda some: some == _QUOTE)
    backslashes = _places(array, lambda some: some == _BACKSLASH)
    if len(backslashes):
        first = np.flatnonzero(np.diff(backslashes, prepend=-2) != 1)
        last = backslashes[np.append(first[1:], len(backslashes)) - 1]
        escaped = last[(last - backslashes[first]) % 2 == 0] + 1
        leave(escaped[~_PLAIN_ESCAPES[array[escaped]]])
        escaped = escaped[array[escaped] == _QUOTE]
        quotes = np.delete(quotes, np.searchsorted(quotes, escaped))
    count = np.diff(np.append(np.searchsorted(quotes, begins), len(quotes)))
    is_usual &= (count % 2 == 0) & (count > 0) & (count <= 2 * MOST_TEXTS)
    if not is_usual.all():
        quotes = quotes[np.repeat(is_usual, count)]
    count = np.where(is_usual, count // 2, 0)
    first = np.concatenate(([0], np.cumsum(count)[:-1]))
    return _Texts(data, array, begins, quotes[::2], quotes[1::2], first, count), is_usual


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _places(array: npt.NDArray[np.uint8], are: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.bool_]]) -> Indices:
    """Where bytes are such; looked for in stretches that stay near the processor."""
    steps = range(0, len(array), _AT_ONCE)
    return np.concatenate([np.flatnonzero(are(array[begin : begin + _AT_ONCE])) + begin for begin in steps])


def _alike(texts: _Texts, rows: Indices) -> list[Indices]:
    """The objects that are probably of one shape, where there are enough."""
    if not len(rows):
        return []
    keys = np.flatnonzero(texts.array[texts.closes + 1] == _COLON)
    opens, closes = texts.opens[keys], texts.closes[keys]
    code = (closes - opens).view(np.uint64) << np.uint64(16)
    code |= texts.array[opens + 1].astype(np.uint64) << np.uint64(8)
    code |= _CLASSES[texts.array[np.minimum(closes + 2, len(texts.array) - 1)]]
    code *= _MIXED_BY
    code ^= code >> np.uint64(31)
    code *= _MIXED_BY
    sums = np.concatenate(([np.uint64(0)], np.cumsum(code)))
    first = np.searchsorted(keys, texts.first[rows])
    last = np.searchsorted(keys, texts.first[rows] + texts.count[rows])
    hashes = sums[last] - sums[first] + texts.count[rows].astype(np.uint64)
    _, member, sizes = np.unique(hashes, return_inverse=True, return_counts=True)
    order = np.argsort(member, kind="stable")
    groups = np.split(order, np.cumsum(sizes)[:-1])
    return [rows[group] for group in groups if len(group) >= LEAST_OBJECTS]


def _shape(texts: _Texts, rows: Indices) -> Shape | None:
    """The shape of the first of the objects, with all of them that have it."""
    first, count = texts.first[rows], int(texts.count[rows[0]])
    opens, closes = texts.opens[first[0] : first[0] + count], texts.closes[first[0] : first[0] + count]
    begin, end = int(texts.begins[rows[0]]), _end_of(texts, int(rows[0]))
    model = texts.data[begin:end].decode("latin-1")
    ends = np.append(texts.begins[1:], len(texts.array))[rows] - 1
    slots: list[_Slot] = []
    marked: list[str] = []
    holds = np.ones(len(rows), bool)
    at, run_begins = begin, texts.begins[rows]
    for text in range(count):
        if texts.array[closes[text] + 1] != _COLON:
            value_begins, value_ends = texts.opens[first + text] + 1, texts.closes[first + text]
            mark, slot = f"{_TOKEN}{len(slots)}.", _Slot(2 * text + 1)
            low, high = int(opens[text]) + 1, int(closes[text])
        else:
            following = int(opens[text + 1]) if text + 1 < count else end
            number = _NUMBER.match(model, int(closes[text]) + 1 - begin)
            if number is None or number.end(1) + begin > following:
                continue
            low, high = number.start(1) + begin, number.end(1) + begin
            behind = following - high
            value_begins = texts.closes[first + text] + 2
            value_ends = (texts.opens[first + text + 1] if text + 1 < count else ends) - behind
            holds &= _are_numbers(texts, value_begins, value_ends)
            mark, slot = str(_NUMBERS_FROM + len(slots)), _Slot(2 * text + 2, 2, behind + 1)
        holds &= _agree(texts, run_begins, value_begins, at, low)
        marked += [model[at - begin : low - begin], mark]
        slots.append(slot)
        at, run_begins = high, value_ends
    holds &= _agree(texts, run_begins, ends, at, end)
    record = _record("".join([*marked, model[at - begin :]]))
    if record is None or not holds[0] or holds.sum() < LEAST_OBJECTS or len(slots) > 999:
        return None
    return Shape(rows[holds], record, texts, tuple(slots))


def _end_of(texts: _Texts, row: int) -> int:
    return int(texts.begins[row + 1] if row + 1 < len(texts.begins) else len(texts.array)) - 1


def _agree(texts: _Texts, begins: Indices, ends: Indices, begin: int, end: int) -> npt.NDArray[np.bool_]:
    """Whether what stands from ``begins`` to ``ends`` is what stands from ``begin`` to ``end``."""
    size = end - begin
    same: npt.NDArray[np.bool_] = ends - begins == size
    begins = np.where(same, begins, begin)
    if size < 8:
        mask = np.uint64((1 << 8 * size) - 1)
        same &= (texts.words[begins] ^ texts.words[begin]) & mask == 0
        return same
    for step in [*range(0, size - 7, 8), size - 8]:
        same &= texts.words[begins + step] == texts.words[begin + step]
    return same


def _are_numbers(texts: _Texts, begins: Indices, ends: Indices) -> npt.NDArray[np.bool_]:
    """Whether whole numbers of at most 18 digits, none of them below zero, stand there."""
    size = ends - begins
    fits = (size >= 1) & (size <= _LONGEST_NUMBER)
    begins = np.where(fits, begins, 0)
    for step in range(int(size[fits].max(initial=0))):
        is_digit = texts.array[np.minimum(begins + step, len(texts.array) - 1)] - np.uint8(ord("0")) < 10
        fits &= is_digit | (size <= step)
    fits &= (size == 1) | (texts.array[begins] != ord("0"))
    return fits


def _record(text: str) -> dict[str, Any] | None:
    """The marked record; None where it is no object or a key comes twice."""
    try:
        record = json.loads(text.encode("latin-1").decode(), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key comes twice")
    return found


def _has(column: pa.Array, byte: bytes) -> bool:
    """Whether a byte stands in any of the texts."""
    _, bounds, data = column.buffers()
    if data is None or not len(column):
        return False
    ends = np.frombuffer(bounds, np.int32)
    held = memoryview(data)[int(ends[column.offset]) : int(ends[column.offset + len(column)])]
    return byte in bytes(held)
