"""The route of a request: the pattern that matched, parameters as ``{name}``, never the path with its values.

Django joins the patterns of nested ``include``; ``path()`` and ``re_path()`` may be mixed in one route.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

_CONVERTER = re.compile(r"<(?:[^<>:]+:)?([^<>:]+)>")
_NAMED_GROUP = re.compile(r"\(\?P<(\w+)>")
_NO_WIDTH = re.compile(r"\(\?(?:=|!|<=|<!|#)")
_UNNAMED = "{}"


def route_of(request: HttpRequest) -> str | None:
    """``/mypage/policies/{key}/``; None where no pattern matched."""
    match = request.resolver_match
    return _readable(match.route) if match is not None and match.route is not None else None


@lru_cache(maxsize=1024)
def _readable(pattern: str) -> str:
    return "/" + _without_syntax(pattern).lstrip("/")


def _without_syntax(pattern: str) -> str:
    readable: list[str] = []
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            escaped = pattern[position : position + 2]
            readable.append(
                "" if escaped[1:] in set("AZzbB") else escaped[1:] if not escaped[1:].isalnum() else escaped
            )
            position += 2
        elif character == "(" and (end := _closing(pattern, position)) is not None:
            readable.append(_group(pattern[position:end]))
            position = _after_quantifier(pattern, end)
        elif character == "<" and (converter := _CONVERTER.match(pattern, position)):
            readable.append(f"{{{converter[1]}}}")
            position = converter.end()
        else:
            readable.append("" if character in "^$" else character)
            position += 1
    return "".join(readable)


def _group(group: str) -> str:
    """``group`` includes its parentheses."""
    if named := _NAMED_GROUP.match(group):
        return f"{{{named[1]}}}"
    if group.startswith("(?:"):
        return _without_syntax(group[3:-1])
    return "" if _NO_WIDTH.match(group) else _UNNAMED


def _closing(pattern: str, start: int) -> int | None:
    """The position after the parenthesis that closes the one at ``start``."""
    depth, in_class, position = 0, False, start
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            position += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character in "()":
            depth += 1 if character == "(" else -1
            if depth == 0:
                return position + 1
        position += 1
    return None


def _after_quantifier(pattern: str, position: int) -> int:
    quantifier = re.compile(r"[?*+]|\{\d*,?\d*\}").match(pattern, position)
    return quantifier.end() if quantifier else position
