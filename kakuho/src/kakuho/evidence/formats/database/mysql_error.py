"""The error log of MySQL, MariaDB and Percona Server, in each of its forms.

``time thread [Label] [MY-code] [Subsystem] message`` (8.0), without code and subsystem (5.7), ``YYYY-MM-DD hh:mm:ss
thread [Label]`` (MariaDB, 5.6), ``YYMMDD hh:mm:ss [Label]`` (5.5). Lines that do not begin with a time go on from the line
before. Times without ``Z`` or a number are in the server's zone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.database.mysql_lines import ISO_TIME, OLD_TIME, Times, blocks_cut_before, texts
from kakuho.evidence.formats.rows import table_of
from kakuho.language import Bilingual

_LINE = re.compile(
    rf"(?P<time>{ISO_TIME}|\d{{4}}-\d{{2}}-\d{{2}} [ \d]\d:\d{{2}}:\d{{2}}|{OLD_TIME})[ ]{{1,3}}"
    r"(?:(?P<thread>\d{1,20}|0x[0-9a-f]{1,16}) )?"
    r"(?:\[(?P<label>System|Note|Warning|ERROR|Error)\] "
    r"(?:\[(?P<code>MY-\d{1,6})\] (?:\[(?P<subsystem>[A-Za-z_-]{1,40})\] )?)?"
    r"|(?=mysqld_safe |InnoDB: |mysqld|mariadbd|Percona |WSREP))(?P<message>.*)",
    re.DOTALL,
)
_PLAIN = re.compile(
    rf"(?P<time>{ISO_TIME}|\d{{4}}-\d{{2}}-\d{{2}} [ \d]\d:\d{{2}}:\d{{2}}|{OLD_TIME}) (?P<message>.*)", re.DOTALL
)
_BEGIN = re.compile(rf"(?:{ISO_TIME}|\d{{4}}-\d{{2}}-\d{{2}} [ \d]\d:\d{{2}}:\d{{2}}|{OLD_TIME}) ".encode())
_STACKED = re.compile(r"(?:InnoDB: |Version: '|\t| |$)")
_SEVERITIES = {"System": "INFO", "Note": "INFO", "Warning": "WARNING", "ERROR": "ERROR", "Error": "ERROR"}
_DENIED = re.compile(r"Access denied for user '(?P<user>[^']{0,300})'@'(?P<host>[^']{0,300})'")


class MysqlError(TextFormat):
    """The error log."""

    name = "mysql_error"
    label = Bilingual(ja="MySQL・MariaDB のエラーログ", en="MySQL or MariaDB error log")
    role = "application_log"
    tables = ("base_event",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of its first lines; InnoDB's lines without a time do not count against it."""
        lines = [line.decode("utf-8", "replace") for line in head.lines]
        found = [line for line in lines if _LINE.match(line)]
        if not found:
            return None
        rest = sum(_STACKED.match(line) is not None for line in lines if not _LINE.match(line))
        share = len(found) / (len(lines) - rest)
        return Recognition(0.95 * share, "mysql", share_in_words(share, "MySQL error log"))

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks cut where a line begins with a time."""
        return blocks_cut_before(source.content, _BEGIN)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line that begins with a time is an event; lines that go on from it are ignored as continuation."""
        part = Part(lines=len(block))
        times, offsets = Times(declared.time_zone, self.name), block.offsets.tolist()
        rows: list[dict[str, Any]] = []
        goes_on = False
        for index, line in enumerate(texts(block, declared.encoding, part)):
            found = _LINE.match(line) or _PLAIN.match(line)
            moment = times.of(found["time"]) if found else None
            if found is not None and moment is not None:
                rows.append({**_row(found), "time": moment})
                rows[-1] |= {"line": block.first_line + index, "byte_offset": offsets[index]}
                goes_on = True
            elif found is not None:
                part.reject(block.first_line + index, offsets[index], "time_not_valid")
                goes_on = False
            elif not line.strip():
                part.ignored["blank"] += 1
            elif goes_on:
                rows[-1]["message"] += "\n" + line
                part.ignored["continuation"] += 1
            else:
                part.reject(block.first_line + index, offsets[index], "not_mysql_error_log")
        part.events = len(rows)
        part.tables["base_event"] = _table(rows)
        return part


def _row(line: re.Match[str]) -> dict[str, Any]:
    found = {"thread": None, "subsystem": None, "label": None, "code": None, **line.groupdict()}
    denied = _DENIED.search(line["message"])
    other = {"thread_id": found["thread"], "subsystem": found["subsystem"]}
    present = {key: value for key, value in other.items() if value}
    return {
        "application": "mysqld",
        "severity": _SEVERITIES.get(found["label"] or "", "INFO"),
        "event_code": found["code"],
        "user_name": denied["user"] if denied else None,
        "src_ip": denied["host"] if denied else None,
        "message": line["message"],
        "unmapped": json.dumps(present, sort_keys=True, separators=(",", ":")) if present else None,
    }


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]} if rows else {"line": []}
    if rows:
        columns["time"] = pa.array(columns["time"], pa.int64()).cast(pa.timestamp("us"))
    return table_of("base_event", columns)
