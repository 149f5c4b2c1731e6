"""SQL Server's events in the Application log: audit records (33205) and logins (18453-18456).

An audit record is one unnamed string of ``name:value`` lines; a statement may have lines of its own (Microsoft: "SQL
Server audit records").
"""

from __future__ import annotations

import re
from typing import Any

from kakuho.evidence.formats.json_records import Row, Rows, address_of, integer_of, text_of, utc_microseconds

AUDIT_RECORD = 33205
LOGINS = {18453: "success", 18454: "success", 18455: "success", 18456: "failure"}
_FIELD = re.compile(r"^([a-z][a-z0-9_]{2,40}):", re.MULTILINE)
_CLIENT = re.compile(r"\[CLIENT: ([0-9A-Fa-f.:]{2,45})\]")
_STATEMENTS = {"SL": "statement", "IN": "statement", "UP": "statement", "DL": "statement", "EX": "statement"}
_CONNECTIONS = {"LGIS", "LGIF", "LGO"}


def is_sql_server(event: tuple[str, int]) -> bool:
    """Whether an event (provider, id) is one of these."""
    provider, number = event
    return (number == AUDIT_RECORD or number in LOGINS) and provider.startswith("MSSQL")


def add_sql_server_event(number: int, data: dict[str, Any], computer: str | None, row: Row, rows: Rows) -> bool:
    """Add the row; False where the event does not have the form of its kind."""
    given = data.get("Data")
    texts = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
    if number != AUDIT_RECORD:
        return _add_login(number, texts, computer, row, rows)
    fields = audit_fields(texts[0]) if texts else {}
    if "action_id" not in fields:
        return False
    stamp = fields.get("event_time", "").replace(" ", "T", 1)
    names = [fields.get("schema_name"), fields.get("object_name")]
    action = fields["action_id"].strip()
    rows.add(
        "datastore_activity",
        {
            **row,
            "time": utc_microseconds(f"{stamp}Z") or row["time"],
            "duration_us": None
            if "duration_milliseconds" not in fields
            else _times_1000(fields["duration_milliseconds"]),
            "session_id": fields.get("session_id"),
            "session_line": integer_of(fields.get("sequence_number")),
            "db_user": fields.get("server_principal_name") or fields.get("session_server_principal_name"),
            "database": fields.get("database_name"),
            "src_ip": address_of(fields.get("client_ip")),
            "application": fields.get("application_name"),
            "kind": _STATEMENTS.get(action, "connection" if action in _CONNECTIONS else "other"),
            "command": action,
            "object": ".".join(name for name in names if name) or None,
            "statement": fields.get("statement"),
            "rows": integer_of(fields.get("affected_rows")),
            "outcome": "failure" if fields.get("succeeded", "").lower() == "false" else "success",
            "message": fields.get("additional_information"),
        },
    )
    return True


def audit_fields(text: str) -> dict[str, str]:
    """The fields of an audit record that are given; what follows the last name up to the next one is its value."""
    marks = list(_FIELD.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    fields: dict[str, str] = {}
    for mark, end in zip(marks, ends[: len(marks)], strict=True):
        value = (
            text[mark.end() : end].rstrip("\r\n.") if mark[1] != "statement" else text[mark.end() : end].rstrip("\r\n")
        )
        if value and mark[1] not in fields:
            fields[mark[1]] = value
    return fields


def _add_login(number: int, texts: list[str], computer: str | None, row: Row, rows: Rows) -> bool:
    if not texts:
        return False
    client = _CLIENT.search(texts[-1])
    rows.add(
        "authentication",
        {
            **row,
            "host": computer,
            "service": "MSSQL",
            "activity": "logon",
            "outcome": LOGINS[number],
            "user_name": texts[0].rpartition("\\")[2] or None,
            "user_domain": texts[0].rpartition("\\")[0] or None,
            "src_ip": address_of(client[1]) if client else None,
            "message": text_of(" ".join(texts[1:-1]).strip()),
        },
    )
    return True


def _times_1000(text: str) -> int | None:
    number = integer_of(text)
    return None if number is None or abs(number) > 1 << 50 else number * 1000
