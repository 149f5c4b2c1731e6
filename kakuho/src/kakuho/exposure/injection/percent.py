"""Percent-encoded texts decoded by the column: ``%27`` and ``+``, further layers of them, ``%u0027``.

Arrow strings in, Arrow strings out. Work is done over the bytes of all texts at once; bytes that are not UTF-8 after
decoding become one character each.
"""

from __future__ import annotations

import html
import itertools
import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Bytes = npt.NDArray[np.uint8]
_HEX = np.full(256, 255, np.uint8)
for _number, _digit in enumerate("0123456789abcdef"):
    _HEX[ord(_digit)] = _HEX[ord(_digit.upper())] = _number
_LAYERS = 3
_STILL_ENCODED = r"%[0-9A-Fa-f]{2}|%u[0-9A-Fa-f]{4}"
_ODD = r"%u[0-9A-Fa-f]{4}|\\u[0-9A-Fa-f]{4}|&#|&quot;|&apos;|&lt;|&gt;|\x{FF07}|\x00|(?:%[A-Za-z]){4}|\xC0"
_UNICODE = re.compile(r"(?:%u|\\u)([0-9A-Fa-f]{4})")
_PERCENTAGE = re.compile(r"%(?=[A-Za-z])")


def decoded(texts: pa.Array, *, plus: bool = True) -> pa.Array:
    """Each text as the program behind saw it, as far as its layers of encoding can be told."""
    texts = once_decoded(texts, plus=plus)
    for _ in range(_LAYERS):
        again = pc.and_(
            pc.match_substring_regex(texts, _STILL_ENCODED), pc.invert(pc.match_substring_regex(texts, "[ '\"(]"))
        )
        if not pc.any(again).as_py():
            break
        texts = _replaced(texts, again, once_decoded(texts.filter(again), plus=True))
    odd = pc.match_substring_regex(texts, _ODD)
    if pc.any(odd).as_py():
        texts = _replaced(texts, odd, pa.array([plain(text) for text in texts.filter(odd).to_pylist()], pa.string()))
    return texts


def _replaced(texts: pa.Array, where: pa.Array, others: pa.Array) -> pa.Array:
    return pc.replace_with_mask(texts, where, others)


def plain(text: str) -> str:
    """One text with the rarer encodings undone: ``%u0027``, HTML entities, a full-width apostrophe, NUL bytes."""
    text = _UNICODE.sub(lambda found: chr(int(found[1], 16)), text)
    if "&" in text:
        text = html.unescape(text)
    if re.search(r"(?:%[A-Za-z]){4}", text):
        text = _PERCENTAGE.sub("", text)
    if "\xc0" in text:
        text = re.sub("\xc0([\x80-\xbf])", lambda found: chr(ord(found[1]) & 0x3F), text)
    return text.replace("\N{FULLWIDTH APOSTROPHE}", "'").replace("\0", "")


def once_decoded(texts: pa.Array, *, plus: bool = True) -> pa.Array:
    """One layer of percent-encoding undone."""
    if len(texts) == 0:
        return pa.array([], pa.string())
    data, offsets = bytes_of(texts)
    if plus:
        data = np.where(data == ord("+"), np.uint8(ord(" ")), data)
    marks = np.flatnonzero(data == ord("%"))
    marks = marks[marks + 2 < len(data)]
    high, low = _HEX[data[marks + 1]], _HEX[data[marks + 2]]
    good = (high < 16) & (low < 16)
    rows = np.searchsorted(offsets, marks[good], "right") if not good.all() or len(marks) else np.zeros(0, np.int64)
    inside = marks[good] + 2 < offsets[np.minimum(rows, len(offsets) - 1)] if len(rows) else np.zeros(0, bool)
    marks, high, low = marks[good][inside], high[good][inside], low[good][inside]
    first = np.concatenate(([True], np.diff(marks) > 2)) if len(marks) else np.zeros(0, bool)
    marks, high, low = marks[first], high[first], low[first]
    if not plus and len(marks) == 0:
        return texts
    data = data.copy()
    data[marks] = (high << 4) | low
    keep = np.ones(len(data), bool)
    keep[marks + 1] = False
    keep[marks + 2] = False
    gone = np.zeros(len(offsets), np.int64)
    if len(marks):
        gone = 2 * np.searchsorted(marks, offsets, "left")
    return _strings(data[keep], (offsets - gone).astype(np.int64))


def bytes_of(texts: pa.Array) -> tuple[Bytes, npt.NDArray[np.int64]]:
    """The bytes of all texts, one after the other, and where each begins (and the last ends)."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    if not pa.types.is_large_string(texts.type):
        texts = texts.cast(pa.large_string())
    if texts.null_count:
        texts = pc.fill_null(texts, "")
    _, places, body = texts.buffers()
    offsets = np.frombuffer(places, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    if body is None:
        return np.zeros(0, np.uint8), offsets - offsets[0]
    data = np.frombuffer(body, np.uint8)[offsets[0] : offsets[-1]]
    return data, offsets - offsets[0]


def _strings(data: Bytes, offsets: npt.NDArray[np.int64]) -> pa.Array:
    array = pa.Array.from_buffers(
        pa.large_string(), len(offsets) - 1, [None, pa.py_buffer(np.ascontiguousarray(offsets)), pa.py_buffer(data)]
    )
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        pieces = [bytes(data[a:b]) for a, b in itertools.pairwise(offsets)]
        return pa.array([_as_text(piece) for piece in pieces], pa.string())
    return array.cast(pa.string())


def _as_text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
