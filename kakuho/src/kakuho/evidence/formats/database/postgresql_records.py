"""What a PostgreSQL log record means, whichever format it was written in.

The formats bring records in the columns of :data:`RECORDS`; here they become rows of ``datastore_activity``, column by
column. Whether a statement failed is not said here: the error is a record of its own, and joined later
(``evidence.outcomes``).
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.base import Declared, Part
from kakuho.evidence.formats.database import postgresql_audit as audit
from kakuho.evidence.formats.database.postgresql_parameters import parameters_of_all
from kakuho.evidence.formats.database.postgresql_time import times_of
from kakuho.evidence.formats.database.postgresql_words import (
    CONNECTION,
    DURATION,
    JAPANESE_SEVERITIES,
    REFUSED,
    STATEMENT_HEAD,
)
from kakuho.evidence.formats.database.statement_words import commands_of
from kakuho.evidence.formats.rows import table_of

ROLE = "database_log"
TEXTS = (
    "stamp",
    "db_user",
    "database",
    "remote_host",
    "session_id",
    "severity",
    "sql_state",
    "message",
    "detail",
    "hint",
    "context",
    "statement",
    "application",
)
RECORDS = pa.schema(
    [
        ("line", pa.int64()),
        ("byte_offset", pa.int64()),
        ("session_line", pa.int64()),
        *[(name, pa.string()) for name in TEXTS],
    ]
)
_SUCCESS = "00000"


def add_records(records: pa.Table, declared: Declared, part: Part, times: pa.Array | None = None) -> None:
    """Add the records' events to ``part``; those without a valid time are rejected.

    ``times`` (UTC microseconds) where they are known already; else they are read from the column ``stamp``.
    """
    records = records.combine_chunks()
    if times is None:
        times = times_of(_column(records, "stamp"), time_zone=declared.time_zone, where=ROLE)
    if times.null_count:
        valid = pc.is_valid(times)
        bad = records.filter(pc.invert(valid))
        for line, offset in zip(bad["line"].to_pylist(), bad["byte_offset"].to_pylist(), strict=True):
            part.reject(line, offset, "time_not_valid")
        records, times = records.filter(valid).combine_chunks(), times.filter(valid)
    part.events += len(records)
    part.tables["datastore_activity"] = events_of(records, times)


def events_of(records: pa.Table, times: pa.Array) -> pa.Table:
    """The rows of ``datastore_activity``: one a record."""
    columns = {name: _column(records, name) for name in records.schema.names}
    severity, message = _in_english(columns["severity"]), columns["message"]
    kind = _kinds(severity, message, columns["statement"])
    is_statement = pc.equal(kind, "statement")
    statement = pc.if_else(pc.equal(kind, "error"), _given(columns["statement"]), pa.scalar(None, pa.string()))
    ran = pc.replace_substring_regex(message.filter(is_statement), STATEMENT_HEAD, "", max_replacements=1)
    statement = pc.replace_with_mask(statement, is_statement, ran)
    detail = _where(is_statement, columns["detail"])
    parameters = parameters_of_all(detail)
    failed = pc.is_in(severity, pa.array(["ERROR", "FATAL", "PANIC"]))
    rows: dict[str, pa.Array] = {
        "time": times,
        "line": columns["line"],
        "byte_offset": columns["byte_offset"],
        "session_id": columns["session_id"],
        "session_line": columns["session_line"],
        "db_user": _given(columns["db_user"]),
        "database": _given(columns["database"]),
        "src_ip": _given(columns["remote_host"]),
        "application": _given(columns["application"]),
        "duration_us": _durations(message),
        "kind": kind,
        "command": commands_of(statement),
        "object": pa.nulls(len(kind), pa.string()),
        "rows": pa.nulls(len(kind), pa.int64()),
        "statement": statement,
        "parameters": parameters,
        "outcome": pc.if_else(failed, "failure", "success"),
        "message": _where(pc.invert(is_statement), message),
        "unmapped": _unmapped(columns, parameters),
    }
    return table_of("datastore_activity", _with_audits(rows, columns["session_id"], message))


def _kinds(severity: pa.Array, message: pa.Array, statement: pa.Array) -> pa.Array:
    is_log = pc.equal(severity, "LOG")
    runs = pc.and_(is_log, pc.match_substring_regex(message, STATEMENT_HEAD))
    connects = pc.and_(is_log, pc.match_substring_regex(_where(pc.invert(runs), message), CONNECTION))
    errs = pc.is_in(severity, pa.array(["ERROR", "FATAL", "PANIC"]))
    fatal = pc.and_(pc.equal(severity, "FATAL"), pc.is_null(statement))
    refused = pc.match_substring_regex(_where(fatal, message), REFUSED)
    return pc.case_when(
        pc.make_struct(runs, pc.fill_null(connects, False), pc.fill_null(refused, False), errs),
        "statement",
        "connection",
        "connection",
        "error",
        "other",
    ).cast(pa.string())


def _durations(message: pa.Array) -> pa.Array:
    """Microseconds, where the message begins with a duration."""
    timed = pc.or_(pc.starts_with(message, "duration: "), pc.starts_with(message, "期間: "))
    result = pa.nulls(len(message), pa.int64())
    if not pc.any(timed).as_py():
        return result
    found = pc.struct_field(pc.extract_regex(pc.utf8_slice_codeunits(message.filter(timed), 0, 48), DURATION), 0)
    microseconds = pc.cast(pc.round(pc.multiply(pc.cast(found, pa.float64()), 1000.0)), pa.int64())
    return pc.replace_with_mask(result, timed, microseconds)


def _unmapped(columns: dict[str, pa.Array], parameters: pa.Array) -> pa.Array:
    """What an error says besides its message, as JSON; null for nearly all records."""
    state = _given(columns["sql_state"])
    told = {
        "status_code": _where(pc.not_equal(state, _SUCCESS), state),
        "detail": _where(pc.is_null(parameters), _given(columns["detail"])),
        "hint": _given(columns["hint"]),
        "context": _given(columns["context"]),
    }
    some = pc.is_valid(pc.coalesce(*told.values()))
    result = pa.nulls(len(state), pa.string())
    if not pc.any(some).as_py():
        return result
    rows = pa.table({name: values.filter(some) for name, values in told.items()}).to_pylist()
    return pc.replace_with_mask(result, some, pa.array([as_json(row) for row in rows], pa.string()))


def as_json(row: dict[str, Any]) -> str | None:
    """A JSON object of what is not null, or None where nothing is."""
    present = {key: value for key, value in row.items() if value is not None}
    return json.dumps(present, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if present else None


def _with_audits(rows: dict[str, pa.Array], session: pa.Array, message: pa.Array) -> dict[str, pa.Array]:
    """The rows with what pgaudit's records say in place of their messages."""
    marked = pc.starts_with(message, audit.HEAD)
    if not pc.any(marked).as_py():
        return rows
    audits = audit.Audits()
    texts, sessions = message.filter(marked).to_pylist(), session.filter(marked).to_pylist()
    read = [audits.read(one, text) for one, text in zip(sessions, texts, strict=True)]
    known = pa.array([one is not None for one in read], pa.bool_())
    index = pc.indices_nonzero(marked).filter(known)
    is_audit = pc.is_in(pa.array(range(len(message)), pa.uint64()), index)
    found = [one for one in read if one is not None]
    values: dict[str, list[Any]] = {
        "kind": ["statement"] * len(found),
        "message": [None] * len(found),
        "command": [one.command for one in found],
        "object": [one.object_name for one in found],
        "statement": [one.statement for one in found],
        "parameters": [one.parameters for one in found],
        "rows": [one.rows for one in found],
        "unmapped": [as_json(one.unmapped) for one in found],
    }
    changed = {
        name: pc.replace_with_mask(rows[name], is_audit, pa.array(column, rows[name].type))
        for name, column in values.items()
    }
    return {**rows, **changed}


def _in_english(severity: pa.Array) -> pa.Array:
    encoded = severity.dictionary_encode()
    names = [JAPANESE_SEVERITIES.get(name, name) for name in encoded.dictionary.to_pylist()]
    return pa.array(names, pa.string()).take(encoded.indices)


def _given(texts: pa.Array) -> pa.Array:
    """Empty texts as null."""
    return _where(pc.not_equal(texts, ""), texts)


def _where(condition: pa.Array, values: pa.Array) -> pa.Array:
    return pc.if_else(condition, values, pa.scalar(None, values.type))


def _column(table: pa.Table, name: str) -> pa.Array:
    column = table[name].combine_chunks()
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
