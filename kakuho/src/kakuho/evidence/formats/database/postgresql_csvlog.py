"""PostgreSQL's ``csvlog``: 23 columns (up to version 12), 24 (13) or 26 (14 and later); a record can span lines.

A record ends at a line end outside quotes. Fast path: Arrow reads a block of whole records. Where a block is not sound
(a log cut in mid-record, a damaged quote, bytes that are not UTF-8), the careful path begins a record at every line
that starts with a time, as every record does, and takes what is a record by itself.
The lines after the first of a record are counted as ignored, so that lines = events + rejected + ignored.
"""

from __future__ import annotations

import bisect
import csv
import io
import re
from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from kakuho.evidence.content import Content
from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat
from kakuho.evidence.formats.blocks import BLOCK_BYTES, LineBlock, line_blocks
from kakuho.evidence.formats.database.postgresql_records import RECORDS, ROLE, SEVERITIES, add_records
from kakuho.language import Bilingual

_BEGIN = re.compile(rb'"?\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3} [A-Za-z0-9+:-]+"?,')
_BEGIN_OF_LINE = re.compile(rb"\n" + _BEGIN.pattern)
_COLUMNS = """
stamp db_user database process_id connection_from session_id session_line command_tag session_start virtual_transaction
transaction severity sql_state message detail hint internal_query internal_position context statement position location
application backend_type leader_pid query_id
""".split()  # noqa: SIM905
_WIDTHS = (26, 25, 24, 23)
_LONGEST_RECORD_LINES = 100_000


class PostgresqlCsvlog(TextFormat):
    """PostgreSQL server logs written with ``log_destination = 'csvlog'``."""

    name = "postgresql_csvlog"
    label = Bilingual(ja="PostgreSQL のログ（csvlog）", en="PostgreSQL log (csvlog)")
    role = ROLE
    tables = ("datastore_activity",)
    version = 2

    def recognise(self, head: Head) -> Recognition | None:
        """By its first records; continuation lines do not count against it."""
        block = LineBlock(b"\n".join(head.lines) + b"\n", 0, 1)
        records = list(_careful_records(block))
        good = [fields for _, fields in records if isinstance(fields, list)]
        if not good:
            return None
        share = len(good) / len(records)
        why = Bilingual(ja=f"先頭の記録の {share:.0%} が csvlog", en=f"{share:.0%} of its first records are csvlog")
        return Recognition(share, f"{len(good[0])} columns", why)

    def blocks(self, source: SourceFile) -> Iterator[LineBlock]:
        """Blocks cut where a record ends."""
        return _record_blocks(source.content)

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every record is an event or rejected; its lines after the first are ignored as continuation."""
        part = Part(lines=len(block))
        records = read_fast(block, part)
        if records is None:
            records = read_carefully(block, part)
        with duckdb.connect() as connection:
            add_records(records, declared, part, connection)
        return part


def read_fast(block: LineBlock, part: Part) -> pa.Table | None:
    """All records of the block, or None where it is not sound."""
    ends = _record_ends(block.data)
    if not len(ends) or ends[-1] != len(block.data) or not block.is_utf8 or b"\r" in block.data:
        return None
    width = _width(block.data[: int(ends[0])])
    starts = np.concatenate(([0], ends[:-1]))
    if width is None or not all(_BEGIN.match(block.data, int(start)) for start in starts):
        return None
    names = _COLUMNS[:width]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(block.data),
            read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=max(len(block.data), 1)),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid:
        return None
    known = pc.all(pc.is_in(table["severity"], pa.array(sorted(SEVERITIES)))).as_py()
    if len(table) != len(starts) or not known or table["session_id"].null_count or table["message"].null_count:
        return None
    lines = np.searchsorted(block.starts, starts)
    part.ignored["continuation"] += len(block) - len(starts)
    table = table.append_column("line", pa.array(block.line_numbers[lines]))
    table = table.append_column("byte_offset", pa.array(starts.astype(np.int64) + block.byte_offset))
    host = pc.replace_substring_regex(table["connection_from"], r":\d+$", "")
    return table.append_column("remote_host", host).select(RECORDS.names).cast(RECORDS)


def read_carefully(block: LineBlock, part: Part) -> pa.Table:
    """Record by record, beginning anew at every line that begins like one."""
    rows: list[dict[str, object]] = []
    for lines, fields in _careful_records(block):
        number, offset, _ = lines[0]
        part.ignored["continuation"] += len(lines) - 1
        if fields == "blank":
            part.ignored["blank"] += 1
            continue
        if isinstance(fields, str):
            part.reject(number, offset, fields)
            continue
        row: dict[str, object] = dict(zip(_COLUMNS, (field or None for field in fields), strict=False))
        row["remote_host"] = re.sub(r":\d+$", "", str(row["connection_from"])) if row["connection_from"] else None
        rows.append({**{name: row.get(name) for name in RECORDS.names}, "line": number, "byte_offset": offset})
    return pa.Table.from_pylist(rows, schema=RECORDS)


def _fields(text: bytes) -> list[str] | str:
    """The columns of one record, or the reason why it is none."""
    try:
        rows = list(csv.reader(io.StringIO(text.decode("utf-8"), newline=""), strict=True))
    except UnicodeDecodeError:
        return "not_utf8"
    except csv.Error:
        return "line_cut_off"
    if len(rows) != 1 or len(rows[0]) not in _WIDTHS:
        return "not_csvlog"
    fields = rows[0]
    if fields[_COLUMNS.index("severity")] not in SEVERITIES:
        return "severity_not_known"
    return fields if fields[_COLUMNS.index("session_id")] and fields[_COLUMNS.index("message")] else "field_missing"


def _careful_records(block: LineBlock) -> Iterator[tuple[list[tuple[int, int, bytes]], list[str] | str]]:
    """Lines gathered to records: their fields, or the reason why they are none.

    A record begins with a time and is whole as soon as its quotes are even. Where that gives no record, the lines up to
    the next one that begins like a record are rejected, and reading starts again there.
    """
    lines = list(block.lines())
    begins = [index for index, line in enumerate(lines) if _BEGIN.match(line[2])]
    begins.append(len(lines))
    index = 0
    while index < len(lines):
        following = begins[bisect.bisect_right(begins, index)]
        if begins[bisect.bisect_left(begins, index)] == index:
            end = _end_of_record(lines, index)
            fields = _fields(_joined(lines[index:end]))
            if isinstance(fields, list):
                yield lines[index:end], fields
                index = end
                continue
            yield lines[index:following], fields
        elif not lines[index][2].strip():
            following = index + 1
            yield lines[index:following], "blank"
        else:
            yield lines[index:following], "not_csvlog"
        index = following


def _end_of_record(lines: list[tuple[int, int, bytes]], begin: int) -> int:
    """The index after the first line at which the quotes since ``begin`` are even."""
    quotes = 0
    for index in range(begin, min(len(lines), begin + _LONGEST_RECORD_LINES)):
        quotes += lines[index][2].count(b'"')
        if quotes % 2 == 0:
            return index + 1
    return min(len(lines), begin + _LONGEST_RECORD_LINES)


def _joined(lines: list[tuple[int, int, bytes]]) -> bytes:
    return b"\n".join(text for _, _, text in lines)


def _width(record: bytes) -> int | None:
    fields = _fields(record.rstrip(b"\r\n"))
    return len(fields) if isinstance(fields, list) else None


def _record_ends(data: bytes) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Where records end: after each line end with an even number of quotes before it."""
    array = np.frombuffer(data, np.uint8)
    odd = np.cumsum(array == ord('"'), dtype=np.uint8) & 1
    return (np.flatnonzero((array == ord("\n")) & (odd == 0)) + 1).astype(np.int64)


def _record_blocks(content: Content) -> Iterator[LineBlock]:
    """Blocks cut where a record ends, so that no record lies in two of them."""
    rest, offset, line = b"", 0, 1
    for block in line_blocks(content):
        data = rest + block.data
        ends = _record_ends(data)
        cut = next((int(end) for end in ends[::-1] if end == len(data) or _BEGIN.match(data, int(end))), 0)
        if not cut and len(data) > 4 * BLOCK_BYTES:
            cut = max((found.start() + 1 for found in _BEGIN_OF_LINE.finditer(data)), default=len(data))
        if cut:
            whole = LineBlock(data[:cut], offset, line)
            yield whole
            offset, line = offset + cut, line + len(whole)
        rest = data[cut:]
    if rest:
        yield LineBlock(rest, offset, line)
