"""One source parsed into a folder: ``<table>-NNNNN.parquet`` for each stretch of the file, ``facts.json``.

The folder depends on the source's bytes, its format and what was declared of it, and on nothing else: not on the
number of processes that read it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kakuho.engine.schemas import TABLES
from kakuho.errors import KakuhoError
from kakuho.evidence.block_tasks import BlockElsewhere, BlockOnItsWay
from kakuho.evidence.formats import FORMATS
from kakuho.evidence.formats.base import Declared, Part, ReadsBlocks, SourceFile, add_facts
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.memory import keep_freed_memory
from kakuho.evidence.pool import in_order
from kakuho.language import Bilingual

FACTS = "facts.json"
_ROWS_WORTH_COMPRESSING = 64
"""To compress fewer takes longer than to write them."""
_ROWS_TO_TELL_BY = 1024
_FEW_CHUNKS = 8


@dataclass(frozen=True)
class PartPlace:
    """Where the parts of a source go, and what is added to their rows.

    ``clock_offset_us``: how far the source's clock was ahead of the true time, in microseconds; taken off every time.
    """

    folder: Path
    source_id: int
    clock_offset_us: int = 0


@dataclass
class Counts:
    """What a part, or all of them, came to."""

    lines: int = 0
    events: int = 0
    rejected: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    facts: dict[str, Any] = field(default_factory=dict)
    bytes_read: int = 0

    def add(self, part: Counts) -> None:
        """Add the counts of the next part."""
        self.lines += part.lines
        self.events += part.events
        self.rejected += part.rejected
        self.ignored.update(part.ignored)
        add_facts(self.facts, part.facts)
        self.bytes_read += part.bytes_read


def parse(
    format_name: str, source: SourceFile, place: PartPlace, advance: Callable[[int], None] = lambda size: None
) -> Counts:
    """Parse a source into ``place.folder``; returns what it came to. Raises UsageError where it cannot be read at all.

    Raises KakuhoError where lines were lost, which is a fault of the program.
    """
    keep_freed_memory()
    total = Counts()
    for counts in _written(format_name, source, place):
        total.add(counts)
        advance(counts.bytes_read)
    ignored = total.ignored.total()
    if total.lines != total.events + total.rejected + ignored:
        raise KakuhoError(
            Bilingual(ja="行数が合いません（プログラムの不具合）。", en="lines were lost: a fault of the program"),
            where=f"{source.name}: {total.lines} != {total.events} + {total.rejected} + {ignored}",
        )
    record = {
        "lines": total.lines,
        "events": total.events,
        "rejected": total.rejected,
        "ignored": dict(sorted(total.ignored.items())),
        "facts": total.facts,
        "ends_in_mid_line": _ends_in_mid_line(format_name, source),
    }
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1)
    (place.folder / FACTS).write_text(text + "\n", encoding="utf-8")
    return total


def _ends_in_mid_line(format_name: str, source: SourceFile) -> bool:
    """Whether the last line of a text lacks its end: more may have followed."""
    size = source.content.size
    return bool(size) and isinstance(FORMATS[format_name], ReadsBlocks) and source.content.read(size - 1, 1) != b"\n"


def read_facts(folder: Path) -> dict[str, Any]:
    """The counts and facts of a parsed source."""
    facts: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    return facts


def part_files(folder: Path, table: str) -> list[Path]:
    """The files with a table's rows of a parsed source, in the order of its lines."""
    return sorted(folder.glob(f"{table}-[0-9]*.parquet"))


def _written(format_name: str, source: SourceFile, place: PartPlace) -> Iterator[Counts]:
    known = FORMATS[format_name]
    if isinstance(known, ReadsBlocks):
        read = partial(_read_block, format_name, source.declared, place)
        tasks = ((number, BlockOnItsWay(block)) for number, block in enumerate(known.blocks(source)))
        yield from in_order(read, tasks, size=source.content.size)
    else:
        for number, part in enumerate(known.parse(source)):
            yield write_part(part, number, place)


def _read_block(
    format_name: str, declared: Declared, place: PartPlace, task: tuple[int, LineBlock | BlockOnItsWay | BlockElsewhere]
) -> Counts:
    """Read one block and write its part; runs in any process."""
    number, given = task
    block = given if isinstance(given, LineBlock) else given.taken()
    known = FORMATS[format_name]
    assert isinstance(known, ReadsBlocks)  # noqa: S101 - the caller asked; for the type checker
    part = known.read_block(block, declared)
    part.bytes_read = len(block.data)
    return write_part(part, number, place)


def write_part(part: Part, number: int, place: PartPlace) -> Counts:
    """Write the rows and the rejects of a part."""
    for table, rows in sorted(part.tables.items()):
        if len(rows):
            _write(table, _complete(table, rows, place), number, place)
    if part.rejects:
        lines, offsets, reasons = zip(*part.rejects, strict=True)
        rows = pa.table({"line": lines, "byte_offset": offsets, "reason": reasons})
        _write("rejects", _complete("rejects", rows, place), number, place)
    return Counts(part.lines, part.events, len(part.rejects), part.ignored, part.facts, part.bytes_read)


def _complete(table: str, rows: pa.Table, place: PartPlace) -> pa.Table:
    if place.clock_offset_us and "time" in rows.schema.names:
        index = rows.schema.get_field_index("time")
        shift = pa.scalar(place.clock_offset_us, pa.duration("us"))
        rows = rows.set_column(index, "time", pc.subtract(rows["time"], shift))
    numbers = pa.nulls(len(rows), pa.int32()).fill_null(place.source_id)
    schema = TABLES[table].schema
    rows = rows.append_column("source_id", numbers)
    columns = [_in_type(rows[name], schema.field(name).type) for name in schema.names]
    return pa.table(columns, names=schema.names)


def _in_type(column: pa.ChunkedArray, declared: pa.DataType) -> pa.ChunkedArray:
    """The column in the declared type; a dictionary of it stays one, for Parquet writes it as it is."""
    if pa.types.is_dictionary(column.type) and column.type.value_type == declared:
        return column
    return column if column.type == declared else column.cast(declared)


def _write(table: str, rows: pa.Table, number: int, place: PartPlace) -> None:
    path = place.folder / f"{table}-{number:05d}.parquet"
    if rows.column(0).num_chunks > _FEW_CHUNKS:  # each is a step of every column's writer
        rows = rows.combine_chunks()
    numbers = [field.name for field in rows.schema if _is_number(field.type)]
    hardly_repeating = {*numbers, *TABLES[table].hardly_repeating}
    hardly_repeating |= _hardly_repeating(rows, hardly_repeating)
    pq.write_table(
        rows,
        path,
        compression="zstd" if len(rows) >= _ROWS_WORTH_COMPRESSING else "none",
        compression_level=1 if len(rows) >= _ROWS_WORTH_COMPRESSING else None,
        row_group_size=max(len(rows), 1),
        use_dictionary=[leaf for field in rows.schema for leaf in _leaves(field) if leaf not in hardly_repeating],
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
        store_schema=False,  # texts are read as texts, also where a dictionary of them was written
        write_statistics=[field.name for field in rows.schema if not _is_text(field.type)],
    )


def _leaves(field: pa.Field) -> list[str]:
    """The columns of a field as Parquet calls them; a list holds its ``element``s."""
    if pa.types.is_list(field.type):
        field = pa.field(f"{field.name}.list.element", field.type.value_type)
    if not pa.types.is_struct(field.type):
        return [field.name]
    return [f"{field.name}.{member.name}" for member in field.type]


def _hardly_repeating(rows: pa.Table, known: Set[str]) -> set[str]:
    """Other columns of texts of whose first rows most are different: a dictionary of these costs time and room."""
    if len(rows) < _ROWS_TO_TELL_BY:
        return set()
    first = rows.slice(0, _ROWS_TO_TELL_BY)
    texts = {field.name for field in rows.schema if pa.types.is_string(field.type)} - known
    return {name for name in texts if pc.count_distinct(first[name]).as_py() > _ROWS_TO_TELL_BY // 2}


def _is_number(kind: pa.DataType) -> bool:
    """Whether a column holds times or large numbers: written as differences they take half the time and room."""
    return bool(pa.types.is_int64(kind) or pa.types.is_timestamp(kind))


def _is_text(kind: pa.DataType) -> bool:
    """Whether the least and the greatest value of such a column help nobody to find rows."""
    return bool(pa.types.is_string(kind) or pa.types.is_dictionary(kind) or pa.types.is_binary(kind))
