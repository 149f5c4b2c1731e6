"""SQL text, cut into statements as it is read: a dump of any size, in the memory of one statement.

Knows quotes, comments, PostgreSQL's dollar quotes and MySQL's backslashes; does not know what a statement means.
Nothing
is executed. Of a long statement only the head is kept: that of an INSERT holds more rows than are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

HEAD = 262_144
"""Characters of a statement that are kept."""
_COPY = re.compile(r"^\s*COPY\s+.*\bFROM\s+stdin\b", re.IGNORECASE | re.DOTALL)
_FOR_MYSQL = re.compile(r"/\*M?!\d*(.*?)\*/")
_INTERESTING = re.compile(r"'|\"|`|--|#|/\*|\$[A-Za-z_]*\$|;|\n")
_CLOSING = {"'": re.compile(r"\\.|''|'", re.DOTALL), '"': re.compile(r'""|"'), "`": re.compile(r"``|`")}
_CLOSING_STANDARD = re.compile(r"''|'")


@dataclass
class Statement:
    """One statement without its semicolon; ``rows`` are the lines of a COPY that follows it."""

    text: str
    rows: tuple[str, ...] = ()


def statements(lines: Iterable[str], *, backslashes: bool, most_rows: int) -> Iterator[Statement]:
    """The statements of ``lines``; ``backslashes``: whether they escape in strings (MySQL, MariaDB)."""
    source = iter(lines)
    kept: list[str] = []
    size = 0
    ending: str | None = None
    for raw in source:
        line = _FOR_MYSQL.sub(r"\1", raw) if ending is None and backslashes else raw
        if ending is None and not kept and line.startswith("\\"):
            continue  # a command of psql
        position = 0
        while position < len(line):
            if ending is not None:
                end = _end(line, position, ending, backslashes)
                piece, position = line[position : end or len(line)], end or len(line)
                if ending not in ("*/", "\n"):
                    size = _keep(kept, piece, size)
                if end is not None:
                    ending = None
                continue
            found = _INTERESTING.search(line, position)
            if found is None:
                size = _keep(kept, line[position:], size)
                break
            size = _keep(kept, line[position : found.start()], size)
            mark, position = found.group(), found.end()
            if mark == ";":
                text = "".join(kept).strip()
                kept, size = [], 0
                if text:
                    rows = _copied(source, most_rows) if _COPY.match(text) else ()
                    yield Statement(text, rows)
                    if rows or _COPY.match(text):
                        break
            elif mark == "--" or (mark == "#" and backslashes):
                break
            elif mark == "/*":
                ending = "*/"
            elif mark in ("\n", "#"):
                size = _keep(kept, mark, size)
            else:
                size = _keep(kept, mark, size)
                ending = mark
    text = "".join(kept).strip()
    if text:
        yield Statement(text)


def _keep(kept: list[str], piece: str, size: int) -> int:
    if size < HEAD:
        kept.append(piece)
    return size + len(piece)


def _end(line: str, position: int, ending: str, backslashes: bool) -> int | None:
    """Where what ``ending`` closes ends in ``line``, from ``position``; None where it goes on."""
    if ending == "'" and not backslashes:
        pattern: re.Pattern[str] = _CLOSING_STANDARD
    elif ending in _CLOSING:
        pattern = _CLOSING[ending]
    else:
        found = line.find(ending, position)
        return None if found < 0 else found + len(ending)
    for match in pattern.finditer(line, position):
        if match.group() == ending:
            return match.end()
    return None


def _copied(source: Iterator[str], most_rows: int) -> tuple[str, ...]:
    rows: list[str] = []
    for line in source:
        if line.rstrip("\r\n") == "\\.":
            break
        if len(rows) < most_rows:
            rows.append(line.rstrip("\r\n"))
    return tuple(rows)
