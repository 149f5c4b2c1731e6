"""The requests of a table of HTTP activity that could carry SQL, their parameters decoded and brought to shapes.

Every line is touched here, so all of it works by the column. What is left out is other people's traffic: a parameter
without a quote, a bracket, a blank or a comparison cannot carry a condition, unless it is encoded, which is looked at.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.exposure.injection.percent import decoded
from kakuho.exposure.injection.requests import Place, Requests, ShapeExample, integers, merged
from kakuho.exposure.injection.shapes import Shapes, shapes_of
from kakuho.exposure.injection.tokens import Slot

SUSPICIOUS = r"""['"(+ ;`]|%2[0256789AaBbCc]|%0[9abcdABCD]|%[aA]0|%u0|/\*|[=&][A-Za-z0-9+/_-]{20,}"""
"""What a query holds that can carry SQL: blanks, quotes, brackets, comments, an encoding; or a long token."""
_STRUCTURED = r"""^\s*[\[{]"""
_SQL = (
    r"(?i)(?:select|substr|\bmid\b|ascii|\bord\s*\(|unicode|sleep|benchmark|waitfor|union|length|\blen\s*\(|regexp|rlike|"
    r"\blike\b|\bglob\b|exists|between|\bcase\b|\band\b|\bor\b|\bxor\b|\bnot\b|having|\|\||&&|\bin\s*\(|version|database|\bif\s*\(|[&|^]|>>|<<)"
)
_OPERATOR = r"[=<>(]|(?i:\blike\b|\brlike\b|\bregexp\b|\bglob\b|\bbetween\b|\bin\b)"
_LONG_PART = r"=[A-Za-z0-9+/_%-]{20,}={0,2}$"
_HIDDEN = (
    r"%25|%u|%3[0-9]|%[46][1-9A-Fa-f]|%[57][0-9Aa]|%[cC]0|&#|\\u|%00|"
    r"^[^=]*=[\x01A-Za-z0-9+/_-]*(?:%3[dD]|=|%2[bBfF]){0,3}[\x01A-Za-z0-9+/_-]*(?:%3[dD]|=){0,2}$|"
    r"%[A-Za-z]%[A-Za-z]%[A-Za-z]|(?i:%ef%bc%87)"
)
"""A shape that does not show its payload: digits or letters that are encoded, encoded twice, or a token that may be
base64."""
CHUNK = 1 << 14
_ENCODED_WORD = r"^[A-Za-z0-9+/_-]{20,}={0,2}$"
_SQL_RE, _OPERATOR_RE = re.compile(_SQL), re.compile(_OPERATOR)
_SQL_BYTES = re.compile(rb"(?i)select|sleep|waitfor|substr|\band\b|\bor\b|union|ascii")
HEADERS = {"referrer": "Referer", "user_agent": "User-Agent"}
IN_HEADER = r"(?i)\bselect\b.*\(|sleep\s*\(|waitfor delay|'\s*(?:and|or)\b|\bRLIKE\b"
IN_PATH = r"(?i)select|sleep\(|%27|'|%20and%20|waitfor|substr"
"""What a header or a path holds that can carry SQL."""


def candidates(table: pa.Table) -> Requests | None:
    """The candidates of a table in the columns of ``http_activity``; None where there is none."""
    found = [part for begin in range(0, len(table), CHUNK) for part in _of_chunk(table.slice(begin, CHUNK))]
    return merged(found) if found else None


def _of_chunk(table: pa.Table) -> Iterator[Requests]:
    """The candidates of a few thousand rows: what the processor's cache holds at once."""
    queries = _column(table, "url_query")
    row = np.flatnonzero(np.asarray(pc.match_substring_regex(queries, SUSPICIOUS).fill_null(False)))
    if len(row):
        yield from _by_raw_shape(table, queries if len(row) == len(queries) else queries.take(pa.array(row)), row)
    others = list(_other_sources(table))
    if others:
        yield from _decoded_ones(table, *_joined(others))


def _by_raw_shape(table: pa.Table, queries: pa.Array, row: Any) -> Iterator[Requests]:
    """The parameters of queries, by shapes of what is still encoded: only one of each shape is decoded.

    Where digits or letters are encoded, or encoded twice, each is decoded first.
    """
    parts, owner = queries, row
    if pc.any(pc.match_substring(queries, "&")).as_py():
        lists = pc.split_pattern(queries, "&")
        parts, owner = pc.list_flatten(lists), row[np.asarray(pc.list_parent_indices(lists))]
        good = np.asarray(pc.match_substring_regex(parts, f"^[^=]*=.*(?:{SUSPICIOUS})"))
        good |= np.asarray(pc.match_substring_regex(parts, _LONG_PART))
        parts, owner = parts.filter(pa.array(good)), owner[good]
    if len(parts) == 0:
        return
    shapes = shapes_of(parts, encoded=True)
    dictionary = shapes.shape.dictionary
    indices = np.asarray(shapes.shape.indices).astype(np.int64)
    first_row = np.full(len(dictionary), -1, np.int64)
    first_row[indices[::-1]] = np.arange(len(indices) - 1, -1, -1)
    hidden = np.asarray(pc.match_substring_regex(dictionary, _HIDDEN))
    examples = [
        None if hidden[n] else _example(shapes, int(at), parts[int(at)].as_py())
        for n, at in enumerate(first_row.tolist())
    ]
    wanted = np.array([one is not None and _is_sql(one[1].payload) for one in examples], bool)
    slow = np.flatnonzero(hidden[indices])
    if len(slow):
        yield from _decoded_ones(table, *_joined(list(_pairs(parts.take(pa.array(slow)), owner[slow]))))
    kept = np.flatnonzero(wanted[indices])
    if len(kept) == 0:
        return
    usable = [one for one, good in zip(examples, wanted, strict=True) if good and one is not None]
    shape = (np.cumsum(wanted) - 1)[indices[kept]]
    lengths = np.asarray(pc.binary_length(parts).cast(pa.int64()))
    shorter = np.array([len(payload.payload.encode()) for _, payload in usable], np.int64) - lengths[first_row[wanted]]
    names = [bytes(one) for one, good in zip(dictionary.to_pylist(), wanted, strict=True) if good]
    parameter = pa.DictionaryArray.from_arrays(pa.array(shape), pa.array([name for name, _ in usable], pa.string()))
    texts = [unquote_plus(one) if "%" in one else one for one in shapes.texts.to_pylist()]
    yield _requests(table, owner[kept], shape, names, [one for _, one in usable], parameter.cast(pa.string()),
                    lengths[kept] + shorter[shape], _taken(shapes, kept), texts)  # fmt: skip


def _example(shapes: Shapes, row: int, part: str) -> tuple[str, ShapeExample] | None:
    """Parameter and decoded payload of a shape, with its slots; None where the name of the parameter holds one."""
    data = part.encode()
    begin, end = int(shapes.first[row]), int(shapes.first[row + 1])
    at = data.find(b"=") + 1
    starts, ends = shapes.starts[begin:end].tolist(), shapes.ends[begin:end].tolist()
    if starts and starts[0] < at:
        return None
    slots, text = [], ""
    for start, stop, is_list in zip(starts, ends, shapes.is_list[begin:end].tolist(), strict=True):
        text += unquote_plus(data[at:start].decode(errors="replace"))
        literal = unquote_plus(data[start:stop].decode(errors="replace"))
        slots.append(Slot(len(text), len(text) + len(literal), is_list))
        text += literal
        at = stop
    text += unquote_plus(data[at:].decode(errors="replace"))
    name = unquote_plus(data[: max(data.find(b"="), 0)].decode(errors="replace"))
    return name, ShapeExample(text, tuple(slots))


def _is_sql(payload: str) -> bool:
    return _SQL_RE.search(payload) is not None and _OPERATOR_RE.search(payload) is not None


def _taken(shapes: Shapes, kept: Any) -> tuple[Any, Any]:
    """Values and beginnings of the slots of some payloads."""
    counts = np.diff(shapes.first)[kept]
    first = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    if len(kept) == len(shapes.first) - 1:
        return shapes.values, first
    inside = np.arange(first[-1]) + np.repeat(shapes.first[:-1][kept] - first[:-1], counts)
    return shapes.values[inside], first


def _decoded_ones(table: pa.Table, row: Any, names: pa.Array, payloads: pa.Array) -> Iterator[Requests]:
    """Payloads that are decoded already, by their shapes."""
    if len(row) == 0:
        return
    shapes = shapes_of(payloads)
    dictionary = [bytes(one) for one in shapes.shape.dictionary.to_pylist()]
    indices = np.asarray(shapes.shape.indices).astype(np.int64)
    wanted = np.array([_is_sql(one.decode(errors="replace")) for one in dictionary], bool)
    kept = np.flatnonzero(wanted[indices])
    if len(kept) == 0:
        return
    shape = (np.cumsum(wanted) - 1)[indices[kept]]
    _, first_row = np.unique(shape, return_index=True)
    examples = []
    for number in first_row.tolist():
        payload = payloads[int(kept[number])].as_py()
        examples.append(ShapeExample(payload, tuple(shapes.slots_of(int(kept[number]), payload))))
    # A shape of decoded payloads is none of encoded ones: the same bytes would mean something else.
    shape_names = [b"\0" + one for one, good in zip(dictionary, wanted, strict=True) if good]
    sizes = np.asarray(pc.binary_length(payloads).cast(pa.int64()))[kept]
    yield _requests(table, row[kept], shape, shape_names, examples, names.take(pa.array(kept)), sizes,
                    _taken(shapes, kept), shapes.texts.to_pylist())  # fmt: skip


def _requests(
    table: pa.Table, row: Any, shape: Any, names: list[bytes], examples: list[ShapeExample], parameter: pa.Array,
    length: Any,
    slots: tuple[Any, Any], texts: list[str],
) -> Requests:  # fmt: skip
    wanted = ["line", "time", "duration_us", "status", "bytes_out", "src_ip", "user_agent"]
    taken = table.select(wanted)
    if len(row) != len(table) or not (row[1:] > row[:-1]).all():
        taken = taken.take(pa.array(row))
    addresses, agents = (_column(taken, name).dictionary_encode("encode") for name in ("src_ip", "user_agent"))
    both = np.asarray(addresses.indices).astype(np.int64) * max(len(agents.dictionary), 1) + np.asarray(agents.indices)
    unique, client = np.unique(both, return_inverse=True)
    known_addresses, known_agents = addresses.dictionary.to_pylist(), agents.dictionary.to_pylist()
    clients = [
        f"{known_addresses[one // len(known_agents)]} {known_agents[one % len(known_agents)]}"
        for one in unique.tolist()
    ]
    place_codes, places = _places(table, row, parameter)
    return Requests(
        integers(taken["line"]), integers(taken["time"]), integers(taken["duration_us"]), integers(taken["status"]),
        integers(taken["bytes_out"]), length, _raw_lengths(table, row), place_codes, shape.astype(np.int64),
        client.astype(np.int64), slots[0], slots[1], places, names, examples, clients, texts,
    )  # fmt: skip


def _raw_lengths(table: pa.Table, rows: np.ndarray[Any, Any]) -> Any:
    return integers(pc.binary_length(_column(table, "url_query")).cast(pa.int64()))[rows]


def _places(table: pa.Table, rows: Any, parameter: pa.Array) -> tuple[Any, list[Place]]:
    host, path = (_column(table, name).dictionary_encode() for name in ("host", "url_path"))
    names = parameter.dictionary_encode()
    codes = [np.asarray(one.indices.fill_null(len(one.dictionary))).astype(np.int64) for one in (host, path, names)]
    codes[:2] = [one[rows] for one in codes[:2]]
    both = (codes[0] * (len(path.dictionary) + 1) + codes[1]) * (len(names.dictionary) + 1) + codes[2]
    unique, first, inverse = np.unique(both, return_index=True, return_inverse=True)
    del unique
    hosts, paths, parameters = ([*one.dictionary.to_pylist(), None] for one in (host, path, names))
    places = [Place(hosts[codes[0][n]], _plain_path(paths[codes[1][n]]), parameters[codes[2][n]] or "") for n in first]
    return inverse.astype(np.int64), places


def _plain_path(path: str | None) -> str:
    """The path; what was injected into it stands in its last part, which is not told."""
    path = path or ""
    return re.split(r"(?:%27|'|%20|%28|\(|;| )", path, maxsplit=1)[0] if re.search(r"%27|'|%20|%28|\(", path) else path


Source = tuple[Any, pa.Array, pa.Array]
"""Rows of the table, names of parameters, decoded payloads."""


def _joined(sources: list[Source]) -> Source:
    rows, names, payloads = zip(*sources, strict=True) if sources else ((), (), ())
    if not rows:
        return np.zeros(0, np.int64), pa.array([], pa.string()), pa.array([], pa.string())
    return np.concatenate(rows), pa.concat_arrays(names), pa.concat_arrays(payloads)


def _other_sources(table: pa.Table) -> Iterator[Source]:
    body = _column(table, "request_body")
    if body.null_count < len(body):
        yield from _of_bodies(body)
    for column, name in HEADERS.items():
        yield from _of_whole(_column(table, column), name, IN_HEADER)
    yield from _of_whole(_column(table, "url_path"), "path", IN_PATH)


def _column(table: pa.Table, name: str) -> pa.Array:
    column = table[name].combine_chunks()
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _of_queries(queries: pa.Array, numbers: Any) -> Iterator[Source]:
    """The parameters of bodies in the form of queries."""
    wanted = pc.match_substring_regex(queries, SUSPICIOUS).fill_null(False)
    row = np.flatnonzero(np.asarray(wanted))
    if len(row) == 0:
        return
    lists = pc.split_pattern(queries.filter(wanted), "&")
    part = pc.list_flatten(lists)
    yield from _pairs(part, numbers[row[np.asarray(pc.list_parent_indices(lists))]])


def _pairs(part: pa.Array, owner: Any) -> Iterator[Source]:
    """Name and decoded value of ``name=value``; a value that is base64 or hexadecimal of SQL is decoded too."""
    pair = pc.split_pattern(part, "=", max_splits=1)
    named = np.asarray(pc.equal(pc.list_value_length(pair), 2))
    values, starts = pair.flatten(), np.asarray(pair.offsets)[:-1]
    starts = starts - starts[0] if len(starts) else starts
    name = pc.if_else(pa.array(named), values.take(pa.array(np.where(named, starts, 0))), pa.scalar(""))
    value = _decoded_tokens(decoded(values.take(pa.array(np.where(named, starts + 1, starts)))))
    yield owner, decoded(name).cast(pa.string()), value.cast(pa.string())


def _decoded_tokens(values: pa.Array) -> pa.Array:
    """Values that are base64 or hexadecimal of something with SQL in it, decoded."""
    tokens = pc.match_substring_regex(values, _ENCODED_WORD)
    if not pc.any(tokens).as_py():
        return values
    return pc.replace_with_mask(
        values, tokens, pa.array([_opened(one) for one in values.filter(tokens).to_pylist()], values.type)
    )


def _opened(token: str) -> str:
    for data in _readings(token):
        if _SQL_BYTES.search(data):
            try:
                return data.decode().replace("\0", "")
            except UnicodeDecodeError:
                return data.decode("latin-1").replace("\0", "")
    return token


def _readings(token: str) -> Iterator[bytes]:
    if len(token) % 2 == 0 and re.fullmatch(r"[0-9A-Fa-f]+", token):
        yield bytes.fromhex(token)
    plain = token.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        yield base64.b64decode(plain + "=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return


def _of_bodies(bodies: pa.Array) -> Iterator[tuple[Any, pa.Array, pa.Array]]:
    structured = np.asarray(pc.match_substring_regex(bodies, _STRUCTURED).fill_null(False))
    there = np.asarray(bodies.is_valid())
    form = np.flatnonzero(there & ~structured)
    if len(form):
        yield from _of_queries(bodies.take(pa.array(form)), form)
    rows, names, payloads = [], [], []
    for row in np.flatnonzero(structured).tolist():
        for name, value in _leaves_of(bodies[row].as_py()):
            rows.append(row)
            names.append(name)
            payloads.append(value)
    if rows:
        yield np.array(rows, np.int64), pa.array(names, pa.string()), _decoded_tokens(pa.array(payloads, pa.string()))


def _leaves_of(body: str) -> list[tuple[str, str]]:
    """Texts in a JSON document, by the path to them."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return []
    found: list[tuple[str, str]] = []
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{name}.{key}" if name else str(key), one) for key, one in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{name}[{number}]", one) for number, one in enumerate(value)]
        elif isinstance(value, str):
            found.append((name, value.replace("\0", "")))
    return found


def _of_whole(column: pa.Array, name: str, pattern: str) -> Iterator[tuple[Any, pa.Array, pa.Array]]:
    """A column of which all of a text can be the payload."""
    encoded = column.dictionary_encode()
    hit = np.asarray(pc.match_substring_regex(encoded.dictionary, pattern).fill_null(False))
    if not hit.any():
        return
    indices = np.asarray(encoded.indices.fill_null(-1)).astype(np.int64)
    row = np.flatnonzero((indices >= 0) & hit[indices])
    texts = decoded(column.take(pa.array(row)), plus=name != "path")
    if name == "path":
        texts = pc.replace_substring_regex(texts, r"^.*/([^/]*(?:'|\(| ).*)$", r"\1")
    yield row, pa.array([name] * len(row), pa.string()), texts.cast(pa.string())
