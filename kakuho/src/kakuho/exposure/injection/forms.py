"""The form of a condition around its hole: which function of a character is compared with what.

``domain``: ``code`` (a number for a character), ``character`` (the character itself), ``length``, ``text``.
``operator`` is
one of ``> >= < <= = != in between``, or ``other``: then the condition is worked out for each character it could be.
"""

from __future__ import annotations

from dataclasses import dataclass

from kakuho.exposure.injection.measures import CHARACTER, CODES, LENGTH, Leaf, is_hidden, parts_of
from kakuho.exposure.injection.nodes import Between, Binary, Call, In, Literal, Node, Select
from kakuho.exposure.injection.tokens import HEX, Token

_PASSING = {
    "CAST", "CONVERT", "COALESCE", "IFNULL", "NVL", "ISNULL", "INT", "STR", "BINARY", "COLLATE", "TO_NUMBER", "ABS",
    "ROW",
    "TRY_CAST", "LTRIM", "STRING", "FLOOR",
}  # fmt: skip
_FLIPPED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "=": "=", "!=": "!="}
_PATTERNS = {"LIKE", "ILIKE", "GLOB", "REGEXP", "SIMILAR"}


@dataclass(frozen=True, slots=True)
class Form:
    """``function``: what makes the character a number (``ORD``); ``constants``: what it is compared with.

    ``is_binary``: whether texts are compared byte by byte, whatever the collation.
    """

    domain: str
    operator: str
    constants: tuple[Node, ...] = ()
    function: str = ""
    is_binary: bool = False


def form_of(leaf: Leaf) -> Form:
    """The form of a leaf's condition."""
    node = leaf.node
    if isinstance(node, Between):
        side = _measured(node.operand, leaf)
        if side is not None and not is_hidden(node.low) and not is_hidden(node.high):
            return Form(side[0], "between", (node.low, node.high), side[1], side[2])
    if isinstance(node, In):
        side = _measured(node.operand, leaf)
        if side is not None and not any(is_hidden(one) for one in node.values):
            return Form(side[0], "in", node.values, side[1], side[2])
    if isinstance(node, Binary) and (node.operator in _FLIPPED or node.operator in _PATTERNS):
        left, right = _measured(node.left, leaf), _measured(node.right, leaf)
        binary = _is_binary(node.left) or _is_binary(node.right)
        binary |= any(isinstance(one, Literal) and one.kind == HEX for one in (node.left, node.right))
        if left is not None and not is_hidden(node.right):
            return Form(left[0], node.operator, (node.right,), left[1], binary)
        if right is not None and not is_hidden(node.left) and node.operator in _FLIPPED:
            return Form(right[0], _FLIPPED[node.operator], (node.left,), right[1], binary)
    domain = {CHARACTER: "character", LENGTH: "length"}.get(leaf.hole.kind, "text")
    function = next((one.name for one in parts_of(node) if isinstance(one, Call) and one.name in CODES), "")
    return Form("code" if function and domain == "character" else domain, "other", (), function, _is_binary(node))


def _measured(node: Node, leaf: Leaf) -> tuple[str, str, bool] | None:
    """Domain and function of a side of a comparison that is the hole itself, but for casts around it."""
    if node == leaf.hole.node:
        domain = {CHARACTER: "character", LENGTH: "length"}.get(leaf.hole.kind, "text")
        return domain, node.name if isinstance(node, Call) and domain == "length" else "", False
    if isinstance(node, Select) and len(node.items) == 1:
        return _measured(node.items[0], leaf)
    if not isinstance(node, Call) or not node.arguments:
        return None
    inner = _measured(node.arguments[0], leaf)
    if inner is None:
        return None
    if node.name in CODES and inner[0] == "character":
        return "code", node.name, True
    if node.name in _PASSING:
        return inner[0], inner[1], inner[2] or node.name == "BINARY"
    return None


def _is_binary(node: Node) -> bool:
    for one in parts_of(node):
        if isinstance(one, Call) and (
            one.name == "BINARY"
            or (one.name == "COLLATE" and ("BIN" in one.word or one.word in ("C", "POSIX")))
            or (one.name in ("CAST", "CONVERT") and "BINARY" in one.word)
            or one.name in ("HEX", "RAWTOHEX", "MD5")
        ):
            return True
    return False


def slots_in(node: Node | None) -> tuple[int, ...]:
    """The slots of the shape that stand in an expression."""
    if node is None:
        return ()
    found: set[int] = set()
    for one in parts_of(node):
        if isinstance(one, Literal):
            found.update(piece for piece in one.pieces if isinstance(piece, int))
        elif isinstance(one, (Select, Call)):
            found.update(slots_of_tokens(one.tokens))
    return tuple(sorted(found))


def slots_of_tokens(tokens: tuple[Token, ...]) -> set[int]:
    """The slots that stand in tokens."""
    return {piece for token in tokens for piece in token.pieces if isinstance(piece, int)}


def is_arithmetic(leaf: Leaf) -> bool:
    """Whether the hidden value is calculated with, as a number."""
    return any(
        isinstance(one, Binary)
        and one.operator in ("&", "|", ">>", "<<", "%", "DIV", "/", "*", "-")
        and leaf.hole.node in parts_of(one)
        for one in parts_of(leaf.node)
    )
