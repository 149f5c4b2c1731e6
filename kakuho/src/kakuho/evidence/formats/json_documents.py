"""JSON documents that hold their records in one array, read record by record, however long the document is.

The unit is the record: its ordinal from 1 counts as its line, its byte offset is where its ``{`` stands. A file may
hold several documents one after another. Where a record cannot be read, the search goes on where the next one seems to
begin (``},{`` and a key that records of the format have), and what was passed over counts as one record that was
rejected.

Where the document is damaged outside of its records, the search goes on at the next array under a name of theirs.
Whatever the bytes are, the time grows with their number and not with its square: records that end in damage that is
known already are tried until that has cost a fixed multiple of what was read (:data:`LOOKED_AT_AGAIN`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from kakuho.evidence.content import Content
from kakuho.evidence.formats.blocks import LineBlock

READ_BYTES = 4 << 20
BLOCK_BYTES = 8 << 20
LARGEST_RECORD = 64 << 20
_SPACE = re.compile(r"[ \t\r\n]*")
_BETWEEN = re.compile(r"[\[\]{}:,]|[-+.0-9eE]{1,30}|true|false|null|\xef\xbb\xbf")
_BEGINNING = re.compile(r'\{\s{0,200}"([^"\\]{1,200})"\s{0,200}:')
_NEXT_OBJECT = re.compile(r'\}\s{0,200},\s{0,200}(?=\{\s{0,200}"([^"\\]{0,200})"\s{0,200}:)')
_AFTER_ARRAY = re.compile(r'\]\s{0,200},\s{0,200}\{\s{0,200}"([^"\\]{0,200})"\s{0,200}:')
_LONGEST_NEXT = 1100
"""Longer than what these look at."""
_ENTERED = frozenset({"log"})
"""Objects that are entered; others are passed over as a whole."""
_DECODER = json.JSONDecoder(strict=False)
_NEEDS_MORE = 64
"""An error this near to the end of what was looked at may only mean that more has to be looked at."""
_LOOKED_AT_FIRST = 1 << 13
"""So many characters of a value are tried first: an error costs time by all that was given, not by where it is."""
LOOKED_AT_AGAIN = 16
"""So many times may the text be looked at in vain; then what is broken further on is not tried from other places."""
_ALWAYS_LOOKED_AT = 16 << 20
_GUESS_WRONG, _MOST_WRONG = 8, 64
"""What a wrong guess costs, where a right one gains 1; from so much on there are no more guesses."""


@dataclass(frozen=True)
class Spans:
    """Where the records of a block lie in its data: (begin, end, sound)."""

    records: tuple[tuple[int, int, bool], ...]


def record_blocks(content: Content, names: frozenset[str], keys: frozenset[str]) -> Iterator[LineBlock]:
    """The records of the arrays that stand under one of ``names`` at any depth of objects, in blocks.

    ``keys``: those that a record has itself, and no object within it; behind damage one of them tells a record.
    The ``context`` of a block is its :class:`Spans`.
    """
    first, begin, spans = 1, 0, list[tuple[int, int, bool]]()
    for start, end, is_sound in _Reader(content, keys).records(names):
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

    def __init__(self, content: Content, keys: frozenset[str]) -> None:
        self.content = content
        self.keys = keys
        self.text = ""
        self.offset = 0
        self.at = 0
        self.key = ""
        self.broken_at = 0
        """The furthest place in the file up to which a value that could not be read was sound."""
        self.in_vain = 0
        """How many characters were looked at in values that could not be read."""
        self.separator = ""
        """What stood between the last two records: the end of one, and the first key of the next."""
        self.wrong_guesses = 0

    def records(self, names: frozenset[str]) -> Iterator[tuple[int, int, bool]]:
        """Begin, end and soundness of each record."""
        array = re.compile(rf'(?<!\\)"({"|".join(map(re.escape, sorted(names)))})"\s{{0,200}}:\s{{0,200}}(?=\[)')
        while (mark := self.next_character()) is not None:
            if mark == "[" and self.key in names:
                self.at += 1
                yield from self._items()
                self.key = ""
            elif mark == '"':
                if not self._key_or_text():
                    self._to_next(array)
            elif mark in "[{" and self.key and self.key not in _ENTERED:
                if not self._skip_value():
                    self._to_next(array)
            elif sound := _BETWEEN.match(self.text, self.at):
                self.at = sound.end()
            else:
                self._to_next(array)

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
        size = _LOOKED_AT_FIRST
        while True:
            piece = self.text[self.at : self.at + size]
            is_all = self.at + size >= len(self.text)
            end, sound, is_real = _end_in(piece)
            if end is not None and (end < len(piece) or is_all):
                return self.at + end
            if is_real or len(piece) > LARGEST_RECORD or (is_all and not self._read_on()):
                self.in_vain += sound
                self.broken_at = max(self.broken_at, self.offset + self.at + sound)
                return None
            size *= 4

    def _is_known_to_be_broken(self) -> bool:
        """Whether what begins here may well end in damage that is known, and enough was looked at in vain."""
        here = self.offset + self.at
        return here < self.broken_at and self.in_vain > _ALWAYS_LOOKED_AT + LOOKED_AT_AGAIN * here

    def _items(self) -> Iterator[tuple[int, int, bool]]:
        self.separator, before = "", 0
        while (mark := self.next_character()) is not None:
            if mark == "]" and not self._goes_on():
                self.at += 1
                return
            if mark in ",]":
                self.at += 1
                continue
            beginning = _BEGINNING.match(self.text, self.at) if mark == "{" else None
            ended = before - self.offset - 1
            self.separator = self.text[ended : beginning.end()] if ended >= 0 and beginning else ""
            end = self._guessed_end() or self._end_of_value()
            begin = self.offset + self.at
            if end is None:
                before = 0
                self._pass_damage()
            else:
                self.at = end
                before = self.offset + end
            yield begin, self.offset + self.at, end is not None

    def _guessed_end(self) -> int | None:
        """Where this record ends if another one like the last follows: found and tried in two thirds of the time.

        What is read as a whole there is what would be read without a guess, for no beginning of an object is one.
        """
        if not self.separator or self.wrong_guesses > _MOST_WRONG:
            return None
        end = self.text.find(self.separator, self.at) + 1
        try:
            if end:
                orjson.loads(self.text[self.at : end].encode("latin-1"))
                self.wrong_guesses = max(0, self.wrong_guesses - 1)
                return end
        except orjson.JSONDecodeError:
            pass
        self.wrong_guesses += _GUESS_WRONG
        return None

    def _pass_damage(self) -> None:
        """To where the next record seems to begin, or to the end of the file."""
        if self._is_known_to_be_broken():
            self.at = min(len(self.text), max(self.at, self.broken_at - self.offset - 1))
        begin = self.at + 1
        while True:
            for found in _NEXT_OBJECT.finditer(self.text, begin):
                if found[1] in self.keys:
                    self.at = found.end()
                    return
            self.at = begin = max(self.at, len(self.text) - _LONGEST_NEXT)
            if not self._read_on():
                self.at = len(self.text)
                return
            begin = self.at

    def _goes_on(self) -> bool:
        """Whether another record follows behind the mark here, which then cannot be the array's end."""
        following = _AFTER_ARRAY.match(self.text, self.at)
        return following is not None and following[1] in self.keys

    def _key_or_text(self) -> bool:
        """Pass over a text, which is the key of what follows where a colon does; whether it is one."""
        end = self._end_of_value()
        if end is None:
            return False
        text = self.text[self.at : end]
        self.at = end
        self.key = text[1:-1] if self.next_character() == ":" else ""
        return True

    def _skip_value(self) -> bool:
        """Pass over an object or array that holds no records; whether it is one."""
        end = self._end_of_value()
        self.at, self.key = self.at if end is None else end, ""
        return end is not None

    def _to_next(self, array: re.Pattern[str]) -> None:
        """To the next array of records, or to the end of the file."""
        self.at += 1
        while (found := array.search(self.text, self.at)) is None:
            self.at = max(self.at, len(self.text) - _LONGEST_NEXT)
            if not self._read_on():
                self.at, self.key = len(self.text), ""
                return
        self.at, self.key = found.end(), found[1]


def _end_in(piece: str) -> tuple[int | None, int, bool]:
    """Where the value at the begin of ``piece`` ends, or up to where it is sound; whether more of it cannot help."""
    try:
        end = _DECODER.raw_decode(piece)[1]
        return end, end, False
    except json.JSONDecodeError as error:
        is_unterminated = error.msg.startswith("Unterminated")
        is_real = error.pos < len(piece) - _NEEDS_MORE and not is_unterminated
        return None, len(piece) if is_unterminated else error.pos, is_real
    except RecursionError:
        return None, len(piece), True
    except ValueError:
        return None, 0, True
