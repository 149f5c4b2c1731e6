"""The text of an expression: one spelling whatever blanks, comments and case the request had."""

from __future__ import annotations

from collections.abc import Callable

from kakuho.exposure.injection.evaluate import Slots, UnknownError, evaluate, text_of
from kakuho.exposure.injection.nodes import Between, Binary, Call, Case, Context, In, Literal, Name, Node, Select, Unary
from kakuho.exposure.injection.spelling import join, literal_text
from kakuho.exposure.injection.tokens import STRING

HOLE = "\N{WHITE SQUARE}"


def render(node: Node, slots: Slots = (), hole: Node | None = None, *, plain: bool = False) -> str:
    """The expression as SQL; ``hole`` (if it is in there) as a square; with ``plain`` literals as ``#``."""
    if hole is not None and node == hole:
        return HOLE

    def inner(one: Node) -> str:
        return render(one, slots, hole, plain=plain)

    if isinstance(node, Context):
        return "…"
    if isinstance(node, Literal):
        return "#" if plain else literal_text(node.kind, text_of(node, slots))
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


def _bracketed(inner: Callable[[Node], str], node: Node) -> str:
    text = inner(node)
    return (
        f"({text})" if isinstance(node, Select | Case) or (isinstance(node, Binary) and node.operator == "OR") else text
    )


def _call(node: Call, inner: Callable[[Node], str], slots: Slots, plain: bool) -> str:
    arguments = [f"({inner(one)})" if isinstance(one, Select) else inner(one) for one in node.arguments]
    if node.name == "CAST":
        return f"CAST({arguments[0]} AS {node.word})"
    if node.name == "COLLATE":
        return f"{arguments[0]} COLLATE {node.word}"
    if not plain and node.name in ("CHAR", "CHR", "CONCAT", "UNHEX"):
        try:
            return literal_text(STRING, str(evaluate(node, slots)))
        except UnknownError:
            pass
    if node.name == "ROW":
        return f"({', '.join(arguments)})"
    return f"{node.name}({', '.join(arguments)})"
