"""Audit logs in JSON: MySQL Enterprise Audit (new JSON) and Percona Server (``audit_record`` lines).

MySQL Enterprise writes one array, an object a line with a comma after it; times are UTC (manual, "Audit Log File
Formats"). Percona's plugin writes ``{"audit_record": {…}}`` lines, times with ``Z`` or ``UTC``. Both write statements
as the event ``status`` of a query (with its error code), and connections.

Lines that are one object of ordinary numbers are read by orjson; lines with numbers that it reads or writes in another
way than Python (beyond 64 bits, with exponents), and all others, by Python's json. Both give the same rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.database.mysql_lines import Times, texts
from kakuho.evidence.formats.database.statement_words import commands_of
from kakuho.evidence.formats.json_records import ordinary_numbers
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.evidence.formats.rows import table_of
from kakuho.language import Bilingual

_USER = re.compile(
    r"(?P<user>[^\[\]]{0,300}?)\[[^\[\]]{0,300}\] @ (?P<host>[^\[\]]{0,300}?) \[(?P<address>[^\]]{0,300})\]"
)
_STATEMENTS = frozenset(["Query", "Execute"])
_CONNECTIONS = frozenset(["Connect", "Quit", "Change user"])
_COLUMNS = (
    "line",
    "byte_offset",
    "time",
    "session_id",
    "db_user",
    "src_ip",
    "database",
    "kind",
    "command",
    "object",
    "statement",
    "outcome",
    "message",
    "unmapped",
)
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
        times = Times("UTC", self.name)
        ours = [_row(_object(line.decode("utf-8", "replace")), times, _json) for line in lines]
        share = sum(isinstance(row, tuple) for row in ours) / len(lines) if lines else 0.0
        if not share:
            return None
        variant = "percona" if b'"audit_record"' in head.data else "enterprise"
        return Recognition(share, variant, share_in_words(share, "audit log JSON"))

    @no_collection()
    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line with an object is an event or rejected; the array's brackets are ignored."""
        part = Part(lines=len(block))
        times, offsets = Times("UTC", self.name), block.offsets.tolist()
        regular = ordinary_numbers(block)
        rows: list[tuple[Any, ...]] = []
        for index, line in enumerate(texts(block, declared.encoding, part)):
            if regular[index] and (found := _quick_object(line)) is not None:
                row = _row(found, times, _json_quickly)
            elif not line.strip():
                part.ignored["blank"] += 1
                continue
            elif line.strip() in {"[", "]"}:
                part.ignored["header"] += 1
                continue
            else:
                row = _row(_object(line), times, _json)
            if isinstance(row, str):
                part.reject(block.first_line + index, offsets[index], row)
            else:
                rows.append((block.first_line + index, offsets[index], *row))
        part.events = len(rows)
        part.tables["datastore_activity"] = _table(rows)
        return part


def _quick_object(line: str) -> dict[str, Any] | None:
    """The object of a line that holds nothing else but a comma after it; None for any other line."""
    try:
        found = orjson.loads(line[:-1] if line.endswith("},") else line)
    except orjson.JSONDecodeError:
        return None
    return found if type(found) is dict else None


def _object(line: str) -> dict[str, Any] | None:
    text = line.strip().removeprefix("[").removesuffix("]").strip().removesuffix(",").removeprefix(",")
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _row(
    found: dict[str, Any] | None, times: Times, as_json: Callable[[dict[str, Any]], str | None]
) -> tuple[Any, ...] | str:
    if found is None:
        return "not_json"
    record = found.get("audit_record")
    row = _percona(record, as_json) if isinstance(record, dict) else _enterprise(found, as_json)
    if row is None:
        return "field_missing"
    written = row[0]
    moment = times.of(written.removesuffix(" UTC") + "Z" if written.endswith(" UTC") else written)
    return "time_not_valid" if moment is None else (moment, *row[1:])


def _percona(record: dict[str, Any], as_json: Callable[[dict[str, Any]], str | None]) -> tuple[Any, ...] | None:
    name, time = record.get("name"), record.get("timestamp")
    if not isinstance(name, str) or not isinstance(time, str):
        return None
    user = _USER.match(_text(record.get("user")) or "")
    ran = name in _STATEMENTS
    statement = _text(record.get("sqltext"))
    return (
        time,
        _text(record.get("connection_id")),
        (user["user"].strip() if user else _text(record.get("user"))) or None,
        _text(record.get("ip")) or _text(record.get("host")) or None,
        _text(record.get("db")) or None,
        "statement" if ran and statement else "connection" if name in _CONNECTIONS else "other",
        None if ran else name,
        None,
        statement if ran else None,
        "failure" if _text(record.get("status")) not in {None, "0", ""} else "success",
        None if ran and statement else name,
        as_json({"status_code": record.get("status") or None, "command_class": record.get("command_class")}),
    )


def _enterprise(found: dict[str, Any], as_json: Callable[[dict[str, Any]], str | None]) -> tuple[Any, ...] | None:
    class_, event, time = found.get("class"), found.get("event"), found.get("timestamp")
    if not isinstance(class_, str) or not isinstance(event, str) or not isinstance(time, str):
        return None
    data = _data(found)
    account, login = _part(found, "account"), _part(found, "login")
    statement = _text(data.get("query")) or None
    table = _text(data.get("table"))
    ran = statement is not None and isinstance(found.get("general_data"), dict)
    database = _text(data.get("db")) or None
    about = {"class": class_, "event": event, "id": found.get("id"), "status_code": data.get("status") or None}
    if not ran:
        about["query"] = statement
        about.update({key: value for key, value in found.items() if key not in _OWN})
    return (
        time,
        _text(found.get("connection_id")),
        _text(login.get("user")) or _text(account.get("user")) or None,
        _text(login.get("ip")) or _text(account.get("host")) or None,
        database,
        "statement" if ran else "connection" if class_ == "connection" else "other",
        _upper(data.get("sql_command")),
        (f"{database}.{table}" if database else table) if table else None,
        statement if ran else None,
        "failure" if _text(data.get("status")) not in {None, "0", ""} else "success",
        None if ran else f"{class_}: {event}",
        as_json(about),
    )


def _data(found: dict[str, Any]) -> dict[str, Any]:
    """What the event is about: the first object under a name that ends with ``_data``."""
    for key, value in found.items():
        if key.endswith("_data") and isinstance(value, dict):
            return value
    return {}


def _part(found: dict[str, Any], key: str) -> dict[str, Any]:
    value = found.get(key)
    return value if isinstance(value, dict) else {}


def _upper(value: object) -> str | None:
    return value.upper().replace("_", " ") if isinstance(value, str) and value else None


def _text(value: object) -> str | None:
    if value is None or type(value) is str:
        return value
    return str(value) if type(value) is int else json.dumps(value, ensure_ascii=False)


def _json(values: dict[str, Any]) -> str | None:
    present = {key: value for key, value in values.items() if value is not None}
    return json.dumps(present, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if present else None


def _json_quickly(values: dict[str, Any]) -> str | None:
    if None in values.values():
        values = {key: value for key, value in values.items() if value is not None}
    try:
        return orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode() if values else None
    except orjson.JSONEncodeError:
        return _json(values)


def _table(rows: list[tuple[Any, ...]]) -> pa.Table:
    if not rows:
        return table_of("datastore_activity", {"line": []})
    columns: dict[str, Any] = dict(zip(_COLUMNS, zip(*rows, strict=True), strict=True))
    columns["statement"] = pa.array(columns["statement"], pa.string())
    columns["command"] = pa.array(columns["command"], pa.string())
    columns["command"] = pc.coalesce(columns["command"], commands_of(columns["statement"]))
    columns["time"] = pa.array(columns["time"], pa.int64()).cast(pa.timestamp("us"))
    return table_of("datastore_activity", columns)
