"""How the lines of a pattern can be taken apart all at once: stretches of words, with quoted fields between them.

    10.0.0.7 - tanaka [19/Mar/2025:09:00:01 +0900] "GET / HTTP/1.1" 200 512 "http://h/" "UA 1"
    └─────── stretch ────────────────────────────┘ └─ quoted ─────┘└ stretch ┘ …

A stretch is words with one blank between two, each a field with literal text around it; a time in it has its place
counted from that end of the stretch to which nothing but literal text leads.
"""

from __future__ import annotations

from dataclasses import dataclass

from kakuho.evidence.formats.web.fields import UNMAPPED, Field
from kakuho.evidence.formats.web.pattern import Pattern, Piece, joined_pieces

_KINDS = frozenset({"text", "number", "status", "clf_time", "request", "microseconds", "seconds", "duration", "host"})


@dataclass(frozen=True)
class Word:
    """A word of a stretch: a field between literal texts, or literal text alone."""

    before: bytes
    field: Field | None
    after: bytes


@dataclass(frozen=True)
class Words:
    """``head``, words with one blank between two, ``tail``; without words it is ``head`` alone."""

    head: bytes
    words: tuple[Word, ...]
    tail: bytes


@dataclass(frozen=True)
class Stretch:
    """What stands outside quotes: words, or a time with words on one side and literal text on the other."""

    words: Words
    time: Field | None = None
    literal: bytes = b""
    time_is_last: bool = False


@dataclass(frozen=True)
class FastLayout:
    """Stretches and the quoted fields between them: one stretch more than quoted fields."""

    stretches: tuple[Stretch, ...]
    quoted: tuple[Field, ...]

    @property
    def has_lists(self) -> bool:
        """Whether a field without quotes may hold several values."""
        words = [word for stretch in self.stretches for word in stretch.words.words]
        return any(word.field is not None and word.field.is_listed for word in words)


def fast_layout(pattern: Pattern) -> FastLayout | None:
    """The layout of a pattern; None where its lines have to be read one by one."""
    fields = pattern.fields
    columns = [field.column for field in fields if field.column != UNMAPPED]
    names = [field.name for field in fields if field.column == UNMAPPED and field.kind != "request"]
    has_request = any(field.kind == "request" for field in fields)
    taken = {"method", "url_path", "url_query", "http_version"} if has_request else set()
    if len(columns) != len(set(columns)) or taken & set(columns) or len(names) != len(set(names)):
        return None
    if any(field.kind not in _KINDS for field in fields) or sum(field.is_time for field in fields) != 1:
        return None
    if sum(field.kind == "request" for field in fields) > 1:
        return None
    return _layout(pattern.pieces)


def _layout(pieces: tuple[Piece, ...]) -> FastLayout | None:
    parts: list[list[Piece]] = [[]]
    for piece in pieces:
        if isinstance(piece, Field):
            parts[-1].append(piece)
            continue
        first, *others = piece.split('"')
        parts[-1].append(first)
        parts += [[text] for text in others]
    outside = [_stretch(joined_pieces(tuple(part))) for part in parts[::2]]
    quoted = [joined_pieces(tuple(part)) for part in parts[1::2]]
    fields = [part[0] for part in quoted if len(part) == 1 and isinstance(part[0], Field) and not part[0].is_time]
    stretches = [stretch for stretch in outside if stretch is not None]
    if len(parts) % 2 == 0 or len(stretches) < len(outside) or len(fields) < len(quoted):
        return None
    return FastLayout(tuple(stretches), tuple(field for field in fields if isinstance(field, Field)))


def _stretch(pieces: tuple[Piece, ...]) -> Stretch | None:
    times = [index for index, piece in enumerate(pieces) if isinstance(piece, Field) and piece.is_time]
    if not times:
        words = _words(pieces)
        return None if words is None else Stretch(words)
    (index,) = times
    time = pieces[index]
    before, after = pieces[:index], pieces[index + 1 :]
    is_last = not any(isinstance(piece, Field) for piece in after)
    if not is_last and any(isinstance(piece, Field) for piece in before):
        return None
    literal, rest = (after, before) if is_last else (before, after)
    words = _words(rest)
    if words is None or not isinstance(time, Field):
        return None
    return Stretch(words, time, "".join(str(piece) for piece in literal).encode(), is_last)


def _words(pieces: tuple[Piece, ...]) -> Words | None:
    head = pieces[0] if pieces and isinstance(pieces[0], str) else ""
    rest = pieces[1:] if head else pieces
    tail = rest[-1] if rest and isinstance(rest[-1], str) else ""
    rest = rest[:-1] if tail else rest
    if not isinstance(head, str) or not isinstance(tail, str):
        return None
    words: list[list[Piece]] = [[]]
    for piece in rest:
        if isinstance(piece, Field):
            words[-1].append(piece)
            continue
        first, *others = piece.split(" ")
        words[-1].append(first)
        words += [[text] for text in others]
    made = [_word(joined_pieces(tuple(word))) for word in words] if rest else []
    known = tuple(word for word in made if word is not None)
    return Words(head.encode(), known, tail.encode()) if len(known) == len(made) else None


def _word(pieces: tuple[Piece, ...]) -> Word | None:
    fields = [index for index, piece in enumerate(pieces) if isinstance(piece, Field)]
    if len(fields) > 1 or (fields and isinstance(pieces[fields[0]], Field) and _is_request(pieces[fields[0]])):
        return None
    if not fields:
        return Word("".join(str(piece) for piece in pieces).encode(), None, b"")
    (index,) = fields
    field = pieces[index]
    before = "".join(str(piece) for piece in pieces[:index]).encode()
    after = "".join(str(piece) for piece in pieces[index + 1 :]).encode()
    return Word(before, field if isinstance(field, Field) else None, after)


def _is_request(piece: Piece) -> bool:
    return isinstance(piece, Field) and piece.kind == "request"
