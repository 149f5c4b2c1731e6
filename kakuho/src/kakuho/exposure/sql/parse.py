"""Text of a statement → trees, with parameters in place. What sqlglot cannot parse is said, not guessed."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

logging.getLogger("sqlglot").addHandler(logging.NullHandler())
logging.getLogger("sqlglot").propagate = False  # its warnings quote the statement, values and all

LONGEST = 200_000
"""Characters; a longer statement is not parsed but widened by the names in it."""

_HARMLESS = re.compile(
    r"\s*(?:set|reset|show|begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|discard|deallocate"
    r"|lock|listen|unlisten|notify|analyze|vacuum|checkpoint|close)\b[^;]*;?\s*\Z",
    re.IGNORECASE,
)


def is_harmless(statement: str) -> bool:
    """A single statement that reads no table."""
    return _HARMLESS.match(statement) is not None


def parse(statement: str, parameters: Sequence[str | None] = ()) -> list[exp.Expr] | None:
    """Trees of the statements in the text, ``$n`` replaced by literals; None where it cannot be parsed."""
    if len(statement) > LONGEST:
        return None
    try:
        trees = [tree for tree in sqlglot.parse(statement, dialect="postgres") if tree is not None]
    except (SqlglotError, RecursionError, ValueError):
        return None
    return [_bind(tree, parameters) for tree in trees]


def _bind(tree: exp.Expr, parameters: Sequence[str | None]) -> exp.Expr:
    if not parameters:
        return tree

    def literal(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Parameter) and node.name.isdigit() and 0 < int(node.name) <= len(parameters):
            value = parameters[int(node.name) - 1]
            return exp.null() if value is None else exp.Literal.string(value)
        return node

    return tree.transform(literal)
