"""Columns out of the places where the values stand in a block: no line becomes a Python object."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def texts_at(data: bytes, begins: Places, ends: Places, present: Flags | None = None) -> pa.Array:
    """The texts between ``begins`` and ``ends`` of ``data``; null where not ``present``.

    The places ascend: each text ends before the next one begins.
    """
    offsets = np.empty(2 * len(begins) + 1, np.int32)
    offsets[0:-1:2], offsets[1::2] = begins, ends
    offsets[-1] = ends[-1] if len(ends) else 0
    every_other = pa.StringArray.from_buffers(2 * len(begins), pa.py_buffer(offsets), pa.py_buffer(data))
    chosen = np.arange(0, 2 * len(begins), 2)
    return every_other.take(pa.array(chosen, mask=None if present is None else ~present))


def repeated(counts: Places) -> tuple[Places, Places]:
    """For groups of so many rows: each row's group, and its number within the group."""
    groups = np.repeat(np.arange(len(counts)), counts)
    firsts = np.cumsum(counts) - counts
    return groups, np.arange(len(groups)) - firsts[groups]


def stretches(data: bytes, kind: str, length: int) -> npt.NDArray[Any]:
    """At each place of ``data`` the stretch of so many bytes that begins there, without copying.

    ``kind`` is numpy's: ``S`` to be compared with a text, ``V`` to be looked at byte by byte.
    """
    count = len(data) - length + 1
    if count < 1:
        return np.zeros(0, f"{kind}{length}")
    return np.ndarray((count,), f"{kind}{length}", data, 0, (1,))
