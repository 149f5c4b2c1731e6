"""Audit logs in JSON: MySQL Enterprise Audit (new JSON) and Percona Server (``audit_record`` lines).

MySQL Enterprise writes one array, an object a line with a comma after it; times are UTC (manual, "Audit Log File
Formats"). Percona's plugin writes ``{"audit_record": {…}}`` lines, times with ``Z`` or ``UTC``. Both write statements
as the event ``status`` of a query (with its error code), and connections.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.database.mysql_lines import Times, texts
from kakuho.evidence.formats.database.statement_words import commands_of
from kakuho.evidence.formats.rows import table_of
from kakuho.language import Bilingual

_USER = re.compile(
    r"(?P<user>[^\[\]]{0,300}?)\[[^\[\]]{0,300}\] @ (?P<host>[^\[\]]{0,300}?) \[(?P<address>[^\]]{0,300})\]"
)
_STATEMENTS = frozenset(["Query", "Execute"])
_CONNECTIONS = frozenset(["Connect", "Quit", "Change user"])
_OWN = frozenset(["timestamp", "id", "class", "event", "connection_id", "account", "login", "general_data"])


class MysqlAuditJson(TextFormat):
    """MySQL Enterprise and Percona audit logs in JSON."""

    name = "mysql_audit_json"
    label = Bilingual(ja="MySQL の監査ログ（JSON）", en="MySQL audit log (JSON)")
    role = "database_log"
    tables = ("datastore_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines that are such objects."""
        lines = [line for line in head.lines if line.strip() not in {b"[", b"]"}]
        ours = [_row(_object(line.decode("utf-8", "replace")), Times("UTC", self.name)) for line in lines]
        share = sum(isinstance(row, dict) for row in ours) / len(lines) if lines else 0.0
        if not share:
            return None
        variant = "percona" if b'"audit_record"' in head.data else "enterprise"
        return Recognition(share, variant, share_in_words(share, "audit log JSON"))

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line with an object is an event or rejected; the array's brackets are ignored."""
        part = Part(lines=len(block))
        times, offsets = Times("UTC", self.name), block.offsets.tolist()
        rows: list[dict[str, Any]] = []
        for index, line in enumerate(texts(block, declared.encoding, part)):
            if not line.strip():
                part.ignored["blank"] += 1
            elif line.strip() in {"[", "]"}:
                part.ignored["header"] += 1
            else:
                row = _row(_object(line), times)
                if isinstance(row, str):
                    part.reject(block.first_line + index, offsets[index], row)
                else:
                    rows.append({**row, "line": block.first_line + index, "byte_offset": offsets[index]})
        part.events = len(rows)
        part.tables["datastore_activity"] = _table(rows)
        return part


def _object(line: str) -> dict[str, Any] | None:
    text = line.strip().removeprefix("[").removesuffix("]").strip().removesuffix(",").removeprefix(",")
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _row(found: dict[str, Any] | None, times: Times) -> dict[str, Any] | str:
    if found is None:
        return "not_json"
    record = found.get("audit_record")
    row = _percona(record) if isinstance(record, dict) else _enterprise(found)
    if row is None:
        return "field_missing"
    moment = times.of(row["time"].removesuffix(" UTC") + "Z" if row["time"].endswith(" UTC") else row["time"])
    return "time_not_valid" if moment is None else {**row, "time": moment}


def _percona(record: dict[str, Any]) -> dict[str, Any] | None:
    name, time = record.get("name"), record.get("timestamp")
    if not isinstance(name, str) or not isinstance(time, str):
        return None
    user = _USER.match(_text(record.get("user")) or "")
    ran = name in _STATEMENTS
    statement = _text(record.get("sqltext"))
    return {
        "time": time,
        "session_id": _text(record.get("connection_id")),
        "db_user": (user["user"].strip() if user else _text(record.get("user"))) or None,
        "src_ip": _text(record.get("ip")) or _text(record.get("host")) or None,
        "database": _text(record.get("db")) or None,
        "kind": "statement" if ran and statement else "connection" if name in _CONNECTIONS else "other",
        "command": None if ran else name,
        "object": None,
        "statement": statement if ran else None,
        "outcome": "failure" if _text(record.get("status")) not in {None, "0", ""} else "success",
        "message": None if ran and statement else name,
        "unmapped": _json({"status_code": record.get("status") or None, "command_class": record.get("command_class")}),
    }


def _enterprise(found: dict[str, Any]) -> dict[str, Any] | None:
    class_, event, time = found.get("class"), found.get("event"), found.get("timestamp")
    if not isinstance(class_, str) or not isinstance(event, str) or not isinstance(time, str):
        return None
    parts = (found[key] for key in found if key.endswith("_data") and isinstance(found[key], dict))
    data: dict[str, Any] = next(parts, {})
    account, login = _part(found, "account"), _part(found, "login")
    statement = _text(data.get("query")) or None
    table = _text(data.get("table"))
    ran = class_ == "general" and statement is not None
    database = _text(data.get("db")) or None
    return {
        "time": time,
        "session_id": _text(found.get("connection_id")),
        "db_user": _text(login.get("user")) or _text(account.get("user")) or None,
        "src_ip": _text(login.get("ip")) or _text(account.get("host")) or None,
        "database": database,
        "kind": "statement" if ran else "connection" if class_ == "connection" else "other",
        "command": _upper(data.get("sql_command")),
        "object": (f"{database}.{table}" if database else table) if table else None,
        "statement": statement if ran else None,
        "outcome": "failure" if _text(data.get("status")) not in {None, "0", ""} else "success",
        "message": None if ran else f"{class_}: {event}",
        "unmapped": _json(
            {
                "class": class_,
                "event": event,
                "id": found.get("id"),
                "status_code": data.get("status") or None,
                "query": None if ran else statement,
                **{key: value for key, value in found.items() if key not in _OWN and not ran},
            }
        ),
    }


def _part(found: dict[str, Any], key: str) -> dict[str, Any]:
    value = found.get(key)
    return value if isinstance(value, dict) else {}


def _upper(value: object) -> str | None:
    return value.upper().replace("_", " ") if isinstance(value, str) and value else None


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _json(values: dict[str, Any]) -> str | None:
    present = {key: value for key, value in values.items() if value is not None}
    return json.dumps(present, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if present else None


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]} if rows else {"line": []}
    if rows:
        columns["statement"] = pa.array(columns["statement"], pa.string())
        columns["command"] = pa.array(columns["command"], pa.string())
        columns["command"] = pc.coalesce(columns["command"], commands_of(columns["statement"]))
        columns["time"] = pa.array(columns["time"], pa.int64()).cast(pa.timestamp("us"))
    return table_of("datastore_activity", columns)
