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

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.exposure.injection.percent import decoded
from kakuho.exposure.injection.requests import Place, Requests, ShapeExample, integers
from kakuho.exposure.injection.shapes import shapes_of

SUSPICIOUS = r"""['"(+ ;`]|%2[0256789AaBbCc]|%0[9abcdABCD]|%[aA]0|%u0|/\*|[=&][A-Za-z0-9+/_-]{20,}"""
"""What a query holds that can carry SQL: blanks, quotes, brackets, comments, an encoding; or a long token."""
_STRUCTURED = r"""^\s*[\[{]"""
_SQL = (
    r"(?i)(?:select|substr|\bmid\b|ascii|\bord\s*\(|unicode|sleep|benchmark|waitfor|union|length|\blen\s*\(|regexp|rlike|"
    r"\blike\b|\bglob\b|exists|between|\bcase\b|\band\b|\bor\b|\bxor\b|\bnot\b|having|\|\||&&|\bin\s*\(|version|database|\bif\s*\(|\|)"
)
_OPERATOR = r"[=<>(]|(?i:\blike\b|\brlike\b|\bregexp\b|\bglob\b|\bbetween\b|\bin\b)"
_TOKEN = r"^[A-Za-z0-9+/_-]{20,}={0,2}$"
_SQL_BYTES = re.compile(rb"(?i)select|sleep|waitfor|substr|\band\b|\bor\b|union|ascii")
HEADERS = {"referrer": "Referer", "user_agent": "User-Agent"}


def candidates(table: pa.Table) -> Requests | None:
    """The candidates of a table in the columns of ``http_activity``; None where there is none."""
    row, place, payloads = _payloads(table)
    if len(row) == 0:
        return None
    shapes = shapes_of(payloads)
    found = pc.and_(pc.match_substring_regex(shapes.shape.dictionary, _SQL.replace("\x01", "")),
                    pc.match_substring_regex(shapes.shape.dictionary, _OPERATOR))  # fmt: skip
    wanted_shape = np.asarray(found.fill_null(False))
    indices = np.asarray(shapes.shape.indices).astype(np.int64)
    kept = np.flatnonzero(wanted_shape[indices])
    if len(kept) == 0:
        return None
    taken = table.select(["line", "time", "duration_us", "status", "bytes_out", "src_ip", "user_agent"]).take(pa.array(row[kept]))
    counts = np.diff(shapes.first)[kept]
    first = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    inside = np.arange(first[-1]) + np.repeat(shapes.first[:-1][kept] - first[:-1], counts)
    renumber = np.cumsum(wanted_shape) - 1
    shape = renumber[indices[kept]]
    names = [bytes(one) for one, good in zip(shapes.shape.dictionary.to_pylist(), wanted_shape, strict=True) if good]
    examples: list[ShapeExample | None] = [None] * len(names)
    _, first_row = np.unique(shape, return_index=True)
    for number in first_row.tolist():
        payload = payloads[int(kept[number])].as_py()
        examples[int(shape[number])] = ShapeExample(payload, tuple(shapes.slots_of(int(kept[number]), payload)))
    clients = pc.binary_join_element_wise(
        taken["src_ip"].fill_null(""), taken["user_agent"].fill_null(""), " "
    ).combine_chunks().dictionary_encode()  # fmt: skip
    sizes = pc.binary_length(payloads).cast(pa.int64())
    place_codes, places = _places(table, row[kept], place.take(pa.array(kept)))
    return Requests(
        integers(taken["line"]), integers(taken["time"]), integers(taken["duration_us"]), integers(taken["status"]),
        integers(taken["bytes_out"]), np.asarray(sizes)[kept], _raw_lengths(table, row[kept]), place_codes,
        shape.astype(np.int64), np.asarray(clients.indices).astype(np.int64), shapes.values[inside], first, places,
        names, [one for one in examples if one is not None], clients.dictionary.to_pylist(), shapes.texts.to_pylist(),
    )  # fmt: skip


def _raw_lengths(table: pa.Table, rows: np.ndarray[Any, Any]) -> Any:
    query = table["url_query"].take(pa.array(rows)).fill_null("")
    return integers(pc.binary_length(query.combine_chunks()).cast(pa.int64()))


def _places(table: pa.Table, rows: Any, parameter: pa.Array) -> tuple[Any, list[Place]]:
    host = table["host"].take(pa.array(rows)).combine_chunks().dictionary_encode()
    path = table["url_path"].take(pa.array(rows)).combine_chunks().dictionary_encode()
    names = parameter.dictionary_encode()
    codes = [np.asarray(one.indices.fill_null(len(one.dictionary))).astype(np.int64) for one in (host, path, names)]
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


def _payloads(table: pa.Table) -> tuple[Any, pa.Array, pa.Array]:
    """Row of the table, parameter and decoded payload, for all parts of a request that could carry SQL."""
    rows, names, payloads = [], [], []
    for row, name, payload in _sources(table):
        rows.append(row)
        names.append(name)
        payloads.append(payload)
    if not rows:
        return np.zeros(0, np.int64), pa.array([], pa.string()), pa.array([], pa.string())
    return np.concatenate(rows), pa.concat_arrays(names), pa.concat_arrays(payloads)


def _sources(table: pa.Table) -> Iterator[tuple[Any, pa.Array, pa.Array]]:
    yield from _of_queries(_column(table, "url_query"), np.arange(len(table)))
    body = _column(table, "request_body")
    if body.null_count < len(body):
        yield from _of_bodies(body)
    for column, name in HEADERS.items():
        yield from _of_whole(_column(table, column), name, r"(?i)\bselect\b.*\(|sleep\s*\(|waitfor delay|'\s*(?:and|or)\b|\bRLIKE\b")
    yield from _of_whole(_column(table, "url_path"), "path", r"(?i)select|sleep\(|%27|'|%20and%20|waitfor|substr")


def _column(table: pa.Table, name: str) -> pa.Array:
    column = table[name].combine_chunks()
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _of_queries(queries: pa.Array, numbers: Any) -> Iterator[tuple[Any, pa.Array, pa.Array]]:
    """The parameters of query strings (and of bodies in the same form)."""
    wanted = pc.match_substring_regex(queries, SUSPICIOUS).fill_null(False)
    row = np.flatnonzero(np.asarray(wanted))
    if len(row) == 0:
        return
    lists = pc.split_pattern(queries.filter(wanted), "&")
    part = pc.list_flatten(lists)
    owner = row[np.asarray(pc.list_parent_indices(lists))]
    good = np.asarray(pc.match_substring_regex(part, SUSPICIOUS))
    part, owner = part.filter(pa.array(good)), owner[good]
    if len(part) == 0:
        return
    pair = pc.split_pattern(part, "=", max_splits=1)
    named = np.asarray(pc.equal(pc.list_value_length(pair), 2))
    values, starts = pair.flatten(), np.asarray(pair.offsets)[:-1]
    name = values.take(pa.array(np.where(named, starts, 0)))
    value = values.take(pa.array(np.where(named, starts + 1, starts)))
    name = pc.if_else(pa.array(named), name, pa.scalar(""))
    value = _decoded_tokens(decoded(value))
    if pc.any(pc.match_substring(name, "%")).as_py():
        name = decoded(name)
    yield numbers[owner], name.cast(pa.string()), value.cast(pa.string())


def _decoded_tokens(values: pa.Array) -> pa.Array:
    """Values that are base64 or hexadecimal of something with SQL in it, decoded."""
    tokens = pc.match_substring_regex(values, _TOKEN)
    if not pc.any(tokens).as_py():
        return values
    return pc.replace_with_mask(values, tokens, pa.array([_opened(one) for one in values.filter(tokens).to_pylist()], values.type))


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
