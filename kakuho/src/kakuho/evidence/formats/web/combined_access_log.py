"""Apache's and nginx's combined log format, also without referrer and agent, also with a response time at the end.

    %h %l %u %t "%r" %s %b "%{Referer}i" "%{User-Agent}i" %D

The last field is optional: whole microseconds (Apache and gunicorn ``%D``) or seconds with a point (nginx
``$request_time``). Fast path: Arrow reads a block as space-separated values; the block is taken only if every line,
put together again from its fields, is the line that was read. Blocks that fail are halved down to the lines that fail,
and those are read one by one. Both paths give the same events.

In quoted fields ``\\"`` stands for ``"``; every other escape stays as it was written. Bytes that are not UTF-8 appear
as ``\\xff``; ``facts["lines_not_utf8"]`` counts such lines.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from kakuho.engine.arrow import query_arrow
from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.rows import table_of, table_of_rows
from kakuho.language import Bilingual

FEWEST_LINES_FOR_FAST_PATH = 256

_LINE = re.compile(
    r"""
    (?P<src_ip>\S+)                                  # %h
    \ (?:\S+)                                        # %l
    \ (?P<user_name>.+?)                             # %u, which may hold spaces
    \ \[(?P<time>\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2}\ [+-]\d{4})\]   # %t
    \ "(?P<request>(?:[^"\\]|\\.)*)"                 # %r
    \ (?P<status>\d{3})                              # %s
    \ (?P<bytes_out>\d+|-)                           # %b
    (?:
      \ "(?P<referrer>(?:[^"\\]|\\.)*)"              # Referer
      \ "(?P<user_agent>(?:[^"\\]|\\.)*)"            # User-Agent
      (?:\ "(?:[^"\\]|\\.)*")*                      # further quoted fields, such as X-Forwarded-For: not kept
    )?
    (?:\ (?P<duration>\d+(?:\.\d+)?|-))?             # %D or $request_time
    """,
    re.VERBOSE | re.DOTALL,
)
_REQUEST = re.compile(r"(?P<method>[A-Za-z][A-Za-z_-]*) (?P<target>.*?)(?: HTTP/\d(?:\.\d)?)?", re.DOTALL)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class CombinedAccessLog(TextFormat):
    """Web access logs in the combined format."""

    name = "combined_access_log"
    label = Bilingual(ja="アクセスログ（combined 形式）", en="access log (combined)")
    role = "access_log"
    tables = ("http_activity",)
    version = 2

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines that the careful path reads."""
        share = head.share(lambda line: _LINE.fullmatch(line.decode("utf-8", "backslashreplace")))
        if not share:
            return None
        return Recognition(share, "combined", share_in_words(share, "combined"))

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank (ignored) or rejected."""
        part = Part(lines=len(block), facts={"lines_not_utf8": 0})
        with duckdb.connect() as connection:
            tables = _read(block, part, connection)
        part.tables["http_activity"] = pa.concat_tables(tables)
        return part


def _read(block: LineBlock, part: Part, connection: duckdb.DuckDBPyConnection) -> list[pa.Table]:
    if len(block) < FEWEST_LINES_FOR_FAST_PATH:
        return [read_carefully(block, part)]
    events = read_fast(block, connection)
    if events is not None:
        part.events += len(events)
        return [events]
    middle = len(block) // 2
    halves = block.part(0, middle), block.part(middle, len(block))
    return [table for half in halves for table in _read(half, part, connection)]


def read_fast(block: LineBlock, connection: duckdb.DuckDBPyConnection) -> pa.Table | None:
    """All lines of the block, or None where any of them needs the careful path."""
    end = "\r\n" if b"\r" in block.data else "\n"
    if not block.data.endswith(end.encode()) or b"\\" in block.data or not block.is_utf8:
        return None
    first = block.data[: int(block.starts[1])]
    names = _field_names(first)
    if names is None:
        return None
    fields = _split(block.data, names)
    if fields is None or len(fields) != len(block) or not _is_whole(fields, block, names, end):
        return None
    fields = fields.append_column("line", pa.array(block.line_numbers))
    fields = fields.append_column("byte_offset", pa.array(block.offsets))
    for absent in {"referrer", "user_agent", "duration"} - set(names):
        fields = fields.append_column(absent, pa.nulls(len(fields), pa.string()))
    events = query_arrow(connection, fields, "fields", _FAST_EVENTS)
    if pc.any(events["irregular"]).as_py():
        return None
    columns = {name: events[name] for name in events.schema.names if name != "irregular"}
    return table_of("http_activity", columns)


def read_carefully(block: LineBlock, part: Part) -> pa.Table:
    """The lines one by one; counts them in ``part``."""
    rows: list[dict[str, object]] = []
    for number, offset, line in block.lines():
        if not line.strip():
            part.ignored["blank"] += 1
            continue
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            text = line.decode("utf-8", "backslashreplace")
            part.facts["lines_not_utf8"] += 1
        event = _event(text)
        if isinstance(event, str):
            cut_off = event == "not_combined_log_format" and block.data.endswith(line)
            part.reject(number, offset, "line_cut_off" if cut_off else event)
        else:
            rows.append({**event, "line": number, "byte_offset": offset})
    part.events += len(rows)
    return table_of_rows("http_activity", rows)


def _event(text: str) -> dict[str, object] | str:
    """The fields of a line, or the reason why it is none."""
    found = _LINE.fullmatch(text)
    if found is None:
        return "not_combined_log_format"
    time = _time(found["time"])
    if time is None:
        return "time_not_valid"
    request = _unescaped(found["request"])
    method, path, query = _request(request or "-")
    return {
        "time": time,
        "duration_us": _duration(found["duration"]),
        "src_ip": _given(found["src_ip"]),
        "user_name": _given(found["user_name"]),
        "method": method,
        "url_path": path,
        "url_query": query,
        "status": int(found["status"]),
        "bytes_out": None if found["bytes_out"] == "-" else int(found["bytes_out"]),
        "referrer": _given(_unescaped(found["referrer"])),
        "user_agent": _given(_unescaped(found["user_agent"])),
    }


def _request(request: str) -> tuple[str | None, str | None, str | None]:
    """Method, path and query of a request line; one that is none stands as the path."""
    found = _REQUEST.fullmatch(request)
    if found is None:
        return None, _given(request), None
    path, mark, query = found["target"].partition("?")
    return found["method"], path, query if mark else None


def _time(stamp: str) -> datetime | None:
    """UTC, without a zone, of ``19/Mar/2025:00:00:01 +0900``; None for a day or an hour that does not exist."""
    try:
        month = _MONTHS.index(stamp[3:6]) + 1
        offset = timedelta(hours=int(stamp[22:24]), minutes=int(stamp[24:26]))
        zone = timezone(-offset if stamp[21] == "-" else offset)
        clock = (int(stamp[12:14]), int(stamp[15:17]), int(stamp[18:20]))
        return (
            datetime(int(stamp[7:11]), month, int(stamp[0:2]), *clock, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
        )
    except (ValueError, OverflowError):
        return None


def _duration(text: str | None) -> int | None:
    if text is None or text == "-":
        return None
    return round(float(text) * 1_000_000) if "." in text else int(text)


def _given(text: str | None) -> str | None:
    return None if text is None or text == "-" else text


def _unescaped(text: str | None) -> str | None:
    return None if text is None else text.replace('\\"', '"')


_SHORT = ["src_ip", "ident", "user_name", "clock", "zone", "request", "status", "bytes_out"]
_COMBINED = [*_SHORT, "referrer", "user_agent"]
_QUOTED = {"request", "referrer", "user_agent"}


def _field_names(first: bytes) -> list[str] | None:
    """The fields of a file, told by its first line."""
    found = _LINE.fullmatch(first.rstrip(b"\r\n").decode("utf-8", "backslashreplace"))
    if found is None:
        return None
    names = _SHORT if found["referrer"] is None else _COMBINED
    return names if found["duration"] is None else [*names, "duration"]


def _split(data: bytes, names: list[str]) -> pa.Table | None:
    try:
        return pyarrow.csv.read_csv(
            pa.BufferReader(data),
            read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=4 << 20),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=" ", double_quote=False, newlines_in_values=False, ignore_empty_lines=False
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None


def _is_whole(fields: pa.Table, block: LineBlock, names: list[str], end: str) -> bool:
    """Whether the fields, put together again, are the lines."""
    parts: list[object] = []
    for index, name in enumerate(names):
        mark = '"' if name in _QUOTED else ""
        before = " " + mark if index else mark
        parts += [pa.scalar(before, pa.large_string()), fields[name].cast(pa.large_string())]
        parts.append(pa.scalar(mark, pa.large_string()))
    together = pc.binary_join_element_wise(*parts, pa.scalar(end, pa.large_string()), pa.scalar("", pa.large_string()))
    return bool(together.combine_chunks().equals(block.texts()))


_FAST_EVENTS = r"""
WITH parts AS (
    SELECT *, split_part(request, ' ', 2) AS target,
           try_strptime(clock, '[%d/%b/%Y:%H:%M:%S') AS local_time,
           try_cast(zone[2:3] AS INTEGER) * 60 + try_cast(zone[4:5] AS INTEGER) AS zone_minutes
    FROM fields
)
SELECT local_time - to_minutes(if(zone[1] = '-', -zone_minutes, zone_minutes)) AS time,
       try_cast(nullif(duration, '-') AS BIGINT) AS duration_us,
       line, byte_offset,
       nullif(src_ip, '-') AS src_ip,
       nullif(user_name, '-') AS user_name,
       split_part(request, ' ', 1) AS method,
       split_part(target, '?', 1) AS url_path,
       if(contains(target, '?'), substr(target, strpos(target, '?') + 1), NULL) AS url_query,
       try_cast(status AS INTEGER) AS status,
       try_cast(nullif(bytes_out, '-') AS BIGINT) AS bytes_out,
       nullif(referrer, '-') AS referrer,
       nullif(user_agent, '-') AS user_agent,
       NOT (
           regexp_full_match(clock, '\[\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d') AND local_time IS NOT NULL
           AND regexp_full_match(zone, '[+-]\d{4}\]') AND zone_minutes < 1440 AND zone[4:5] < '60'
           AND regexp_full_match(request, '[A-Z]+ \S+ HTTP/\d\.\d')
           AND regexp_full_match(status, '\d{3}') AND regexp_full_match(bytes_out, '\d{1,18}|-')
           AND (duration IS NULL OR regexp_full_match(duration, '\d{1,18}|-'))
           AND src_ip <> '' AND ident <> '' AND user_name <> ''
           AND NOT regexp_matches(src_ip || ident || user_name, '\s')
       ) AS irregular
FROM parts
"""
