"""Syslog messages gathered and made into rows some thousand at a time: columns for all, for each what its message says.

Records of the audit log and events of Sysmon, which have formats of their own, go through :mod:`.syslog_rows`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyarrow as pa

from kakuho.evidence.formats.base import Part
from kakuho.evidence.formats.host.auth_messages import account_of, peer_of, rows_of_message
from kakuho.evidence.formats.host.message_columns import MessageRows, in_order
from kakuho.evidence.formats.host.syslog_lines import SyslogLine, severity
from kakuho.evidence.formats.host.syslog_rows import add_message, kept_of
from kakuho.evidence.formats.rows import table_of
from kakuho.evidence.formats.rows_by_table import Row, RowsByTable, as_json

_MESSAGES_AT_ONCE = 2048
_SSHD = frozenset({"sshd", "sshd-session"})
_COMMON = ("time", "line", "byte_offset", "host", "message")
_PLAIN = (*_COMMON, "application", "pid", "severity", "event_code", "src_ip", "user_name", "unmapped")


class SyslogMessages:
    """The messages of a block, in the order of their lines."""

    def __init__(self, encoding: str | None) -> None:
        self._encoding = encoding
        self._tables: dict[str, list[pa.Table]] = defaultdict(list)
        self._begin()

    def _begin(self) -> None:
        self._common: list[tuple[Any, ...]] = []
        self._plain: list[tuple[Any, ...]] = []
        self._found = MessageRows()
        self._others = RowsByTable()
        self._count = 0

    def add(self, time: int, number: int, offset: int, line: SyslogLine, more: list[str]) -> None:
        """Add a message, ``more`` being the indented lines after it; ``time`` in microseconds since 1970."""
        self._count += 1
        if self._count > _MESSAGES_AT_ONCE:
            self._turn()
        message = "\n".join([line.message, *more]) if more else line.message
        application = line.application
        if application is not None:
            if "audit(" in message or application == "sysmon":
                add_message(time, number, offset, line, more, self._others, self._encoding)
                return
            found = rows_of_message(application, message)
            if found:
                self._add_found(found, line)
                self._common.append((time, number, offset, line.host, message))
                return
        is_sshd = application in _SSHD
        self._plain.append(
            (
                time, number, offset, line.host, message, application, line.pid, severity(line.priority),
                line.message_id, peer_of(message) if is_sshd else None,
                None if is_sshd else account_of(application, message), as_json(kept_of(line)),
            )
        )  # fmt: skip

    def _add_found(self, found: list[tuple[str, Row]], line: SyslogLine) -> None:
        index, pid = len(self._common), line.pid
        kept = kept_of(line)
        for table, row in found:
            own = row.pop("unmapped", None)
            if own or kept:
                rest = {**(own or {}), **kept} if pid is None else {**(own or {}), **kept, "pid": pid}
                row["unmapped"] = as_json(rest)
            else:
                row["unmapped"] = None if pid is None else f'{{"pid":{pid}}}'
            if table == "process_activity":
                row["parent_pid"] = pid
            self._found.add(index, table, row)

    def _turn(self) -> None:
        made: dict[str, list[pa.Table]] = defaultdict(list)
        if self._common:
            columns = dict(zip(_COMMON, zip(*self._common, strict=True), strict=True))
            kinds = (pa.int64(), pa.int64(), pa.int64(), pa.string(), pa.string())
            common = {name: pa.array(columns[name], kind) for name, kind in zip(_COMMON, kinds, strict=True)}
            for table, rows in self._found.tables(defaultdict(lambda: common)).items():
                made[table].append(rows)
        if self._plain:
            columns = dict(zip(_PLAIN, zip(*self._plain, strict=True), strict=True))
            made["base_event"].append(table_of("base_event", columns))
        others = Part()
        self._others.into(others)
        for table, rows in others.tables.items():
            made[table].append(rows)
        for table, parts in made.items():
            self._tables[table].append(in_order(parts))
        self._begin()
        self._count = 1

    def into(self, part: Part) -> None:
        """Make the rows the tables of ``part``."""
        self._turn()
        part.tables |= {table: pa.concat_tables(rows) for table, rows in sorted(self._tables.items())}
