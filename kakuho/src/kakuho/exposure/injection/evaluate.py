"""What an expression is worth when all of it is known: literals, functions of them, and what is ``given``.

Nothing is run: the few functions that injected conditions are made of are written here. Values are ``None`` (NULL),
``int``, ``float`` and ``str``; a hexadecimal literal is its text, which is also how MySQL compares it. What is not
known raises :class:`UnknownError`, which a caller takes as "not decided by the request's text".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from kakuho.exposure.injection.nodes import Between, Binary, Call, Case, In, Literal, Name, Node, Select, Unary
from kakuho.exposure.injection.tokens import HEX, LIST, NUMBER

Value = int | float | str | None
Given = Mapping[Node, Value]
Slots = Sequence[str]


class UnknownError(Exception):
    """The expression depends on what the request does not say."""


def text_of(node: Literal, slots: Slots) -> str:
    """The text of a literal with the slots of this request."""
    return "".join(piece if isinstance(piece, str) else slots[piece] for piece in node.pieces)


def literal(node: Literal, slots: Slots) -> Value:
    """The value of a literal."""
    text = text_of(node, slots)
    if node.kind == NUMBER:
        return number_of(text)
    if node.kind == HEX:
        return hex_text(text)
    if node.kind == LIST:
        raise UnknownError
    return text.replace("''", "'")


def number_of(text: str) -> Value:
    """A number as it is written; of ``0x41`` its text."""
    if text[:2] in ("0x", "0X"):
        return hex_text(text)
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text


def hex_text(digits: str) -> str:
    """The text that hexadecimal digits spell: UTF-8, else one character a byte."""
    digits = digits[2:] if digits[:2] in ("0x", "0X") else digits
    try:
        data = bytes.fromhex(digits if len(digits) % 2 == 0 else "0" + digits)
    except ValueError as error:
        raise UnknownError from error
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def as_number(value: Value) -> int | float:
    """The value in arithmetic: the number that a text begins with, else 0 (MySQL)."""
    if value is None:
        raise UnknownError
    if isinstance(value, str):
        found = re.match(r"\s*[+-]?\d+(\.\d+)?", value)
        if found is None:
            return 0
        return float(found[0]) if found[1] else int(found[0])
    return value


def as_text(value: Value) -> str:
    """The value as text."""
    if value is None:
        raise UnknownError
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def truth(value: Value) -> bool:
    """Whether a condition of this value holds: NULL and 0 do not."""
    return value is not None and as_number(value) != 0


def evaluate(node: Node, slots: Slots = (), given: Given | None = None) -> Value:
    """The value of the expression. Raises UnknownError."""
    if given is not None and node in given:
        return given[node]
    if isinstance(node, Literal):
        return literal(node, slots)
    if isinstance(node, Name):
        return _name(node)
    if isinstance(node, Unary):
        return _unary(node, slots, given)
    if isinstance(node, Binary):
        return _binary(node, slots, given)
    if isinstance(node, Between):
        value, low, high = (evaluate(one, slots, given) for one in (node.operand, node.low, node.high))
        return int(_compare(">=", value, low) and _compare("<=", value, high))
    if isinstance(node, In):
        value = evaluate(node.operand, slots, given)
        return int(any(_compare("=", value, one) for one in listed(node.values, slots, given)))
    if isinstance(node, Case):
        for condition, result in node.whens:
            if truth(evaluate(condition, slots, given)):
                return evaluate(result, slots, given)
        return None if node.otherwise is None else evaluate(node.otherwise, slots, given)
    if isinstance(node, Select):
        return _select(node, slots, given)
    if isinstance(node, Call):
        return _call(node, slots, given)
    raise UnknownError


def listed(nodes: Sequence[Node], slots: Slots, given: Given | None = None) -> list[Value]:
    """The values of a list, a run of numbers taken apart."""
    values: list[Value] = []
    for node in nodes:
        if isinstance(node, Literal) and node.kind == LIST:
            values += [int(one) for one in text_of(node, slots).split(",")]
        else:
            values.append(evaluate(node, slots, given))
    return values


def _name(node: Name) -> Value:
    word = node.parts[-1].upper() if len(node.parts) == 1 else ""
    if word in ("NULL", "TRUE", "FALSE"):
        return {"NULL": None, "TRUE": 1, "FALSE": 0}[word]
    raise UnknownError


def _unary(node: Unary, slots: Slots, given: Given | None) -> Value:
    if node.operator == "ISNULL":
        return int(evaluate(node.operand, slots, given) is None)
    value = evaluate(node.operand, slots, given)
    if node.operator == "NOT":
        return None if value is None else int(not truth(value))
    if node.operator == "-":
        return None if value is None else -as_number(value)
    if node.operator == "~":
        return (1 << 64) - 1 - int(as_number(value))
    raise UnknownError


def _binary(node: Binary, slots: Slots, given: Given | None) -> Value:
    operator = node.operator
    if operator in ("AND", "OR", "XOR"):
        return _logic(node, slots, given)
    left, right = evaluate(node.left, slots, given), evaluate(node.right, slots, given)
    if left is None or right is None:
        return None
    if operator in _COMPARE:
        return int(_compare(operator, left, right))
    if operator in _PATTERNS:
        return int(matches(operator, as_text(left), as_text(right)))
    if operator == "||":
        return as_text(left) + as_text(right)
    if (
        operator == "+"
        and isinstance(left, str)
        and isinstance(right, str)
        and not (left.isdigit() and right.isdigit())
    ):
        return left + right
    one, other = as_number(left), as_number(right)
    if operator in ("/", "DIV", "%") and other == 0:
        return None
    calculate = _ARITHMETIC.get(operator)
    if calculate is None:
        raise UnknownError
    try:
        return calculate(one, other)
    except (OverflowError, ValueError) as error:
        raise UnknownError from error


def _logic(node: Binary, slots: Slots, given: Given | None) -> Value:
    values: list[bool | None] = []
    for side in (node.left, node.right):
        try:
            values.append(truth(evaluate(side, slots, given)))
        except UnknownError:
            values.append(None)
    if node.operator == "AND" and False in values:
        return 0
    if node.operator == "OR" and True in values:
        return 1
    if None in values:
        raise UnknownError
    return int(bool(values[0]) != bool(values[1])) if node.operator == "XOR" else int(bool(values[0] and values[1]))


def _shift(left: float, right: float) -> int:
    if right > 64:
        return 0
    return int(left) >> int(right)


def _raised(left: float, right: float) -> int:
    return int(left) ^ int(right)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "DIV": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "&": lambda a, b: int(a) & int(b),
    "|": lambda a, b: int(a) | int(b),
    "^": _raised,
    ">>": _shift,
    "<<": lambda a, b: int(a) << min(int(b), 64),
}
_COMPARE = {"=", "!=", "<", ">", "<=", ">="}
_PATTERNS = {"LIKE", "ILIKE", "REGEXP", "GLOB", "SIMILAR"}


def _compare(operator: str, left: Value, right: Value) -> bool:
    if left is None or right is None:
        return False
    if isinstance(left, str) != isinstance(right, str):
        left, right = as_number(left), as_number(right)
    if operator == "=":
        return left == right
    if operator == "!=":
        return left != right
    less, more = left < right, left > right  # type: ignore[operator]
    return {"<": less, ">": more, "<=": not more, ">=": not less}[operator]


def matches(operator: str, value: str, pattern: str) -> bool:
    """Whether a text fits a pattern, told by code points (no collation). Raises UnknownError for a bad pattern."""
    expression = _expression(operator, pattern)
    found = expression.search(value) if operator == "REGEXP" else expression.fullmatch(value)
    return found is not None


@lru_cache(maxsize=1 << 16)
def _expression(operator: str, pattern: str) -> re.Pattern[str]:
    if operator == "REGEXP":
        body = pattern.replace("[[:", "[:").replace(":]]", ":]") if "[[:" in pattern else pattern
        if "[:" in body or len(body) > 512 or re.search(r"[+*}]\)?[+*{]", body):
            raise UnknownError
        try:
            return re.compile(body, re.DOTALL)
        except (re.error, RecursionError) as error:
            raise UnknownError from error
    many, one = ("*", "?") if operator == "GLOB" else ("%", "_")
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\" and operator != "GLOB" and at + 1 < len(pattern):
            at += 1
            parts.append(re.escape(pattern[at]))
        elif char == many:
            if not parts or parts[-1] != ".*":
                parts.append(".*")
        elif char == one:
            parts.append(".")
        elif char == "[" and operator == "GLOB" and (end := pattern.find("]", at + 2)) > 0:
            inner = pattern[at + 1 : end]
            parts.append("[" + inner.replace("\\", "\\\\") + "]")
            at = end
        else:
            parts.append(re.escape(char))
        at += 1
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error as error:
        raise UnknownError from error


def _select(node: Select, slots: Slots, given: Given | None) -> Value:
    """A query without a table is its only item; one with a condition that fails is NULL.

    One with a table is worth what is ``given`` of its item.
    """
    sourced = has_source(node)
    if len(node.items) != 1 or (sourced and given is None):
        raise UnknownError
    if not sourced and node.where is not None and not truth(evaluate(node.where, slots, given)):
        return None
    return evaluate(node.items[0], slots, given)


def has_source(node: Select) -> bool:
    """Whether the query reads from anything but the one-row tables that some systems ask for."""
    words = [token for token in node.source if token.word not in ("AS",)]
    if not words or words[0].word != "FROM":
        return False
    named = words[1].word if len(words) > 1 else ""
    if named in ("DUAL", "SYSDUMMY1", "VERSIONS"):
        return False
    return not (len(words) > 3 and words[3].word in ("SYSDUMMY1", "SYSDUAL", "DUAL", "RDB$DATABASE"))


def _call(node: Call, slots: Slots, given: Given | None) -> Value:
    function = FUNCTIONS.get(node.name)
    if function is None:
        raise UnknownError
    arguments = listed(node.arguments, slots, given)
    try:
        return function(arguments)
    except (IndexError, TypeError, ValueError, OverflowError) as error:
        raise UnknownError from error


def substring(text: str, position: int, length: int | None = None) -> str:
    """SQL's substring: from 1; a negative position counts from the end."""
    if position < 0:
        position = max(len(text) + position + 1, 1)
    start = max(position - 1, 0)
    return text[start:] if length is None else text[start : start + max(length, 0)]


def big_endian(text: str) -> int:
    """MySQL's ORD: the bytes of the first character as one number."""
    return int.from_bytes(text[:1].encode("utf-8", "surrogatepass"), "big")


def _sub(a: list[Value]) -> Value:
    if a[0] is None:
        return None
    return substring(as_text(a[0]), int(as_number(a[1])), int(as_number(a[2])) if len(a) > 2 else None)


def _text_function(change: Callable[[str], Value]) -> Callable[[list[Value]], Value]:
    return lambda a: None if a[0] is None else change(as_text(a[0]))


def _code(text: str) -> int:
    return ord(text[0]) if text else 0


def _conv(a: list[Value]) -> Value:
    number = int(as_text(a[0]) or "0", int(as_number(a[1])))
    base = int(as_number(a[2]))
    if base == 10:
        return number
    return {2: f"{number:b}", 16: f"{number:X}", 8: f"{number:o}"}[base]


def _hex(a: list[Value]) -> Value:
    if a[0] is None:
        return None
    return f"{int(a[0]):X}" if not isinstance(a[0], str) else a[0].encode("utf-8", "surrogatepass").hex().upper()


def _first(a: list[Value]) -> Value:
    return next((one for one in a if one is not None), None)


def _characters(a: list[Value]) -> Value:
    return "".join(chr(int(as_number(one))) for one in a if one is not None)


def _pad(left: bool) -> Callable[[list[Value]], Value]:
    def padded(a: list[Value]) -> Value:
        text, size, fill = as_text(a[0]), int(as_number(a[1])), as_text(a[2]) if len(a) > 2 else " "
        if size > 10_000:
            raise UnknownError
        more = (fill * size)[: max(size - len(text), 0)]
        return (more + text if left else text + more)[:size] if len(text) < size else text[:size]

    return padded


def _repeat(a: list[Value]) -> Value:
    text, times = as_text(a[0]), int(as_number(a[1]))
    if len(text) * times > 10_000:
        raise UnknownError
    return text * times


def _place(one: str, listed_ones: list[str]) -> int:
    return listed_ones.index(one) + 1 if one in listed_ones else 0


def _if_null(a: list[Value]) -> Value:
    return int(a[0] is None) if len(a) == 1 else _first(a)


FUNCTIONS: dict[str, Callable[[list[Value]], Value]] = {
    **dict.fromkeys(("SUBSTR", "SUBSTRING", "MID", "SUBSTRC", "SUBSTRB"), _sub),
    **dict.fromkeys(("ASCII", "UNICODE", "ASCIIW", "ASCW", "ASCII_VAL", "ASCII_CODE", "UNICODE_CODE", "CODEPOINT"),
                    _text_function(_code)),
    "ORD": _text_function(big_endian),
    "LEFT": lambda a: None if a[0] is None else as_text(a[0])[: max(int(as_number(a[1])), 0)],
    "RIGHT": lambda a: None if a[0] is None else as_text(a[0])[-int(as_number(a[1])):] if as_number(a[1]) > 0 else "",
    **dict.fromkeys(("LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH", "LEN"), _text_function(len)),
    "OCTET_LENGTH": _text_function(lambda text: len(text.encode())),
    "BIT_LENGTH": _text_function(lambda text: 8 * len(text.encode())),
    **dict.fromkeys(("CHAR", "CHR", "NCHAR", "UNISTR_CHAR"), _characters),
    "CONCAT": lambda a: None if None in a else "".join(as_text(one) for one in a),
    "CONCAT_WS": lambda a: as_text(a[0]).join(as_text(one) for one in a[1:] if one is not None),
    **dict.fromkeys(("LOWER", "LCASE"), _text_function(str.lower)),
    **dict.fromkeys(("UPPER", "UCASE"), _text_function(str.upper)),
    **dict.fromkeys(("TRIM", "RTRIM", "LTRIM"), _text_function(str.strip)),
    "REVERSE": _text_function(lambda text: text[::-1]),
    "HEX": _hex, "RAWTOHEX": _hex,
    "UNHEX": _text_function(hex_text),
    "BIN": lambda a: None if a[0] is None else f"{int(as_number(a[0])):b}",
    "CONV": _conv,
    "LPAD": _pad(left=True), "RPAD": _pad(left=False),
    "REPEAT": _repeat,
    "INSTR": lambda a: as_text(a[0]).find(as_text(a[1])) + 1,
    "CHARINDEX": lambda a: as_text(a[1]).find(as_text(a[0])) + 1,
    "LOCATE": lambda a: as_text(a[1]).find(as_text(a[0])) + 1,
    "STRPOS": lambda a: as_text(a[0]).find(as_text(a[1])) + 1,
    "FIND_IN_SET": lambda a: _place(as_text(a[0]), as_text(a[1]).split(",")),
    "FIELD": lambda a: a[1:].index(a[0]) + 1 if a[0] in a[1:] else 0,
    "STRCMP": lambda a: (as_text(a[0]) > as_text(a[1])) - (as_text(a[0]) < as_text(a[1])),
    "GREATEST": lambda a: max(a, key=as_number) if not isinstance(a[0], str) else max(as_text(one) for one in a),
    "LEAST": lambda a: min(a, key=as_number) if not isinstance(a[0], str) else min(as_text(one) for one in a),
    "SIGN": lambda a: (as_number(a[0]) > 0) - (as_number(a[0]) < 0),
    "ABS": lambda a: abs(as_number(a[0])),
    "FLOOR": lambda a: int(as_number(a[0]) // 1),
    "MOD": lambda a: as_number(a[0]) % as_number(a[1]),
    "POW": lambda a: as_number(a[0]) ** min(as_number(a[1]), 64),
    "POWER": lambda a: as_number(a[0]) ** min(as_number(a[1]), 64),
    "BITAND": lambda a: int(as_number(a[0])) & int(as_number(a[1])),
    "COALESCE": _first, "IFNULL": _first, "NVL": _first, "ISNULL": _if_null,
    "NULLIF": lambda a: None if a[0] == a[1] else a[0],
    "CAST": lambda a: a[0], "CONVERT": lambda a: a[0], "BINARY": lambda a: a[0], "COLLATE": lambda a: a[0],
    "TO_CHAR": lambda a: a[0], "TO_NUMBER": lambda a: a[0], "STR": lambda a: a[0],
    "INT": lambda a: int(as_number(a[0])),
    "LIKE_ESCAPE": lambda a: int(matches("LIKE", as_text(a[0]), as_text(a[1]).replace(as_text(a[2]), "\\"))),
    "LIKE": lambda a: int(matches("LIKE", as_text(a[1]), as_text(a[0]))),
    "GLOB": lambda a: int(matches("GLOB", as_text(a[1]), as_text(a[0]))),
    "REGEXP_LIKE": lambda a: int(matches("REGEXP", as_text(a[0]), as_text(a[1]))),
    "ELT": lambda a: a[int(as_number(a[0]))] if 0 < as_number(a[0]) < len(a) else None,
}  # fmt: skip
