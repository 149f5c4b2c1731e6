"""Logs of one event a line, read line by line: what every such format of this family does the same way."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

import orjson
import pyarrow as pa

from kakuho.evidence.formats.base import Declared, Part
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.rows import table_of

_ROWS_AT_ONCE = 2048
ReadLine = Callable[[str], dict[str, Any] | str]


_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_LONE_SURROGATE = re.compile(r"\\u[dD][89abAB]", re.ASCII)


def decoded(line: bytes, declared: Declared, part: Part, *, is_json: bool = False) -> str:
    r"""The text of a line: UTF-8, else in the declared encoding, else with what is neither as ``\xNN``; counted.

    In JSON, whose strings give a backslash a meaning, as ``\\xNN``.
    """
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        part.facts["lines_not_utf8"] = part.facts.get("lines_not_utf8", 0) + 1
    if declared.encoding is not None:
        try:
            return line.decode(declared.encoding)
        except (UnicodeDecodeError, LookupError):
            pass
    if is_json:
        return _NOT_UTF8.sub(
            lambda found: f"\\\\x{ord(found[0]) - 0xDC00:02x}", line.decode("utf-8", "surrogateescape")
        )
    return line.decode("utf-8", "backslashreplace")


def json_object(text: str) -> dict[str, Any] | None:
    """The object of a JSON text; None where it is none.

    Halves of surrogate pairs, which JSON can spell and no text can hold, stand as they were spelled.
    """
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        if not _LONE_SURROGATE.search(text):
            return None
        try:
            document = _without_surrogates(json.loads(text))
        except (ValueError, RecursionError):
            return None
    return document if isinstance(document, dict) else None


def number_text(value: Any) -> str:
    """A JSON value as a field's text: decimal numbers to the millionth, as times and durations need them."""
    return f"{value:.6f}" if isinstance(value, float) else str(value)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [_without_surrogates(one) for one in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(one) for key, one in value.items()}
    return value


class EventRows:
    """Rows of a table, gathered one by one, made columns a few thousand at a time: so memory is reused."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._rows: list[dict[str, Any]] = []
        self._tables: list[pa.Table] = []
        self.count = 0

    def add(self, row: dict[str, Any], line: int, byte_offset: int) -> None:
        """Add the columns of the event at a line."""
        row["line"], row["byte_offset"] = line, byte_offset
        self._rows.append(row)
        self.count += 1
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._turn()

    def _turn(self) -> None:
        self._tables.append(table_of_events(self._table, self._rows))
        self._rows = []

    def table(self) -> pa.Table:
        """All rows."""
        if self._rows or not self._tables:
            self._turn()
        return pa.concat_tables(self._tables)


def read_lines(
    lines: Iterable[tuple[int, int, bytes]],
    declared: Declared,
    part: Part,
    read_line: ReadLine,
    add: Callable[[dict[str, Any], int, int], None],
    *,
    ends_here: bool,
    is_json: bool = False,
) -> None:
    """``add`` the rows of lines (number, byte offset, bytes); counts events, blank lines and rejects in ``part``.

    ``read_line`` gives the columns of a line or the reason why it is no event. ``ends_here``: the last of the lines is
    the file's last and lacks its end, so that where it is no event it has been cut off.
    """
    number, events = 0, 0
    for number, offset, line in lines:
        if not line or line.isspace():
            part.ignored["blank"] += 1
            continue
        row = read_line(line.decode() if line.isascii() else decoded(line, declared, part, is_json=is_json))
        if isinstance(row, str):
            part.reject(number, offset, row)
            continue
        events += 1
        add(row, number, offset)
    part.events += events
    if ends_here and part.rejects and part.rejects[-1][0] == number and part.rejects[-1][2] != "time_not_valid":
        part.rejects[-1] = (number, part.rejects[-1][1], "line_cut_off")


def table_of_events(table: str, rows: Sequence[dict[str, Any]]) -> pa.Table:
    """The rows as a table; times are whole microseconds. By column, several times faster than by row."""
    if rows and rows[0].keys() == _keys_of_all(rows) and len({len(row) for row in rows}) == 1:
        return table_of(table, dict(zip(rows[0], zip(*map(itemgetter(*rows[0]), rows), strict=True), strict=True)))
    names = _keys_of_all(rows) | {"line", "time", "byte_offset"}
    return table_of(table, {name: [row.get(name) for row in rows] for name in names})


def _keys_of_all(rows: Sequence[dict[str, Any]]) -> set[str]:
    return set().union(*rows)


def read_block_by_lines(
    block: LineBlock, declared: Declared, table: str, read_line: ReadLine, *, is_json: bool = False
) -> Part:
    """A block of one event a line, all of it read line by line."""
    part = Part(lines=len(block))
    rows = EventRows(table)
    ends_here = not block.data.endswith(b"\n")
    read_lines(block.lines(), declared, part, read_line, rows.add, ends_here=ends_here, is_json=is_json)
    part.tables[table] = rows.table()
    return part
