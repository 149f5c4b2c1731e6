"""MariaDB's audit plugin (``server_audit``), as a file or through syslog.

A line is time, server host, user, client host, connection id, query id, operation, database, object, return code. The
object of a QUERY is the statement between ``'``, with backslash escapes: not CSV, it can hold commas. READ, WRITE and
other rows of the tables that a query touched come before its QUERY row, under the same query id; the QUERY row gets
them as its object. Times are in the server's zone, which has to be declared. Statements are cut at
``server_audit_query_log_limit``, and passwords are masked by the plugin. Through syslog a line has syslog's time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.evidence.formats.database.mysql_lines import Times, texts
from kakuho.evidence.formats.database.statement_words import commands_of
from kakuho.evidence.formats.database.syslog_head import SYSLOG_HEAD, syslog_time
from kakuho.evidence.formats.rows import table_of
from kakuho.language import Bilingual

_OPERATIONS = "QUERY|READ|WRITE|CREATE|ALTER|RENAME|DROP|CONNECT|FAILED_CONNECT|DISCONNECT|PROXY_CONNECT|LOCK"
_RECORD = (
    r"(?P<host>[^,\n]{0,255}),(?P<user>[^,\n]{0,300}),(?P<client>[^,\n]{0,300}),"
    r"(?P<session>\d{1,20}),(?P<query>\d{1,20}),"
    rf"(?P<operation>{_OPERATIONS}),(?P<database>[^,\n]{{0,300}}),(?P<object>.*),(?P<code>-?\d{{0,10}})\r?"
)
_LINE = re.compile(rf"(?P<time>\d{{8}} \d{{2}}:\d{{2}}:\d{{2}}),{_RECORD}", re.DOTALL)
_SYSLOG_LINE = re.compile(rf"{SYSLOG_HEAD}mysql-server_auditing(?:\[\d+\])?: (?:\S+ )??{_RECORD}", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "0": "\0"}
_CONNECTIONS = frozenset(["CONNECT", "FAILED_CONNECT", "DISCONNECT", "PROXY_CONNECT"])
_MOST_OPEN = 10_000


class MariadbAudit(TextFormat):
    """The log of the plugin ``server_audit``."""

    name = "mariadb_audit"
    label = Bilingual(ja="MariaDB の監査ログ（server_audit）", en="MariaDB audit log (server_audit)")
    role = "database_log"
    tables = ("datastore_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines that are such records."""
        lines = [line.decode("utf-8", "replace") for line in head.lines]
        shares = {
            variant: sum(pattern.fullmatch(line) is not None for line in lines) / max(len(lines), 1)
            for variant, pattern in (("file", _LINE), ("syslog", _SYSLOG_LINE))
        }
        variant = max(shares, key=lambda name: shares[name])
        if not shares[variant]:
            return None
        return Recognition(shares[variant], variant, share_in_words(shares[variant], "server_audit"))

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks of whole lines; each carries when the file was last written, for syslog's times lack the year."""
        for block in line_blocks(source.content):
            yield replace(block, context=source.modified)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank or rejected."""
        part = Part(lines=len(block))
        times = Times(declared.time_zone, self.name)
        offsets = block.offsets.tolist()
        rows: list[dict[str, Any]] = []
        touched: dict[tuple[str, str], list[str]] = {}
        for index, line in enumerate(texts(block, declared.encoding, part)):
            found = _LINE.fullmatch(line) or _SYSLOG_LINE.fullmatch(line)
            if found is None:
                if line.strip():
                    part.reject(block.first_line + index, offsets[index], "not_server_audit")
                else:
                    part.ignored["blank"] += 1
                continue
            moment = _moment(found, times, block.context)
            if moment is None:
                part.reject(block.first_line + index, offsets[index], "time_not_valid")
                continue
            row = _row(found, touched)
            rows.append({**row, "time": moment, "line": block.first_line + index, "byte_offset": offsets[index]})
        part.events = len(rows)
        part.tables["datastore_activity"] = _table(rows)
        return part


def _moment(found: re.Match[str], times: Times, modified: Any) -> int | None:
    if "time" in found.groupdict():
        written = found["time"]
        return times.of(f"{written[:4]}-{written[4:6]}-{written[6:]}")
    return syslog_time(found["syslog_time"], times, modified)


def _row(found: re.Match[str], touched: dict[tuple[str, str], list[str]]) -> dict[str, Any]:
    """What a record says; remembers the tables of a query until its QUERY row."""
    operation, code, database = found["operation"], found["code"], found["database"] or None
    key = (found["session"], found["query"])
    is_query = operation == "QUERY"
    written = found["object"] or None
    if is_query:
        objects = touched.pop(key, [])
        named = ",".join(dict.fromkeys(objects)) or None
    else:
        named = f"{database}.{written}" if database and written else written
        if operation not in _CONNECTIONS and named:
            if len(touched) > _MOST_OPEN:
                touched.clear()
            touched.setdefault(key, []).append(named)
    failed = operation == "FAILED_CONNECT" or code not in {"", "0"}
    return {
        "session_id": found["session"],
        "db_user": found["user"] or None,
        "src_ip": found["client"] or None,
        "database": database,
        "kind": "statement" if is_query else "connection" if operation in _CONNECTIONS else "other",
        "command": None if is_query else operation,
        "object": named,
        "statement": statement_of(written) if is_query else None,
        "outcome": "failure" if failed else "success",
        "message": None if is_query else operation,
        "unmapped": _unmapped(found),
    }


def _unmapped(found: re.Match[str]) -> str:
    code = f',"status_code":"{found["code"]}"' if found["code"] not in {"", "0"} else ""
    return f'{{"query_id":{int(found["query"])}{code}}}'


def statement_of(written: str | None) -> str | None:
    """The statement out of its quotes; one that was cut may lack the last."""
    if written is None:
        return None
    inner = written.removeprefix("'").removesuffix("'") if len(written) > 1 else written
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), inner) if "\\" in inner else inner


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]} if rows else {"line": []}
    if rows:
        columns["statement"] = pa.array(columns["statement"], pa.string())
        columns["command"] = pa.array(columns["command"], pa.string())
        columns["command"] = pc.coalesce(columns["command"], commands_of(columns["statement"]))
        columns["time"] = pa.array(columns["time"], pa.int64()).cast(pa.timestamp("us"))
    return table_of("datastore_activity", columns)
