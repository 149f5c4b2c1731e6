r"""Lines of S3's access log in their regular form, read column by column.

Regular: each field that has no quotes is printable ASCII without ``"`` and ``\\``, so that it stands in JSON as it is;
quoted fields hold no quotes; the request is one of HTTP or absent; numbers have at most 15 digits. Of such lines the
careful reading (:mod:`.s3_access_log`) gives the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.base import Part
from kakuho.evidence.formats.json_records import ROWS_AT_A_TIME, address_of, status_of, utc_microseconds
from kakuho.evidence.formats.rows import table_of

COLUMNS = (
    "time",
    "line",
    "byte_offset",
    "duration_us",
    "src_ip",
    "user_name",
    "host",
    "method",
    "url_path",
    "url_query",
    "http_version",
    "status",
    "bytes_out",
    "referrer",
    "user_agent",
    "unmapped",
)
ADDED = (
    "host_id",
    "signature_version",
    "cipher_suite",
    "authentication_type",
    "host",
    "tls_version",
    "access_point_arn",
    "acl_required",
)
"""The fields that later years added, in their order."""
_FIELDS = (
    "bucket_owner",
    "bucket",
    "time",
    "src_ip",
    "user_name",
    "request_id",
    "operation",
    "key",
    "method",
    "url_path",
    "url_query",
    "http_version",
    "status",
    "error_code",
    "bytes_out",
    "object_size",
    "total_time_ms",
    "turn_around_time_ms",
    "referrer",
    "user_agent",
    "version_id",
    *ADDED,
)
_UNMAPPED = (
    "access_point_arn",
    "acl_required",
    "authentication_type",
    "bucket",
    "bucket_owner",
    "cipher_suite",
    "error_code",
    "host_id",
    "key",
    "object_size",
    "operation",
    "request_id",
    "signature_version",
    "tls_version",
    "turn_around_time_ms",
    "version_id",
)
_NUMBERS = frozenset(["object_size", "turn_around_time_ms"])
_WORD = r"([!#-\[\]-~]+)"
_NUMBER = r"([0-9]{1,15}|-)"
_AT_END = "".join(rf"(?:\ {_WORD}" for _ in ("version_id", *ADDED)) + ")?" * (1 + len(ADDED))
_LINE = re.compile(
    rf"""
    ([0-9a-z]{{10,64}}|-)\ {_WORD}
    \ \[([0-9]{{2}}/[A-Z][a-z]{{2}}/[0-9]{{4}}:[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}\ [+-][0-9]{{4}})\]
    \ {_WORD}\ {_WORD}\ {_WORD}\ {_WORD}\ {_WORD}
    \ (?:"([A-Za-z]+)\ ([^\s"?]*)(?:\?([^\s"]*))?\ HTTP/([^\s"]+)"|-)
    \ ([0-9]{{3}}|-)\ {_WORD}\ {_NUMBER}\ {_NUMBER}\ {_NUMBER}\ {_NUMBER}
    \ (?:"([^"]*)"|-)\ (?:"([^"]*)"|-)
    {_AT_END}
    """,
    re.VERBOSE,
)
_MONTHS = {
    name: f"{number:02}"
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}


@lru_cache(maxsize=1 << 12)
def time_of(written: str) -> int | None:
    """Microseconds since 1970 of ``01/Aug/2019:00:24:41 +0000``."""
    month = _MONTHS.get(written[3:6])
    day, year, clock, zone = written[:2], written[7:11], written[12:20], written[21:]
    return utc_microseconds(f"{year}-{month}-{day}T{clock}{zone}") if month else None


class RegularLines:
    """The regular lines of a block, gathered, then made into columns some thousand at a time."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._made: list[pa.Table] = []
        self._places: list[tuple[int, int]] = []
        self._fields: list[tuple[Any, ...]] = []

    def take(self, text: str, line: int, byte_offset: int) -> bool:
        """Take a line; False where it is not regular."""
        found = _LINE.fullmatch(text)
        if found is None:
            return False
        self._fields.append(found.groups())
        self._places.append((line, byte_offset))
        if len(self._fields) == ROWS_AT_A_TIME:
            self._make()
        return True

    def table(self) -> pa.Table:
        """The rows of those with a valid time; the others are rejected."""
        if self._fields:
            self._make()
        return pa.concat_tables(self._made) if self._made else table_of("http_activity", {"line": []})

    def _make(self) -> None:
        lines, offsets = (pa.array(one, pa.int64()) for one in zip(*self._places, strict=True))
        columns = zip(*self._fields, strict=True)
        told = {name: _given(column) for name, column in zip(_FIELDS, columns, strict=True)}
        told["time"] = _each(told["time"], time_of, pa.int64())
        rows = {
            **{name: told[name] for name in COLUMNS if name in told},
            "line": lines,
            "byte_offset": offsets,
            "time": told["time"].cast(pa.timestamp("us")),
            "duration_us": pc.multiply(told["total_time_ms"].cast(pa.int64()), 1000),
            "src_ip": _each(told["src_ip"], address_of, pa.string()),
            "status": _each(told["status"], status_of, pa.int32()),
            "bytes_out": told["bytes_out"].cast(pa.int64()),
            "unmapped": _unmapped(told),
        }
        table = table_of("http_activity", rows)
        if told["time"].null_count:
            bad = table.filter(pc.is_null(told["time"]))
            for line, offset in zip(bad["line"].to_pylist(), bad["byte_offset"].to_pylist(), strict=True):
                self._part.reject(line, offset, "time_not_valid")
            table = table.filter(pc.is_valid(told["time"]))
        self._made.append(table)
        self._places.clear()
        self._fields.clear()


def _given(column: tuple[str | None, ...]) -> pa.Array:
    """The column with null for ``-`` and for what is empty between quotes."""
    texts = pa.array(column, pa.string())
    return pc.if_else(pc.is_in(texts, _NOT_GIVEN), None, texts)


_NOT_GIVEN = pa.array(["-", ""])


def _each(texts: pa.Array, meaning: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """``meaning`` of each text, worked out once for each that is different."""
    encoded = texts.dictionary_encode()
    return pa.array([meaning(text) for text in encoded.dictionary.to_pylist()], kind).take(encoded.indices)


def _unmapped(told: dict[str, pa.Array]) -> pa.Array:
    """The fields without a column as JSON objects; null where there are none."""
    fragments = []
    for name in _UNMAPPED:
        values = told[name]
        if values.null_count < len(values):
            mark = "" if name in _NUMBERS else '"'
            written = values.cast(pa.int64()).cast(pa.string()) if name in _NUMBERS else values
            fragments.append(pc.binary_join_element_wise(f'"{name}":{mark}', written, mark, ""))
    if not fragments:
        return pa.nulls(len(told["bucket"]), pa.string())
    inner = pc.binary_join_element_wise(*fragments, ",", null_handling="skip")
    return pc.if_else(pc.equal(inner, ""), None, pc.binary_join_element_wise("{", inner, "}", ""))
