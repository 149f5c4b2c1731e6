"""How long a page is for the rows on it, learnt from answers whose rows are known.

    bytes = base + rows * each + nulls * empty + length of all printed values

``base``, ``each`` and ``empty`` are not known but the same for every answer of one page; the answers with known rows
must agree exactly. A page that is compressed, padded, cut or worded after its values does not, and then tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

Cells = Sequence[Sequence[object]]
"""Rows of values, as the database driver gives them."""

MORE_THAN_NEEDED = 2
"""So many different answers must agree beyond those that settle what is unknown."""
LENGTHS = 3
"""The known answers must have at least so many different lengths."""
_ESCAPED = frozenset("<>&\"'\\`=")
_ENCODINGS = ("utf-8", "cp932", "euc_jp", "escaped")


@dataclass(frozen=True)
class Printed:
    """What rows add to a page: their number, empty values, bytes of all others, bytes of the longest one."""

    rows: int
    nulls: int
    length: int
    longest: int

    def __add__(self, other: Printed) -> Printed:
        longest = max(self.longest, other.longest)
        return Printed(self.rows + other.rows, self.nulls + other.nulls, self.length + other.length, longest)


def printed(rows: Cells, encoding: str) -> Printed | None:
    """None where it cannot be told how a page writes one of the values."""
    nulls = total = longest = 0
    for row in rows:
        for value in row:
            if value is None:
                nulls += 1
                continue
            length = _length(value, encoding)
            if length is None:
                return None
            total, longest = total + length, max(longest, length)
    return Printed(len(rows), nulls, total, longest)


def _length(value: object, encoding: str) -> int | None:
    """Bytes of one value; None for types with several spellings and texts that a page may escape or trim."""
    if isinstance(value, bool | datetime):
        return None
    if isinstance(value, date):
        return len(value.isoformat())
    if isinstance(value, int):
        return len(str(value)) if abs(value) < 1000 else None  # a thousand may get a separator
    if not isinstance(value, str):
        return None
    if not _ESCAPED.isdisjoint(value) or value != value.strip() or "  " in value:
        return None if value.strip(" ") or encoding == "escaped" else _blank(value)
    if any(ord(character) < 32 for character in value):
        return None
    if encoding == "escaped":
        return sum(1 if ord(c) < 128 else 6 if ord(c) < 0x10000 else 12 for c in value)
    try:
        return len(value.encode(encoding))
    except UnicodeEncodeError:
        return None


def _blank(value: str) -> int | None:
    return len(value) if len(value) <= 1 else None


@dataclass(frozen=True)
class Page:
    """One way of reading the known answers that all of them agree with.

    ``solved``: rows of the system (base, each, empty | bytes) in echelon form. ``longest``: bytes of the longest value
    in a known answer; what a page does to longer ones is not known.
    """

    encoding: str
    solved: tuple[tuple[Fraction, ...], ...]
    longest: int

    def size_of(self, what: Printed | None) -> int | None:
        """The bytes of a page with these rows on it; None where the known answers do not tell."""
        if what is None or what.rows == 0:
            return None
        left: list[Fraction] = [Fraction(1), Fraction(what.rows), Fraction(what.nulls), Fraction(0)]
        for row in self.solved:
            pivot = next(place for place in range(3) if row[place])
            factor = left[pivot] / row[pivot]
            left = [a - factor * b for a, b in zip(left, row, strict=True)]
        if any(left[:3]):
            return None
        return int(-left[3]) + what.length


def pages(known: Iterable[tuple[Cells, int]]) -> list[Page]:
    """``known``: rows that certainly stood in an answer, and its bytes. Every encoding that agrees with all of them."""
    answers = list(known)
    found: list[Page] = []
    for encoding in _ENCODINGS:
        seen = {(what, size) for rows, size in answers if (what := printed(rows, encoding)) is not None and what.rows}
        solved = _solved({(w.rows, w.nulls, size - w.length) for w, size in seen})
        if solved is None or len({w.length for w, _ in seen}) < LENGTHS:
            continue
        if len({(w.rows, w.nulls, w.length) for w, _ in seen}) >= len(solved) + MORE_THAN_NEEDED:
            found.append(Page(encoding, solved, max(w.longest for w, _ in seen)))
    return found


def _solved(seen: Iterable[tuple[int, int, int]]) -> tuple[tuple[Fraction, ...], ...] | None:
    """Gaussian elimination over (1, rows, nulls | rest), exactly; None where two answers contradict each other."""
    rows: list[list[Fraction]] = []
    for count, nulls, rest in sorted(seen):
        row = [Fraction(1), Fraction(count), Fraction(nulls), Fraction(rest)]
        for before in rows:
            pivot = next(place for place in range(3) if before[place])
            factor = row[pivot] / before[pivot]
            row = [a - factor * b for a, b in zip(row, before, strict=True)]
        if any(row[:3]):
            rows.append(row)
        elif row[3]:
            return None
    return tuple(tuple(row) for row in rows)
