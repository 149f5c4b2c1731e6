"""The general query log of MySQL and MariaDB: every statement, as it came from the client.

A line is time, connection id, command and argument, between tabs. MySQL 5.7 and later write ISO times on every line;
MariaDB and older MySQL write ``YYMMDD hh:mm:ss`` once a second, and later lines of that second begin with tabs. A
statement goes on over lines that do not begin like this (one that imitates such a line cannot be told from it: the
format has no quoting). Who a connection belongs to and its database are known from its Connect and Init DB lines; both
and the last time travel from block to block. A statement is written when it arrives: what came of it is not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.database.mysql_lines import HEADER, ISO_TIME, OLD_TIME, Times, blocks_cut_before, texts
from kakuho.evidence.formats.database.statement_words import commands_of
from kakuho.evidence.formats.rows import table_of
from kakuho.language import Bilingual

_COMMANDS = (
    "Binlog Dump GTID|Binlog Dump|Change user|Close stmt|Connect Out|Connect|Create DB|Daemon|Debug|Delayed insert"
    "|Drop DB|Error|Execute|Fetch|Field List|Init DB|Kill|Long Data|Ping|Prepare|Processlist|Query|Quit|Refresh"
    "|Register Slave|Register Replica|Reset stmt|Reset Connection|Set option|Shutdown|Sleep|Statistics|Table Dump|Time"
)
_LINE = (
    rf"(?:(?P<old>{OLD_TIME})|(?P<iso>{ISO_TIME})|(?=\t))\t{{1,2}} {{0,20}}(?P<id>\d{{1,20}}) "
    rf"(?P<command>{_COMMANDS})(?:\t(?P<argument>.*))?"
)
_TEXT_LINE = re.compile(_LINE, re.DOTALL)
_BEGIN = re.compile(rf"(?:{OLD_TIME}|{ISO_TIME}|(?=\t))\t{{1,2}} {{0,20}}\d{{1,20}} (?:{_COMMANDS})[\t\r\n]".encode())
_STATE = re.compile(
    rf"^(?:(?P<time>{OLD_TIME})|{ISO_TIME}|(?=\t))\t{{1,2}} {{0,20}}(?P<id>\d{{1,20}}) "
    rf"(?:(?P<command>Connect|Init DB|Quit|Change user)\t(?P<argument>[^\r\n]{{0,500}})|[A-Z])".encode(),
    re.MULTILINE,
)
_TIME = re.compile(rf"^{OLD_TIME}(?=\t)".encode(), re.MULTILINE)
_CHANGES = re.compile(rb"\d (?:Connect|Init DB|Quit|Change user)\t")
_WHO = re.compile(r"(?P<user>[^@]*)@(?P<host>\S*)(?: on (?P<database>\S*))?")
_STATEMENTS = frozenset(["Query", "Execute"])
_CONNECTIONS = frozenset(["Connect", "Quit", "Change user"])
_MOST_CONNECTIONS = 100_000


@dataclass(frozen=True)
class Connection:
    """Whose a connection is; None where the log does not tell."""

    user: str | None = None
    host: str | None = None
    database: str | None = None


@dataclass(frozen=True)
class State:
    """What later lines need to know: the last time written, and the open connections by id."""

    time: str | None = None
    connections: dict[str, Connection] = field(default_factory=dict)


class MysqlGeneral(TextFormat):
    """The general query log."""

    name = "mysql_general"
    label = Bilingual(ja="MySQL・MariaDB の一般クエリーログ", en="MySQL or MariaDB general query log")
    role = "database_log"
    tables = ("datastore_activity",)
    version = 2

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of its first lines; lines that go on from a statement count half."""
        lines = [line.decode("utf-8", "replace") for line in head.lines]
        found = [_TEXT_LINE.fullmatch(line) for line in lines]
        heads = sum(one is not None for one in found)
        if not heads:
            return None
        headers = sum(HEADER.fullmatch(line) is not None for line, one in zip(lines, found, strict=True) if one is None)
        share = (heads + headers + (len(lines) - heads - headers) / 2) / len(lines)
        variant = "iso" if any(one is not None and one["iso"] for one in found) else "old"
        return Recognition(0.97 * share, variant, share_in_words(share, "general query log"))

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks cut where a record begins, each with the state before it."""
        state = State()
        for block in blocks_cut_before(source.content, _BEGIN):
            yield replace(block, context=state)
            state = _state_after(block.data, state)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line that begins a record is an event; server headers and continuation lines are ignored."""
        part = Part(lines=len(block))
        state = block.context or State()
        reading = _Reading(Times(declared.time_zone, self.name), state)
        offsets, goes_on = block.offsets.tolist(), False
        for index, line in enumerate(texts(block, declared.encoding, part)):
            found = _TEXT_LINE.match(line)
            if found is not None:
                if reading.time_of(found) is None:
                    part.reject(block.first_line + index, offsets[index], "time_not_valid")
                    goes_on = False
                    continue
                reading.begin(block.first_line + index, offsets[index], found)
                goes_on = True
            elif HEADER.fullmatch(line):
                part.ignored["header"] += 1
                goes_on = False
            elif goes_on:
                reading.go_on(line)
                part.ignored["continuation"] += 1
            elif not line.strip():
                part.ignored["blank"] += 1
            else:
                part.reject(block.first_line + index, offsets[index], "not_general_log")
        part.events = len(reading.rows)
        part.tables["datastore_activity"] = _table(reading.rows)
        return part


class _Reading:
    """The records of a block, in order."""

    def __init__(self, times: Times, state: State) -> None:
        self.rows: list[dict[str, Any]] = []
        self._times = times
        self._time = state.time
        self._connections = dict(state.connections)

    def time_of(self, found: re.Match[str]) -> int | None:
        """When the record was written; None where that is not known."""
        if found["iso"]:
            return self._times.of(found["iso"])
        self._time = found["old"] or self._time
        return None if self._time is None else self._times.of(self._time)

    def begin(self, line: int, offset: int, found: re.Match[str]) -> None:
        """Take the first line of a record."""
        command, argument, number = found["command"], found["argument"] or "", found["id"]
        who = _follow(self._connections, number, command, argument)
        kind = "statement" if command in _STATEMENTS else "connection" if command in _CONNECTIONS else "other"
        refused = command == "Connect" and argument.startswith("Access denied")
        self.rows.append(
            {
                "time": self.time_of(found),
                "line": line,
                "byte_offset": offset,
                "session_id": number,
                "db_user": who.user,
                "src_ip": who.host,
                "database": who.database,
                "kind": kind,
                "command": None if kind == "statement" else command,
                "text": argument,
                "outcome": None if kind == "statement" else "failure" if refused else "success",
            }
        )

    def go_on(self, line: str) -> None:
        """Take a further line of the record."""
        self.rows[-1]["text"] += "\n" + line


def _follow(connections: dict[str, Connection], number: str, command: str, argument: str) -> Connection:
    """Whose a line is, after what it says of its connection."""
    who = connections.get(number, Connection())
    if command in {"Connect", "Change user"}:
        found = _WHO.match(argument)
        if found is not None and not argument.startswith("Access denied"):
            who = Connection(found["user"] or None, found["host"] or None, found["database"] or None)
    elif command == "Init DB":
        who = replace(who, database=argument.strip() or who.database)
    if command == "Quit":
        connections.pop(number, None)
    elif who != Connection() and (number in connections or len(connections) < _MOST_CONNECTIONS):
        connections[number] = who
    return who


def _state_after(data: bytes, state: State) -> State:
    """The state after a block; only the lines that change it are looked at."""
    connections = dict(state.connections)
    for change in _CHANGES.finditer(data):
        begin = data.rfind(b"\n", 0, change.start()) + 1
        found = _STATE.match(data, begin)
        if found is not None and found["command"]:
            texts_of = [found[name].decode("utf-8", "replace") for name in ("id", "command", "argument")]
            _follow(connections, *texts_of)
    times = [found.start() for found in _TIME.finditer(data)]
    last = _TIME.match(data, times[-1]) if times else None
    return State(last[0].decode() if last else state.time, connections)


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    names = ("time", "line", "byte_offset", "session_id", "db_user", "src_ip", "database", "kind", "outcome")
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in names}
    ran = [row["kind"] == "statement" for row in rows]
    statements = pa.array([row["text"] if one else None for row, one in zip(rows, ran, strict=True)], pa.string())
    columns["statement"] = statements
    columns["message"] = [None if one else row["text"] or row["command"] for row, one in zip(rows, ran, strict=True)]
    given = pa.array([row["command"] for row in rows], pa.string())
    columns["command"] = pc.coalesce(given, commands_of(statements))
    columns["time"] = pa.array(columns["time"], pa.int64()).cast(pa.timestamp("us"))
    return table_of("datastore_activity", columns)
