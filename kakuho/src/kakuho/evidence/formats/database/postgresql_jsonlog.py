"""PostgreSQL's ``jsonlog`` (since version 15): one JSON object a line.

Fast path: DuckDB reads the JSON of a whole block. Lines that it does not take, or a block that is not UTF-8, are read
one by one with Python's ``json``. A line that is not UTF-8 is rejected: its SQL could not be replayed as it ran.
"""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.engine.arrow import query_arrow
from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.database.postgresql_records import RECORDS, ROLE, SEVERITIES, add_records
from kakuho.language import Bilingual

_KEYS = {
    "stamp": "timestamp",
    "db_user": "user",
    "database": "dbname",
    "remote_host": "remote_host",
    "session_id": "session_id",
    "session_line": "line_num",
    "severity": "error_severity",
    "message": "message",
    "detail": "detail",
    "statement": "statement",
    "application": "application_name",
}
_NEEDED = ("timestamp", "session_id", "line_num", "error_severity", "message")


class PostgresqlJsonlog(TextFormat):
    """PostgreSQL server logs written with ``log_destination = 'jsonlog'``."""

    name = "postgresql_jsonlog"
    label = Bilingual(ja="PostgreSQL のログ（jsonlog）", en="PostgreSQL log (jsonlog)")
    role = ROLE
    tables = ("datastore_activity",)
    version = 2

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines that are such records."""
        share = head.share(lambda line: isinstance(record_of(line), dict))
        if not share:
            return None
        return Recognition(share, "jsonlog", share_in_words(share, "jsonlog"))

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank (ignored) or rejected."""
        part = Part(lines=len(block))
        with duckdb.connect() as connection:
            add_records(_read(block, part, connection), declared, part, connection)
        return part


def _read(block: LineBlock, part: Part, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    if not block.is_utf8:
        return read_carefully(block, part)
    fast, rest = read_fast(block, connection)
    careful = [read_carefully(block.part(index, index + 1), part) for index in rest]
    return pa.concat_tables([fast, *careful])


def read_fast(block: LineBlock, connection: duckdb.DuckDBPyConnection) -> tuple[pa.Table, list[int]]:
    """The records that DuckDB takes, and the positions of the lines that it leaves."""
    lines = pa.table(
        {
            "line": pa.array(block.line_numbers),
            "byte_offset": pa.array(block.offsets),
            "text": block.texts().cast(pa.string()),
        }
    )
    read = query_arrow(connection, lines, "lines", _FAST_RECORDS)
    taken = read["taken"].combine_chunks()
    records = read.filter(taken).select(RECORDS.names).cast(RECORDS)
    return records, pc.indices_nonzero(pc.invert(taken)).to_pylist()


def read_carefully(block: LineBlock, part: Part) -> pa.Table:
    """The lines one by one; counts what is no record in ``part``."""
    rows: list[dict[str, Any]] = []
    for number, offset, line in block.lines():
        if not line.strip():
            part.ignored["blank"] += 1
            continue
        record = record_of(line)
        if isinstance(record, str):
            part.reject(number, offset, record)
        else:
            rows.append({**record, "line": number, "byte_offset": offset})
    return pa.Table.from_pylist(rows, schema=RECORDS)


def record_of(line: bytes) -> dict[str, str | None] | str:
    """The record of a line, or the reason why it is none."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return "not_utf8"
    try:
        found = json.loads(text)
        if not isinstance(found, dict):
            return "not_json"
        fields = {name: _text(found.get(key)) for name, key in _KEYS.items()}
        "".join(value or "" for value in fields.values()).encode()
    except (ValueError, RecursionError):
        return "not_json" if text.endswith("}") else "line_cut_off"
    if any(found.get(key) is None for key in _NEEDED):
        return "field_missing"
    return fields if fields["severity"] in SEVERITIES else "severity_not_known"


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_KNOWN_SEVERITIES = ", ".join(f"'{severity}'" for severity in sorted(SEVERITIES))
_FAST_RECORDS = f"""
WITH parsed AS (
    SELECT line, byte_offset, rtrim(text, chr(13) || chr(10)) AS text FROM lines
), read AS (
    SELECT line, byte_offset, {", ".join(f"text ->> '$.{key}' AS {name}" for name, key in _KEYS.items())}
    FROM (SELECT line, byte_offset, if(json_valid(text), text, NULL) AS text FROM parsed)
)
SELECT *, coalesce({" AND ".join(f"{name} IS NOT NULL" for name, key in _KEYS.items() if key in _NEEDED)}
    AND severity IN ({_KNOWN_SEVERITIES}), false) AS taken
FROM read ORDER BY line
"""
