"""Windows events of one shape into rows, column by column: what :mod:`.events` does one by one, with the same result.

What an event of the shape means is read by :mod:`.events` from the marked record (:mod:`..json_shapes`); here the
values are put in. Whatever could give another result for some of the events is left to be read one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.columns import each
from kakuho.evidence.formats.json_records import address_of, integer_of, text_of
from kakuho.evidence.formats.json_shapes import Shape
from kakuho.evidence.formats.rows import table_of
from kakuho.evidence.formats.windows.events import (
    ADDRESSES,
    USERS,
    outcome_of,
    readers_of,
    unmapped_of_event,
)
from kakuho.evidence.formats.windows.meanings import (
    IP_PROTOCOLS,
    KERBEROS_SERVICE,
    LEVELS,
    LOG_CLEARED,
    MEANINGS,
    MESSAGES,
    Meaning,
    file_action,
)
from kakuho.evidence.formats.windows.sql_server import is_sql_server

Bools = npt.NDArray[np.bool_]
Column: TypeAlias = Any
"""An array of Arrow, or one value that holds for all rows; None for a column that is null."""
_STAMP = r"^(?:19[7-9]|2[0-9][0-9])[0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?Z$"
_LEAST, _MOST = (
    np.frombuffer(text, np.uint8) for text in (b"1000-00-00T00:00:00.000000Z", b"2999-19-39T29:59:59.999999Z")
)
_MICROSECONDS = len("2025-03-19T00:00:00.000000Z")


class OneByOneError(Exception):
    """Events of this shape have to be read one by one."""


@dataclass
class Events:
    """Events of one shape: its marked ``system`` values and ``data``, and where the events stand.

    ``times`` are timestamps in microseconds; ``lines`` and ``byte_offsets`` whole numbers, one an event.
    """

    shape: Shape
    system: dict[str, Any]
    data: dict[str, Any]
    times: pa.Array
    lines: npt.NDArray[np.int64]
    byte_offsets: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.shape)

    def of(self, chosen: Bools) -> Events:
        """Some of the events."""
        if chosen.all():
            return self
        times = self.times.filter(pa.array(chosen))
        return Events(
            self.shape.of(chosen), self.system, self.data, times, self.lines[chosen], self.byte_offsets[chosen]
        )

    def is_mark(self, value: Any) -> bool:
        """Whether the events differ in a value."""
        return self.shape.is_text(value) or self.shape.is_number(value)

    def text(self, value: Any) -> Column:
        """As :func:`text_of` of each event's value."""
        if self.is_mark(value):
            column = self.shape.texts(value)
            return column if self.shape.is_number(value) else _null_where(column, "")
        if isinstance(value, list | dict):
            raise OneByOneError
        return text_of(value)

    def first_of(self, names: tuple[str, ...]) -> Column:
        """The text or digits of the first of these data that is given: neither absent nor null, empty or ``-``."""
        found: pa.Array | None = None
        for name in names:
            value = self.data.get(name)
            if value is None or value in ("", "-"):
                continue
            if type(value) not in {str, int}:
                raise OneByOneError
            column = text_of(value)
            if self.is_mark(value):
                column = self.shape.texts(value)
                if self.shape.is_text(value):
                    column = _null_where(_null_where(column, ""), "-")
            found = column if found is None else pc.coalesce(found, column)
            if not isinstance(found, pa.Array) or not found.null_count:
                return found
        return found

    def rows(self, table: str, columns: dict[str, Column]) -> tuple[str, pa.Table]:
        """The events as rows of a table."""
        written = self.shape.filled(unmapped_of_event(self.system, self.data))
        places = {"time": self.times, "line": self.lines, "byte_offset": self.byte_offsets, "unmapped": written}
        given = {name: self._repeated(column) for name, column in columns.items() if column is not None}
        return table, table_of(table, {**places, **given})

    def _repeated(self, column: Column) -> pa.Array:
        return column if isinstance(column, pa.Array) else pa.repeat(pa.scalar(column), len(self))


def times_of(stamps: pa.Array) -> tuple[pa.Array, Bools]:
    """The times of stamps in UTC, and which stamps are not written as expected, whose times are not to be used."""
    is_usual = _usual(stamps)
    usual = stamps if is_usual.all() else pc.if_else(pa.array(is_usual), stamps, "1970-01-01T00:00:00Z")
    is_fine = pc.max(pc.binary_length(usual)).as_py() > _MICROSECONDS
    try:
        times = usual.cast(pa.timestamp("ns" if is_fine else "us", "UTC"))
    except pa.ArrowInvalid:
        raise OneByOneError from None
    return times.cast(pa.timestamp("us"), safe=False), ~is_usual


def _usual(stamps: pa.Array) -> Bools:
    """Which stamps are as :data:`_STAMP` says; looked at as a table of characters where all are of one length."""
    _, bounds, data = stamps.buffers()
    ends = np.frombuffer(bounds, np.int32)[stamps.offset : stamps.offset + len(stamps) + 1]
    size = int(ends[1] - ends[0])
    if size != _MICROSECONDS or not (np.diff(ends) == size).all():
        usual: Bools = pc.match_substring_regex(stamps, _STAMP).to_numpy(zero_copy_only=False)
        return usual
    characters = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]].reshape(-1, size)
    fits = ((characters >= _LEAST) & (characters <= _MOST)).all(axis=1)
    year = characters[:, :4].astype(np.int32) @ np.array([1000, 100, 10, 1], np.int32) - 1111 * ord("0")
    is_usual: Bools = fits & (year >= 1970)
    return is_usual


def tables_of(events: Events) -> tuple[list[tuple[str, pa.Table]], Bools]:
    """Rows by table of events of one shape, and which of the events have to be read one by one instead."""
    tables: list[tuple[str, pa.Table]] = []
    left = np.zeros(len(events), bool)
    for (provider, number), chosen in _kinds(events):
        kind = (provider, number)
        if is_sql_server(kind) or kind in LOG_CLEARED:
            left |= chosen
            continue
        some = events.of(chosen)
        meaning = MEANINGS.get(kind)
        is_base = np.full(len(some), meaning is None)
        if meaning is not None and meaning.table == "file_activity":
            is_base = ~_of_files(some)
        if meaning is not None and not is_base.all():
            tables.append(_with_meaning(meaning, provider, some.of(~is_base)))
        if is_base.any():
            tables.append(_base_event(kind, some.of(is_base)))
    if len(events) and not left.all():
        tables += _sequence(events.of(~left))
    return tables, left


def _kinds(events: Events) -> list[tuple[tuple[str, int], Bools]]:
    """Provider and number of the events, and which of them have these."""
    provider, number = events.system["Provider_Name"], events.system["EventID"]
    columns = [events.text(provider), events.text(number)]
    if any(isinstance(column, pa.Array) and column.null_count for column in columns):
        raise OneByOneError
    encoded = [column.dictionary_encode() if isinstance(column, pa.Array) else None for column in columns]
    codes = [np.zeros(len(events), np.int64) if one is None else one.indices.to_numpy() for one in encoded]
    together = codes[0].astype(np.int64) << 32 | codes[1]
    kinds = []
    for code in np.unique(together).tolist():
        values = [
            column if one is None else one.dictionary[at].as_py()
            for column, one, at in zip(columns, encoded, (code >> 32, code & 0xFFFFFFFF), strict=True)
        ]
        kinds.append(((values[0] or "", int(values[1] or 0)), together == code))
    return kinds


def _of_files(events: Events) -> Bools:
    kind = events.data.get("ObjectType")
    if not events.is_mark(kind):
        return np.full(len(events), kind in (None, "File"))
    if events.shape.is_number(kind):
        return np.zeros(len(events), bool)
    is_file: Bools = pc.equal(events.shape.texts(kind), "File").to_numpy(zero_copy_only=False)
    return is_file


def _sequence(events: Events) -> list[tuple[str, pa.Table]]:
    number = events.system["EventRecordID"]
    if number is None:
        return []
    numbers = events.shape.written(number).cast(pa.int64()) if events.is_mark(number) else [number] * len(events)
    names = [events.text(events.system[name]) for name in ("Computer", "Channel")]
    parts = [pc.fill_null(one, "None") if isinstance(one, pa.Array) else f"{one}" for one in names]
    if any(isinstance(part, pa.Array) for part in parts):
        stream = pc.binary_join_element_wise(*parts, "/")
    else:
        stream = pa.repeat(pa.scalar("/".join(parts)), len(events))
    rows = {"time": events.times, "line": events.lines, "byte_offset": events.byte_offsets}
    return [("sequence", table_of("sequence", {**rows, "stream": stream, "number": numbers}))]


def _with_meaning(meaning: Meaning, provider: str, events: Events) -> tuple[str, pa.Table]:
    """The rows of events with a meaning."""
    data, system = events.data, events.system
    columns: dict[str, Column] = {
        "host": events.text(system["Computer"]),
        "activity": meaning.activity,
        "outcome": _outcome(events),
    }
    for column, names, read in readers_of(meaning):
        columns[column] = _read_with(read, events.first_of(names))
    if meaning.table == "authentication":
        columns["service"] = provider or None
    elif meaning.table == "network_activity":
        columns["protocol"] = _each(columns["protocol"], lambda text: IP_PROTOCOLS.get(text, text))
    elif meaning.table == "file_activity":
        _complete_file(columns, data, events)
    _complete_user(meaning, columns)
    return events.rows(meaning.table, columns)


def _complete_user(meaning: Meaning, columns: dict[str, Column]) -> None:
    user = columns.get("user_name")
    if user is None:
        return
    if meaning.table == "authentication":
        domain = _each(user, lambda text: text.rpartition("\\")[0] if "\\" in text else None)
        columns["user_domain"] = _coalesced(columns.get("user_domain"), domain)
    if meaning.activity in KERBEROS_SERVICE:
        columns["user_name"] = _each(
            user, lambda text: text.rpartition("\\")[2] if "\\" in text else text.partition("@")[0]
        )
    else:
        columns["user_name"] = _each(user, lambda text: text.rpartition("\\")[2])


def _complete_file(columns: dict[str, Column], data: dict[str, Any], events: Events) -> None:
    activity = columns["activity"]
    if "AccessMask" in data:
        mask = data["AccessMask"]
        if events.is_mark(mask):
            read = lambda text: file_action(integer_of(text), activity)  # noqa: E731
            columns["activity"] = each(events.shape.texts(mask), read, pa.string())
        else:
            columns["activity"] = file_action(integer_of(mask), activity)
    if "RelativeTargetName" in data and "ShareName" in data:
        parts = [events.text(data["ShareName"]), columns.get("file_path")]
        if not any(isinstance(part, pa.Array) for part in parts):
            columns["file_path"] = f"{parts[0] or ''}\\{parts[1] or ''}".rstrip("\\")
            return
        filled = [pc.fill_null(part, "") if isinstance(part, pa.Array) else part or "" for part in parts]
        joined = pc.binary_join_element_wise(*filled, "\\")
        columns["file_path"] = pc.utf8_rtrim(joined, characters="\\")


def _base_event(kind: tuple[str, int], events: Events) -> tuple[str, pa.Table]:
    data, system = events.data, events.system
    if any(type(data.get(name)) not in {str, type(None)} or events.shape.is_number(data.get(name)) for name in USERS):
        raise OneByOneError
    user = _coalesced(events.first_of(USERS), events.text(system["UserID"]))
    level = system["Level"]
    severity = (
        each(events.shape.written(level), lambda text: LEVELS.get(int(text)), pa.string())
        if events.is_mark(level)
        else LEVELS.get(level)
    )
    return events.rows(
        "base_event",
        {
            "host": events.text(system["Computer"]),
            "application": kind[0] or None,
            "pid": _pid(events),
            "severity": severity,
            "event_code": None if system["EventID"] is None else str(kind[1]),
            "user_name": _each(user, lambda text: text.rpartition("\\")[2]),
            "src_ip": _read_with(address_of, events.first_of(ADDRESSES)),
            "message": _message(kind, data, events),
        },
    )


def _pid(events: Events) -> Column:
    value = events.system["ProcessID"]
    if events.is_mark(value):
        return _read_with(integer_of, events.shape.texts(value))
    return integer_of(value)


def _message(kind: tuple[str, int], data: dict[str, Any], events: Events) -> Column:
    value = data.get(MESSAGES[kind]) if kind in MESSAGES else None
    unnamed = data.get("Data")
    if value is not None or not isinstance(unnamed, list):
        return events.text(value)
    parts = [events.text(one) for one in unnamed]
    columns = [part.to_pylist() if isinstance(part, pa.Array) else [part] * len(events) for part in parts]
    joined = ("\n".join([part or "" for part in row]).strip() or None for row in zip(*columns, strict=True))
    return pa.array(joined, pa.string()) if columns else None


def _outcome(events: Events) -> Column:
    written = events.system["Keywords"]
    if events.shape.is_text(written):
        return each(events.shape.texts(written), lambda text: outcome_of({"Keywords": text}), pa.string())
    if events.is_mark(written):
        return None
    if isinstance(written, list) and any(events.is_mark(one) for one in written):
        if len(written) > 1 or not events.shape.is_text(written[0]):
            raise OneByOneError
        return each(events.shape.texts(written[0]), lambda text: outcome_of({"Keywords": [text]}), pa.string())
    return outcome_of(events.system)


def _read_with(read: Callable[[Any], Any], column: Column) -> Column:
    """What a reader makes of each text; :func:`text_of` leaves them as they are."""
    if not isinstance(column, pa.Array):
        return None if column is None else read(column)
    return column if read is text_of else each(column, read, pa.string() if read is address_of else pa.int64())


def _each(column: Column, read: Callable[[str], str | None]) -> Column:
    if isinstance(column, pa.Array):
        return each(column, read, pa.string())
    return None if column is None else read(column)


def _coalesced(first: Column, second: Column) -> Column:
    if first is None or second is None:
        return second if first is None else first
    return pc.coalesce(first, second) if isinstance(first, pa.Array) else first


def _null_where(column: pa.Array, absent: str) -> pa.Array:
    is_absent = pc.equal(column, absent)
    return pc.if_else(is_absent, pa.scalar(None, pa.string()), column) if pc.any(is_absent).as_py() else column
