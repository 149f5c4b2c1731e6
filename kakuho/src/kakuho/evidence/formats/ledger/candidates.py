"""Which lines of a block may be canonical events, by their bytes and their braces alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.ledger.columns import Flags, Places, stand_at

_MARGIN = 256
"""Bytes that have to stand after a line, so that a window on it never reaches beyond the block."""
_END_OF_DISCLOSURES = b'],"hash":"'
_BRACE, _BRACKET = ord("}"), ord("]")


@dataclass(frozen=True)
class Candidates:
    """``lines``: their positions in the block. ``braces``: where closing braces stand in the block.

    ``first`` and ``last`` are positions in ``braces``: of the first one of each line, and of the one at the end of its
    disclosures.
    """

    lines: Places
    braces: Places
    first: Places
    last: Places


def candidates(block: LineBlock) -> Candidates:
    """The lines without escapes and control characters in which one list ends before a hash."""
    data = np.frombuffer(block.data, np.uint8)
    braces = block.places_of(_BRACE)
    controls, starts = block.controls, block.starts
    regular = starts[1:] <= len(block.data) - _MARGIN
    if not regular.any():
        none = np.zeros(0, np.int64)
        return Candidates(none, none, none, none)
    if len(controls) != len(starts) - 1:
        _leave_out(regular, starts, controls[data[controls] != ord("\n")])
    if b"\\" in block.data:
        _leave_out(regular, starts, np.flatnonzero(data == ord("\\")))
    if not block.data.isascii() and not block.is_utf8:
        _leave_out(regular, starts, np.flatnonzero(data >= 0x80))
    braces = braces[: np.searchsorted(braces, len(data) - _MARGIN)]
    ends = np.flatnonzero(data[braces + 1] == _BRACKET)
    ends = ends[stand_at(block.data, braces[ends] + 1, _END_OF_DISCLOSURES)]
    lines = np.searchsorted(starts, braces[ends], "right") - 1
    same = lines[1:] == lines[:-1]
    once = ~(np.append(False, same) | np.append(same, False))[: len(lines)]
    once &= regular[lines]
    lines, last = lines[once], ends[once]
    first = np.searchsorted(braces, starts[lines])
    between = first < last
    return Candidates(lines[between], braces, first[between], last[between])


def _leave_out(regular: Flags, starts: Places, places: Places) -> None:
    regular[np.searchsorted(starts, places, "right") - 1] = False
