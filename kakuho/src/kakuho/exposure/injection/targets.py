"""What an extracted query is after: table, column and row, as its text says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kakuho.exposure.injection.evaluate import Slots, UnknownError, evaluate, text_of
from kakuho.exposure.injection.measures import Hole, is_hidden, parts_of
from kakuho.exposure.injection.nodes import Binary, Call, Case, Literal, Name, Node, Select
from kakuho.exposure.injection.render import render
from kakuho.exposure.injection.spelling import join, token_text
from kakuho.exposure.injection.tokens import NUMBER, OPERATOR, QUOTED, STRING, WORD, Token

_WRAPPERS = {
    "CAST", "CONVERT", "COALESCE", "IFNULL", "ISNULL", "NVL", "TO_CHAR", "TRIM", "RTRIM", "LTRIM", "DISTINCT",
    "TRY_CAST",
    "VALUE", "STR", "ENCODE", "CONVERT_TO", "HEX", "RAWTOHEX", "TO_HEX", "FN_VARBINTOHEXSTR", "SUBSTR", "SUBSTRING",
    "MID",
    "LEFT", "MIN", "MAX", "ROW", "BINARY", "COLLATE", "LOWER", "UPPER", "IFEMPTY", "STRING_AGG", "GROUP_CONCAT",
    "ARRAY_TO_STRING", "JSON_ARRAYAGG", "CVAR", "JSON_GROUP_ARRAY", "JSON_AGG", "LISTAGG", "ARRAY_AGG",
}  # fmt: skip
_HEXING = {"HEX", "RAWTOHEX", "TO_HEX", "FN_VARBINTOHEXSTR", "BINTOHEX", "HEX_ENCODE", "BINTOSTR"}
_STOPS = {"WHERE", "ORDER", "GROUP", "LIMIT", "OFFSET", "HAVING", "UNION", "JOIN", "INNER", "LEFT", "CROSS", "ON",
"FETCH",
          "RIGHT", "NATURAL", "FULL", "USING"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """``query`` as normalised text; ``row`` from 0 as in OFFSET; ``is_hex`` where the text asked for is hexadecimal.

    ``measures``: the column whose length it is, where the query asks for that only.
    """

    query: str
    table: str | None
    column: str | None
    row: int | None
    is_hex: bool = False
    length_of: str | None = None
    is_count: bool = False


_OUTSIDE = re.compile(r"'(?:[^']|'')*'|[^']+")


def folded(query: str) -> str:
    """A query without regard to the case of its words; of its texts with."""
    return _OUTSIDE.sub(lambda found: found[0] if found[0].startswith("'") else found[0].lower(), query)


def target_of(hole: Hole, leaf: Node, slots: Slots) -> Target:
    """The target of a hole."""
    subject = hole.subject
    select, is_hex = _select_of(subject, slots)
    if select is not None:
        return _of_select(
            select, render(subject, slots) if subject is not select else join(select.tokens, slots), slots, is_hex
        )
    if hole.scope is not None:
        return _of_scope(hole, leaf, slots, is_hex)
    return Target(render(subject, slots), None, column_of(subject, slots), None, is_hex)


def _select_of(node: Node, slots: Slots) -> tuple[Select | None, bool]:
    """The query within casts and the like around it, and whether its result is asked for in hexadecimal digits."""
    is_hex = False
    while True:
        if isinstance(node, Select):
            inner = node.items[0] if len(node.items) == 1 else None
            return node, is_hex or (inner is not None and _is_hex(inner, slots))
        if not isinstance(node, Call) or not node.arguments or node.name not in _WRAPPERS | _HEXING:
            return None, _is_hex(node, slots)
        is_hex |= _is_hex(node, slots)
        node = node.arguments[0]


def _is_hex(node: Node, slots: Slots) -> bool:
    while isinstance(node, Call) and node.arguments:
        if node.name in _HEXING:
            return True
        if node.name == "ENCODE" and len(node.arguments) == 2:
            try:
                return str(evaluate(node.arguments[1], slots)).upper() == "HEX"
            except UnknownError:
                return False
        node = node.arguments[0]
    return False


def _of_select(select: Select, query: str, slots: Slots, is_hex: bool) -> Target:
    column = column_of(select.items[0], slots) if len(select.items) == 1 else None
    length = _length_of(select.items[0], slots) if len(select.items) == 1 else None
    counts = length is not None or (len(select.items) == 1 and _counts(select.items[0]))
    return Target(query, table_of(select.source, slots), column, row_of(select, slots), is_hex, length, counts)


def _of_scope(hole: Hole, leaf: Node, slots: Slots, is_hex: bool) -> Target:
    scope = hole.scope
    assert scope is not None  # noqa: S101 - the caller looked
    column = column_of(hole.subject, slots)
    source = list(scope.source)
    text = join(source, slots)
    if scope.where is not None:
        rest = _without(scope.where, leaf)
        if rest is not scope.where:
            at = next((n for n, token in enumerate(source) if token.word == "WHERE"), len(source))
            text = join(source[:at], slots) + (f" WHERE {render(rest, slots)}" if rest is not None else "")
    query = f"SELECT {render(hole.subject, slots)} {text}"
    return Target(query, table_of(scope.source, slots), column, row_of(scope, slots), is_hex)


def _without(where: Node, leaf: Node) -> Node | None:
    """A condition without one of its parts."""
    if where == leaf:
        return None
    if isinstance(where, Binary) and where.operator == "AND":
        left, right = _without(where.left, leaf), _without(where.right, leaf)
        if left is where.left and right is where.right:
            return where
        return right if left is None else left if right is None else Binary("AND", left, right)
    return where


def column_of(node: Node, slots: Slots) -> str | None:
    """The column that a selected expression shows; an expression of its own where it is no plain column."""
    while True:
        if isinstance(node, Name):
            return node.parts[-1]
        if isinstance(node, Literal) and node.kind == QUOTED:
            return text_of(node, slots)
        if isinstance(node, Call) and node.arguments and node.name in _WRAPPERS:
            node = next((one for one in node.arguments if not _is_mark(one)), node.arguments[0])
        elif isinstance(node, Select) and len(node.items) == 1:
            node = node.items[0]
        elif isinstance(node, Case) and node.otherwise is not None:
            node = node.otherwise
        else:
            return render(node, slots)


def _is_mark(node: Node) -> bool:
    """Whether it can be no part of what is read: a constant, unless it is a name in double quotes."""
    return not is_hidden(node) and not any(isinstance(one, Literal) and one.kind == QUOTED for one in parts_of(node))


def _counts(node: Node) -> bool:
    while isinstance(node, Call) and node.arguments:
        if node.name == "COUNT":
            return True
        node = node.arguments[0]
    return False


def _length_of(node: Node, slots: Slots) -> str | None:
    while isinstance(node, Call) and node.arguments:
        if node.name in ("LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH", "LEN"):
            return column_of(node.arguments[0], slots)
        node = node.arguments[0]
    if isinstance(node, Binary):
        return _length_of(node.left, slots)
    return None


def table_of(source: tuple[Token, ...], slots: Slots) -> str | None:
    """The table after FROM, with its schema; of a query in FROM its own."""
    at = next((n for n, token in enumerate(source) if token.word == "FROM"), None)
    if at is None:
        return None
    rest = source[at + 1 :]
    while rest and rest[0].kind == OPERATOR and rest[0].text == "(":
        rest = rest[1:]
    if rest and rest[0].word == "SELECT":
        return table_of(rest, slots)
    parts: list[str] = []
    for token in rest:
        if (token.kind == WORD and token.word not in _STOPS) or (token.kind == STRING and token.quoted):
            if parts and parts[-1] != ".":
                break
            parts.append(token_text(token, slots).strip('"') if token.kind == STRING else token.text)
        elif token.kind == OPERATOR and token.text in (".", ":"):
            parts.append(".")
        else:
            break
    return "".join(parts).replace("..", ".") or None


def row_of(select: Select, slots: Slots) -> int | None:
    """Which row of the query, from 0; None where the query does not say."""
    tokens = select.tokens
    words = [token.word or token.text for token in tokens]
    depth = 0
    found: int | None = None
    for at, word in enumerate(words):
        depth += (word == "(") - (word == ")")
        if word == "LIMIT" and depth == 0:
            first = _number(tokens, at + 1, slots)
            if at + 3 < len(words) and words[at + 2] == ",":
                return first
            if at + 3 < len(words) and words[at + 2] == "OFFSET":
                return _number(tokens, at + 3, slots)
            if found is None and first == 1 and "OFFSET" not in words:
                return 0
        if word == "OFFSET" and depth == 0:
            found = _number(tokens, at + 1, slots)
        if word == "LIMIT" and depth == 0 and at + 1 < len(tokens) and tokens[at + 1].kind == "list":
            numbers = token_text(tokens[at + 1], slots).split(",")
            return int(numbers[0])
    if found is not None:
        return found
    return _numbered(tokens, words, slots)


def _numbered(tokens: tuple[Token, ...], words: list[str], slots: Slots) -> int | None:
    """Rows that are numbered from 1 (``ROWNUM AS CAP … WHERE CAP=3``) or left out (``TOP 1 … NOT IN (SELECT TOP 3
    …)``)."""
    if "ROWNUM" in words or "ROW_NUMBER" in words:
        for at in range(len(words) - 1, 1, -1):
            if words[at - 1] == "=" and tokens[at].kind == NUMBER and tokens[at - 2].kind == WORD:
                number = _number(tokens, at, slots)
                return None if number is None else number - 1
    tops = [at for at, word in enumerate(words) if word == "TOP"]
    if len(tops) >= 2 and "NOT" in words[: tops[1]]:
        return _number(tokens, tops[1] + 1, slots)
    return None


def _number(tokens: tuple[Token, ...], at: int, slots: Slots) -> int | None:
    if at < len(tokens) and tokens[at].kind == NUMBER:
        text = token_text(tokens[at], slots)
        return int(text) if text.isdigit() else None
    if at < len(tokens) and tokens[at].text == "(":
        return _number(tokens, at + 1, slots)
    return None
