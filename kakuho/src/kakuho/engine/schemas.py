"""The tables of the lake: their columns and types, declared once (``docs/dev/interfaces.md`` section 4).

Times are UTC microseconds without a zone. Each table names the columns that order it: together they are unique, so
that the same rows always make the same file.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from kakuho.engine.arrow_alone import do_without_pandas

do_without_pandas()

TIME = pa.timestamp("us")
_ORIGIN = [("source_id", pa.int32()), ("line", pa.int64()), ("byte_offset", pa.int64())]
_LEDGER_EVENT = [
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
]
_SHOWN = pa.struct([("subject", pa.string()), ("set", pa.int64())])
"""An entry of a disclosure: whom it is about, and the key of its items in ``item_set``."""


@dataclass(frozen=True)
class LakeTable:
    """A table of the lake: its schema and its order.

    ``hardly_repeating``: columns of a table in parts, as Parquet calls them, whose values are nearly all different; a
    dictionary of these would only cost time.
    """

    schema: pa.Schema
    order: tuple[str, ...]
    hardly_repeating: tuple[str, ...] = ()


def _events(*columns: tuple[str, pa.DataType], hardly_repeating: tuple[str, ...] = ()) -> LakeTable:
    """A table of events: each has its time and its origin; a line may give several events."""
    schema = pa.schema([("time", TIME), *_ORIGIN, *columns])
    return LakeTable(schema, ("time", "source_id", "line"), hardly_repeating)


def part_schema(table: str) -> pa.Schema:
    """The columns that a format gives for a table: all but ``source_id``."""
    schema = TABLES[table].schema
    return schema.remove(schema.get_field_index("source_id"))


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
                ("variant", pa.string()),
                ("series", pa.string()),
                ("problem", pa.string()),
                ("first", TIME),
                ("last", TIME),
            ]
        ),
        ("source_id",),
    ),
    "http_activity": _events(
        ("duration_us", pa.int64()),
        ("src_ip", pa.string()),
        ("src_port", pa.int32()),
        ("forwarded_for", pa.string()),
        ("user_name", pa.string()),
        ("host", pa.string()),
        ("method", pa.string()),
        ("url_path", pa.string()),
        ("url_query", pa.string()),
        ("http_version", pa.string()),
        ("status", pa.int32()),
        ("bytes_in", pa.int64()),
        ("bytes_out", pa.int64()),
        ("referrer", pa.string()),
        ("user_agent", pa.string()),
        ("request_body", pa.string()),
        ("unmapped", pa.string()),
    ),
    "datastore_activity": _events(
        ("duration_us", pa.int64()),
        ("session_id", pa.string()),
        ("session_line", pa.int64()),
        ("db_user", pa.string()),
        ("database", pa.string()),
        ("src_ip", pa.string()),
        ("application", pa.string()),
        ("kind", pa.string()),
        ("command", pa.string()),
        ("object", pa.string()),
        ("statement", pa.string()),
        ("parameters", pa.string()),
        ("rows", pa.int64()),
        ("outcome", pa.string()),
        ("message", pa.string()),
        ("unmapped", pa.string()),
    ),
    "authentication": _events(
        ("host", pa.string()),
        ("service", pa.string()),
        ("activity", pa.string()),
        ("outcome", pa.string()),
        ("user_name", pa.string()),
        ("user_domain", pa.string()),
        ("src_ip", pa.string()),
        ("src_port", pa.int32()),
        ("auth_protocol", pa.string()),
        ("logon_type", pa.string()),
        ("session_id", pa.string()),
        ("message", pa.string()),
        ("unmapped", pa.string()),
    ),
    "process_activity": _events(
        ("host", pa.string()),
        ("activity", pa.string()),
        ("outcome", pa.string()),
        ("user_name", pa.string()),
        ("pid", pa.int64()),
        ("process_path", pa.string()),
        ("command_line", pa.string()),
        ("parent_pid", pa.int64()),
        ("parent_path", pa.string()),
        ("session_id", pa.string()),
        ("message", pa.string()),
        ("unmapped", pa.string()),
    ),
    "file_activity": _events(
        ("host", pa.string()),
        ("activity", pa.string()),
        ("outcome", pa.string()),
        ("user_name", pa.string()),
        ("pid", pa.int64()),
        ("process_path", pa.string()),
        ("file_path", pa.string()),
        ("session_id", pa.string()),
        ("message", pa.string()),
        ("unmapped", pa.string()),
    ),
    "network_activity": _events(
        ("duration_us", pa.int64()),
        ("host", pa.string()),
        ("activity", pa.string()),
        ("outcome", pa.string()),
        ("protocol", pa.string()),
        ("application_protocol", pa.string()),
        ("src_ip", pa.string()),
        ("src_port", pa.int32()),
        ("dst_ip", pa.string()),
        ("dst_port", pa.int32()),
        ("bytes_in", pa.int64()),
        ("bytes_out", pa.int64()),
        ("connection_id", pa.string()),
        ("user_name", pa.string()),
        ("process_path", pa.string()),
        ("message", pa.string()),
        ("unmapped", pa.string()),
    ),
    "api_activity": _events(
        ("service", pa.string()),
        ("operation", pa.string()),
        ("outcome", pa.string()),
        ("error", pa.string()),
        ("user_name", pa.string()),
        ("user_type", pa.string()),
        ("credential_id", pa.string()),
        ("account", pa.string()),
        ("region", pa.string()),
        ("resource", pa.string()),
        ("src_ip", pa.string()),
        ("user_agent", pa.string()),
        ("session_id", pa.string()),
        ("request_id", pa.string()),
        ("message", pa.string()),
        ("unmapped", pa.string()),
    ),
    "base_event": _events(
        ("host", pa.string()),
        ("application", pa.string()),
        ("pid", pa.int64()),
        ("severity", pa.string()),
        ("event_code", pa.string()),
        ("user_name", pa.string()),
        ("src_ip", pa.string()),
        ("message", pa.string()),
        ("unmapped", pa.string()),
    ),
    "sequence": _events(("stream", pa.string()), ("number", pa.int64())),
    "ledger_chain": LakeTable(
        pa.schema([("source_id", pa.int32()), ("seq", pa.int64()), ("digest", pa.binary()), ("other", pa.string())]),
        ("source_id", "seq"),
        ("digest",),
    ),
    "disclosure": LakeTable(
        pa.schema(
            [
                ("time", TIME),
                *_ORIGIN,
                *_LEDGER_EVENT,
                ("subject", pa.string()),
                ("item", pa.string()),
                ("masked", pa.bool_()),
            ]
        ),
        ("time", "source_id", "line", "subject", "item", "masked"),
    ),
    "ledger_event": _events(
        *_LEDGER_EVENT,
        ("shown", pa.list_(_SHOWN)),
        hardly_repeating=("actor_id", "actor_subject", "session", "src_ip", "shown.list.element.subject"),
    ),
    "item_set": LakeTable(
        pa.schema(
            [
                ("source_id", pa.int32()),
                ("set", pa.int64()),
                ("position", pa.int32()),
                ("item", pa.string()),
                ("masked", pa.bool_()),
            ]
        ),
        ("source_id", "set", "position"),
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

IN_PARTS = (
    "http_activity",
    "authentication",
    "process_activity",
    "file_activity",
    "network_activity",
    "api_activity",
    "base_event",
    "ledger_event",
    "item_set",
    "rejects",
)
"""Tables that stay in the parts that parsing wrote; ``lake/<table>.json`` lists them with their hashes."""

VIEWS = {"disclosure": "ledger_event"}
"""Tables that no stage writes: views of the one named here, which :mod:`kakuho.engine.lake` makes."""
