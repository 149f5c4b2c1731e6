"""Windows events as winlogbeat and the Elastic agent write them: one JSON object a line, the event under ``winlog``.

The events are those of EVTX (:mod:`.events`), rendered: keywords, tasks and opcodes are words of the machine that read
them, and stand in ``unmapped`` as they were written.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.json_lines import JsonLinesFormat
from kakuho.evidence.formats.json_records import Rows, integer_of, json_of, utc_microseconds
from kakuho.evidence.formats.json_shapes import Shape
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.evidence.formats.windows.event_columns import Events, OneByOneError, times_of
from kakuho.evidence.formats.windows.events import WINDOWS_TABLES, add_rows
from kakuho.evidence.formats.windows.meanings import LEVELS
from kakuho.evidence.formats.windows.together import in_order, read_together
from kakuho.language import Bilingual

_LEVELS = {word: number for number, word in LEVELS.items() if number}


class WinlogbeatJson(JsonLinesFormat):
    """Windows events of winlogbeat."""

    name = "winlogbeat_json"
    label = Bilingual(ja="Windows イベント（winlogbeat の JSON）", en="Windows events (winlogbeat JSON)")
    role = "host_log"
    tables = (*WINDOWS_TABLES, "sequence")
    version = 2

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines with an event under ``winlog``."""
        share = head.share(_is_of_winlogbeat)
        return Recognition(share, "winlogbeat", share_in_words(share, "winlogbeat JSON")) if share else None

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank (ignored) or rejected; logs that were cleared are a fact."""
        reader, lines = _Reader(), list(block.lines())
        numbers, offsets = block.line_numbers, block.offsets
        with no_collection():
            together, left = read_together(
                [line for _, _, line in lines], lambda shape: _events(shape, numbers, offsets)
            )
        part = reader.read_lines(block, declared, [lines[index] for index in left.tolist()])
        part.events += len(lines) - len(left)
        part.tables = in_order(together, part.tables)
        part.facts["log_cleared"] = reader.cleared
        return part

    def add_rows(self, record: dict[str, Any], line: int, byte_offset: int, rows: Rows) -> str | None:
        """The rows of an event."""
        return _add(record, line, byte_offset, rows, [])


class _Reader(WinlogbeatJson):
    """Keeps which logs were cleared."""

    def __init__(self) -> None:
        self.cleared: list[dict[str, str]] = []

    def add_rows(self, record: dict[str, Any], line: int, byte_offset: int, rows: Rows) -> str | None:
        return _add(record, line, byte_offset, rows, self.cleared)


def _is_of_winlogbeat(line: bytes) -> bool:
    if b'"winlog"' not in line:
        return False
    record = json_of(line)
    return isinstance(record, dict) and "event_id" in _mapping(record.get("winlog"))


def _add(record: dict[str, Any], line: int, byte_offset: int, rows: Rows, cleared: list[dict[str, str]]) -> str | None:
    event = _mapping(record.get("winlog"))
    if "event_id" not in event:
        return "not_a_windows_event"
    told = event.get
    time = utc_microseconds(told("time_created") or record.get("@timestamp"))
    if time is None:
        return "time_not_valid"
    system = _system(record, event)
    data = _mapping(told("event_data") or told("user_data"))
    add_rows(system, data, {"time": time, "line": line, "byte_offset": byte_offset}, rows, cleared)
    return None


def _system(record: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    """What System said, under the names that Sigma rules use."""
    told = event.get
    process, level = _mapping(told("process")), _mapping(record.get("log")).get("level")
    return {
        "Provider_Name": told("provider_name"),
        "EventID": integer_of(told("event_id")),
        "Version": told("version"),
        "Level": _LEVELS.get(level) if isinstance(level, str) else None,
        "Task": told("task"),
        "Opcode": told("opcode"),
        "Keywords": told("keywords"),
        "EventRecordID": integer_of(told("record_id")),
        "ProcessID": process.get("pid"),
        "ThreadID": _mapping(process.get("thread")).get("id"),
        "ActivityID": told("activity_id"),
        "UserID": _mapping(told("user")).get("identifier"),
        "Channel": told("channel"),
        "Computer": told("computer_name"),
    }


def _events(shape: Shape, lines: npt.NDArray[np.int64], offsets: npt.NDArray[np.int64]) -> Events:
    """The events of lines of one shape. Raises OneByOneError where they cannot be read together."""
    record = shape.record
    event = _mapping(record.get("winlog"))
    if "event_id" not in event:
        raise OneByOneError
    for name in ("event_id", "record_id"):
        event[name] = shape.as_number(event.get(name))
        if shape.is_text(event[name]):
            raise OneByOneError
    log = _mapping(record.get("log"))
    log["level"] = shape.only(log.get("level"))
    stamp = event.get("time_created") or record.get("@timestamp")
    if shape.is_text(log["level"]) or not shape.is_text(stamp) or shape.is_text(event.get("time_created")):
        raise OneByOneError
    times, unusual = times_of(shape.written(stamp))
    if unusual.any():
        raise OneByOneError
    data = _mapping(event.get("event_data") or event.get("user_data"))
    return Events(shape, _system(record, event), data, times, lines[shape.rows], offsets[shape.rows])


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
