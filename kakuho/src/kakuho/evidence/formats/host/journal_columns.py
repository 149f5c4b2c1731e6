"""Entries of the journal with the same fields, each of them once and text, as rows all at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.columns import each, json_objects, json_texts, strings
from kakuho.evidence.formats.host.auth_messages import account_of, peer_of, rows_of_message
from kakuho.evidence.formats.host.journal_entries import FURTHEST, MAPPED, severity_of
from kakuho.evidence.formats.host.message_columns import Columns, MessageRows
from kakuho.evidence.formats.rows import table_of
from kakuho.evidence.formats.rows_by_table import as_json, whole_number

_NAMES = re.compile(r"[A-Z0-9_]+(?:\n[A-Z0-9_]+)*")
_TIME, _NUMBER = "__REALTIME_TIMESTAMP", "__SEQNUM"
_DIGITS = r"^[0-9]{1,18}$"
_NOTHING = pa.scalar(None, pa.string())

Integers = npt.NDArray[np.int64]
Tables = dict[str, list[pa.Table]]


def read_alike(
    names: Sequence[str], rows: Sequence[Sequence[str]], lines: Integers, offsets: Integers
) -> tuple[Tables, npt.NDArray[np.bool_]]:
    """The rows of entries by table, and which of the entries were read; the others have to be read by themselves.

    ``rows`` holds the values of each entry in the order of ``names``.
    """
    regular = np.zeros(len(rows), np.bool_)
    if _TIME not in names or not _NAMES.fullmatch("\n".join(names)):
        return {}, regular
    values = dict(zip(names, map(strings, zip(*rows, strict=True)), strict=True))
    regular = _regular(values)
    if not regular.any():
        return {}, regular
    if not regular.all():
        kept = pa.array(regular)
        values = {name: array.filter(kept) for name, array in values.items()}
        lines, offsets = lines[regular], offsets[regular]
    return _rows(values, lines, offsets), regular


def _regular(values: Columns) -> npt.NDArray[np.bool_]:
    """Which entries have a time, a sequence number that is one, and a name of their program that is not empty."""
    is_time = pc.match_substring_regex(values[_TIME], _DIGITS)
    times = pc.if_else(is_time, values[_TIME], _NOTHING).cast(pa.int64())
    regular = pc.fill_null(pc.less(times, FURTHEST), False)
    if _NUMBER in values:
        regular = pc.and_(regular, pc.match_substring_regex(values[_NUMBER], _DIGITS))
    for name in ("SYSLOG_IDENTIFIER", "_PID", "__SEQNUM_ID"):
        if name in values:
            regular = pc.and_(regular, pc.not_equal(values[name], ""))
    mask: npt.NDArray[np.bool_] = regular.to_numpy(zero_copy_only=False)
    return mask


def _rows(values: Columns, lines: Integers, offsets: Integers) -> Tables:
    count = len(lines)
    nothing = pa.nulls(count, pa.string())
    base: dict[str, Any] = {
        "time": values[_TIME].cast(pa.int64()).cast(pa.timestamp("us")),
        "line": pa.array(lines),
        "byte_offset": pa.array(offsets),
    }
    tables: Tables = {}
    if _NUMBER in values:
        stream = values.get("__SEQNUM_ID", pa.array(["journal"] * count, pa.string()))
        numbers = values[_NUMBER].cast(pa.int64())
        tables["sequence"] = [table_of("sequence", base | {"stream": stream, "number": numbers})]
    base["host"] = values.get("_HOSTNAME", nothing)
    applications = values.get("SYSLOG_IDENTIFIER", values.get("_COMM", nothing))
    pids = each(values.get("_PID", values.get("SYSLOG_PID", nothing)), whole_number, pa.int64())
    texts = values["MESSAGE"].to_pylist() if "MESSAGE" in values else [""] * count
    kept = {name: json_texts(array) for name, array in values.items() if name not in MAPPED}
    unmapped = json_objects(kept, count)
    found = MessageRows()
    plain: list[int] = []
    addresses: dict[int, str | None] = {}
    users: dict[int, str | None] = {}
    objects = unmapped.to_pylist()
    for index, (application, message) in enumerate(zip(applications.to_pylist(), texts, strict=True)):
        rows = rows_of_message(application, message) if application else None
        if not rows:
            if application in {"sshd", "sshd-session"}:
                addresses[len(plain)] = peer_of(message)
            else:
                users[len(plain)] = account_of(application, message)
            plain.append(index)
            continue
        for table, row in rows:
            own = row.pop("unmapped", None)
            if own:
                row["unmapped"] = _joined(objects[index], as_json(own))
            found.add(index, table, row)
    common = base | {"message": pa.array(texts, pa.string()), "unmapped": unmapped}
    parent = common | {"parent_pid": pids}
    for table, made in found.tables({"authentication": common, "process_activity": parent}).items():
        tables[table] = [made]
    if plain:
        places = pa.array(plain, pa.int32())
        columns = {
            **common,
            "message": pc.if_else(pc.equal(common["message"], ""), _NOTHING, common["message"]),
            "application": applications,
            "pid": pids,
            "severity": each(values.get("PRIORITY", nothing), severity_of, pa.string()),
            "event_code": values.get("MESSAGE_ID", nothing),
        }
        chosen = {name: array.take(places) for name, array in columns.items()}
        for name, one in (("src_ip", addresses), ("user_name", users)):
            chosen[name] = pa.array([one.get(index) for index in range(len(plain))], pa.string())
        tables["base_event"] = [table_of("base_event", chosen)]
    return tables


def _joined(fields: str | None, own: str | None) -> str | None:
    """One object of two: the journal's names, in capitals, sort before those that a message gives."""
    if fields is None or own is None:
        return fields or own
    return f"{fields[:-1]},{own[1:]}"
