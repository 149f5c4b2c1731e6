"""Access logs of Apache, nginx, gunicorn, Tomcat and others that write what is configured, one line a request.

Without a configuration the usual layouts are read (:mod:`.layouts`) and what varies from combined in a field or two
(:mod:`.combined_variations`); with ``declared.pattern`` any ``log_format`` or ``LogFormat``, and nothing else.
The layout of most of the file's first lines is tried first on every line, and the regular lines of it are read all at
once; the others, wherever they stand, one by one. Both ways give the same events.

In quoted fields ``\\"`` stands for ``"`` and ``\\xE5\\xB1\\xB1`` for the character that the bytes spell; every other
escape stays as it was written. Bytes that are not UTF-8 (nor in the declared encoding) appear as ``\\xff``;
``facts["lines_not_utf8"]`` counts such lines. A request that is none (TLS bytes, ``-``, nothing) stands in
``url_path``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise, zip_longest

import numpy as np
import pyarrow as pa

from kakuho.errors import UsageError
from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import BYTE_ORDER_MARK, LineBlock, line_blocks
from kakuho.evidence.formats.web.combined_variations import event_of_variation
from kakuho.evidence.formats.web.configured import compiled
from kakuho.evidence.formats.web.fast import Lines, lines_of, read_regular_lines
from kakuho.evidence.formats.web.fast_layout import FastLayout, fast_layout
from kakuho.evidence.formats.web.fields import Event, Reading
from kakuho.evidence.formats.web.layouts import LAYOUTS
from kakuho.evidence.formats.web.lines import EventRows, read_lines
from kakuho.evidence.formats.web.pattern import Pattern
from kakuho.language import Bilingual

FEWEST_LINES_FOR_FAST_PATH = 256
PIECE_BYTES = 4 << 20
VARIATION = "variation of combined"
CONFIGURED = "configured"
_MOST_PUT_BETWEEN = 1000
_LINES_TO_TELL_BY = 200


@dataclass(frozen=True)
class Reader:
    """The patterns that a line is tried by, in order, and what is declared."""

    patterns: tuple[Pattern, ...]
    with_variations: bool
    reading: Reading

    def event(self, line: str) -> Event | str:
        """The columns of a line, or the reason why it is none."""
        reason: str | None = None
        for pattern in self._candidates(line):
            event = pattern.event(line, self.reading)
            if isinstance(event, dict):
                return event
            reason = reason or event
        if self.with_variations and reason is None:
            varied = event_of_variation(line, self.reading)
            if varied is not None:
                return varied
        return reason or "not_access_log"

    def layout_of(self, line: str) -> str | None:
        """The name of the first pattern that the line is of."""
        for pattern in self._candidates(line):
            if isinstance(pattern.event(line, self.reading), dict):
                return pattern.name
        return VARIATION if isinstance(self.event(line), dict) else None

    def _candidates(self, line: str) -> tuple[Pattern, ...]:
        """The patterns that the line can be of: of several, those with as many quotes, where none is escaped."""
        if len(self.patterns) == 1 or "\\" in line:
            return self.patterns
        return self._by_quotes.get(line.count('"'), ())

    @cached_property
    def _by_quotes(self) -> dict[int, tuple[Pattern, ...]]:
        grouped: dict[int, tuple[Pattern, ...]] = {}
        for pattern in self.patterns:
            quotes = sum(piece.count('"') for piece in pattern.pieces if isinstance(piece, str))
            grouped[quotes] = (*grouped.get(quotes, ()), pattern)
        return grouped

    @cached_property
    def layout(self) -> FastLayout | None:
        """How the lines of the first pattern are read all at once."""
        return fast_layout(self.patterns[0])


@lru_cache(maxsize=64)
def reader_of(first: str | None, declared: Declared) -> Reader:
    """The reader of a file: by its configured pattern, or by all layouts, ``first`` before the others."""
    reading = Reading(declared.time_zone, declared.encoding)
    if declared.pattern is not None:
        return Reader((compiled(declared.pattern),), with_variations=False, reading=reading)
    known = LAYOUTS.get(first or "")
    others = tuple(pattern for pattern in LAYOUTS.values() if pattern is not known)
    return Reader((known, *others) if known else others, with_variations=True, reading=reading)


def layout_of(lines: Iterator[bytes] | tuple[bytes, ...], declared: Declared) -> tuple[str | None, int]:
    """The layout of most of the lines, and how many of them are of any (or of the configured pattern)."""
    reader = reader_of(None, declared)
    counts: Counter[str] = Counter()
    for line in lines:
        text = line.decode("utf-8", "backslashreplace")
        name = reader.layout_of(text)
        if name is not None:
            counts[name] += 1
    return (counts.most_common(1)[0][0] if counts else None), counts.total()


class AccessLog(TextFormat):
    """Access logs in text."""

    name = "access_log"
    label = Bilingual(ja="アクセスログ（Apache・nginx など）", en="access log (Apache, nginx …)")
    role = "access_log"
    tables = ("http_activity",)
    version = 3

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of its first lines that are in a layout or in the declared pattern."""
        if not head.lines or not is_log_format(head.declared.pattern):
            return None
        layout, count = layout_of(head.lines, head.declared)
        share = count / len(head.lines)
        if layout is None:
            return None
        return Recognition(share, layout, share_in_words(share, f"access log ({layout})"))

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks that know the layout of the file's first lines."""
        head: list[bytes] = (
            source.content.read(0, 1 << 18).removeprefix(BYTE_ORDER_MARK).split(b"\n")[:_LINES_TO_TELL_BY]
        )
        layout, _ = layout_of((line.rstrip(b"\r") for line in head), source.declared)
        for block in line_blocks(source.content):
            yield replace(block, context=layout)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank (ignored) or rejected."""
        reader = reader_of(block.context, declared)
        part = Part(facts={"lines_not_utf8": 0})
        tables = []
        begin = 0
        while begin < len(block.data):
            end = block.data.find(b"\n", begin + PIECE_BYTES) + 1 or len(block.data)
            first_line = block.first_line + part.lines
            piece = LineBlock(block.data[begin:end], block.byte_offset + begin, first_line, block.context)
            tables.append(read_piece(piece, reader, declared, part))
            begin = end
        part.tables["http_activity"] = pa.concat_tables(tables)
        return part


def read_piece(block: LineBlock, reader: Reader, declared: Declared, part: Part) -> pa.Table:
    """The rows of a piece that is small enough for the processor's caches; counts its lines in ``part``."""
    lines = lines_of(block)
    part.lines += len(lines.starts)
    taken = np.zeros(0, np.int64)
    fast: pa.Table | None = None
    if len(lines.starts) >= FEWEST_LINES_FOR_FAST_PATH:
        fast, taken = read_fast(block, lines, reader)
        part.events += len(taken)
    careful = read_carefully(block, lines, taken, reader, declared, part)
    if fast is None or not len(taken):
        return careful
    return merged(fast, careful) if len(careful) else fast


def is_log_format(pattern: str | None) -> bool:
    """Whether a declared pattern, if there is one, can be a web server's; other programs have patterns of their own."""
    try:
        return pattern is None or bool(compiled(pattern).fields)
    except UsageError:
        return False


def read_fast(
    block: LineBlock, lines: Lines, reader: Reader
) -> tuple[pa.Table | None, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """The rows of the regular lines, and their indices in the block."""
    if reader.layout is None:
        return None, np.zeros(0, np.int64)
    may_be_empty = reader.patterns[0].escape != "default"
    only_ascii = reader.reading.encoding is not None or not block.is_utf8
    return read_regular_lines(block, lines, reader.layout, only_ascii=only_ascii, may_be_empty=may_be_empty)


def read_carefully(
    block: LineBlock,
    lines: Lines,
    taken: np.ndarray[tuple[int], np.dtype[np.int64]],
    reader: Reader,
    declared: Declared,
    part: Part,
) -> pa.Table:
    """The rows of the lines that are not taken, one by one; counts them in ``part``."""
    is_left = np.ones(len(lines.starts), np.bool_)
    is_left[taken] = False
    left = np.flatnonzero(is_left)
    ends_here = not block.data.endswith(b"\n") and len(left) > 0 and int(left[-1]) == len(lines.starts) - 1
    is_json = reader.patterns[0].escape == "json"
    places = _lines(block, lines, left)
    rows = EventRows("http_activity")
    read_lines(places, declared, part, reader.event, rows.add, ends_here=ends_here, is_json=is_json)
    return rows.table()


def _lines(
    block: LineBlock, lines: Lines, which: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Iterator[tuple[int, int, bytes]]:
    for index, start, end in zip(which.tolist(), lines.starts[which].tolist(), lines.ends[which].tolist(), strict=True):
        line = block.data[start:end].rstrip(b"\r")
        offset = block.byte_offset + start
        yield block.first_line + index, offset, line.removeprefix(BYTE_ORDER_MARK) if offset == 0 else line


def merged(one: pa.Table, other: pa.Table) -> pa.Table:
    """The rows of both in the order of their lines; each is in that order by itself, and ``other`` is the shorter one.

    Few rows are put between stretches of the others, many are sorted.
    """
    lines, between = one["line"].to_numpy(), other["line"].to_numpy()
    if len(other) > _MOST_PUT_BETWEEN:
        order = np.argsort(np.concatenate((lines, between)), kind="stable")
        return pa.concat_tables([one, other]).combine_chunks().take(pa.array(order))
    places = [0, *np.searchsorted(lines, between).tolist(), len(one)]
    stretches = [one.slice(begin, end - begin) for begin, end in pairwise(places)]
    rows = [other.slice(index, 1) for index in range(len(other))]
    return pa.concat_tables([piece for pair in zip_longest(stretches, rows, fillvalue=other[:0]) for piece in pair])
