"""PostgreSQL's ``jsonlog`` (since version 15): one JSON object a line.

Fast path: Arrow reads the JSON of a whole block. A block that it does not take is halved, and halved again; the few
lines around what it does not take are read one by one with Python's ``json``. A line that is neither UTF-8 nor in the
declared encoding is rejected: its SQL could not be replayed as it ran.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.database.postgresql_records import RECORDS, ROLE, add_records
from kakuho.evidence.formats.database.postgresql_words import KNOWN_SEVERITIES
from kakuho.language import Bilingual

_KEYS = {
    "stamp": "timestamp",
    "db_user": "user",
    "database": "dbname",
    "remote_host": "remote_host",
    "session_id": "session_id",
    "session_line": "line_num",
    "severity": "error_severity",
    "sql_state": "state_code",
    "message": "message",
    "detail": "detail",
    "hint": "hint",
    "context": "context",
    "statement": "statement",
    "application": "application_name",
}
_NEEDED = ("timestamp", "session_id", "line_num", "error_severity", "message")
_ARROW = pa.schema([(key, RECORDS.field(name).type) for name, key in _KEYS.items()])
_FEW_LINES = 32
_MOST = 2**63


class PostgresqlJsonlog(TextFormat):
    """PostgreSQL server logs written with ``log_destination = 'jsonlog'``."""

    name = "postgresql_jsonlog"
    label = Bilingual(ja="PostgreSQL のログ（jsonlog）", en="PostgreSQL log (jsonlog)")
    role = ROLE
    tables = ("datastore_activity",)
    version = 3

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines that are such records."""
        share = head.share(lambda line: isinstance(record_of(line), dict))
        if not share:
            return None
        return Recognition(share, "jsonlog", share_in_words(share, "jsonlog"))

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank (ignored) or rejected."""
        part = Part(lines=len(block))
        add_records(pa.concat_tables(_read(block, part, declared.encoding)), declared, part)
        return part


def _read(block: LineBlock, part: Part, encoding: str | None) -> Iterator[pa.Table]:
    fast = read_fast(block)
    if fast is not None:
        yield fast
    elif len(block) <= _FEW_LINES:
        yield read_carefully(block, part, encoding)
    else:
        middle = len(block) // 2
        yield from _read(block.part(0, middle), part, encoding)
        yield from _read(block.part(middle, len(block)), part, encoding)


def read_fast(block: LineBlock) -> pa.Table | None:
    """The records of all lines, or None where one of them is no record or Arrow does not take it.

    Every line has to begin and end as an object does: then no object spans lines, and where there are as many objects
    as lines, each line is one.
    """
    data, starts = np.frombuffer(block.data, np.uint8), block.starts
    if not len(block) or not block.data.endswith(b"\n") or not block.is_utf8:
        return None
    if (np.diff(starts) < 3).any() or (data[starts[:-1]] != ord("{")).any() or (data[starts[1:] - 2] != ord("}")).any():
        return None
    try:
        table = pyarrow.json.read_json(
            pa.BufferReader(block.data),
            read_options=pyarrow.json.ReadOptions(block_size=len(data)),
            parse_options=pyarrow.json.ParseOptions(explicit_schema=_ARROW, unexpected_field_behavior="ignore"),
        )
    except pa.ArrowInvalid:
        return None
    if len(table) != len(block) or any(table[key].null_count for key in _NEEDED):
        return None
    if not pc.all(pc.is_in(table["error_severity"], pa.array(sorted(KNOWN_SEVERITIES)))).as_py():
        return None
    columns = {name: table[key] for name, key in _KEYS.items()}
    columns |= {"line": pa.array(block.line_numbers), "byte_offset": pa.array(block.offsets)}
    return pa.table({name: columns[name] for name in RECORDS.names}).cast(RECORDS)


def read_carefully(block: LineBlock, part: Part, encoding: str | None = None) -> pa.Table:
    """The lines one by one; counts what is no record in ``part``."""
    rows: list[dict[str, Any]] = []
    for number, offset, line in block.lines():
        if not line.strip():
            part.ignored["blank"] += 1
            continue
        record = record_of(line, encoding)
        if isinstance(record, str):
            part.reject(number, offset, record)
        else:
            rows.append({**record, "line": number, "byte_offset": offset})
    return pa.Table.from_pylist(rows, schema=RECORDS)


def record_of(line: bytes, encoding: str | None = None) -> dict[str, Any] | str:
    """The record of a line, or the reason why it is none."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        if encoding is None:
            return "not_utf8"
        text = line.decode(encoding, "backslashreplace")
    try:
        found = json.loads(text)
        if not isinstance(found, dict):
            return "not_json"
        fields: dict[str, Any] = {name: _text(found.get(key)) for name, key in _KEYS.items()}
        "".join(value or "" for value in fields.values()).encode()
    except (ValueError, RecursionError):
        return "not_json" if text.endswith("}") else "line_cut_off"
    if any(found.get(key) is None for key in _NEEDED):
        return "field_missing"
    number = found["line_num"]
    whole = isinstance(number, int) and not isinstance(number, bool) and -_MOST <= number < _MOST
    fields["session_line"] = number if whole else None
    return fields if fields["severity"] in KNOWN_SEVERITIES else "severity_not_known"


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
