"""Tokens as text: one spelling whatever blanks, comments and case the request had."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kakuho.exposure.injection.evaluate import Slots, UnknownError, hex_text
from kakuho.exposure.injection.tokens import HEX, LIST, NUMBER, OPERATOR, QUOTED, STRING, Token

_TIGHT_AFTER = {"(", ".", "@", "::"}
_TIGHT_BEFORE = {")", ",", ".", ";", "::", "("}
_BEFORE_BRACKET = {
    "IN", "AND", "OR", "FROM", "WHERE", "SELECT", "ON", "BY", ",", "AS", "=", ">", "<", "NOT", "UNION", "ALL", "OVER",
    "WHEN",
}  # fmt: skip
_KEYWORDS = {
    "SELECT", "FROM", "WHERE", "AND", "OR", "ORDER", "BY", "GROUP", "LIMIT", "OFFSET", "AS", "IN", "NOT", "LIKE",
    "JOIN",
    "ON", "IS", "NULL", "TOP", "DISTINCT", "CAST", "COALESCE", "IFNULL", "ISNULL", "COUNT", "CASE", "WHEN", "THEN",
    "ELSE",
    "END", "HAVING", "UNION", "ALL", "ASC", "DESC", "BETWEEN", "EXISTS", "ROWNUM", "OVER", "ROW_NUMBER", "MIN", "MAX",
    "CONCAT", "GROUP_CONCAT", "CHAR", "NCHAR", "TEXT", "VARCHAR", "NVARCHAR", "INNER", "LEFT", "RIGHT", "FETCH", "NEXT",
    "ROWS", "ONLY", "HEX", "ENCODE", "CONVERT_TO",
}  # fmt: skip


def literal_text(kind: str, text: str) -> str:
    """A literal as it is written; hexadecimal digits as the text that they spell."""
    if kind in (NUMBER, LIST):
        return text
    if kind == HEX:
        try:
            return literal_text(STRING, hex_text(text).replace("'", "''"))
        except UnknownError:
            return "0x" + text
    return f'"{text}"' if kind == QUOTED else f"'{text}'"


def join(tokens: Iterable[Token], slots: Slots = ()) -> str:
    """Tokens as text: keywords in capitals, one blank where one is due, literals as what they mean."""
    out: list[str] = []
    last = "("
    for token in tokens:
        text = token_text(token, slots)
        tight = not out or last in _TIGHT_AFTER or text in _TIGHT_BEFORE
        if text == "(" and last.upper() in _BEFORE_BRACKET:
            tight = False
        out.append(text if tight else " " + text)
        last = text
    return _folded("".join(out))


_CHAIN = re.compile(r"(?:\b(?:CHAR|CHR)\((\d+(?:,\s?\d+)*)\))(?:\s*(?:\|\||\+)\s*(?:CHAR|CHR)\((\d+(?:,\s?\d+)*)\))*")
_NUMBERS = re.compile(r"\d+")


def _folded(text: str) -> str:
    """Texts written as the codes of their characters, put back as texts."""
    if "CHAR(" not in text and "CHR(" not in text:
        return text

    def spelled(found: re.Match[str]) -> str:
        try:
            return "'" + "".join(chr(int(one)) for one in _NUMBERS.findall(found[0])).replace("'", "''") + "'"
        except (ValueError, OverflowError):
            return found[0]

    return _CHAIN.sub(spelled, text)


def token_text(token: Token, slots: Slots) -> str:
    """One token as text."""
    if token.kind in (NUMBER, STRING, HEX, LIST):
        text = "".join(piece if isinstance(piece, str) else slots[piece] for piece in token.pieces)
        if token.kind == NUMBER and text[:2] in ("0x", "0X"):
            return literal_text(HEX, text[2:])
        if token.kind == STRING and token.quoted:
            return f'"{text}"'
        return literal_text(token.kind, text)
    if token.kind == OPERATOR:
        return token.text
    return token.text.upper() if token.word in _KEYWORDS else token.text
