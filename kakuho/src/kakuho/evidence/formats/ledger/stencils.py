"""Texts that differ in a few places only, told apart by what they have in common.

A ledger's lines are alike: its system has few pages. The first text of a length that is not yet known is read with a
regular expression; the places that it marks are the holes of a :class:`Stencil`, and all texts of the same length are
laid under it at once. Those that show the same around the holes need not be read any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kakuho.evidence.formats.ledger.columns import Coded, Flags, Places, Texts, stretches

LONGEST = 4096
"""Longer texts are not looked at."""
_MOST_STENCILS = 24
"""So many of one length; what fits none of them is left to the careful path."""
_FEW_LENGTHS = 24
_WORDS_AT_ONCE = 1 << 14
_WORD = 8
_QUOTE = ord('"')

Words = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Stencil:
    """``holes``: from where to where other texts may differ; ``texts``: those of them that hold a text.

    ``says``: the named values outside of them. ``seen``: the bits outside of them; ``known``: the text it was made of.
    A value in ``says`` is None where the text has ``null``; there is no hole then.
    """

    holes: dict[str, tuple[int, int]]
    texts: tuple[tuple[int, int], ...]
    says: dict[str, bytes | None]
    seen: Words
    known: Words

    def fits(self, texts: Words) -> Flags:
        """Which texts, one a row, are the same around the holes and have no quotation mark in those for texts."""
        fit, rows = np.ones(len(texts), np.bool_), max(1, _WORDS_AT_ONCE // texts.shape[1])
        room = np.empty((min(rows, len(texts)), texts.shape[1]), np.uint64)
        for begin in range(0, len(texts), rows):
            piece = texts[begin : begin + rows]
            differing = np.bitwise_xor(piece, self.known, out=room[: len(piece)])
            differing &= self.seen
            # Texts of one length mostly are of one stencil, and all at once are looked at four times as fast.
            if np.bitwise_or.reduce(differing, axis=None):
                # A fifth of the time that any() takes.
                fit[begin : begin + rows] = np.bitwise_or.reduce(differing, axis=1) == 0
        characters = texts.view(np.uint8)
        for begin, end in self.texts:
            quotes = characters[:, begin:end] == _QUOTE
            if quotes.any():
                fit &= ~quotes.any(axis=1)
        return fit


@dataclass(frozen=True)
class Pattern:
    """How texts are read: a regular expression over the whole of one, and which of its groups are holes.

    Holes for ``texts`` may hold anything but a quotation mark; what those for ``others`` hold, the caller looks at.
    """

    expression: re.Pattern[bytes]
    texts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def stencil(self, text: bytes) -> Stencil | None:
        """The stencil out of a text; None where the expression does not match."""
        match = self.expression.fullmatch(text)
        if match is None:
            return None
        found = match.groupdict()
        holes = {name: match.span(name) for name in (*self.texts, *self.others) if found[name] is not None}
        fill = bytes(-len(text) % _WORD)
        seen = bytearray(b"\xff" * len(text) + fill)
        for begin, end in holes.values():
            seen[begin:end] = bytes(end - begin)
        mask = np.frombuffer(bytes(seen), np.uint64)
        return Stencil(
            holes,
            tuple(holes[name] for name in self.texts if name in holes),
            {name: value for name, value in found.items() if name not in holes},
            mask,
            np.frombuffer(text + fill, np.uint64),
        )


@dataclass(frozen=True)
class Laid:
    """Texts under their stencils: where each begins, and the position of its stencil (-1: it is under none)."""

    begins: Places
    stencil_of: Places
    stencils: list[Stencil]

    @property
    def fits(self) -> Flags:
        """Which are under one."""
        return self.stencil_of >= 0

    def hole(self, name: str) -> Texts:
        """Where a hole stands in each text."""
        places = [stencil.holes.get(name, (0, 0)) for stencil in self.stencils]
        begin, end = np.array([*places, (0, 0)], np.int64).T
        present = np.array([*(name in stencil.holes for stencil in self.stencils), False])
        return Texts(self.begins + begin[self.stencil_of], self.begins + end[self.stencil_of], present[self.stencil_of])

    def said(self, name: str) -> Coded:
        """What each text says outside of its holes."""
        codes: dict[bytes | None, int] = {}
        code_of = [codes.setdefault(stencil.says[name], len(codes)) for stencil in self.stencils]
        return Coded(np.array([*code_of, 0], np.int64)[self.stencil_of], list(codes) or [None])


def laid(data: bytes, begins: Places, lengths: Places, pattern: Pattern) -> Laid:
    """The texts of these lengths under their stencils; a length of 0 is no text.

    At least 8 bytes of ``data`` stand after each text.
    """
    stencil_of = np.full(len(begins), -1)
    stencils: list[Stencil] = []
    for stencil, which in _fitting(data, begins, lengths, pattern):
        stencil_of[which] = len(stencils)
        stencils.append(stencil)
    return Laid(begins, stencil_of, stencils)


def _fitting(data: bytes, begins: Places, lengths: Places, pattern: Pattern) -> Iterator[tuple[Stencil, Places]]:
    lengths = np.where((lengths > 0) & (lengths <= LONGEST), lengths, 0).astype(np.uint16)
    counts = np.bincount(lengths)
    if np.count_nonzero(counts[1:]) <= _FEW_LENGTHS:  # then to look for each takes less than to sort them
        for length in (np.flatnonzero(counts[1:]) + 1).tolist():
            yield from _of_one_length(data, begins, np.flatnonzero(lengths == length), length, pattern)
        return
    order = np.argsort(lengths, kind="stable")
    ordered = lengths[order].astype(np.int64)
    firsts = np.flatnonzero(np.diff(ordered, prepend=0))
    for which in np.split(order, firsts)[1:]:
        yield from _of_one_length(data, begins, which, int(lengths[which[0]]), pattern)


def _of_one_length(
    data: bytes, begins: Places, which: Places, length: int, pattern: Pattern
) -> Iterator[tuple[Stencil, Places]]:
    words = -(-length // _WORD)
    texts = stretches(data, "V", words * _WORD)[begins[which]].view(np.uint64).reshape(len(which), words)
    for _ in range(_MOST_STENCILS):
        first = int(begins[which[0]])
        stencil = pattern.stencil(data[first : first + length])
        if stencil is None:
            rest = np.arange(len(which)) > 0
        else:
            fits = stencil.fits(texts)
            if fits.all():
                yield stencil, which
                return
            yield stencil, which[fits]
            rest = ~fits
        which = which[rest]
        if not len(which):
            return
        texts = texts[rest]
