"""PostgreSQL's log inside the JSON lines of a platform: Google Cloud SQL and CloudNativePG.

Cloud SQL: Cloud Logging's entries, the plain log's line in ``textPayload``, its time in ``timestamp``. CloudNativePG:
csvlog's columns in ``record``, and pgaudit's in ``record.audit``; lines of its other programs are ignored.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import orjson

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.database.postgresql_prefix import ANY_HEAD, line_prefix
from kakuho.evidence.formats.database.postgresql_reading import RecordReading, texts
from kakuho.evidence.formats.database.postgresql_records import ROLE, add_records
from kakuho.evidence.formats.database.postgresql_words import KNOWN_SEVERITIES
from kakuho.evidence.formats.json_records import ordinary_numbers
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.language import Bilingual

_COLUMNS = {
    "stamp": "log_time",
    "db_user": "user_name",
    "database": "database_name",
    "session_id": "session_id",
    "severity": "error_severity",
    "sql_state": "sql_state_code",
    "message": "message",
    "detail": "detail",
    "hint": "hint",
    "context": "context",
    "statement": "query",
    "application": "application_name",
}
_AUDIT = (
    "audit_type",
    "statement_id",
    "substatement_id",
    "class",
    "command",
    "object_type",
    "object_name",
    "statement",
)
_PORT = re.compile(r":[0-9]+$")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z")


class PostgresqlCloud(TextFormat):
    """PostgreSQL server logs in the JSON lines of Cloud SQL or CloudNativePG."""

    name = "postgresql_cloud"
    label = Bilingual(
        ja="PostgreSQL のログ（Cloud SQL・CloudNativePG）", en="PostgreSQL log (Cloud SQL, CloudNativePG)"
    )
    role = ROLE
    tables = ("datastore_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines that hold a record."""
        found = [_object(line.decode("utf-8", "replace")) for line in head.lines]
        share = sum(one is not None and _is_ours(one) for one in found) / len(found) if found else 0.0
        if not share:
            return None
        variant = "cloudsql" if b'"textPayload"' in head.data else "cloudnativepg"
        return Recognition(share, variant, share_in_words(share, f"PostgreSQL ({variant})"))

    @no_collection()
    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, goes on from one, is of another program (ignored), blank or rejected."""
        part = Part(lines=len(block))
        reading = RecordReading(block, line_prefix(ANY_HEAD), part)
        ordinary = ordinary_numbers(block)
        for index, text in enumerate(texts(block, declared.encoding)):
            number, offset = reading.numbers[index], reading.offsets[index]
            found = None if text is None else _quick_object(text) if ordinary[index] else _object(text)
            if found is None:
                if text is not None and not text.strip():
                    part.ignored["blank"] += 1
                else:
                    part.reject(number, offset, "not_utf8" if text is None else "not_json")
            elif isinstance(found.get("record"), dict):
                row = _record(found["record"])
                if isinstance(row, str):
                    part.reject(number, offset, row)
                else:
                    reading.rows.append({**row, "line": number, "byte_offset": offset})
            elif isinstance(found.get("textPayload"), str):
                payload = "\n".join(_untabbed(found["textPayload"]))
                reading.add(index, payload, {"stamp": _stamp(found.get("timestamp"))})
            else:
                part.ignored["other_program"] += 1
        add_records(reading.records(), declared, part)
        return part


def _untabbed(payload: str) -> list[str]:
    first, *others = payload.split("\n")
    return [first, *(line.removeprefix("\t") for line in others)]


def _is_ours(found: dict[str, Any]) -> bool:
    record, payload = found.get("record"), found.get("textPayload")
    if isinstance(record, dict):
        return "error_severity" in record and "log_time" in record
    return isinstance(payload, str) and line_prefix(ANY_HEAD).read(payload) is not None


def _quick_object(line: str) -> dict[str, Any] | None:
    """:func:`_object` of a line whose numbers are ordinary."""
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _object(line)
    return found if isinstance(found, dict) else None


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _record(record: dict[str, Any]) -> dict[str, Any] | str:
    row: dict[str, Any] = {name: _text(record.get(key)) for name, key in _COLUMNS.items()}
    number = _text(record.get("session_line_num")) or ""
    row["session_line"] = int(number) if re.fullmatch(r"[0-9]{1,18}", number) else None
    row["remote_host"] = _PORT.sub("", _text(record.get("connection_from")) or "") or None
    if isinstance(record.get("audit"), dict):
        row["message"] = _audit_message(record["audit"])
    if any(row[name] is None for name in ("stamp", "severity", "message")):
        return "field_missing"
    return row if row["severity"] in KNOWN_SEVERITIES else "severity_not_known"


def _audit_message(audit: dict[str, Any]) -> str:
    """pgaudit's record as pgaudit wrote it."""
    text = io.StringIO()
    fields = [_text(audit.get(key)) or "" for key in (*_AUDIT, "parameter")]
    csv.writer(text, lineterminator="").writerow(fields)
    return "AUDIT: " + text.getvalue()


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _stamp(timestamp: object) -> str | None:
    found = _TIME.fullmatch(timestamp) if isinstance(timestamp, str) else None
    return f"{found[1]} {found[2]}.{(found[3] or '').ljust(6, '0')[:6]} UTC" if found else None
