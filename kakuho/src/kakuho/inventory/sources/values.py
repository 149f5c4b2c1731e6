"""The first rows of an INSERT or a COPY, as text."""

from __future__ import annotations

import re

from kakuho.inventory.sources.model import SAMPLES

_HEAD = re.compile(
    r"\s*(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?INTO\s+(?P<table>[^\s(]+)\s*(?P<columns>\([^)]*\))?\s*VALUES\s*",
    re.IGNORECASE,
)
_COPY_HEAD = re.compile(r"\s*COPY\s+(?P<table>[^\s(]+)\s*(?P<columns>\([^)]*\))?\s+FROM", re.IGNORECASE)
_QUOTES = '"`[]'
_REST = r"|(?P<binary>_binary\b|[xX](?='))|(?P<mark>[(),])|(?P<word>[^\s(),']+)"
_TOKEN = re.compile(r"\s+|(?P<string>[NnEe]?'(?:[^'\\]|''|\\.)*')" + _REST, re.DOTALL)
_STANDARD_TOKEN = re.compile(r"\s+|(?P<string>[Ee]'(?:[^'\\]|''|\\.)*'|[Nn]?'(?:[^']|'')*')" + _REST, re.DOTALL)
"""The same where a backslash is a letter like any other but in E'…' (the SQL standard, PostgreSQL)."""
_UNESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "", "b": "", "Z": ""}


def table_name(written: str) -> str:
    """A name as a statement writes it, without quotes; ``public`` is left away."""
    parts = [part.strip(_QUOTES) for part in re.findall(r'"[^"]*"|`[^`]*`|\[[^\]]*\]|[^."`\[\]]+', written)]
    if len(parts) > 1 and parts[0].lower() in ("public", "dbo", "main"):
        parts = parts[1:]
    return ".".join(parts)


def columns_named(written: str | None) -> list[str] | None:
    if written is None:
        return None
    return [part.strip().strip(_QUOTES) for part in written.strip("()").split(",")]


def inserted(
    statement: str, most_rows: int | None = SAMPLES, *, backslashes: bool = True
) -> tuple[str, list[str] | None, list[list[str | None]]] | None:
    """(table, columns where they are named, rows) of an INSERT … VALUES; None for anything else.

    ``most_rows`` None: all of them. ``backslashes``: whether they escape in every string.
    """
    head = _HEAD.match(statement)
    if head is None:
        return None
    rows: list[list[str | None]] = []
    row: list[str | None] = []
    depth, value = 0, None
    for token in (_TOKEN if backslashes else _STANDARD_TOKEN).finditer(statement, head.end()):
        mark = token["mark"]
        if mark == "(":
            depth += 1
            if depth == 1:
                row, value = [], None
        elif mark == ")":
            depth -= 1
            if depth == 0:
                row.append(value)
                rows.append(row)
                if most_rows is not None and len(rows) >= most_rows:
                    break
        elif mark == "," and depth == 1:
            row.append(value)
            value = None
        elif token["string"]:
            string = token["string"]
            value = (
                _text(string)
                if backslashes or string[0] in "Ee"
                else string[string.index("'") + 1 : -1].replace("''", "'")
            )
        elif token["word"] and value is None and token["word"].upper() not in ("NULL", "DEFAULT", "CAST"):
            value = token["word"]
    return table_name(head["table"]), columns_named(head["columns"]), rows


def copied(statement: str, lines: tuple[str, ...]) -> tuple[str, list[str] | None, list[list[str | None]]] | None:
    """The same of COPY … FROM stdin in PostgreSQL's text form."""
    head = _COPY_HEAD.match(statement)
    if head is None:
        return None
    rows = [[None if cell == "\\N" else _unescape(cell) for cell in line.split("\t")] for line in lines]
    return table_name(head["table"]), columns_named(head["columns"]), rows


def _text(token: str) -> str:
    return _unescape(token[token.index("'") + 1 : -1].replace("''", "'"))


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return re.sub(r"\\(.)", lambda found: _UNESCAPED.get(found[1], found[1]), text, flags=re.DOTALL)
