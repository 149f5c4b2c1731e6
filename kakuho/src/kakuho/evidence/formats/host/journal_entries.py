"""Entries of the systemd journal as rows; a field may be there several times, then its value is a list.

Field names: ``systemd.journal-fields(7)``. Messages of sshd, sudo, PAM … give the same rows as in ``auth.log``.
"""

from __future__ import annotations

from kakuho.evidence.formats.host.auth_messages import account_of, peer_of, rows_of_message
from kakuho.evidence.formats.host.syslog_lines import SEVERITIES
from kakuho.evidence.formats.rows_by_table import Row, RowsByTable, as_json, whole_number

Entry = dict[str, str | list[str]]

MAPPED = frozenset({"MESSAGE", "_HOSTNAME", "__REALTIME_TIMESTAMP", "PRIORITY", "MESSAGE_ID"})
"""Fields that columns hold; the others go to ``unmapped``."""

FURTHEST = 253402300800 * 1_000_000
"""The year 10000 in microseconds since 1970."""


def add_entry(entry: Entry, number: int, byte_offset: int, rows: RowsByTable) -> str | None:
    """Add the rows of an entry, and its sequence number where it has one; the reason where it is no event."""
    time = whole_number(_first(entry, "__REALTIME_TIMESTAMP") or _first(entry, "_SOURCE_REALTIME_TIMESTAMP"))
    if time is None or not 0 <= time < FURTHEST:
        return "time_not_valid"
    base: Row = {"time": time, "line": number, "byte_offset": byte_offset}
    counted = whole_number(_first(entry, "__SEQNUM"))
    if counted is not None:
        rows.add("sequence", base | {"stream": _first(entry, "__SEQNUM_ID") or "journal", "number": counted})
    base["host"] = _first(entry, "_HOSTNAME")
    message = "\n".join(_all(entry, "MESSAGE"))
    application = _first(entry, "SYSLOG_IDENTIFIER") or _first(entry, "_COMM")
    pid = whole_number(_first(entry, "_PID") or _first(entry, "SYSLOG_PID"))
    kept: Row = {key: value for key, value in entry.items() if key not in MAPPED}
    found = rows_of_message(application, message) if application else []
    for table, row in found:
        unmapped = as_json(row.get("unmapped", {}) | kept)
        parent = {"parent_pid": pid} if table == "process_activity" else {}
        rows.add(table, base | parent | row | {"message": message, "unmapped": unmapped})
    if not found:
        rows.add("base_event", base | _plain(entry, application, pid, message) | {"unmapped": as_json(kept)})
    return None


def _plain(entry: Entry, application: str | None, pid: int | None, message: str) -> Row:
    row: Row = {
        "application": application,
        "pid": pid,
        "severity": severity_of(_first(entry, "PRIORITY")),
        "event_code": _first(entry, "MESSAGE_ID"),
        "message": message or None,
    }
    if application in {"sshd", "sshd-session"}:
        row["src_ip"] = peer_of(message)
    else:
        row["user_name"] = account_of(application, message)
    return row


def severity_of(priority: str | None) -> str | None:
    """The severity that a field ``PRIORITY`` names; None where it is out of range."""
    number = whole_number(priority)
    return SEVERITIES[number] if number is not None and 0 <= number < len(SEVERITIES) else None


def _first(entry: Entry, key: str) -> str | None:
    value = entry.get(key)
    return value if not isinstance(value, list) else value[0] if value else None


def _all(entry: Entry, key: str) -> list[str]:
    value = entry.get(key)
    return [] if value is None else value if isinstance(value, list) else [value]
