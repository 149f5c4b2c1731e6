"""Records of access logs in JSON, all those with the same keys at once.

Regular is a record whose keys say each another column (of texts the same one where they agree), whose values have the
type that their column asks for, and whose times and durations can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.columns import as_mask, each, given, json_objects, json_texts
from kakuho.evidence.formats.web.by_columns import Columns, Read
from kakuho.evidence.formats.web.fields import UNMAPPED, Field, Reading, microseconds_of
from kakuho.evidence.formats.web.json_fields import (
    MOST_BYTES,
    OTHER_TIMES,
    REQUEST_KEYS,
    SECONDS,
    TIME,
    field_of,
    flat,
    time_of,
)
from kakuho.evidence.formats.web.lines import number_text
from kakuho.evidence.formats.web.requests import given as given_text
from kakuho.evidence.formats.web.requests import http_version, split_request, split_url

FEWEST = 16
"""Fewer records with the same keys are not worth columns."""
_NESTS = {dict, list}
_TEXTS = {str, type(None)}
_REQUEST_COLUMNS = ("method", "url_path", "url_query", "http_version")
_RANGES = {"number": (0, MOST_BYTES), "status": (100, 999), "port": (0, 65535)}
_DIGITS = {"number": r"^[0-9]{1,18}$", "status": r"^[0-9]{3}$", "port": r"^[0-9]{1,5}$"}

Values = tuple[Any, ...]
Mask = npt.NDArray[np.bool_]


class _IrregularError(Exception):
    """These records cannot be read by columns."""


def regular_records(texts: Sequence[str], reading: Reading) -> list[Read]:
    """The indices of regular records and their columns of ``http_activity``, for each set of keys."""
    groups: dict[tuple[str, ...], tuple[list[int], list[Any]]] = {}
    for index, text in enumerate(texts):
        try:
            record = orjson.loads(text)
        except orjson.JSONDecodeError:
            continue
        if type(record) is not dict:
            continue
        if not _NESTS.isdisjoint(map(type, record.values())):
            named = flat(record, "", 0)
            names, values = tuple(name for name, _ in named), tuple(value for _, value in named)
        else:
            names, values = tuple(record), tuple(record.values())
        group = groups.get(names)
        if group is None:
            group = groups[names] = ([], [])
        group[0].append(index)
        group[1].append(values)
    found = []
    for names, (indices, rows) in groups.items():
        if len(indices) >= FEWEST and _may_be_regular(names):
            try:
                found.append(_read(names, np.array(indices), list(zip(*rows, strict=True)), reading))
            except _IrregularError:
                continue
    return found


def _may_be_regular(names: tuple[str, ...]) -> bool:
    keys = {name.lower() for name in names}
    return (
        len(set(names)) == len(names)
        and not keys.isdisjoint(REQUEST_KEYS)
        and keys.isdisjoint(OTHER_TIMES)
        and "DownstreamStatus" not in names
    )


def _read(names: tuple[str, ...], indices: npt.NDArray[np.int64], rows: list[Values], reading: Reading) -> Read:
    columns: Columns = {}
    rest: dict[str, pa.Array] = {}
    irregular = np.zeros(len(indices), np.bool_)
    for name, values in zip(names, rows, strict=True):
        _, field, kind, column = field_of(name)
        if field is None:
            rest[name] = _json(values)
        elif kind == "text" and column != UNMAPPED:
            _add_text(columns, column, values, irregular)
        else:
            for added, array in _READERS.get(kind, _refused)(field, values, irregular, reading).items():
                if added in columns:
                    raise _IrregularError
                columns[added] = array
    if "time" not in columns:
        raise _IrregularError
    columns["unmapped"] = json_objects(rest, len(indices))
    if irregular.any():
        regular = pa.array(~irregular)
        return indices[~irregular], {name: array.filter(regular) for name, array in columns.items()}
    return indices, columns


def _json(values: Values) -> pa.Array:
    """What ``unmapped`` keeps of values, as JSON; null where there is nothing."""
    kinds = set(map(type, values))
    if kinds <= _TEXTS:
        return json_texts(given(pa.array(values, pa.string())))
    made = [
        None if value is None or value in ("", "-") else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
        for value in values
    ]
    return pa.array(made, pa.string())


def _texts(values: Values) -> pa.Array:
    if not set(map(type, values)) <= _TEXTS:
        raise _IrregularError
    return given(pa.array(values, pa.string()))


def _add_text(columns: Columns, column: str, values: Values, irregular: Mask) -> None:
    """A text; the second key of a column has to agree with the first where both are given."""
    texts = _texts(values)
    before = columns.get(column)
    if before is not None:
        if before.type != pa.string():
            raise _IrregularError
        irregular |= as_mask(pc.not_equal(before, texts))
        texts = pc.coalesce(before, texts)
    columns[column] = texts


def _whole(field: Field, values: Values, irregular: Mask, reading: Reading) -> Columns:
    """Whole numbers, or their digits as text."""
    kinds = set(map(type, values))
    least, most = _RANGES[field.kind]
    if kinds <= {int, type(None)}:
        try:
            numbers = pa.array(values, pa.int64())
        except (OverflowError, pa.ArrowInvalid) as error:
            raise _IrregularError from error
    elif kinds <= _TEXTS:
        texts = given(pa.array(values, pa.string()))
        is_number = pc.match_substring_regex(texts, _DIGITS[field.kind])
        irregular |= as_mask(pc.invert(is_number))
        numbers = pc.if_else(is_number, texts, pa.scalar(None, pa.string())).cast(pa.int64())
        least = 0
    else:
        raise _IrregularError
    irregular |= as_mask(pc.or_(pc.less(numbers, least), pc.greater(numbers, most)))
    return {field.column: numbers}


def _once_each(values: Values, read: Callable[[str], int | None], irregular: Mask) -> pa.Array:
    """Numbers that a text spells, read once for each different value; null where there is no value."""
    known: dict[Any, int | None] = {}
    found: list[int | None] = []
    for index, value in enumerate(values):
        if value is None or value == "":
            found.append(None)
            continue
        key = (value, type(value)) if type(value) is not str else value
        if key not in known:
            if type(value) not in {str, int, float}:
                raise _IrregularError
            known[key] = read(value if type(value) is str else number_text(value))
        number = known[key]
        if number is None:
            irregular[index] = True
        found.append(number)
    return pa.array(found, pa.int64())


def _time(field: Field, values: Values, irregular: Mask, reading: Reading) -> Columns:
    if field is not TIME:
        raise _IrregularError
    times = _once_each(values, lambda text: time_of(text, reading), irregular)
    return {"time": times.cast(pa.timestamp("us"))}


def _seconds(field: Field, values: Values, irregular: Mask, reading: Reading) -> Columns:
    return {field.column: _once_each(values, lambda text: microseconds_of(text, 1_000_000), irregular)}


def _request(field: Field, values: Values, irregular: Mask, reading: Reading) -> Columns:
    if not set(map(type, values)) <= _TEXTS:
        raise _IrregularError
    parts = [split_request(value) if value else {} for value in values]
    return {name: pa.array([part.get(name) for part in parts], pa.string()) for name in _REQUEST_COLUMNS}


def _url(field: Field, values: Values, irregular: Mask, reading: Reading) -> Columns:
    if not set(map(type, values)) <= _TEXTS:
        raise _IrregularError
    parts = [split_url(value) if value and value != "-" else {} for value in values]
    if field.kind == "absolute_url":
        irregular |= np.array([bool(value) and not value.startswith("/") for value in values])
    return {name: pa.array([part.get(name) for part in parts], pa.string()) for name in ("url_path", "url_query")}


def _query(field: Field, values: Values, irregular: Mask, reading: Reading) -> Columns:
    if not set(map(type, values)) <= _TEXTS:
        raise _IrregularError
    queries = [value[1:] if value and value.startswith("?") else given_text(value) for value in values]
    return {"url_query": pa.array(queries, pa.string())}


def _protocol(field: Field, values: Values, irregular: Mask, reading: Reading) -> Columns:
    return {field.column: each(_texts(values), http_version, pa.string())}


def _refused(field: Field, values: Values, irregular: Mask, reading: Reading) -> Columns:
    raise _IrregularError


_READERS: dict[str, Callable[[Field, Values, Mask, Reading], Columns]] = {
    **dict.fromkeys(_RANGES, _whole),
    "time": _time,
    SECONDS.kind: _seconds,
    "request": _request,
    "url": _url,
    "absolute_url": _url,
    "query": _query,
    "protocol": _protocol,
}
"""How the values of a key become columns, by the kind of field that they are."""
