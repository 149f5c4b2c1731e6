"""Records as the parser gives them, into rows: those of one shape together, the others one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kakuho.evidence.formats.base import Part
from kakuho.evidence.formats.json_records import Rows, json_of
from kakuho.evidence.formats.json_shapes import Shape
from kakuho.evidence.formats.windows.event_columns import Events, OneByOneError, times_of
from kakuho.evidence.formats.windows.events import (
    add_event,
    data_of,
    event_id_of,
    stamp_of,
    system_and_body,
    system_values,
)
from kakuho.evidence.formats.windows.together import in_order, read_together


@dataclass
class Records:
    """The JSON of records, and where each stands; ``filetimes`` as in :func:`.events.add_event`."""

    texts: list[bytes] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    byte_offsets: list[int] = field(default_factory=list)
    filetimes: list[int] = field(default_factory=list)

    def add(
        self,
        texts: Sequence[bytes | None],
        lines: Sequence[int],
        byte_offsets: Sequence[int],
        filetimes: Sequence[int],
        part: Part,
    ) -> None:
        """Keep the records of a chunk; one that could not be read (None) is rejected."""
        for text, line, byte_offset, filetime in zip(texts, lines, byte_offsets, filetimes, strict=True):
            if text is None:
                part.reject(line, byte_offset, "record_damaged")
                continue
            self.texts.append(text)
            self.lines.append(line)
            self.byte_offsets.append(byte_offset)
            self.filetimes.append(filetime)


def add_records(records: Records, part: Part) -> None:
    """The rows of all records, in their order; each becomes an event of the part or is rejected."""
    lines, offsets = np.array(records.lines, np.int64), np.array(records.byte_offsets, np.int64)
    together, left = read_together(records.texts, lambda shape: _events(shape, lines, offsets))
    part.events += len(records.texts) - len(left)
    rows = Rows()
    for index in left.tolist():
        _add(records, index, rows, part)
    part.tables = in_order(together, rows.tables())
    part.rejects.sort()


def _add(records: Records, index: int, rows: Rows, part: Part) -> None:
    line, offset = records.lines[index], records.byte_offsets[index]
    record = json_of(records.texts[index])
    reason: str | None = "record_damaged"
    if isinstance(record, dict):
        reason = add_event(record, records.filetimes[index], line, offset, rows, part.facts["log_cleared"])
    if reason is None:
        part.events += 1
    else:
        part.reject(line, offset, reason)


def _events(shape: Shape, lines: npt.NDArray[np.int64], offsets: npt.NDArray[np.int64]) -> Events:
    """The events of a shape. Raises OneByOneError where they cannot be read together."""
    found = system_and_body(shape.record)
    if found is None:
        raise OneByOneError
    system, body = found
    stamp = stamp_of(system)
    numbers = (event_id_of(system), system.get("Level"), system.get("EventRecordID"))
    if not shape.is_text(stamp) or any(shape.is_text(number) for number in numbers):
        raise OneByOneError
    times, unusual = times_of(shape.written(stamp))
    if unusual.any():
        raise OneByOneError
    return Events(shape, system_values(system), data_of(body), times, lines[shape.rows], offsets[shape.rows])
