"""Columns of texts at once: conversions that cost a step of the processor for a row, not a call of Python.

A column is an Arrow array of strings (or what :func:`strings` takes); all of a row's have one length.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc


def strings(values: Sequence[str | None] | pa.Array) -> pa.Array:
    """The texts as a column."""
    return values if isinstance(values, pa.Array) else pa.array(values, pa.string())


def numbers(texts: Sequence[str | None] | pa.Array) -> pa.Array:
    """The whole numbers of texts of at most 18 digits, which have to be such; null stays null."""
    return strings(texts).cast(pa.int64())


def each(texts: Sequence[str | None] | pa.Array, read: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """``read`` of every text, called once for each different one; null stays null."""
    encoded = strings(texts).dictionary_encode()
    return pa.array([read(text) for text in encoded.dictionary.to_pylist()], kind).take(encoded.indices)


def given(texts: pa.Array) -> pa.Array:
    """The texts, null where the log says that there is none (``-`` or nothing)."""
    absent = pc.or_(pc.equal(texts, "-"), pc.equal(texts, ""))
    return pc.if_else(absent, pa.scalar(None, pa.string()), texts) if pc.any(absent).as_py() else texts


def as_mask(array: pa.Array) -> npt.NDArray[np.bool_]:
    """A column of truth values, false where null, as numpy's."""
    mask: npt.NDArray[np.bool_] = pc.fill_null(array, False).to_numpy(zero_copy_only=False)
    return mask


def json_texts(texts: pa.Array) -> pa.Array:
    """Each text as a JSON string; null stays null."""
    if _needs_escapes(texts):
        made = [None if text is None else orjson.dumps(text).decode() for text in texts.to_pylist()]
        return pa.array(made, pa.string())
    return pc.binary_join_element_wise('"', texts, '"', "")


def _needs_escapes(texts: pa.Array) -> bool:
    """Whether there may be a quote, a backslash or a control character in any of the texts."""
    _, bounds, data = texts.buffers()
    if data is None or not len(texts):
        return False
    ends = np.frombuffer(bounds, np.int32)
    held = memoryview(data)[int(ends[texts.offset]) : int(ends[texts.offset + len(texts)])]
    if not len(held):
        return False
    text = bytes(held)
    return b'"' in text or b"\\" in text or int(np.frombuffer(text, np.uint8).min()) < ord(" ")


def json_objects(values: Mapping[str, pa.Array], length: int) -> pa.Array:
    """JSON objects of values that are JSON already (null: the key is left out), keys sorted, no spaces.

    Null where an object would be empty.
    """
    pieces: list[Any] = ["{"]
    is_certain = False
    for name in sorted(values, key=str.encode):
        column, key = values[name], orjson.dumps(name).decode() + ":"
        if column.null_count == length:
            continue
        if column.null_count == 0:
            pieces += [f",{key}" if is_certain else key, column]
            is_certain = True
        else:
            optional = (f",{key}", column) if is_certain else (key, column, ",")
            pieces.append(pc.fill_null(pc.binary_join_element_wise(*optional, ""), ""))
    if len(pieces) == 1:
        return pa.nulls(length, pa.string())
    objects = pc.binary_join_element_wise(*pieces, "}", "")
    return objects if is_certain else _tidied(objects)


def _tidied(objects: pa.Array) -> pa.Array:
    """Objects without a comma before their end; null for an empty one."""
    trimmed = pc.replace_substring_regex(objects, r",\}$", "}")
    return pc.if_else(pc.equal(trimmed, "{}"), pa.scalar(None, pa.string()), trimmed)
