"""JSON documents that hold their records in one array, read record by record, however long the document is.

The unit is the record: its ordinal from 1 counts as its line, its byte offset is where its ``{`` stands. A file may
hold several documents one after another. Where a record cannot be read, the search goes on at the next ``},{`` or at
the next record's beginning, and what was passed over counts as one record that was rejected.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kakuho.evidence.content import Content
from kakuho.evidence.formats.blocks import LineBlock

READ_BYTES = 4 << 20
BLOCK_BYTES = 8 << 20
LARGEST_RECORD = 64 << 20
NESTED_AT_ONCE = 500
"""Half of what Python's reader of JSON follows a nesting down before it gives up."""
_SPACE = re.compile(r"[ \t\r\n]*")
_NEXT_RECORD = re.compile(r"\}\s{0,200},\s{0,200}(?=\{)")
_DECODER = json.JSONDecoder(strict=False)
_NEEDS_MORE = 64
"""An error this near to the end of what was read may only mean that more has to be read."""


@dataclass(frozen=True)
class Spans:
    """Where the records of a block lie in its data: (begin, end, sound)."""

    records: tuple[tuple[int, int, bool], ...]


def record_blocks(content: Content, names: frozenset[str]) -> Iterator[LineBlock]:
    """The records of the arrays that stand under one of ``names`` at any depth of objects, in blocks.

    The ``context`` of a block is its :class:`Spans`.
    """
    first, begin, spans = 1, 0, list[tuple[int, int, bool]]()
    for start, end, is_sound in _Reader(content).records(names):
        if spans and end - begin > BLOCK_BYTES:
            yield _block(content, begin, first, spans)
            first, spans = first + len(spans), []
        if not spans:
            begin = start
        spans.append((start, end, is_sound))
    if spans:
        yield _block(content, begin, first, spans)


def _block(content: Content, begin: int, first: int, spans: list[tuple[int, int, bool]]) -> LineBlock:
    relative = tuple((start - begin, end - begin, is_sound) for start, end, is_sound in spans)
    return LineBlock(content.read(begin, spans[-1][1] - begin), begin, first, Spans(relative))


def records_of(block: LineBlock) -> Iterator[tuple[int, int, bytes, bool]]:
    """Ordinal, byte offset, bytes and soundness of each record of a block."""
    spans: Spans = block.context
    for index, (begin, end, is_sound) in enumerate(spans.records):
        yield block.first_line + index, block.byte_offset + begin, block.data[begin:end], is_sound


class _Reader:
    """The text of a file by byte: Latin-1, so that each character is a byte. Only what is needed is in memory."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.text = ""
        self.offset = 0
        self.at = 0

    def records(self, names: frozenset[str]) -> Iterator[tuple[int, int, bool]]:
        """Begin, end and soundness of each record."""
        while (mark := self.next_character()) is not None:
            if mark == "[" and self.key in names:
                self.at += 1
                yield from self._items()
                self.key = ""
            elif mark == '"':
                self._key_or_text()
            elif mark in "[{" and self.key and self.key not in self.entered:
                self._skip_value(names)
            else:
                self.at += 1

    key = ""
    entered = frozenset({"log"})
    entered_unread = 0
    """So many of the next objects are entered without being read: what holds them was nested too deeply to be read."""
    unterminated = False
    """Whether the value that was looked at last is a text without an end."""

    def next_character(self) -> str | None:
        """The next character that is no space, not consumed; None at the end."""
        while True:
            self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]  # it always matches
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._read_on():
                return None

    def _read_on(self) -> bool:
        """Drop what was passed, read more; False at the end of the file."""
        self.offset += self.at
        self.text, self.at = self.text[self.at :], 0
        more = self.content.read(self.offset + len(self.text), max(READ_BYTES, len(self.text)))
        self.text += more.decode("latin-1")
        return bool(more)

    def _end_of_value(self) -> int | None:
        """Where the value that begins here ends; None where it is damaged or cut off."""
        while True:
            try:
                return _DECODER.raw_decode(self.text, self.at)[1]
            except json.JSONDecodeError as error:
                self.unterminated = error.msg.startswith("Unterminated")
                is_real = error.pos < len(self.text) - _NEEDS_MORE and not self.unterminated
            except RecursionError:
                self.entered_unread = NESTED_AT_ONCE
                return None
            except ValueError:
                return None
            if is_real or len(self.text) - self.at > LARGEST_RECORD or not self._read_on():
                return None

    def _items(self) -> Iterator[tuple[int, int, bool]]:
        while (mark := self.next_character()) is not None:
            if mark == "]":
                self.at += 1
                return
            if mark == ",":
                self.at += 1
                continue
            end = self._end_of_value()
            begin = self.offset + self.at
            if end is None:
                self._pass_damage()
            else:
                self.at = end
            yield begin, self.offset + self.at, end is not None

    def _pass_damage(self) -> None:
        """To where the next record seems to begin, or to the end of the file."""
        while (found := _NEXT_RECORD.search(self.text, self.at + 1)) is None:
            self.at = max(self.at, len(self.text) - 500)
            if not self._read_on():
                self.at = len(self.text)
                return
        self.at = found.end()

    def _key_or_text(self) -> None:
        end = self._end_of_value()
        if end is None:
            # Without an end from here there is none from any later quotation mark either: each of them is escaped.
            self.at = len(self.text) if self.unterminated else self.at + 1
            return
        text = self.text[self.at : end]
        self.at = end
        self.key = text[1:-1] if self.next_character() == ":" else ""

    def _skip_value(self, names: frozenset[str]) -> None:
        """Pass over an object or array that holds no records."""
        if self.entered_unread:
            self.entered_unread -= 1
            self.at, self.key = self.at + 1, ""
            return
        end = self._end_of_value()
        self.at = self.at + 1 if end is None else end
        self.key = ""
