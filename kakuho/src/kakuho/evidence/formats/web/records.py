"""Records that span lines and begin with a known pattern: how a file is cut and read by them.

The first line of a record counts as the event; the lines that go on from it are ignored as ``continuation``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kakuho.evidence.content import Content
from kakuho.evidence.formats.base import Declared, Part
from kakuho.evidence.formats.blocks import LineBlock, line_blocks
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.evidence.formats.rows import in_line_order, table_of
from kakuho.evidence.formats.web.by_columns import LINES_AT_ONCE, ReadRegular, line_at, valid
from kakuho.evidence.formats.web.fields import Event
from kakuho.evidence.formats.web.lines import EventRows, decoded

_MOST_KEPT_OF_A_RECORD = 1 << 20
IN_RECORD, OUTSIDE = "in record", "outside"
Line = tuple[int, int, bytes]


def line_record_blocks(content: Content, begin: re.Pattern[bytes]) -> Iterator[LineBlock]:
    """Blocks of whole lines, cut before the last record that begins in them.

    ``context`` says whether the lines before a block's first record go on from one (``in record``), which they do only
    where a record is longer than a block. Of such a record the lines in further blocks are continuation all the same.
    """
    begins = re.compile(rb"(?:^|(?<=\n))(?:" + begin.pattern + rb")", begin.flags)
    rest: LineBlock | None = None
    seen = False
    for block in line_blocks(content):
        whole = block if rest is None else LineBlock(rest.data + block.data, rest.byte_offset, rest.first_line)
        cut = _last_begin(whole.data, begins)
        context = IN_RECORD if seen else OUTSIDE
        seen = seen or cut >= 0
        if cut <= 0:
            yield LineBlock(whole.data, whole.byte_offset, whole.first_line, context)
            rest = None
            continue
        before = LineBlock(whole.data[:cut], whole.byte_offset, whole.first_line, context)
        yield before
        rest = LineBlock(whole.data[cut:], whole.byte_offset + cut, whole.first_line + before.line_ends)
        if not block.data.endswith(b"\n"):
            yield LineBlock(rest.data, rest.byte_offset, rest.first_line, IN_RECORD)
            rest = None
    if rest is not None:
        yield LineBlock(rest.data, rest.byte_offset, rest.first_line, IN_RECORD)


def _last_begin(data: bytes, begins: re.Pattern[bytes]) -> int:
    """Where the last record begins; -1 where none does. Looked for from behind, in growing pieces."""
    size = 1 << 14
    while True:
        start = max(len(data) - size, 0)
        start = data.find(b"\n", start) + 1 if start else 0
        last = -1
        for found in begins.finditer(data, start):
            last = found.start()
        if last >= 0 or size >= len(data):
            return last
        size *= 8


def read_records(
    block: LineBlock,
    declared: Declared,
    begin: re.Pattern[bytes],
    table: str,
    reason: str,
    read: Callable[[str], Event | str],
    read_regular: ReadRegular = lambda some: [],
) -> Part:
    """The records of a block: events or rejects, blank lines and continuations ignored.

    Lines before any record of the file are rejected with ``reason``. Of a record the first MiB is read. Of records of
    one line, ``read_regular`` reads those that are regular.
    """
    part = Part(lines=len(block))
    regular, left = _regular_records(block, begin, table, read_regular)
    rows = EventRows(table)
    record: list[Line] = []
    is_inside = block.context == IN_RECORD
    before = -1
    for index in left.tolist():
        line = line_at(block, index)
        if index > before + 1:
            _read(record, declared, part, rows, read)
            record, is_inside = [], True
        before = index
        if begin.match(line[2]):
            _read(record, declared, part, rows, read)
            record, is_inside = [line], True
        elif not line[2].strip():
            part.ignored["blank"] += 1
            if record:
                record.append((0, 0, b""))
        elif record:
            part.ignored["continuation"] += 1
            record.append(line)
        elif is_inside:
            part.ignored["continuation"] += 1
        else:
            part.reject(line[0], line[1], reason)
    _read(record, declared, part, rows, read)
    part.events += rows.count + len(block) - len(left)
    part.tables[table] = in_line_order([*regular, rows.table()] if rows.count or not regular else regular)
    return part


def _regular_records(
    block: LineBlock, begin: re.Pattern[bytes], table: str, read_regular: ReadRegular
) -> tuple[list[pa.Table], npt.NDArray[np.int64]]:
    """The rows of regular records, each a line that another record or the end follows, and the lines that are left."""
    taken = np.zeros(len(block), np.bool_)
    tables = []
    with no_collection():
        for first in range(0, len(block), LINES_AT_ONCE):
            last = min(first + LINES_AT_ONCE, len(block))
            for read in read_regular(block.part(first, last)):
                indices, columns = valid(read)
                at_begin = np.zeros(last - first + 1, np.bool_)
                at_begin[indices] = True
                at_begin[-1] = last == len(block) or begin.match(block.data, int(block.starts[last])) is not None
                alone = at_begin[indices + 1]
                for place in np.flatnonzero(~alone).tolist():
                    start = int(block.starts[first + int(indices[place]) + 1])
                    alone[place] = begin.match(block.data, start) is not None
                if not alone.all():
                    kept = pa.array(alone)
                    indices, columns = indices[alone], {name: array.filter(kept) for name, array in columns.items()}
                if len(indices):
                    taken[first + indices] = True
                    columns["line"] = indices + (first + block.first_line)
                    columns["byte_offset"] = block.offsets[indices + first]
                    tables.append(table_of(table, columns))
    return tables, np.flatnonzero(~taken)


def _read(
    record: list[Line], declared: Declared, part: Part, rows: EventRows, read: Callable[[str], Event | str]
) -> None:
    if not record:
        return
    number, offset, data = record[0]
    if len(record) > 1:
        data = b"\n".join(line for _, _, line in record)[:_MOST_KEPT_OF_A_RECORD].rstrip(b"\n")
    row = read(decoded(data, declared, part))
    if isinstance(row, str):
        part.reject(number, offset, row)
        return
    rows.add(row, number, offset)
