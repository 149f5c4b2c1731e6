"""The regular lines of a block, all at once; the others are named, to be read one by one.

A line is regular when it has no backslash, as many quotes as its pattern, as many words in each stretch, and in each
field what :mod:`.fast_columns` reads; such a line reads the same by :class:`.pattern.Pattern`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kakuho.evidence.formats.blocks import BYTE_ORDER_MARK, LineBlock
from kakuho.evidence.formats.rows import table_of
from kakuho.evidence.formats.web.fast_columns import TIME_WIDTH, Columns
from kakuho.evidence.formats.web.fast_layout import FastLayout, Stretch, Words
from kakuho.evidence.formats.web.positions import MARGIN, Bytes, Mask, Places, blanks

_LONGEST_STRETCH = 200
_CARRIAGE_RETURN = ord("\r")


@dataclass(frozen=True)
class Lines:
    """Where the lines of a block begin and end (their line ends not included), and where their quotes stand."""

    data: Bytes
    starts: Places
    ends: Places
    marks: Places
    line_end_marks: Places


def lines_of(block: LineBlock) -> Lines:
    """The lines of a block; the last may lack its end."""
    data = Bytes(block.data)
    marks = data.marks()
    line_end_marks = np.flatnonzero(data.array[marks] == ord("\n")) if len(marks) else marks
    ends = marks[line_end_marks]
    starts = np.concatenate((np.zeros(1, np.int64), ends + 1))
    if block.data.endswith(b"\n"):
        starts = starts[:-1]
    else:
        ends = np.append(ends, len(block.data))
    if b"\r" in block.data:
        ends = ends - ((ends > starts) & (data.array[np.maximum(ends - 1, 0)] == _CARRIAGE_RETURN))
    return Lines(data, starts, ends, marks, line_end_marks)


def read_regular_lines(
    block: LineBlock, lines: Lines, layout: FastLayout, *, only_ascii: bool, may_be_empty: bool
) -> tuple[pa.Table, Places]:
    """The rows of the regular lines and their indices in the block; ``only_ascii`` leaves out other lines."""
    quotes = 2 * len(layout.quoted)
    whole = len(lines.line_end_marks)
    counts = np.diff(lines.line_end_marks, prepend=-1) - 1
    regular = (counts == quotes) & ~_irregular(block, lines, only_ascii=only_ascii)[:whole]
    regular &= lines.ends[:whole] < len(block.data) - MARGIN
    candidates = np.flatnonzero(regular)
    if not len(candidates):
        return table_of("http_activity", {"line": [], "time": [], "byte_offset": []}), candidates
    last = lines.line_end_marks[candidates]
    places = lines.marks[(last - quotes)[:, None] + np.arange(quotes)] if quotes else None
    columns = Columns(lines.data, np.ones(len(candidates), np.bool_))
    for index, stretch in enumerate(layout.stretches):
        begin = lines.starts[candidates] if index == 0 or places is None else places[:, 2 * index - 1] + 1
        is_last = index == len(layout.quoted)
        end = lines.ends[candidates] if is_last or places is None else places[:, 2 * index]
        _read_stretch(columns, stretch, begin, end, layout, may_be_empty=may_be_empty)
    for index, field in enumerate(layout.quoted):
        assert places is not None  # noqa: S101 - there are quoted fields, so there are quotes; for the type checker
        columns.add(field, places[:, 2 * index] + 1, places[:, 2 * index + 1], may_be_empty=True)
    rows = np.flatnonzero(columns.regular)
    taken = candidates[rows]
    arrays = columns.arrays(rows)
    arrays["line"] = taken + block.first_line
    arrays["byte_offset"] = lines.starts[taken] + block.byte_offset
    return table_of("http_activity", arrays), taken


def _irregular(block: LineBlock, lines: Lines, *, only_ascii: bool) -> Mask:
    """Lines that hold a backslash, text that may not be UTF-8, a byte order mark, or more than one carriage return."""
    array = lines.data.array
    irregular = np.zeros(len(lines.starts), np.bool_)
    odd = []
    if b"\\" in block.data:
        odd.append(np.flatnonzero(array == ord("\\")))
    if only_ascii and not block.data.isascii():
        odd.append(np.flatnonzero(array > 0x7F))
    if b"\r" in block.data:
        before = np.flatnonzero(
            (lines.ends > lines.starts) & (array[np.maximum(lines.ends - 1, 0)] == _CARRIAGE_RETURN)
        )
        irregular[before] = True
    for places in odd:
        irregular[np.searchsorted(lines.starts, places, "right") - 1] = True
    if block.byte_offset == 0 and block.data.startswith(BYTE_ORDER_MARK):
        irregular[0] = True
    return irregular


def _read_stretch(
    columns: Columns, stretch: Stretch, begin: Places, end: Places, layout: FastLayout, *, may_be_empty: bool
) -> None:
    if stretch.time is not None:
        width = TIME_WIDTH + len(stretch.literal)
        columns.regular &= end - begin >= width
        if stretch.time_is_last:
            at = np.maximum(end - width, 0)
            _has(columns, at + TIME_WIDTH, stretch.literal)
            end = at
        else:
            _has(columns, begin, stretch.literal)
            at = begin + len(stretch.literal)
            begin = at + TIME_WIDTH
        columns.add_time(at)
    _read_words(columns, stretch.words, begin, end, has_lists=layout.has_lists, may_be_empty=may_be_empty)


def _read_words(
    columns: Columns, words: Words, begin: Places, end: Places, *, has_lists: bool, may_be_empty: bool
) -> None:
    _has(columns, begin, words.head)
    if not words.words:
        columns.regular &= end - begin == len(words.head)
        return
    begin = begin + len(words.head)
    end = np.maximum(end - len(words.tail), 0)
    _has(columns, end, words.tail)
    columns.regular &= (end >= begin) & (end - begin <= _LONGEST_STRETCH)
    lengths = np.where(columns.regular, end - begin, 0)
    width = int(lengths.max(initial=0))
    count = len(words.words) - 1
    if not width:
        columns.regular[:] = False
        return
    places, has_all = blanks(columns.data.windows(begin, width), lengths, count)
    columns.regular &= has_all
    starts = [begin, *(begin + places[:, index] + 1 for index in range(count))]
    ends = [*(begin + places[:, index] for index in range(count)), end]
    for word, start, stop in zip(words.words, starts, ends, strict=True):
        from_, to = start + len(word.before), stop - len(word.after)
        _has(columns, start, word.before)
        if word.field is None:
            columns.regular &= to == from_
            continue
        columns.regular &= to >= from_
        to = np.maximum(to, from_)
        _has(columns, to, word.after)
        if has_lists:
            columns.regular &= ~columns.data.has(np.maximum(to - 1, 0), b",")
            columns.regular &= (to - from_ != 1) | ~columns.data.has(from_, b":")
        columns.add(word.field, from_, to, may_be_empty=may_be_empty or bool(word.after))


def _has(columns: Columns, places: Places, literal: bytes) -> None:
    if literal:
        columns.regular &= columns.data.has(places, literal)
