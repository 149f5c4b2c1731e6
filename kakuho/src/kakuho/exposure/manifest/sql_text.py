"""Rows out of SQL text: plain ``pg_dump`` (COPY or INSERT), ``mysqldump``. Parsed line by line, never executed.

A dump of either program writes COPY's rows one a line, and an INSERT on a line of its own; a line break within a
PostgreSQL string literal makes that INSERT go on on the next line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kakuho.exposure.manifest.chunks import AT_ONCE, Chunk, Row, Unread
from kakuho.inventory.sources.values import columns_named, inserted, table_name

_COPY = re.compile(r"COPY (.+?) \((.*)\) FROM stdin;\s*\Z", re.DOTALL)
_INSERT = re.compile(r"(?i)\s*(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?INTO\s")
_CREATE = re.compile(r"(?i)\s*CREATE\s+(?:\w+\s+)*TABLE\s+(?:IF NOT EXISTS\s+)?([^\s(]+)\s*\(\s*\Z")
_COLUMN = re.compile(r"""\s+(?:`([^`]+)`|"([^"]+)"|(\w+))\s+\w""")
_NO_COLUMN = frozenset(
    ["PRIMARY", "UNIQUE", "KEY", "INDEX", "CONSTRAINT", "FOREIGN", "CHECK", "FULLTEXT", "SPATIAL", "EXCLUDE", "LIKE"]
)
_LARGE_OBJECT = re.compile(r"(?i)\blo(?:_open|write|_create|_from_bytea)\s*\(")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
LONGEST = 1 << 28
"""Characters of one statement; a longer one is not read."""


def sql_chunks(lines: Iterable[str], place: str) -> Iterator[Chunk | Unread]:
    """The rows that the text puts into tables."""
    source = iter(lines)
    made: dict[str, tuple[str, ...]] = {}
    backslashes = False
    for line in source:
        backslashes = backslashes or "`" in line or line.startswith("/*!")
        if line.startswith("COPY ") and (found := _COPY.match(line)):
            yield from _copied(source, place, table_name(found[1]), tuple(columns_named(found[2]) or ()))
        elif _INSERT.match(line):
            yield _inserted(line, source, place, made, backslashes=backslashes)
        elif (found := _CREATE.match(line)) is not None:
            made[table_name(found[1])] = _created(source)
        elif _LARGE_OBJECT.search(line):
            yield Unread(place, "large_object")


def _copied(source: Iterator[str], place: str, table: str, columns: tuple[str, ...]) -> Iterator[Chunk | Unread]:
    rows: list[Row] = []
    for line in source:
        text = line.rstrip("\n").rstrip("\r")
        if text == "\\.":
            yield Chunk(place, table, columns, rows)
            return
        cells = text.split("\t")
        if len(cells) != len(columns):
            yield Unread(place, "damaged")
            continue
        rows.append([None if cell == "\\N" else _plain(cell) for cell in cells])
        if len(rows) == AT_ONCE:
            yield Chunk(place, table, columns, rows)
            rows = []
    yield Chunk(place, table, columns, rows)
    yield Unread(place, "damaged")  # no end of the rows


def _plain(cell: str) -> str:
    """COPY's text form, without its escapes (PostgreSQL: COPY, "Text Format")."""
    return cell if "\\" not in cell else _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), cell)


def _inserted(
    line: str, source: Iterator[str], place: str, made: dict[str, tuple[str, ...]], *, backslashes: bool
) -> Chunk | Unread:
    pieces, quotes, size = [line], _quotes(line, backslashes=backslashes), len(line)
    while quotes % 2 or not pieces[-1].rstrip().endswith(";"):
        more = next(source, None)
        if more is None or size > LONGEST:
            return Unread(place, "damaged")
        pieces.append(more)
        quotes, size = quotes + _quotes(more, backslashes=backslashes), size + len(more)
    statement = "".join(pieces)
    found = inserted(statement, most_rows=None, backslashes=backslashes)
    if found is None:
        return Unread(place, "not_understood")
    table, named, rows = found
    columns = tuple(named) if named is not None else made.get(table)
    if columns is None or not rows or any(len(row) != len(columns) for row in rows):
        return Unread(place, "not_understood")
    return Chunk(place, table, columns, rows)


def _quotes(line: str, *, backslashes: bool) -> int:
    """How many quotes a line has; a statement is whole where there is an even number of them."""
    return (re.sub(r"\\.", "", line) if backslashes and "\\" in line else line).count("'")


def _created(source: Iterator[str]) -> tuple[str, ...]:
    """The columns of CREATE TABLE, as both programs write them: one a line."""
    columns: list[str] = []
    for line in source:
        if line.startswith(")"):
            break
        found = _COLUMN.match(line)
        if found is None:
            continue
        name = found[1] or found[2] or found[3]
        if found[3] is None or name.upper() not in _NO_COLUMN:
            columns.append(name)
    return tuple(columns)
