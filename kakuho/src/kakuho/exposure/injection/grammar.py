"""The words and operators that the parser of injected fragments tells apart, and how strongly operators bind."""

from __future__ import annotations

from kakuho.exposure.injection.nodes import Between, Binary, In, Node, Unary

COMPARISONS = {"=", "<", ">", "<=", ">=", "!=", "<>", "<=>", "~", "~*", "!~", "!~*"}
MATCHES = {"LIKE", "ILIKE", "RLIKE", "REGEXP", "GLOB", "SIMILAR", "REGEXP_LIKE", "MATCH"}
ENDS = {
    "UNION", "FROM", "WHERE", "ORDER", "GROUP", "HAVING", "LIMIT", "OFFSET", "THEN", "ELSE", "END", "WHEN", "AS", "AND",
    "OR", "XOR", "INTO", "PROCEDURE", "FOR", "USING", "ASC", "DESC", "EXCEPT", "INTERSECT", "ON", "WAITFOR",
    "FETCH", "ROWS", "SEPARATOR", "RETURNING", "IS", "BETWEEN", "IN", "COLLATE", "ESCAPE", "DIV", "MOD", "SOUNDS",
}  # fmt: skip
SETS = {"UNION", "EXCEPT", "INTERSECT", "MINUS"}
DEEPEST = 120
MEASURING = {"SUBSTR", "SUBSTRING", "MID", "SUBSTRC", "ASCII", "ORD", "UNICODE", "LENGTH", "CHAR_LENGTH", "LEN"}
"""Functions that a condition may hold twice of the same value: written twice they are one."""
TYPE_TAILS = {"PRECISION", "VARYING", "UNSIGNED", "SIGNED", "INTEGER", "CHARACTER", "LARGE", "OBJECT", "MAX"}
CANONICAL = {"<>": "!=", "&&": "AND", "<=>": "=", "~": "REGEXP", "~*": "REGEXP", "DIV": "DIV", "MOD": "%"}
LEVELS: dict[str, int] = {
    "OR": 1, "XOR": 1, "AND": 2, "&&": 2, "IS": 4, "BETWEEN": 4, "IN": 4, "SOUNDS": 4, ":=": 1,
    **dict.fromkeys(COMPARISONS, 4), **dict.fromkeys(MATCHES, 4),
    "|": 5, "&": 5, "<<": 6, ">>": 6, "+": 7, "-": 7, "*": 8, "/": 8, "%": 8, "DIV": 8, "MOD": 8, "^": 9,
    "COLLATE": 11, "::": 11,
}  # fmt: skip


def is_boolean(node: Node) -> bool:
    if isinstance(node, Binary):
        return node.operator in ("AND", "OR", "=", "<", ">", "<=", ">=", "!=", "LIKE", "REGEXP", "GLOB")
    return isinstance(node, Between | In) or (isinstance(node, Unary) and node.operator in ("NOT", "EXISTS", "ISNULL"))
