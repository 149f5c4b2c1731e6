"""What other projects say of their samples, in our columns: Elastic Common Schema read into the lake's names."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kakuho.evidence.formats import FORMATS, Declared

from ...reading import read
from ...samples import sample

Row = dict[str, Any]
_ECS: dict[str, str] = {
    "source.address": "src_ip",
    "source.port": "src_port",
    "user.name": "user_name",
    "http.request.method": "method",
    "url.path": "url_path",
    "url.query": "url_query",
    "http.version": "http_version",
    "http.response.status_code": "status",
    "http.response.body.bytes": "bytes_out",
    "http.request.referrer": "referrer",
    "http.request.body.bytes": "bytes_in",
    "http.request.body.content": "request_body",
    "user_agent.original": "user_agent",
    "destination.domain": "host",
    "url.domain": "host",
    "log.level": "severity",
    "process.pid": "pid",
    "message": "message",
}


def flat(document: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested objects as one, keys joined by points."""
    result: dict[str, Any] = {}
    for key, value in document.items():
        if isinstance(value, dict):
            result |= flat(value, f"{prefix}{key}.")
        else:
            result[prefix + key] = value
    return result


def expected_events(path: Path) -> list[Row]:
    """The events that upstream expects of a log, flattened."""
    document = json.loads(Path(f"{path}-expected.json").read_text())
    events = document["expected"] if isinstance(document, dict) else document
    return [flat(event) for event in events if event is not None]


def in_our_columns(event: Row) -> Row:
    """The columns that an expected event speaks of."""
    row: Row = {}
    for name, column in _ECS.items():
        if name in event and column not in row:
            row[column] = event[name]
    if "source.address" not in event and "source.ip" in event:
        row["src_ip"] = event["source.ip"]
    if "event.duration" in event:
        row["duration_us"] = event["event.duration"] // 1000
    if "@timestamp" in event:
        row["time"] = dt.datetime.fromisoformat(event["@timestamp"]).astimezone(dt.UTC).replace(tzinfo=None)
    if isinstance(row.get("request_body"), list):
        row["request_body"] = "".join(row["request_body"])
    for column in ("status", "bytes_out", "bytes_in", "pid", "src_port"):
        if column in row:
            row[column] = int(row[column])
    return row


@dataclass(frozen=True)
class Compared:
    """How a sample came out: fields that are equal, and those that differ with both values."""

    format_name: str
    events: int
    equal: int
    different: tuple[tuple[int, str, Any, Any], ...]


def _rows_of_first_lines(path: Path, rows: list[Row]) -> list[Row]:
    """The rows of the lines that upstream's events begin with: its shipper joins lines that begin unlike an address."""
    lines = path.read_bytes().split(b"\n")
    firsts = [event["event.original"].split("\n")[0].encode() for event in expected_events(path)]
    by_line = {row["line"]: row for row in rows}
    found, number = [], 0
    for first in firsts:
        number = next(index for index in range(number, len(lines)) if lines[index].rstrip(b"\r") == first) + 1
        found.append(by_line[number])
    return found


def compare(
    format_name: str, parts: tuple[str, ...], zone: str, adjust: Callable[[Row], Row] | None = None
) -> Compared:
    """A sample read and compared field by field, times to the millisecond, as upstream keeps them."""
    path = sample(*parts)
    wanted = [in_our_columns(event) for event in expected_events(path)]
    rows, _ = read(FORMATS[format_name], path, declared=Declared(time_zone=zone))
    if len(rows) != len(wanted):
        rows = _rows_of_first_lines(path, rows)
    assert len(rows) == len(wanted), (path.name, len(rows), len(wanted))
    equal, different = 0, []
    for index, (want, row) in enumerate(zip(wanted, rows, strict=True)):
        for column, value in want.items():
            ours = row[column] if column in row else json.loads(row.get("unmapped", "{}")).get(column)
            if column == "time" and ours is not None:
                ours = ours.replace(microsecond=ours.microsecond // 1000 * 1000)
            if ours == value:
                equal += 1
            else:
                different.append((index, column, value, ours))
    return Compared(format_name, len(rows), equal, tuple(different))
