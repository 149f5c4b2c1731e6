"""A syslog message as rows: who came in, what was run, or a plain message."""

from __future__ import annotations

import re

from kakuho.evidence.formats.host.audit_events import AuditEvent, add_rows
from kakuho.evidence.formats.host.audit_words import TYPE_NAMES
from kakuho.evidence.formats.host.auth_messages import account_of, peer_of, rows_of_message
from kakuho.evidence.formats.host.linux_sysmon import add_sysmon_event
from kakuho.evidence.formats.host.syslog_lines import SyslogLine, facility, severity
from kakuho.evidence.formats.rows_by_table import Row, RowsByTable, as_json

_AUDIT = re.compile(
    r"(?:\[[ \d.]{1,20}\] )?(?:audit: )?(?:node=\S{1,255} )?type ?=(\S{1,64}) "
    r"(?:msg=)?audit\((\d{1,11}\.\d{3}:\d{1,18})\): ?"
)


def add_message(
    time: int, number: int, offset: int, line: SyslogLine, more: list[str], rows: RowsByTable, encoding: str | None
) -> None:
    """Add the rows of a message, ``more`` being the indented lines after it; ``time`` in microseconds since 1970."""
    message = "\n".join([line.message, *more]) if more else line.message
    application = line.application
    base: Row = {"time": time, "line": number, "byte_offset": offset, "host": line.host}
    if application is not None:
        if "audit(" in message and (found := _AUDIT.match(message)):
            _add_audit_record(found, message, base, rows, encoding)
            return
        if application == "sysmon" and message.startswith("<Event>") and add_sysmon_event(message, base, rows):
            return
        found_rows = rows_of_message(application, message)
        if found_rows:
            kept = kept_of(line) if line.pid is None else kept_of(line) | {"pid": line.pid}
            for table, row in found_rows:
                unmapped = as_json(row.get("unmapped", {}) | kept)
                rows.add(table, base | _process(table, line) | row | {"message": message, "unmapped": unmapped})
            return
    kept = kept_of(line)
    row = base | {"application": application, "pid": line.pid, "message": message, "unmapped": as_json(kept)}
    row["severity"] = severity(line.priority)
    row["event_code"] = line.message_id
    if application in {"sshd", "sshd-session"}:
        row["src_ip"] = peer_of(message)
    else:
        row["user_name"] = account_of(application, message)
    rows.add("base_event", row)


def _process(table: str, line: SyslogLine) -> Row:
    return {"parent_pid": line.pid} if table == "process_activity" else {}


def kept_of(line: SyslogLine) -> Row:
    """What ``unmapped`` keeps of the heading."""
    if line.priority is None and line.structured is None:
        return {}
    kept: Row = {}
    if (name := facility(line.priority)) is not None:
        kept["facility"] = name
    if line.structured:
        kept["structured_data"] = line.structured
    return kept


def _add_audit_record(found: re.Match[str], message: str, base: Row, rows: RowsByTable, encoding: str | None) -> None:
    """A record of the audit log that was sent through syslog, for itself: its time is the kernel's."""
    stamp, _, serial = found[2].partition(":")
    seconds, _, milliseconds = stamp.partition(".")
    time = int(seconds) * 1_000_000 + int(milliseconds) * 1000
    kind = TYPE_NAMES.get(found[1], found[1])
    event = AuditEvent(time, base["line"], base["byte_offset"], base["host"], int(serial))
    event.records.append((kind, message[found.end() :]))
    add_rows(event, rows, encoding)
