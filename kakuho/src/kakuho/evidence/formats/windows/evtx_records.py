"""Records as the parser gives them, into rows: those of one shape together, the others one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kakuho.evidence.formats.base import Part
from kakuho.evidence.formats.json_records import Rows, json_of
from kakuho.evidence.formats.json_shapes import Shape, shapes_of
from kakuho.evidence.formats.windows.event_columns import Events, OneByOneError, tables_of, times_of
from kakuho.evidence.formats.windows.events import (
    add_event,
    data_of,
    event_id_of,
    stamp_of,
    system_and_body,
    system_values,
)


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
    shapes, left = shapes_of(records.texts)
    made: dict[str, list[pa.Table]] = defaultdict(list)
    others = [left]
    lines, offsets = np.array(records.lines, np.int64), np.array(records.byte_offsets, np.int64)
    for shape in shapes:
        try:
            tables, unread = tables_of(_events(shape, lines, offsets))
        except OneByOneError:
            others.append(shape.rows)
            continue
        others.append(shape.rows[unread])
        part.events += len(shape) - int(unread.sum())
        for table, rows in tables:
            made[table].append(rows)
    one_by_one = Rows()
    for index in np.sort(np.concatenate(others)).tolist():
        _add(records, index, one_by_one, part)
    for table, rows in one_by_one.tables().items():
        made[table].append(rows)
    part.tables = {table: _in_order(rows) for table, rows in sorted(made.items())}
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


def _in_order(tables: list[pa.Table]) -> pa.Table:
    """Rows of several tables in the order of their lines."""
    rows = pa.concat_tables(tables).combine_chunks()
    if len(tables) == 1:
        return rows
    return rows.take(np.argsort(rows["line"].to_numpy(), kind="stable"))
