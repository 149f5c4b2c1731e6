"""The tables of the lake: their columns and types, declared once (``docs/dev/interfaces.md`` section 4).

Times are UTC microseconds without a zone. Each table names the columns that order it: together they are unique, so
that the same rows always make the same file.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TIME = pa.timestamp("us")
_ORIGIN = [("source_id", pa.int32()), ("line", pa.int64()), ("byte_offset", pa.int64())]


@dataclass(frozen=True)
class LakeTable:
    """A table of the lake: its schema and its order."""

    schema: pa.Schema
    order: tuple[str, ...]


TABLES: dict[str, LakeTable] = {
    "sources": LakeTable(
        pa.schema(
            [
                ("source_id", pa.int32()),
                ("name", pa.string()),
                ("format", pa.string()),
                ("role", pa.string()),
                ("sha256", pa.string()),
                ("size", pa.int64()),
                ("lines", pa.int64()),
                ("events", pa.int64()),
                ("rejected", pa.int64()),
                ("ignored", pa.int64()),
                ("first", TIME),
                ("last", TIME),
            ]
        ),
        ("source_id",),
    ),
    "http_activity": LakeTable(
        pa.schema(
            [
                ("time", TIME),
                ("duration_us", pa.int64()),
                *_ORIGIN,
                ("src_ip", pa.string()),
                ("user_name", pa.string()),
                ("method", pa.string()),
                ("url_path", pa.string()),
                ("url_query", pa.string()),
                ("status", pa.int32()),
                ("bytes_out", pa.int64()),
                ("referrer", pa.string()),
                ("user_agent", pa.string()),
            ]
        ),
        ("time", "source_id", "line"),
    ),
    "datastore_activity": LakeTable(
        pa.schema(
            [
                ("time", TIME),
                *_ORIGIN,
                ("session_id", pa.string()),
                ("session_line", pa.int64()),
                ("db_user", pa.string()),
                ("database", pa.string()),
                ("src_ip", pa.string()),
                ("application", pa.string()),
                ("kind", pa.string()),
                ("statement", pa.string()),
                ("parameters", pa.string()),
                ("outcome", pa.string()),
                ("message", pa.string()),
            ]
        ),
        ("time", "source_id", "line"),
    ),
    "disclosure": LakeTable(
        pa.schema(
            [
                ("time", TIME),
                *_ORIGIN,
                ("segment", pa.string()),
                ("seq", pa.int64()),
                ("actor_kind", pa.string()),
                ("actor_id", pa.string()),
                ("actor_subject", pa.string()),
                ("session", pa.string()),
                ("src_ip", pa.string()),
                ("method", pa.string()),
                ("route", pa.string()),
                ("status", pa.int32()),
                ("purpose", pa.string()),
                ("subject", pa.string()),
                ("item", pa.string()),
                ("masked", pa.bool_()),
            ]
        ),
        ("time", "source_id", "line", "subject", "item", "masked"),
    ),
    "rejects": LakeTable(
        pa.schema([*_ORIGIN, ("reason", pa.string())]),
        ("source_id", "line"),
    ),
    "coverage": LakeTable(
        pa.schema([("source_id", pa.int32()), ("role", pa.string()), ("start", TIME), ("end", TIME)]),
        ("role", "start", "end", "source_id"),
    ),
    "gaps": LakeTable(
        pa.schema(
            [
                ("source_id", pa.int32()),
                ("role", pa.string()),
                ("start", TIME),
                ("end", TIME),
                ("reason", pa.string()),
            ]
        ),
        ("role", "start", "end", "source_id", "reason"),
    ),
    "findings": LakeTable(
        pa.schema(
            [
                ("finding_id", pa.string()),
                ("rule", pa.string()),
                ("indicator_type", pa.string()),
                ("indicator_value", pa.string()),
                ("first", TIME),
                ("last", TIME),
                ("events", pa.int64()),
                ("severity", pa.string()),
            ]
        ),
        ("finding_id",),
    ),
    "finding_events": LakeTable(
        pa.schema([("finding_id", pa.string()), ("source_id", pa.int32()), ("line", pa.int64())]),
        ("finding_id", "source_id", "line"),
    ),
    "attacker_events": LakeTable(
        pa.schema(
            [
                *_ORIGIN,
                ("table", pa.string()),
                ("time", TIME),
                ("certain", pa.bool_()),
                ("why", pa.string()),
            ]
        ),
        ("table", "time", "source_id", "line"),
    ),
}
