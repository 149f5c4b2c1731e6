"""A log pattern: literal texts and fields in turn, and how a line is taken apart by it.

A line is matched from left to right in linear time, whatever it holds: each field ends where the literal text after it
begins, and no field is ever tried at two lengths but those that may hold blanks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from kakuho.evidence.formats.web.fields import (
    UNMAPPED,
    Event,
    Field,
    NoSuchTimeError,
    NotThisFieldError,
    Reading,
    read_field,
)
from kakuho.evidence.formats.web.requests import unescaped, unmapped

Piece = str | Field
_CLF_LENGTH = len("19/Mar/2025:00:00:01 +0900")
_LONGEST_TIME = 40
_MOST_BLANKS_IN_A_FIELD = 64
_LIST_MARKS = (", ", " : ")


@dataclass(frozen=True)
class Pattern:
    """Literals and fields in turn. ``name`` is what the variant is called; ``escape`` is nginx's ``escape=``."""

    name: str
    pieces: tuple[Piece, ...]
    escape: str = "default"

    def then(self, name: str, *pieces: Piece) -> Pattern:
        """The same with further pieces at its end, under another name."""
        return Pattern(name, joined_pieces((*self.pieces, *pieces)), self.escape)

    def after(self, name: str, *pieces: Piece) -> Pattern:
        """The same with further pieces before it, under another name."""
        return Pattern(name, joined_pieces((*pieces, *self.pieces)), self.escape)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Field))

    @cached_property
    def steps(self) -> tuple[tuple[str, Field | None, str, bool], ...]:
        """(literal before, field, literal after, whether quotes enclose it)."""
        steps: list[tuple[str, Field | None, str, bool]] = []
        before = ""
        for index, piece in enumerate(self.pieces):
            if isinstance(piece, str):
                before = piece
                continue
            following = self.pieces[index + 1] if index + 1 < len(self.pieces) else ""
            after = following if isinstance(following, str) else ""
            steps.append((before, piece, after, before.endswith('"') and after.startswith('"')))
            before = ""
        return (*steps, (before, None, "", False))

    def texts(self, line: str) -> list[str] | None:
        """The text of each field of a line, or None where it has not this form."""
        texts: list[str] = []
        at = 0
        for before, field, after, quoted in self.steps:
            if not line.startswith(before, at):
                return None
            at += len(before)
            if field is None:
                break
            end = self._end_of_quoted(line, at, after) if quoted else self._end(line, at, field, after)
            if end < 0:
                return None
            texts.append(line[at:end])
            at = end
        return texts if at == len(line) else None

    def event(self, line: str, reading: Reading) -> Event | str | None:
        """The columns that a line gives; None where it is not of this form, the reason where it has no valid time."""
        texts = self.texts(line)
        if texts is None:
            return None
        return event_of(zip(self.fields, texts, strict=True), reading, escape=self.escape)

    def _end_of_quoted(self, line: str, at: int, after: str) -> int:
        """Where a quoted field ends: at a quote that no backslash escapes, or where nothing is escaped at ``after``."""
        if self.escape == "none":
            return line.find(after, at)
        end = line.find('"', at)
        while end > at and line[end - 1] == "\\":
            backslashes = 1
            while end - backslashes > at and line[end - backslashes - 1] == "\\":
                backslashes += 1
            if backslashes % 2 == 0:
                break
            end = line.find('"', end + 1)
        return end

    def _end(self, line: str, at: int, field: Field, after: str) -> int:
        """Where a field that nothing quotes ends."""
        if field.kind == "clf_time":
            return self._end_of_time(line, at, after)
        end = line.find(after, at) if after else len(line)
        if field.is_spaced or field.kind in {"request", "iso_time"}:
            return self._end_of_spaced(line, end, field, after)
        while field.is_listed and 0 < end < len(line) and (line[end - 1] == "," or line.startswith(" : ", end)):
            end = line.find(after, end + (1 if line[end - 1] == "," else 3)) if after else len(line)
        if end < 0 or (end == at and self.escape == "default" and after[:1] in {"", " "}):
            return -1
        return end if field.is_listed or line.find(" ", at, end) < 0 else -1

    def _end_of_time(self, line: str, at: int, after: str) -> int:
        if line.startswith(after, at + _CLF_LENGTH):
            return at + _CLF_LENGTH
        end = line.find(after, at) if after else len(line)
        return end if end < at + _LONGEST_TIME and "]" not in line[at:end] else -1

    def _end_of_spaced(self, line: str, end: int, field: Field, after: str) -> int:
        """The first place where what follows may begin; behind a clock's own blanks, or before a time."""
        if field.kind == "strftime" and after.startswith(" "):
            for _ in range(field.setting.count(" ")):
                end = line.find(after, end + 1) if end >= 0 else -1
            return end
        if not after.endswith(" ["):
            return end
        for _ in range(_MOST_BLANKS_IN_A_FIELD):
            if end < 0 or line[end + len(after) + 20 : end + len(after) + 21] == " ":
                return end
            end = line.find(after, end + 1)
        return -1


def joined_pieces(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces with neighbouring literals made one."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and isinstance(piece, str) and isinstance(joined[-1], str):
            joined[-1] += piece
        elif piece != "":
            joined.append(piece)
    return tuple(joined)


def literal_ident(pattern: Pattern) -> Pattern:
    """The pattern with ``-`` where the remote log name would be, which hardly any client ever gives."""
    pieces = tuple("-" if isinstance(piece, Field) and piece.name == "ident" else piece for piece in pattern.pieces)
    return replace(pattern, pieces=joined_pieces(pieces))


def event_of(fields: Iterable[tuple[Field, str]], reading: Reading, escape: str = "default") -> Event | str | None:
    """The columns of fields and their texts; None where one cannot be, the reason where the time is not valid."""
    event: Event = {}
    try:
        for field, text in fields:
            read_field(event, field, _plain(text, escape, reading), reading)
    except NotThisFieldError:
        return None
    except NoSuchTimeError:
        return "time_not_valid"
    return finished(event)


def _plain(text: str, escape: str, reading: Reading) -> str:
    """A field's text without what its program escaped."""
    if "\\" not in text or escape == "none":
        return text
    if escape == "json":
        try:
            return str(json.loads(f'"{text}"', strict=False)).encode("utf-8", "backslashreplace").decode()
        except ValueError:
            return text
    return unescaped(text, reading.encoding)


def finished(event: Event) -> Event | str:
    """The event with its rest as JSON; the reason where it has no time."""
    if event.get("time") is None:
        return "time_not_valid"
    fraction = event.pop("fraction", None)
    if fraction is not None:
        event["time"] += fraction
    rest = event.pop(UNMAPPED, None)
    if rest is not None:
        event[UNMAPPED] = unmapped(rest)
    return event
