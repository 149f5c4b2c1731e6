"""The tokens of an injected fragment of SQL, whatever it was injected into.

A fragment may begin inside a string of the statement around it (``1' AND …``): ``inside`` says in which quotes.
Comments
are blanks, but what MySQL runs of them (``/*!50000SELECT*/``) is code. A literal knows the slot of the payload's shape
(:mod:`kakuho.exposure.injection.shapes`) that it, or a piece of it, stands in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

Piece = str | int
"""A piece of a literal: a text, or the number of the slot whose text stands there."""

WORD, NUMBER, STRING, HEX, OPERATOR, LIST = "word", "number", "string", "hex", "operator", "list"
QUOTED = "quoted"
"""Kind of a literal in double quotes: a text in MySQL, a name in the standard."""


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is the word in its own case, the operator, or the literal's first reading; ``pieces`` of literals.

    ``word``: the word in capitals; nothing for what is no bare word.
    """

    kind: str
    text: str
    pieces: tuple[Piece, ...] = ()
    quoted: bool = False
    word: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "word", self.text.upper() if self.kind == WORD and not self.quoted else "")


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the shape has a placeholder: the place in the decoded payload."""

    start: int
    end: int
    is_list: bool = False


_TOKEN = re.compile(
    r"""
    (?P<space>[\s\x00-\x20\xa0]+)
  | (?P<versioned>/\*!\d*)
  | (?P<block>/\*.*?(?:\*/|\Z))
  | (?P<end>\*/)
  | (?P<line>--[^\n]*|\#[^\n]*)
  | (?P<hexquoted>[xX]'(?P<hexbody>[0-9A-Fa-f]*)(?:'|\Z))
  | (?P<hex>0[xX][0-9A-Fa-f]+\b)
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<string>(?:[nN]|[eE]|_\w+\s*)?'(?P<body>(?:[^']|'')*)(?:'|\Z))
  | (?P<dollar>\$\$(?P<dollarbody>.*?)(?:\$\$|\Z))
  | (?P<double>"(?P<doublebody>(?:[^"]|"")*)(?:"|\Z))
  | (?P<backtick>`(?P<tickbody>[^`]*)(?:`|\Z))
  | (?P<bracket>\[(?P<bracketbody>[^\]]*)(?:\]|\Z))
  | (?P<variable>@@?[\w.$]+)
  | (?P<word>[^\W\d][\w$]*)
  | (?P<operator><=>|<>|!=|>=|<=|<<|>>|\|\||&&|::|:=|!~\*|!~|~\*|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_TEXTS = {"string": "body", "dollar": "dollarbody", "double": "doublebody"}


def tokenise(text: str, inside: str = "", slots: Sequence[Slot] = ()) -> list[Token]:
    """The tokens of ``text``; what stands before the closing quote of ``inside`` is one string of the statement
    around."""
    found: list[Token] = []
    at = 0
    if inside:
        end = text.find(inside)
        if end < 0:
            return [Token(STRING, text, (text,))]
        found.append(Token(STRING, text[:end], (text[:end],)))
        at = end + 1
    starts = {slot.start: number for number, slot in enumerate(slots)}
    while at < len(text):
        number = starts.get(at)
        if number is not None and slots[number].is_list:
            end = slots[number].end
            found.append(Token(LIST, text[at:end], (number,)))
            at = end
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            at += 1
            continue
        kind = match.lastgroup or ""
        kind = _outer(match)
        token = _token(match, kind, slots)
        if token is not None:
            found.append(token)
        at = match.end()
    return found


def _outer(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return next(name for name in _KINDS if groups[name] is not None)


_KINDS = (
    "space", "versioned", "block", "end", "line", "hexquoted", "hex", "number", "string", "dollar", "double",
    "backtick", "bracket", "variable", "word", "operator",
)  # fmt: skip


def _token(match: re.Match[str], kind: str, slots: Sequence[Slot]) -> Token | None:
    text = match[0]
    if kind in ("space", "versioned", "block", "end", "line"):
        return None
    if kind == "hexquoted":
        return Token(HEX, match["hexbody"], _pieces(match["hexbody"], match.start("hexbody"), slots))
    if kind == "hex":
        return Token(HEX, text[2:], _hex_pieces(match, slots))
    if kind == "number":
        return Token(NUMBER, text, _pieces(text, match.start(), slots))
    if kind in _TEXTS:
        body = _TEXTS[kind]
        return Token(STRING, match[body], _pieces(match[body], match.start(body), slots), kind == "double")
    if kind in ("backtick", "bracket"):
        return Token(WORD, match["tickbody" if kind == "backtick" else "bracketbody"], (), quoted=True)
    if kind in ("variable", "word"):
        return Token(WORD, text)
    return Token(OPERATOR, text)


def _hex_pieces(match: re.Match[str], slots: Sequence[Slot]) -> tuple[Piece, ...]:
    """Of ``0x41`` the slot is the whole word: its text keeps the ``0x``, which the evaluation takes off."""
    pieces = _pieces(match[0], match.start(), slots)
    return pieces if any(isinstance(piece, int) for piece in pieces) else (match[0][2:],)


def _pieces(text: str, start: int, slots: Sequence[Slot]) -> tuple[Piece, ...]:
    end = start + len(text)
    inner = [(n, slot) for n, slot in enumerate(slots) if slot.start >= start and slot.end <= end]
    if not inner:
        return (text,)
    pieces: list[Piece] = []
    at = start
    for number, slot in inner:
        if slot.start > at:
            pieces.append(text[at - start : slot.start - start])
        pieces.append(number)
        at = slot.end
    if at < end:
        pieces.append(text[at - start :])
    return tuple(pieces)
