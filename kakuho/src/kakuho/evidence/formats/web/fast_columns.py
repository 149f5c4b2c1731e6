"""The columns that fields give, for all lines of a block at once: :mod:`.fields` says the same for one line.

A value that these functions do not read as :mod:`.fields` would is marked irregular, and its line is read there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.web.fields import READERS, UNMAPPED, Event, Field, Reading
from kakuho.evidence.formats.web.positions import Bytes, Mask, Places
from kakuho.evidence.formats.web.requests import unmapped
from kakuho.evidence.formats.web.times import clf_time

TIME_WIDTH = len("19/Mar/2025:00:00:01 +0900")
_LONGEST_METHOD = 16
_UP_TO_HOUR, _ZONE_AT, _ZONE_WIDTH = 14, 20, 6
_PROTOCOL_WIDTH = len(" HTTP/1.1")
_NONE = Reading()


@dataclass
class Columns:
    """What has been found of all lines: texts by where they lie, values, and which lines are regular."""

    data: Bytes
    regular: Mask
    texts: dict[str, tuple[Places, Places, Mask | None]] = field(default_factory=dict)
    values: dict[str, tuple[npt.NDArray[np.int64], Mask | None]] = field(default_factory=dict)
    rest: dict[str, tuple[Places, Places]] = field(default_factory=dict)
    hosts: tuple[Places, Places] | None = None
    time: npt.NDArray[np.int64] | None = None

    def add(self, field: Field, starts: Places, ends: Places, *, may_be_empty: bool) -> None:
        """Note where a field of each line lies."""
        if not may_be_empty:
            self.regular &= ends > starts
        _ADDERS[field.kind](self, field, starts, ends)

    def add_time(self, starts: Places) -> None:
        """The UTC microseconds of stamps: parsed once an hour of the log, the rest is minutes and seconds."""
        hours = self.data.texts_at(starts, _UP_TO_HOUR)
        zones = self.data.texts_at(starts + _ZONE_AT, _ZONE_WIDTH)
        changes = np.flatnonzero((hours[1:] != hours[:-1]) | (zones[1:] != zones[:-1])) + 1
        firsts = np.concatenate(([0], changes))
        parsed = [_hour(bytes(hours[first]), bytes(zones[first])) for first in firsts]
        counts = np.diff(np.append(firsts, len(starts)))
        is_hour = np.repeat(np.array([one is not None for one in parsed]), counts)
        begin = np.repeat(np.array([one or 0 for one in parsed], np.int64), counts)
        clock = self.data.windows(starts + _UP_TO_HOUR, 6)
        digits = clock - ord("0")
        minute_tens, minute_ones, second_tens, second_ones = (digits[:, index] for index in (1, 2, 4, 5))
        is_clock = (minute_tens < 6) & (minute_ones < 10) & (second_tens < 6) & (second_ones < 10)
        is_clock &= (clock[:, 0] == ord(":")) & (clock[:, 3] == ord(":"))
        minutes = minute_tens.astype(np.int64) * 10 + minute_ones
        seconds = second_tens.astype(np.int64) * 10 + second_ones
        self.regular &= is_hour & is_clock
        self.time = begin + (minutes * 60 + seconds) * 1_000_000

    def arrays(self, rows: Places) -> dict[str, Any]:
        """The columns of the lines ``rows``, to be built into a table."""
        every = len(rows) == len(self.regular)

        def of(array: Any) -> Any:
            return array if every or array is None else array[rows]

        columns: dict[str, Any] = {
            name: self.data.strings(of(starts), of(ends), of(absent))
            for name, (starts, ends, absent) in self.texts.items()
        }
        for name, (values, absent) in self.values.items():
            columns[name] = pa.array(of(values), mask=of(absent))
        if self.time is not None:
            columns["time"] = pa.array(of(self.time)).cast(pa.timestamp("us"))
        if "target" in columns:
            starts, ends, _ = self.texts["target"]
            columns |= _path_and_query(self.data, of(starts), of(ends), columns.pop("target"))
        rest = {name: self.data.strings(of(starts), of(ends)) for name, (starts, ends) in self.rest.items()}
        if self.hosts is not None or rest:
            hosts = None if self.hosts is None else self.data.strings(of(self.hosts[0]), of(self.hosts[1]))
            columns |= _host_and_unmapped(hosts, rest, len(rows))
        return columns


def _hour(stamp: bytes, zone: bytes) -> int | None:
    return clf_time(f"{stamp.decode('latin-1')}:00:00{zone.decode('latin-1')}") if zone[:1] == b" " else None


def _add_text(columns: Columns, field: Field, starts: Places, ends: Places) -> None:
    if field.column == UNMAPPED:
        columns.rest[field.name] = starts, ends
    else:
        absent = columns.data.is_dash(starts, ends) | (ends == starts)
        columns.texts[field.column] = starts, ends, absent


def _add_host(columns: Columns, field: Field, starts: Places, ends: Places) -> None:
    columns.hosts = starts, ends


def _add_number(columns: Columns, field: Field, starts: Places, ends: Places) -> None:
    values, is_number = columns.data.numbers(starts, ends)
    absent = columns.data.is_dash(starts, ends)
    columns.regular &= is_number | absent
    _add_values(columns, field, values, absent)


def _add_status(columns: Columns, field: Field, starts: Places, ends: Places) -> None:
    columns.regular &= (ends - starts == 3) | columns.data.is_dash(starts, ends)
    _add_number(columns, field, starts, ends)


def _add_duration(columns: Columns, field: Field, starts: Places, ends: Places) -> None:
    """Whole numbers, and seconds with three places behind the point, as nginx writes them."""
    data = columns.data
    has_point = (ends - starts >= 5) & (data.array[np.maximum(ends - 4, 0)] == ord("."))
    whole, is_whole = data.numbers(starts, np.where(has_point, ends - 4, ends))
    unit = 1_000_000 if field.kind == "seconds" else 1
    values = whole * unit
    is_whole &= ends - starts <= 12
    if has_point.any():
        thousandths, are_digits = data.numbers(ends[has_point] - 3, ends[has_point])
        with_point = 1 if field.kind == "microseconds" else 1_000_000
        values[has_point] = whole[has_point] * with_point + thousandths * with_point // 1000
        is_whole[has_point] &= are_digits
    absent = data.is_dash(starts, ends)
    columns.regular &= is_whole | absent
    _add_values(columns, field, values, absent)


def _add_values(columns: Columns, field: Field, values: npt.NDArray[np.int64], absent: Mask) -> None:
    if field.column == UNMAPPED:
        columns.regular[:] = False
    else:
        columns.values[field.column] = values, absent if absent.any() else None


def _add_request(columns: Columns, field: Field, starts: Places, ends: Places) -> None:
    """``METHOD target HTTP/d.d``; every other request is irregular."""
    data = columns.data
    window = data.windows(starts, _LONGEST_METHOD)
    capital = (window >= ord("A")) & (window <= ord("Z"))
    lengths = (~capital).argmax(axis=1)
    end_of_method = starts + lengths
    end_of_target = ends - _PROTOCOL_WIDTH
    regular = (lengths > 0) & (end_of_target > end_of_method) & (data.array[end_of_method] == ord(" "))
    safe = np.maximum(end_of_target, 0)
    protocol = data.windows(safe, _PROTOCOL_WIDTH)
    regular &= data.has(safe, b" HTTP/") & (protocol[:, 7] == ord("."))
    regular &= (protocol[:, 6] - ord("0") < 10) & (protocol[:, 8] - ord("0") < 10)
    columns.regular &= regular
    columns.texts["method"] = starts, end_of_method, None
    columns.texts["target"] = end_of_method + 1, safe, None
    columns.texts["http_version"] = ends - 3, ends, None


def _path_and_query(data: Bytes, starts: Places, ends: Places, targets: pa.Array) -> dict[str, pa.Array]:
    mark = pc.find_substring(targets, "?").to_numpy(zero_copy_only=False)
    has_query = mark >= 0
    path_ends = np.where(has_query, starts + mark, ends)
    query_starts = np.where(has_query, path_ends + 1, ends)
    return {"url_path": data.strings(starts, path_ends), "url_query": data.strings(query_starts, ends, ~has_query)}


def _host_and_unmapped(hosts: pa.Array | None, rest: dict[str, pa.Array], count: int) -> dict[str, Any]:
    """The host, read once for each that there is, and what no column holds as JSON."""
    columns: dict[str, Any] = {}
    ports: list[dict[str, Any]] = [{}] * count
    if hosts is not None:
        encoded = hosts.dictionary_encode()
        read = [_read_host(text) for text in encoded.dictionary.to_pylist()]
        columns["host"] = pa.array([one.get("host") for one in read], pa.string()).take(encoded.indices)
        ports = [read[index].get(UNMAPPED, {}) for index in encoded.indices.to_pylist()]
    names = list(rest)
    texts = zip(*(rest[name].to_pylist() for name in names), strict=True) if names else ((),) * count
    made = [unmapped({**port, **dict(zip(names, text, strict=True))}) for port, text in zip(ports, texts, strict=True)]
    columns[UNMAPPED] = pa.array(made, pa.string())
    return columns


def _read_host(text: str) -> Event:
    event: Event = {}
    READERS["host"](event, Field("host", "host", "host"), text, _NONE)
    return event


_ADDERS: dict[str, Callable[[Columns, Field, Places, Places], None]] = {
    "text": _add_text,
    "host": _add_host,
    "number": _add_number,
    "status": _add_status,
    "request": _add_request,
    "microseconds": _add_duration,
    "seconds": _add_duration,
    "duration": _add_duration,
}
