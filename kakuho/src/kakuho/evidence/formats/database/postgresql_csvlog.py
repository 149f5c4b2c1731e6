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

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from kakuho.evidence.content import Content
from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, SourceFile, TextFormat
from kakuho.evidence.formats.blocks import BLOCK_BYTES, LineBlock, line_blocks
from kakuho.evidence.formats.database.postgresql_records import RECORDS, ROLE, add_records
from kakuho.evidence.formats.database.postgresql_time import STAMP
from kakuho.evidence.formats.database.postgresql_words import KNOWN_SEVERITIES
from kakuho.language import Bilingual

_BEGIN = re.compile(rb'"?\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3} [A-Za-z0-9+:-]+"?,')
_BEGIN_OF_LINE = re.compile(rb"\n" + _BEGIN.pattern)
_COLUMNS = """
stamp db_user database process_id connection_from session_id session_line command_tag session_start virtual_transaction
transaction severity sql_state message detail hint internal_query internal_position context statement position location
application backend_type leader_pid query_id
""".split()  # noqa: SIM905
_READ = [name for name in RECORDS.names if name in _COLUMNS]
_PORT = re.compile(r":[0-9]+$")
_LINE_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_WIDTHS = (26, 25, 24, 23)
_LONGEST_RECORD_LINES = 100_000


class PostgresqlCsvlog(TextFormat):
    """PostgreSQL server logs written with ``log_destination = 'csvlog'``."""

    name = "postgresql_csvlog"
    label = Bilingual(ja="PostgreSQL のログ（csvlog）", en="PostgreSQL log (csvlog)")
    role = ROLE
    tables = ("datastore_activity",)
    version = 3

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
            records = read_carefully(block, part, declared.encoding)
        add_records(records, declared, part)
        return part


def read_fast(block: LineBlock, part: Part) -> pa.Table | None:
    """All records of the block, or None where it is not sound."""
    data = block.data
    if not data.endswith(b"\n") or b"\r" in data or b"\0" in data or not block.is_utf8:
        return None
    width = _width(block)
    if width is None:
        return None
    names = _COLUMNS[:width]
    types = {name: pa.string() for name in names}
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(data),
            read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=max(len(data), 1)),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={**types, "session_line": pa.int64()},
                null_values=[""],
                strings_can_be_null=True,
                include_columns=[*_READ, "connection_from"],
            ),
        )
    except pa.ArrowInvalid:
        return None
    known = pc.all(pc.is_in(table["severity"], pa.array(sorted(KNOWN_SEVERITIES)))).as_py()
    stamped = pc.all(pc.match_substring_regex(table["stamp"], STAMP)).as_py()
    if not known or not stamped or any(table[name].null_count for name in ("stamp", "session_id", "message")):
        return None
    starts = block.starts[:-1]
    lines = block.line_numbers
    if len(table) != len(block):
        ends = _record_ends(data)
        if len(ends) == 0:
            return None
        starts = np.concatenate(([0], ends[:-1]))
        lines = np.searchsorted(block.starts, starts) + block.first_line
        if len(table) != len(starts) or ends[-1] != len(data):
            return None
    part.ignored["continuation"] += len(block) - len(starts)
    table = table.append_column("line", pa.array(lines))
    table = table.append_column("byte_offset", pa.array(starts.astype(np.int64) + block.byte_offset))
    return table.append_column("remote_host", _hosts(table["connection_from"])).select(RECORDS.names).cast(RECORDS)


def _hosts(connections: pa.ChunkedArray) -> pa.ChunkedArray:
    """Addresses without their ports."""
    encoded = connections.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    hosts = pc.replace_substring_regex(encoded.dictionary, _PORT.pattern, "")
    return pa.chunked_array([hosts.take(encoded.indices)])


def read_carefully(block: LineBlock, part: Part, encoding: str | None = None) -> pa.Table:
    """Record by record, beginning anew at every line that begins like one."""
    rows: list[dict[str, object]] = []
    for lines, fields in _careful_records(block, encoding):
        number, offset, _ = lines[0]
        part.ignored["continuation"] += len(lines) - 1
        if fields == "blank":
            part.ignored["blank"] += 1
            continue
        if isinstance(fields, str):
            part.reject(number, offset, fields)
            continue
        row: dict[str, object] = dict(zip(_COLUMNS, (field or None for field in fields), strict=False))
        row["remote_host"] = _PORT.sub("", str(row["connection_from"])) if row["connection_from"] else None
        text = str(row["session_line"] or "")
        row["session_line"] = int(text) if _LINE_NUMBER.fullmatch(text) else None
        rows.append({**{name: row.get(name) for name in RECORDS.names}, "line": number, "byte_offset": offset})
    return pa.Table.from_pylist(rows, schema=RECORDS)


def _fields(data: bytes, encoding: str | None = None) -> list[str] | str:
    """The columns of one record, or the reason why it is none.

    Text that is not UTF-8 is in ``encoding`` where one was declared, and rejected where not: its SQL could not be
    replayed as it ran.
    """
    try:
        rows = list(csv.reader(io.StringIO(_text(data, encoding), newline=""), strict=True))
    except UnicodeDecodeError:
        return "not_utf8"
    except csv.Error:
        return "line_cut_off"
    if len(rows) != 1 or len(rows[0]) not in _WIDTHS:
        return "not_csvlog"
    fields = rows[0]
    if fields[_COLUMNS.index("severity")] not in KNOWN_SEVERITIES:
        return "severity_not_known"
    return fields if fields[_COLUMNS.index("session_id")] and fields[_COLUMNS.index("message")] else "field_missing"


def _text(data: bytes, encoding: str | None) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if encoding is None:
            raise
        return data.decode(encoding, "backslashreplace")


def _careful_records(
    block: LineBlock, encoding: str | None = None
) -> Iterator[tuple[list[tuple[int, int, bytes]], list[str] | str]]:
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
            fields = _fields(_joined(lines[index:end]), encoding)
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


def _width(block: LineBlock) -> int | None:
    """How many columns the first record has."""
    beginning = LineBlock(block.data[: 1 << 16], 0, 1)
    _, fields = next(_careful_records(beginning), ([], ""))
    return len(fields) if isinstance(fields, list) else None


def _record_ends(data: bytes) -> npt.NDArray[np.int64]:
    """Where records end: after each line end with an even number of quotes before it."""
    array = np.frombuffer(data, np.uint8)
    quotes, ends = np.flatnonzero(array == ord('"')), np.flatnonzero(array == ord("\n"))
    outside = np.searchsorted(quotes, ends) % 2 == 0
    return np.asarray(ends[outside] + 1, np.int64)


def _last_record_end(data: bytes) -> int:
    """The last place at which a record ends for certain: the end of ``data``, or before a line that begins one."""
    odd = data.count(b'"') & 1
    end = len(data)
    if not odd and data.endswith(b"\n"):
        return end
    while end > 0:
        begin = data.rfind(b"\n", 0, end - 1) + 1
        odd ^= data.count(b'"', begin, end) & 1
        if begin and not odd and _BEGIN.match(data, begin):
            return begin
        end = begin
    return 0


def _record_blocks(content: Content) -> Iterator[LineBlock]:
    """Blocks cut where a record ends, so that no record lies in two of them."""
    rest, offset, line = b"", 0, 1
    for block in line_blocks(content):
        data = rest + block.data
        cut = _last_record_end(data)
        if not cut and len(data) > 4 * BLOCK_BYTES:
            cut = max((found.start() + 1 for found in _BEGIN_OF_LINE.finditer(data)), default=len(data))
        if cut:
            whole = LineBlock(data[:cut], offset, line)
            yield whole
            offset, line = offset + cut, line + whole.line_ends
        rest = data[cut:]
    if rest:
        yield LineBlock(rest, offset, line)
