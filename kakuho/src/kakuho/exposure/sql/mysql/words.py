"""A MySQL statement as words, the way the server takes it apart.

MySQL manual 8.0, 11.1 (literals), 11.2 (names), 11.7 (comments). Settings that change how a text is taken apart
(ANSI_QUOTES, NO_BACKSLASH_ESCAPES) are not in its log: a text that another setting takes apart otherwise, in a way that
matters, is told by the parameters of :func:`words_of` and by :class:`Word`'s ``quote``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

NAME, TEXT, NUMBER, HEX, MARK, VARIABLE = "name", "text", "number", "hex", "mark", "variable"
_SPACE = re.compile(r"[\s\x00-\x20]+")
_LINE_COMMENT = re.compile(r"(?:#|--(?=[\s\x00-\x1f]|\Z))[^\n]*")
_CONDITIONAL = re.compile(r"/\*(M?)!(\d{5,6})?")
_WORD = re.compile(r"[^\W\d][\w$]*|\d+[\w$]*[^\W\d_][\w$]*|_\w+|\$\w+")
_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_HEX = re.compile(r"0x([0-9A-Fa-f]+)\b|[xX]'([0-9A-Fa-f]*)'")
_BITS = re.compile(r"0b([01]+)\b|[bB]'([01]*)'")
_VARIABLE = re.compile(r"@@?(?:[\w.$]+|`(?:[^`]|``)*`|'(?:[^'\\]|'')*'|\"(?:[^\"\\]|\"\")*\")")
_MARKS = re.compile(r"<=>|->>|->|:=|<>|!=|<=|>=|<<|>>|&&|\|\||[-+*/%=<>!~^&|(),.;?{}\[\]:@\\]")
_ESCAPES = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "%": "\\%", "_": "\\_"}


class NotTakenApartError(Exception):
    """A text that MySQL refuses, or that its versions take apart in different ways."""


@dataclass(frozen=True)
class Word:
    """``kind``: one of the constants above; ``value``: without quotes and escapes. ``quote``: its first letter there.

    ``start`` and ``end``: its place in the text.
    """

    kind: str
    value: str
    quote: str = ""
    start: int = 0
    end: int = 0

    def means(self, *words: str) -> bool:
        """Whether it is one of these key words or marks, given in lower case."""
        return not self.quote and self.kind in (NAME, MARK) and self.value.lower() in words


@dataclass(frozen=True)
class Reading:
    """``doubtful``: a comment in it is executed by some versions and not by others."""

    words: tuple[Word, ...]
    doubtful: bool = False


def words_of(text: str, *, backslashes: bool = True, newer: bool = True) -> Reading:
    """The words of ``text``, comments left out, executable comments in place.

    ``backslashes``: they escape, as they do unless NO_BACKSLASH_ESCAPES is set. ``newer``: comments for later versions
    are executed. Raises NotTakenApartError.
    """
    found: list[Word] = []
    at, size, inside, doubtful = 0, len(text), 0, False
    while at < size:
        if space := _SPACE.match(text, at):
            at = space.end()
        elif comment := _LINE_COMMENT.match(text, at):
            at = comment.end()
        elif conditional := _CONDITIONAL.match(text, at):
            certain = not conditional[1] and int(conditional[2] or 0) < _CERTAIN
            doubtful |= not certain
            if certain or newer:
                inside, at = inside + 1, conditional.end()
            else:
                at = _end_of_comment(text, at)
        elif inside and text.startswith("*/", at):
            inside, at = inside - 1, at + 2
        elif text.startswith("/*", at):
            at = _end_of_comment(text, at)
        else:
            word = _word(text, at, backslashes)
            found.append(word)
            at = word.end
    if inside:
        raise NotTakenApartError
    return Reading(tuple(found), doubtful)


_CERTAIN = 50_600
"""Comments for this version of MySQL or a later one are not executed everywhere."""


def _end_of_comment(text: str, at: int) -> int:
    """Comments within comments are taken apart differently by different versions."""
    end = text.find("*/", at + 2)
    if end < 0 or "/*" in text[at + 2 : end]:
        raise NotTakenApartError
    return end + 2


def _word(text: str, at: int, backslashes: bool) -> Word:
    if text[at] in "'\"`":
        value, end = _quoted(text, at, backslashes and text[at] != "`")
        return Word(NAME if text[at] == "`" else TEXT, value, text[at], at, end)
    if found := _HEX.match(text, at):
        if found[2] is not None:  # a number for MySQL where a number is asked for, never one for MariaDB
            raise NotTakenApartError
        return Word(HEX, found[1].lower(), "", at, found.end())
    if found := _BITS.match(text, at):
        return Word(HEX, "b" + (found[1] or found[2] or ""), "", at, found.end())
    if found := _VARIABLE.match(text, at):
        return Word(VARIABLE, found[0], "", at, found.end())
    number = _NUMBER.match(text, at)
    word = _WORD.match(text, at)
    if number and not (word and word.end() > number.end()):
        return Word(NUMBER, number[0], "", at, number.end())
    if word:
        return Word(NAME, word[0], "", at, word.end())
    if found := _MARKS.match(text, at):
        return Word(MARK, found[0], "", at, found.end())
    raise NotTakenApartError


def _quoted(text: str, at: int, backslashes: bool) -> tuple[str, int]:
    """The value of what is quoted from ``at``, and where it ends."""
    parts: list[str] = []
    quote, at = text[at], at + 1
    while at < len(text):
        letter = text[at]
        if letter == quote:
            if not text.startswith(quote, at + 1):
                return "".join(parts), at + 1
            parts.append(quote)
            at += 2
        elif letter == "\\" and backslashes:
            if at + 1 >= len(text):
                break
            parts.append(_ESCAPES.get(text[at + 1], text[at + 1]))
            at += 2
        else:
            parts.append(letter)
            at += 1
    raise NotTakenApartError


def calls_of(words: Iterable[Word]) -> set[str]:
    """Names that stand before a parenthesis as a function's does, in lower case."""
    found: set[str] = set()
    before: tuple[Word | None, Word | None] = (None, None)
    for word in words:
        target, name = before
        names_table = target is not None and target.means("into", "table", "exists")
        if word.means("(") and name is not None and name.kind == NAME and not names_table:
            found.add(name.value.lower())
        before = (name, word)
    return found - _NO_FUNCTION


_NO_FUNCTION = frozenset(
    """
    and or not in any all some exists as on using over within partition by from where select when then else case
    recursive union intersect except into set distinct limit offset having between like join group order div mod is
    end do return returning inner outer left right cross natural straight_join index key force ignore use update delete
    numeric decimal varchar char nchar binary varbinary signed unsigned lateral separator regexp rlike against escape
    """.split()  # noqa: SIM905
)
