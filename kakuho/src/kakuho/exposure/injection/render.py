"""The text of an expression: one spelling whatever blanks, comments and case the request had."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kakuho.exposure.injection.evaluate import Slots, UnknownError, evaluate, hex_text, text_of
from kakuho.exposure.injection.nodes import Between, Binary, Call, Case, Context, In, Literal, Name, Node, Select, Unary
from kakuho.exposure.injection.tokens import HEX, LIST, NUMBER, OPERATOR, STRING, Token

HOLE = "\N{WHITE SQUARE}"
_TIGHT_AFTER = {"(", ".", "@", "::"}
_TIGHT_BEFORE = {")", ",", ".", ";", "::", "("}
_KEYWORDS = {
    "SELECT", "FROM", "WHERE", "AND", "OR", "ORDER", "BY", "GROUP", "LIMIT", "OFFSET", "AS", "IN", "NOT", "LIKE", "JOIN",
    "ON", "IS", "NULL", "TOP", "DISTINCT", "CAST", "COALESCE", "IFNULL", "ISNULL", "COUNT", "CASE", "WHEN", "THEN", "ELSE",
    "END", "HAVING", "UNION", "ALL", "ASC", "DESC", "BETWEEN", "EXISTS", "ROWNUM", "OVER", "ROW_NUMBER", "MIN", "MAX",
    "CONCAT", "GROUP_CONCAT", "CHAR", "NCHAR", "TEXT", "VARCHAR", "NVARCHAR", "INNER", "LEFT", "RIGHT", "FETCH", "NEXT",
    "ROWS", "ONLY", "HEX", "ENCODE", "CONVERT_TO",
}  # fmt: skip


def render(node: Node, slots: Slots = (), hole: Node | None = None, *, plain: bool = False) -> str:
    """The expression as SQL; ``hole`` (if it is in there) as a square; with ``plain`` literals as ``#``."""
    if hole is not None and node == hole:
        return HOLE

    def inner(one: Node) -> str:
        return render(one, slots, hole, plain=plain)

    if isinstance(node, Context):
        return "…"
    if isinstance(node, Literal):
        return "#" if plain else _literal(node.kind, text_of(node, slots))
    if isinstance(node, Name):
        return ".".join(node.parts)
    if isinstance(node, Unary):
        return f"{node.operator} {inner(node.operand)}"
    if isinstance(node, Binary):
        return f"{_bracketed(inner, node.left)} {node.operator} {_bracketed(inner, node.right)}"
    if isinstance(node, Between):
        return f"{inner(node.operand)} BETWEEN {inner(node.low)} AND {inner(node.high)}"
    if isinstance(node, In):
        return f"{inner(node.operand)} IN ({', '.join(inner(one) for one in node.values)})"
    if isinstance(node, Case):
        whens = " ".join(f"WHEN {inner(condition)} THEN {inner(result)}" for condition, result in node.whens)
        return f"CASE {whens} ELSE {'NULL' if node.otherwise is None else inner(node.otherwise)} END"
    if isinstance(node, Call):
        return _call(node, inner, slots, plain)
    if plain or hole is not None:
        parts = [inner(one) for one in (*node.items, *node.inner, *([node.where] if node.where is not None else []))]
        return f"SELECT {', '.join(parts)}" + (f" UNION {inner(node.set_next)}" if node.set_next else "")
    return join(node.tokens, slots)


def _bracketed(inner, node: Node) -> str:  # type: ignore[no-untyped-def]
    text: str = inner(node)
    return f"({text})" if isinstance(node, Select | Case) or (isinstance(node, Binary) and node.operator == "OR") else text


def _call(node: Call, inner, slots: Slots, plain: bool) -> str:  # type: ignore[no-untyped-def]
    arguments = [f"({inner(one)})" if isinstance(one, Select) else inner(one) for one in node.arguments]
    if node.name == "CAST":
        return f"CAST({arguments[0]} AS {node.word})"
    if node.name == "COLLATE":
        return f"{arguments[0]} COLLATE {node.word}"
    if not plain and node.name in ("CHAR", "CHR", "CONCAT", "UNHEX"):
        try:
            return _literal(STRING, str(evaluate(node, slots)))
        except UnknownError:
            pass
    if node.name == "ROW":
        return f"({', '.join(arguments)})"
    return f"{node.name}({', '.join(arguments)})"


def _literal(kind: str, text: str) -> str:
    if kind in (NUMBER, LIST):
        return text
    if kind == HEX:
        try:
            return _literal(STRING, hex_text(text).replace("'", "''"))
        except UnknownError:
            return "0x" + text
    return f"'{text}'"


def join(tokens: Iterable[Token], slots: Slots = ()) -> str:
    """Tokens as text: keywords in capitals, one blank where one is due, literals as what they mean."""
    out: list[str] = []
    last = "("
    for token in tokens:
        text = token_text(token, slots)
        tight = not out or last in _TIGHT_AFTER or text in _TIGHT_BEFORE
        if text == "(" and last.upper() in ("IN", "AND", "OR", "FROM", "WHERE", "SELECT", "ON", "BY", ",", "AS", "=", ">", "<", "NOT", "UNION", "ALL", "OVER", "WHEN"):  # fmt: skip
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
            return _literal(HEX, text[2:])
        if token.kind == STRING and token.quoted:
            return f'"{text}"'
        return _literal(token.kind, text)
    if token.kind == OPERATOR:
        return token.text
    return token.text.upper() if token.word in _KEYWORDS else token.text
