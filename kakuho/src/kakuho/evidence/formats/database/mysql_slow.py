"""The slow query log of MySQL, MariaDB and Percona Server: the statements that took long, so a partial record.

A record is ``# Time:`` (older servers: only where the second changed), ``# User@Host:``, further ``# name: value``
lines, ``use database;``, ``SET timestamp=seconds;`` and the statement. Its time is an ISO ``# Time`` (when the
statement ended), else the timestamp, else an old ``# Time`` in the declared zone. The first line is the event, the
others are continuation; the lines that a server writes when it opens the log can stand anywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.database.mysql_lines import HEADER, ISO_TIME, OLD_TIME, Times, blocks_cut_before, texts
from kakuho.evidence.formats.database.statement_words import commands_of
from kakuho.evidence.formats.rows import table_of
from kakuho.language import Bilingual

_TIME = re.compile(rf"# Time: (?:(?P<iso>{ISO_TIME})|(?P<old>{OLD_TIME}))\s*")
_USER = re.compile(
    r"# User@Host: (?P<user>[^\[\]]{0,300})\[[^\[\]]{0,300}\] {0,3}@ {1,3}"
    r"(?P<host>[^\[\]]{0,300}?) {0,3}\[(?P<address>[^\]]{0,300})\]"
    r"(?: {1,3}Id: {0,20}(?P<id>\d{1,20}))?\s{0,5}"
)
_PAIR = re.compile(r"(?P<name>[A-Z][A-Za-z_]{1,40}): {0,20}(?P<value>[^\s:]*(?=\s|$)|\S{0,200}[^\s:](?=\s|$))")
_TIMESTAMP = re.compile(r"SET timestamp=(?P<seconds>\d{1,12})(?:\.(?P<fraction>\d{1,6}))?;?\s*")
_USE = re.compile(r"use (?P<database>`(?:[^`]|``)*`|[^\s;`]+);\s*", re.IGNORECASE)
_ADMINISTRATION = "# administrator command: "
_BEGIN = re.compile(rb"# (?:Time: \d|User@Host: )")
_NUMBERS = {
    "Lock_time": "lock_time",
    "Rows_examined": "rows_examined",
    "Rows_affected": "rows_affected",
    "Bytes_sent": "bytes_sent",
    "Last_errno": "errno",
    "Errno": "errno",
    "Killed": "killed",
}


class MysqlSlow(TextFormat):
    """The slow query log."""

    name = "mysql_slow"
    label = Bilingual(ja="MySQL・MariaDB のスロークエリーログ", en="MySQL or MariaDB slow query log")
    role = "partial_log"
    tables = ("datastore_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By its ``# User@Host`` and ``# Query_time`` lines."""
        lines = [line.decode("utf-8", "replace") for line in head.lines]
        users = sum(_USER.match(line) is not None for line in lines)
        times = sum(line.startswith("# Query_time: ") for line in lines)
        if not users or not times:
            return None
        why = share_in_words(users / len(lines), "# User@Host")
        return Recognition(0.98, "mysql", why)

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks cut before a ``# Time`` line, or a ``# User@Host`` line where there is none before it."""
        held: LineBlock | None = None
        for block in blocks_cut_before(source.content, _BEGIN):
            if held is not None:
                block = LineBlock(held.data + block.data, held.byte_offset, held.first_line)  # noqa: PLW2901
            cut = _begin_of_time_line(block.data)
            if cut < len(block.data):
                whole = LineBlock(block.data[:cut], block.byte_offset, block.first_line)
                if cut:
                    yield whole
                held = LineBlock(block.data[cut:], block.byte_offset + cut, block.first_line + whole.line_ends)
            else:
                yield block
                held = None
        if held is not None:
            yield held

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every record is an event or rejected."""
        part = Part(lines=len(block))
        times = Times(declared.time_zone, self.name)
        offsets = block.offsets.tolist()
        rows = []
        for begin, lines in _records(block, texts(block, declared.encoding, part), part):
            line, offset = block.first_line + begin, offsets[begin]
            part.ignored["continuation"] += len(lines) - 1
            row = _row(lines, times)
            if isinstance(row, str):
                part.reject(line, offset, row)
            else:
                rows.append({**row, "line": line, "byte_offset": offset})
        part.events = len(rows)
        part.tables["datastore_activity"] = _table(rows)
        return part


def _begin_of_time_line(data: bytes) -> int:
    """Where a last ``# Time`` line begins whose ``# User@Host`` is in the next block; the end where there is none."""
    begin = data.rfind(b"\n", 0, len(data) - 1) + 1
    return begin if data.startswith(b"# Time: ", begin) else len(data)


def _records(block: LineBlock, lines: list[str], part: Part) -> Iterator[tuple[int, list[str]]]:
    """Where each record begins, and its lines; lines that are in none are counted in ``part``."""
    offsets = block.offsets.tolist()
    begin, held = 0, list[str]()
    has_user = False
    for index, line in enumerate(lines):
        is_time, is_user = line.startswith("# Time: "), line.startswith("# User@Host: ")
        if is_time or (is_user and (has_user or not held)):
            if held:
                yield begin, held
            begin, held, has_user = index, [line], is_user
        elif is_user:
            held.append(line)
            has_user = True
        elif HEADER.fullmatch(line):
            part.ignored["header"] += 1
            if held:
                yield begin, held
            held, has_user = [], False
        elif held:
            held.append(line)
        elif not line.strip():
            part.ignored["blank"] += 1
        else:
            part.reject(block.first_line + index, offsets[index], "not_slow_log")
    if held:
        yield begin, held


def _row(lines: list[str], times: Times) -> dict[str, Any] | str:
    """What a record says, or the reason why it is none."""
    stamp, user, old = None, None, None
    told: dict[str, str] = {}
    message, database, timestamp = None, None, None
    body = 0
    for body, line in enumerate(lines):  # noqa: B007 - where the loop stopped is the point
        if line.startswith(_ADMINISTRATION):
            message = line[2:].rstrip(";")
        elif line.startswith("# Time: ") and (found := _TIME.fullmatch(line)):
            stamp, old = found["iso"], found["old"]
        elif line.startswith("# User@Host: "):
            user = _USER.match(line)
        elif line.startswith("#"):
            told.update({pair["name"]: pair["value"] for pair in _PAIR.finditer(line)})
        elif database is None and timestamp is None and (found := _USE.fullmatch(line)):
            database = found["database"].strip("`").replace("``", "`")
        elif timestamp is None and (found := _TIMESTAMP.fullmatch(line)):
            timestamp = int(found["seconds"]) * 1_000_000 + int((found["fraction"] or "").ljust(6, "0"))
        else:
            break
    else:
        body = len(lines)
    moment = times.of(stamp) if stamp else timestamp if timestamp is not None else times.of(old) if old else None
    if user is None:
        return "line_cut_off"
    if moment is None:
        return "time_not_valid"
    statement = "\n".join(lines[body:]).rstrip().removesuffix(";") or None
    failed = any(told.get(name, "0") not in {"", "0"} for name in ("Last_errno", "Errno", "Killed"))
    unmapped = {to: _number(told[name]) for name, to in _NUMBERS.items() if told.get(name)}
    return {
        "time": moment,
        "duration_us": _microseconds(told.get("Query_time")),
        "session_id": user["id"] or told.get("Thread_id") or told.get("Id"),
        "db_user": user["user"].strip() or None,
        "src_ip": user["address"] or user["host"] or None,
        "database": database or told.get("Schema") or None,
        "kind": "statement" if statement else "other",
        "statement": statement,
        "rows": _whole(told.get("Rows_sent")),
        "outcome": "failure" if failed else "success",
        "message": message,
        "unmapped": json.dumps(unmapped, sort_keys=True, separators=(",", ":")) if unmapped else None,
    }


def _number(text: str) -> int | float | str:
    if len(text) <= 18 and re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
        return float(text) if "." in text else int(text)
    return text


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,18}", text) else None


def _microseconds(text: str | None) -> int | None:
    found = re.fullmatch(r"([0-9]{1,12})(?:\.([0-9]{1,6})[0-9]*)?", text or "")
    return int(found[1]) * 1_000_000 + int((found[2] or "").ljust(6, "0")) if found else None


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]} if rows else {"line": []}
    if rows:
        columns["statement"] = pa.array(columns["statement"], pa.string())
        columns["command"] = commands_of(columns["statement"])
        columns["time"] = pa.array(columns["time"], pa.int64()).cast(pa.timestamp("us"))
    return table_of("datastore_activity", columns)
