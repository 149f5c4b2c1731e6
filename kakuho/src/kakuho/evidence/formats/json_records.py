"""Values out of JSON records, as rows need them, and rows gathered column by column.

Logs are hostile: a value may be of any type and any size. Each function here gives a value that fits the lake's column
or None, and never raises.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.rows import table_of

NOT_JSON: Final = object()
"""What :func:`json_of` gives where a line is no JSON."""

Row = dict[str, Any]
ROWS_AT_A_TIME = 2048
"""So few that they are still near the processor when they become columns."""
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
IPV4 = re.compile(rf"{_BYTE}\.{_BYTE}\.{_BYTE}\.{_BYTE}")
"""An IPv4 address in the one way that it is written: known without Python's ``ipaddress``, in a fifth of the time."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST_INT64, _MOST_INT64 = -(1 << 63), (1 << 63) - 1
_NUMBERS = {int, float}
_HEXADECIMAL = {"0x", "0X"}
_EARLIEST_US, _LATEST_US = -62135596800000000, 253402300799999999
"""The first and the last microsecond of the calendar, years 1 to 9999."""


def json_of(line: bytes) -> Any:
    """The JSON value of a line, or NOT_JSON. What orjson refuses and Python's json can take is read.

    That is NaN, lone surrogates, control characters in strings.
    """
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        pass
    try:
        return _storable(json.loads(line.decode("utf-8", "backslashreplace"), strict=False))
    except (ValueError, RecursionError):
        return NOT_JSON


_UNUSUAL_NUMBER = r"[:,\[]\s*-?(?:[0-9.]{16}|[0-9.]*[eE]|0\.0000)"


def ordinary_numbers(block: LineBlock) -> list[bool]:
    """Whether all numbers of each line are such that orjson reads and writes them as Python's json does.

    Others have exponents or more digits than fit. No line of a block that is not UTF-8 is.
    """
    if not block.is_utf8:
        return [False] * len(block)
    ordinary: list[bool] = pc.invert(pc.match_substring_regex(block.texts(), _UNUSUAL_NUMBER)).to_pylist()
    return ordinary


def as_json(value: Any) -> str:
    """A value as JSON text: keys sorted, no spaces, no escapes that are not needed."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except (TypeError, orjson.JSONEncodeError):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def unmapped_of(values: Mapping[str, Any]) -> str | None:
    """The column ``unmapped``: what is there of ``values`` as JSON, or None."""
    if None in values.values():
        values = {name: value for name, value in values.items() if value is not None}
    return as_json(values) if values else None


def text_of(value: Any) -> str | None:
    """Text as it is, a number in digits, anything else as JSON; None for null and for empty text."""
    if type(value) is str:
        return value or None
    if value is None:
        return None
    return as_json(value)


def integer_of(value: Any) -> int | None:
    """A whole number that a column of 64 bits holds, also out of text, decimal or ``0x…``."""
    kind = type(value)
    if kind is int:
        return value if _LEAST_INT64 <= value <= _MOST_INT64 else None
    if value is None:
        return None
    if kind is str:
        if len(value) > 20:
            return None
        try:
            value = int(value, 16) if value[:2] in _HEXADECIMAL else int(value)
        except ValueError:
            return None
    elif kind is float:
        if not math.isfinite(value):
            return None
        value = int(value)
    else:
        return None
    return value if _LEAST_INT64 <= value <= _MOST_INT64 else None


def port_of(value: Any) -> int | None:
    """A port, or None for what is none."""
    number = integer_of(value)
    return number if number is not None and 0 <= number < 65536 else None


def status_of(value: Any) -> int | None:
    """An HTTP status, or None for what is none."""
    number = integer_of(value)
    return number if number is not None and 0 < number < 1000 else None


def address_of(value: Any) -> str | None:
    """An IP address in its shortest form, an IPv4 address that was mapped to IPv6 as IPv4; None for what is none."""
    return _address(value) if isinstance(value, str) else None


@lru_cache(maxsize=1 << 16)
def _address(text: str) -> str | None:
    if IPV4.fullmatch(text):
        return text
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def microseconds(seconds: Any) -> int | None:
    """Seconds since 1970 (a number or its text) in microseconds; None for what is none or lies outside the calendar."""
    if isinstance(seconds, str):
        whole, _, fraction = seconds.partition(".")
        if whole.isdecimal() and whole.isascii() and len(whole) < 12 and (fraction.isdecimal() or not fraction):
            try:
                return int(whole) * 1_000_000 + int((fraction + "000000")[:6])
            except ValueError:
                return None
        try:
            seconds = float(seconds)
        except ValueError:
            return None
    if type(seconds) not in _NUMBERS or not math.isfinite(seconds):
        return None
    value = round(seconds * 1_000_000)
    return value if 0 <= value <= _LATEST_US else None


def utc_microseconds(stamp: Any) -> int | None:
    """An ISO 8601 time with its zone (``2014-07-16T15:49:27.5Z``, ``…+0900``) in microseconds since 1970, or None."""
    if not isinstance(stamp, str) or len(stamp) < 20 or stamp[10] not in "T ":
        return None
    seconds, rest = stamp[:19], stamp[19:]
    if rest == "Z":
        return _utc_second(seconds, "+00:00")
    fraction = ""
    if rest[0] == ".":
        digits = len(rest) - len(rest[1:].lstrip("0123456789")) - 1
        fraction, rest = rest[1 : digits + 1], rest[digits + 1 :]
    base = _utc_second(seconds, "+00:00" if rest == "Z" else rest)
    return None if base is None else base + int((fraction + "000000")[:6])


@lru_cache(maxsize=1 << 12)
def _utc_second(seconds: str, zone: str) -> int | None:
    try:
        time = datetime.fromisoformat(seconds + zone)
    except ValueError:
        return None
    if time.tzinfo is None or time.microsecond:
        return None
    value = round((time - _EPOCH).total_seconds()) * 1_000_000
    return value if _EARLIEST_US <= value <= _LATEST_US else None


def iso_of(time: int) -> str:
    """Microseconds since 1970 as ISO 8601 in UTC."""
    moment = _EPOCH + timedelta(microseconds=time)
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class Rows:
    """Rows by table, each a mapping of what it has, turned into columns some thousand at a time."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Row]] = defaultdict(list)
        self._made: dict[str, list[pa.Table]] = defaultdict(list)

    def add(self, table: str, row: Row) -> None:
        """Add a row to a table. Times are microseconds since 1970."""
        rows = self._waiting[table]
        rows.append(row)
        if len(rows) == ROWS_AT_A_TIME:
            self._made[table].append(_table(table, rows))
            rows.clear()

    def tables(self) -> dict[str, pa.Table]:
        """The Arrow tables of all rows that were added."""
        for table, rows in self._waiting.items():
            if rows:
                self._made[table].append(_table(table, rows))
        self._waiting.clear()
        return {table: pa.concat_tables(made) for table, made in sorted(self._made.items())}


def _table(table: str, rows: list[Row]) -> pa.Table:
    kinds = {tuple(row) for row in rows}
    if len(kinds) == 1:
        return table_of(table, dict(zip(kinds.pop(), zip(*[row.values() for row in rows], strict=True), strict=True)))
    names = dict.fromkeys(name for keys in kinds for name in keys)
    return table_of(table, {name: [row.get(name) for row in rows] for name in names})


def first_of(values: Mapping[str, Any], names: Iterable[str]) -> Any:
    """The first of these that is given: neither absent nor null, empty or ``-``."""
    for name in names:
        value = values.get(name)
        if value is not None and value not in ("", "-"):
            return value
    return None


def _storable(value: Any) -> Any:
    """The value with what UTF-8 and JSON cannot hold as escapes."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(one) for key, one in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
