"""What has to hold whatever the bytes are. An AssertionError says what does not."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from kakuho.engine.schemas import TABLES, part_schema
from kakuho.errors import UsageError
from kakuho.evidence.formats import FORMATS, Declared, Part, SourceFile
from kakuho.evidence.formats.base import Format, TextFormat
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.identification import head_of
from kakuho.evidence.wording import REASONS

from .seeds import BytesContent

COUNT_RECORDS = frozenset({"har", "journal_export", "windows_evtx"})
"""Formats that are read in blocks, but whose unit is a record within a document, not a line."""
MODIFIED = datetime(2025, 4, 22, tzinfo=UTC)


def check(format_name: str, data: bytes, declared: Declared) -> bool:
    """Read ``data`` in a format; whether anything was read. Raises for whatever may not happen."""
    known = FORMATS[format_name]
    content = BytesContent(data)
    recognised = known.recognise(head_of(content, "mutant.log", declared))
    assert recognised is None or 0 <= recognised.confidence <= 1, "confidence is between 0 and 1"
    source = SourceFile(content, "mutant.log", MODIFIED, recognised.variant if recognised else "", declared)
    lines = last = 0
    block = LineBlock(data, 0, 1)
    ordered: dict[str, int] = {}
    try:
        for part in known.parse(source):
            _check_part(part)
            lines += part.lines
            for table, rows in part.tables.items():
                if len(rows) and "line" in rows.schema.names:
                    last = _check_rows(known, table, rows, block, ordered.get(table, 0))
                    ordered[table] = last
            _check_places(known, [(line, offset) for line, offset, _ in part.rejects], block)
    except UsageError:
        return False
    if _counts_lines(known):
        assert lines == (len(block) if data else 0), f"{len(block)} lines in the file, {lines} in the parts"
    return True


def _check_part(part: Part) -> None:
    known = part.events + len(part.rejects) + part.ignored.total()
    assert part.lines == known, f"conservation: {part.lines} lines, {known} accounted for"
    assert part.events >= 0, "no negative number of events"
    assert min(part.ignored.values(), default=0) >= 0, "no negative number of ignored lines"
    unknown = {reason for _, _, reason in part.rejects} | set(part.ignored)
    assert unknown <= set(REASONS), f"reasons without words: {sorted(unknown - set(REASONS))}"
    for table, rows in part.tables.items():
        assert table in TABLES, f"no table {table}"
        schema = part_schema(table)
        assert rows.schema.names == schema.names, f"the columns of {table}"
        rows.validate(full=True)
        for name, column in zip(rows.schema.names, rows.columns, strict=True):
            held = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
            assert held == schema.field(name).type, f"the type of {table}.{name} is {held}"


def _check_rows(known: Format, table: str, rows: pa.Table, block: LineBlock, after: int) -> int:
    assert table in known.tables or table == "sequence", f"{table} is not among the format's tables"
    for name in ("time", "line", "byte_offset"):
        assert rows[name].null_count == 0, f"{table}.{name} is null"
    lines = rows["line"].to_numpy()
    assert lines[0] >= after, f"the lines of {table} ascend from part to part"
    assert (np.diff(lines) >= 0).all(), f"the lines of {table} ascend"
    _check_places(known, zip(lines.tolist(), rows["byte_offset"].to_pylist(), strict=True), block)
    return int(lines[-1])


def _check_places(known: Format, places: object, block: LineBlock) -> None:
    pairs = np.array(list(places), np.int64).reshape(-1, 2)  # type: ignore[call-overload]
    if not len(pairs):
        return
    lines, offsets = pairs[:, 0], pairs[:, 1]
    assert lines.min() >= 1, "lines count from 1"
    assert offsets.min() >= 0, "offsets are in the file"
    assert offsets.max() < len(block.data), "offsets are in the file"
    if _counts_lines(known):
        assert lines.max() <= len(block), "lines are in the file"
        assert (block.starts[lines - 1] == offsets).all(), "a byte offset is where its line begins"


def _counts_lines(known: Format) -> bool:
    return isinstance(known, TextFormat) and known.name not in COUNT_RECORDS
