"""Kinds of column types, whatever the database calls them."""

from __future__ import annotations

import re

_KINDS = (
    ("json", r"json|hstore|xml"),
    ("boolean", r"^bool|^bit\b|^bit\(1\)|tinyint\(1\)"),
    ("binary", r"bytea|blob|binary|^image|raw"),
    ("date", r"date|time|timestamp|year"),
    ("uuid", r"uuid|uniqueidentifier"),
    ("ip", r"^inet|^cidr"),
    ("number", r"int|serial|numeric|decimal|number|real|double|float|money|oid"),
    ("text", r"char|text|clob|string|enum|set|name|citext|varying"),
)


def kind(written: str) -> str:
    """``text``, ``number``, ``date``, ``boolean``, ``binary``, ``json``, ``uuid``, ``ip``; ``text`` where unknown."""
    lowered = written.lower()
    return next((name for name, pattern in _KINDS if re.search(pattern, lowered)), "text")


def length(written: str) -> int | None:
    """Characters that a text column holds at most; None where unlimited or unknown."""
    found = re.search(r"\((\d+)\)", written)
    return int(found[1]) if found and kind(written) == "text" else None


def is_long(written: str) -> bool:
    """Whether running text fits."""
    longest = length(written)
    return kind(written) == "text" and (
        longest >= 200 if longest else "text" in written.lower() or "clob" in written.lower()
    )
