"""Text of a log → single statements, parameters in place. What cannot be taken apart is said, not guessed."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from kakuho.exposure.sql.block import Analysis

logging.getLogger("sqlglot").addHandler(logging.NullHandler())
logging.getLogger("sqlglot").propagate = False  # its warnings quote the statement, values and all

LONGEST = 200_000
"""Characters; a longer statement is not parsed but widened by the names in it."""
DEEPEST = 150
"""Parentheses, brackets and CASEs within each other; a deeper statement is not parsed."""

_HARMLESS = re.compile(
    r"\s*(?:set|reset|show|begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|discard|deallocate"
    r"|lock|listen|unlisten|notify|analyze|vacuum|checkpoint|close)\b[^;]*;?\s*\Z",
    re.IGNORECASE,
)
_OPENING = (TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.CASE)
_CLOSING = (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.END)


def is_harmless(statement: str) -> bool:
    """A single statement that reads no table."""
    return _HARMLESS.match(statement) is not None


def statements_in(text: str) -> list[str] | None:
    """The single statements of a text; None where it cannot be taken apart, or is too long or too deep to parse."""
    if len(text) > LONGEST or "\x00" in text:
        return None
    try:
        tokens = Postgres().tokenize(text)
    except (SqlglotError, RecursionError, ValueError):
        return None
    found: list[str] = []
    depth = deepest = start = 0
    for token in tokens:
        if token.token_type in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif token.token_type in _CLOSING:
            depth -= 1
        elif token.token_type is TokenType.SEMICOLON:
            found.append(text[start : token.start])
            start = token.end + 1
    found.append(text[start:])
    return [part for part in found if part.strip()] if deepest <= DEEPEST else None


def together(parts: Iterable[Analysis]) -> Analysis:
    """What several statements or queries read, as one."""
    found = list(parts)
    return Analysis(
        blocks=tuple(dict.fromkeys(block for part in found for block in part.blocks)),
        everything=any(part.everything for part in found),
        why=next((part.why for part in found if part.why), ""),
    )


def bind(tree: exp.Expr, parameters: Sequence[str | None]) -> exp.Expr:
    """``$n`` replaced by literals."""
    if not parameters:
        return tree

    def literal(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Parameter) and node.name.isdigit() and 0 < int(node.name) <= len(parameters):
            value = parameters[int(node.name) - 1]
            return exp.null() if value is None else exp.Literal.string(value)
        return node

    return tree.transform(literal)
