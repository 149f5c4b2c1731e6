"""The records of PostgreSQL's plain log, gathered line by line.

A record begins with a head whose label is a severity; DETAIL, HINT, CONTEXT, QUERY, LOCATION and STATEMENT lines belong
to the last record of the same process; a line that begins with a tab or a space goes on from the line before.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import pyarrow as pa

from kakuho.evidence.formats.base import Part
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.database.postgresql_prefix import LinePrefix
from kakuho.evidence.formats.database.postgresql_records import RECORDS
from kakuho.evidence.formats.database.postgresql_words import KNOWN_SEVERITIES, LABELS

_SQL_STATE = re.compile(r"(?=[A-Z]{0,4}[0-9])(?P<state>[0-9A-Z]{5}): ")
_POSITION = re.compile(r" ?(?:at character \d{1,9}|\(\d{1,9}文字目\))\Z")


def texts(block: LineBlock, encoding: str | None) -> Iterator[str | None]:
    """Each line as text; None where it is neither UTF-8 nor in a declared encoding."""
    if block.is_utf8:
        lines = block.data.decode("utf-8").split("\n")
        yield from lines[: len(block)]
        return
    for _, _, line in block.lines():
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            yield line.decode(encoding, "backslashreplace") if encoding else None


class RecordReading:
    """The records of a block, line by line."""

    def __init__(self, block: LineBlock, prefix: LinePrefix, part: Part) -> None:
        self.part = part
        self.prefix = prefix
        self.numbers = block.line_numbers.tolist()
        self.offsets = block.offsets.tolist()
        self.rows: list[dict[str, Any]] = []
        self._last: dict[str | None, dict[str, Any]] = {}
        self._open: tuple[dict[str, Any], str] | None = None

    def add(self, index: int, text: str | None, carried: dict[str, str | None] | None = None) -> None:
        """Take the next line; ``carried`` is what its carrier says: time and process."""
        if text is None:
            self._not_text(index)
            return
        text = text.rstrip("\r") if not index or text.endswith("\r") else text
        if self.offsets[index] == 0:
            text = text.removeprefix("\ufeff")
        fields = None if text[:1] in {"\t", ""} else self.prefix.read(text)
        if fields is None:
            self._go_on(index, text)
            return
        if carried is not None:
            fields = {**fields, **{name: value for name, value in carried.items() if not fields.get(name)}}
        if fields["label"] in KNOWN_SEVERITIES:
            self._begin(index, fields)
        else:
            self._add_to_record(index, fields)

    def _begin(self, index: int, fields: dict[str, str | None]) -> None:
        told, severity, pid, number = fields.get, fields["label"], fields.get("pid"), fields.get("session_line")
        message, sql_state = fields["text"] or "", _known(told("sql_state"))
        state = _SQL_STATE.match(message) if sql_state is None else None
        if state is not None:
            sql_state, message = state["state"], message[state.end() :]
        row: dict[str, Any] = {
            "line": self.numbers[index],
            "byte_offset": self.offsets[index],
            "session_line": int(number) if number else None,
            "stamp": _stamp_of_epoch(fields["epoch"] or "") if told("epoch") else _known(told("stamp")),
            "db_user": _known(told("db_user")),
            "database": _known(told("database")),
            "remote_host": _known(told("remote_host")),
            "session_id": _known(told("session_id")) or pid,
            "severity": severity,
            "sql_state": sql_state,
            "message": message,
            "detail": None,
            "hint": None,
            "context": None,
            "statement": None,
            "application": _known(told("application")),
        }
        self.rows.append(row)
        self._last[pid] = row
        self._open = (row, "message")

    def _add_to_record(self, index: int, fields: dict[str, str | None]) -> None:
        row = self._last.get(fields.get("pid"))
        if row is None:
            self.part.reject(self.numbers[index], self.offsets[index], "detail_without_record")
            self._open = ({}, "message")
            return
        column = LABELS[fields["label"] or ""]
        row[column] = fields["text"]
        self._open = (row, column)
        self.part.ignored["continuation"] += 1

    def _go_on(self, index: int, text: str) -> None:
        if self._open is not None and text[:1] in {"\t", " "}:
            row, column = self._open
            row[column] = f"{row.get(column) or ''}\n{text[1:] if text.startswith(chr(9)) else text}"
            self.part.ignored["continuation"] += 1
        elif not text.strip():
            self.part.ignored["blank"] += 1
        else:
            self.part.reject(self.numbers[index], self.offsets[index], "no_log_line_prefix")

    def go_on_joined(self, text: str) -> None:
        """Take more of the same line, which its carrier had cut."""
        if self._open is not None:
            row, column = self._open
            row[column] = f"{row.get(column) or ''}{text}"
        self.part.ignored["continuation"] += 1

    def _not_text(self, index: int) -> None:
        """A record of which a line cannot be read is rejected whole: its SQL could not be replayed as it ran."""
        self.part.reject(self.numbers[index], self.offsets[index], "not_utf8")
        if self._open is not None:
            self._open[0]["spoilt"] = True

    def records(self) -> pa.Table:
        """The records in the columns of RECORDS."""
        whole = []
        for row in self.rows:
            if row.get("spoilt"):
                self.part.reject(row["line"], row["byte_offset"], "not_utf8")
            else:
                if row["severity"] not in {"LOG", "ログ"}:
                    row["message"] = _POSITION.sub("", row["message"])
                whole.append(row)
        if not whole:
            return RECORDS.empty_table()
        columns = zip(*map(itemgetter(*RECORDS.names), whole), strict=True)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, RECORDS, strict=True)]
        return pa.Table.from_arrays(arrays, schema=RECORDS)


def _stamp_of_epoch(text: str) -> str | None:
    try:
        moment = dt.datetime.fromtimestamp(int(text[:-4]), dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return f"{moment:%Y-%m-%d %H:%M:%S}{text[-4:]} UTC"


def _known(value: str | None) -> str | None:
    """A part of the prefix; what is not known yet when a session begins is null, as in csvlog and jsonlog."""
    return None if value in {"[unknown]", "[不明]"} else value
