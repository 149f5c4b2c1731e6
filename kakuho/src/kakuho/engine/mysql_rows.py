"""Tables and rows out of the statements of a ``mysqldump`` file, for a machine without MariaDB. Nothing is executed.

Only what the dump programs write is read: one column a line in CREATE TABLE, plain literals in INSERT. Anything else is
refused, never skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_CREATE = re.compile(rb"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?`((?:[^`]|``)+)`\s*\((.*)\)[^)]*\Z", re.DOTALL | re.I)
_COLUMN = re.compile(rb"\s*`((?:[^`]|``)+)` (\w+(?:\((?:[^()'\"]|'(?:[^']|'')*')*\))?(?: unsigned)?)", re.IGNORECASE)
_PRIMARY = re.compile(rb"\s*PRIMARY KEY \(([^)]*)\)", re.IGNORECASE)
_FOREIGN = re.compile(rb"\s*CONSTRAINT `[^`]*` FOREIGN KEY \(([^)]*)\) REFERENCES `((?:[^`]|``)+)`", re.IGNORECASE)
_INSERT = re.compile(
    rb"(?:INSERT(?:\s+IGNORE)?|REPLACE)\s+INTO\s+`((?:[^`]|``)+)`\s*(?:\(([^)]*)\)\s*)?VALUES\s*", re.IGNORECASE
)
_VALUE = re.compile(
    rb"\s*(?:(?P<null>NULL)|(?:_\w+\s*)?'(?P<text>(?:[^'\\]++|\\.|'')*+)'|0x(?P<hex>[0-9A-Fa-f]*)|b'(?P<bits>[01]*)'"
    rb"|(?P<number>[-+]?[0-9][0-9.eE+-]*))\s*(?P<end>[,)])",
    re.DOTALL,
)
_NEXT = re.compile(rb"\s*(?:,\s*)?(\(|\Z)")
_ESCAPED = re.compile(rb"\\(.)|''", re.DOTALL)
_MEANT = {b"0": b"\0", b"b": b"\b", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"Z": b"\x1a"}
_NAME = re.compile(rb"`((?:[^`]|``)+)`")
_BYTES = ("binary", "varbinary", "bit", "blob", "tinyblob", "mediumblob", "longblob", "geometry", "point", "vector")


class NotReadError(Exception):
    """A statement that no dump program writes."""


@dataclass
class DumpTable:
    """``columns``: name → type; ``links``: (column, table) of foreign keys of one column."""

    name: str
    columns: dict[str, str]
    primary_key: tuple[str, ...] = ()
    links: list[tuple[str, str]] = field(default_factory=list)


def read_table(statement: bytes) -> DumpTable:
    """A CREATE TABLE. Raises NotReadError."""
    found = _CREATE.match(statement.strip())
    if found is None:
        raise NotReadError
    table = DumpTable(_text(found[1]), {})
    for line in found[2].split(b"\n"):
        if column := _COLUMN.match(line):
            if b"GENERATED ALWAYS" in line.upper():
                raise NotReadError  # its values are not in the dump
            table.columns[_text(column[1])] = column[2].decode("utf-8", "replace")
        elif primary := _PRIMARY.match(line):
            table.primary_key = tuple(_names(primary[1]))
        elif foreign := _FOREIGN.match(line):
            columns = _names(foreign[1])
            table.links += [(columns[0], _text(foreign[2]))] if len(columns) == 1 else []
    if not table.columns:
        raise NotReadError
    return table


def inserted_into(statement: bytes) -> str:
    """The table that an INSERT is into. Raises NotReadError."""
    found = _INSERT.match(statement)
    if found is None:
        raise NotReadError
    return _text(found[1])


def read_rows(statement: bytes, table: DumpTable, encoding: str) -> Iterator[list[str | None]]:
    """The rows of an INSERT … VALUES as text, in the order of the table's columns. Raises NotReadError."""
    found = _INSERT.match(statement)
    if found is None:
        raise NotReadError
    given = _names(found[2]) if found[2] else list(table.columns)
    places = [list(table.columns).index(name) for name in given if name in table.columns]
    if len(places) != len(given):
        raise NotReadError
    kinds = [table.columns[name] for name in given]
    at = found.end()
    while True:
        start = _NEXT.match(statement, at)
        if start is None:
            raise NotReadError
        if not start[1]:
            return
        row: list[str | None] = [None] * len(table.columns)
        at, number = start.end(), 0
        while True:
            value = _VALUE.match(statement, at)
            if value is None or number >= len(places):
                raise NotReadError
            row[places[number]] = _value(value, kinds[number], encoding)
            at, number = value.end(), number + 1
            if value["end"] == b")":
                break
        if number != len(places):
            raise NotReadError
        yield row


def _value(found: re.Match[bytes], kind: str, encoding: str) -> str | None:
    """As MariaDB writes it as text; bytes in hexadecimal digits."""
    if found["null"] is not None:
        return None
    in_hex = kind.startswith(_BYTES)
    if found["number"] is not None:
        return found["number"].decode()
    if found["bits"] is not None:
        return f"{int(found['bits'] or b'0', 2):X}"
    raw = bytes.fromhex(found["hex"].decode()) if found["hex"] is not None else _unescaped(found["text"])
    if kind.startswith("bit"):
        return f"{int.from_bytes(raw):X}"
    return raw.hex().upper() if in_hex else raw.decode(encoding, "replace")


def _unescaped(text: bytes) -> bytes:
    if b"\\" not in text and b"''" not in text:
        return text
    return _ESCAPED.sub(lambda found: b"'" if found[1] is None else _MEANT.get(found[1], found[1]), text)


def _names(listed: bytes) -> list[str]:
    return [_text(name) for name in _NAME.findall(listed)]


def _text(name: bytes) -> str:
    return name.replace(b"``", b"`").decode("utf-8", "replace")
