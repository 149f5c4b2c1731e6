"""Does the order in which the table lies explain the sizes of a whole scan? Decision 0021 holds the argument.

PostgreSQL reads a table without ORDER BY as its rows lie; a row keeps its place until it is changed. So the rows of the
snapshot that have not changed since stand to each other as they stood then; where a changed one stood is not known,
only that a table filled in the order of its keys had it where its key belongs, unless it had been moved before.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CHANCE = 1e-9
"""A fit that would come about by accident more often than this shows nothing."""
RISK = 1e-3
"""Changed rows whose keys place them elsewhere are let go where the chance that any of them was in the answer after all
is below this."""


@dataclass(frozen=True)
class Row:
    """A row of the snapshot. ``size``: of the answer with this row in it; None: could be any (changed, not told)."""

    key: str
    changed: bool
    size: int | None


@dataclass(frozen=True)
class Shown:
    """The rows that can have been in the answers, by offset and besides; how often it would fit by accident."""

    named: Mapping[int, str]
    besides: frozenset[str]
    chance: float


def order_shown(
    rows: Sequence[Row],
    answers: Mapping[int, int],
    rows_a_page: float,
    *,
    lost: bool,
    still: bool = False,
    relative: bool = False,
) -> Shown | None:
    """``rows``: those that existed then, as they lie; ``answers``: offset → bytes. ``lost``: rows may be gone since;
    ``still``: nothing was written to the table since.

    ``relative``: the rows' sizes lack an unknown amount, the same for all: the first answer settles it.
    None where the order does not explain every size, or where it could by accident.
    """
    if lost and not _complete(rows):
        return None
    laid = _laid_out(rows, still=still)
    if laid is None or max(answers) >= len(laid.rows):
        return None
    settled = next((o for o in sorted(answers) if laid.rows[o].size is not None and not laid.rows[o].changed), None)
    if relative and settled is not None:
        more = answers[settled] - (laid.rows[settled].size or 0)
        answers = {offset: size - more for offset, size in answers.items()}
    fits = _chances(laid.rows, answers)
    if fits is not None and relative and settled is not None:
        fits[settled] = 1.0
    if fits is None or math.prod(fits.values()) > CHANCE:
        return None
    named = {offset: laid.rows[offset].key for offset in answers}
    chance = math.prod(fits.values())
    offsets = sorted(answers)
    changed = [place for place, row in enumerate(laid.rows) if row.changed]
    if (changed or laid.belongs) and offsets[-1] - offsets[0] + 1 != len(offsets):
        return None
    besides = _neighbours(laid, offsets, fits) | _moved_since(laid, offsets, fits)
    if _risk(laid, changed, offsets, fits, rows_a_page) > RISK:
        besides |= {laid.rows[place].key for place in changed}
    return Shown(named, frozenset(besides), chance)


@dataclass(frozen=True)
class _Laid:
    """``belongs``: places of unchanged rows that lie out of the order of their keys → the places where these belong."""

    rows: Sequence[Row]
    belongs: Mapping[int, int]
    unchanged: int

    @property
    def moved_share(self) -> float:
        """How likely a row had been moved before it was changed (Laplace's rule of succession)."""
        return (len(self.belongs) + 1) / (self.unchanged + 2)


def _complete(rows: Sequence[Row]) -> bool:
    """Keys counted from 1 without a gap: no row has gone, but for later ones than any that is left."""
    keys = {row.key for row in rows}
    return all(str(number) in keys for number in range(1, len(keys) + 1))


def _laid_out(rows: Sequence[Row], *, still: bool) -> _Laid | None:
    """The rows as they lay: the unchanged as they lie, each changed one where its key belongs among them.

    ``still``: nothing was written to the table since, so all lie as they lay, whatever their keys.
    """
    unchanged = [row for row in rows if not row.changed]
    if still and len(unchanged) == len(rows):
        return _Laid(unchanged, {}, len(unchanged))
    if not all(row.key.isdigit() for row in rows):
        return None
    backbone = _ascending([int(row.key) for row in unchanged])
    keys = [int(unchanged[place].key) for place in backbone]
    after: dict[int, list[Row]] = {}
    for row in sorted((row for row in rows if row.changed), key=lambda row: int(row.key)):
        at = bisect_left(keys, int(row.key))
        after.setdefault(backbone[at - 1] if at else -1, []).append(row)
    laid = list(after.get(-1, ()))
    for place, row in enumerate(unchanged):
        laid += [row, *after.get(place, ())]
    ordered = set(backbone)
    moved = {row.key for place, row in enumerate(unchanged) if place not in ordered}
    straight = [(int(row.key), place) for place, row in enumerate(laid) if row.key not in moved]
    belongs = {}
    for place, row in enumerate(laid):
        if row.key in moved:
            at = bisect_left(straight, (int(row.key), 0))
            belongs[place] = straight[at][1] if at < len(straight) else len(laid)
    return _Laid(laid, belongs, len(unchanged))


def _ascending(keys: Sequence[int]) -> list[int]:
    """The places of a longest ascending run of ``keys`` (patience sorting)."""
    tops: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for place, key in enumerate(keys):
        at = bisect_left(tops, key)
        before.append(places[at - 1] if at else -1)
        if at == len(tops):
            tops.append(key)
            places.append(place)
        else:
            tops[at], places[at] = key, place
    found: list[int] = []
    place = places[-1] if places else -1
    while place >= 0:
        found.append(place)
        place = before[place]
    return found[::-1]


def _chances(rows: Sequence[Row], answers: Mapping[int, int]) -> dict[int, float] | None:
    """offset → the share of rows whose answer would have been of that size; None where the row there has another."""
    counts: dict[int | None, int] = {}
    for row in rows:
        size = None if row.changed else row.size
        counts[size] = counts.get(size, 0) + 1
    unsure = counts.pop(None, 0)
    found: dict[int, float] = {}
    for offset, size in answers.items():
        row = rows[offset]
        told = not row.changed and row.size is not None
        if told and row.size != size:
            return None
        found[offset] = (counts.get(size, 0) + unsure) / len(rows) if told else 1.0
    return found


def _neighbours(laid: _Laid, offsets: Sequence[int], fits: Mapping[int, float]) -> set[str]:
    """A changed row among those named may have stood elsewhere: then others are one further, as long as sizes let it be
    by accident, and a row beside the range was read."""
    rows, moved = laid.rows, laid.moved_share
    named = [offset for offset in offsets if rows[offset].changed]
    before = sum(moved * math.prod(fits[o] for o in offsets if o < offset) > RISK / 10 for offset in named)
    after = sum(moved * math.prod(fits[o] for o in offsets if o > offset) > RISK / 10 for offset in named)
    first, last = offsets[0], offsets[-1]
    return {row.key for row in [*rows[max(0, first - before) : first], *rows[last + 1 : last + 1 + after]]}


def _moved_since(laid: _Laid, offsets: Sequence[int], fits: Mapping[int, float]) -> set[str]:
    """Rows out of order may have been moved since by an update that left no stamp, and have stood where they belong.

    Then the rest of the range is one further, which only near its end could agree by accident. Of two rows that changed
    places at an edge either may be the one that moved.
    """
    first, last = offsets[0], offsets[-1]
    found: set[str] = set()
    for place, belongs in laid.belongs.items():
        if first <= belongs <= last and math.prod(fits[o] for o in offsets if o >= belongs) > RISK / 10:
            found.add(laid.rows[place].key)
        if place in (first - 1, first, last, last + 1):
            found |= {row.key for row in laid.rows[max(0, place - 1) : place + 2]}
    return found


def _risk(
    laid: _Laid, changed: Sequence[int], offsets: Sequence[int], fits: Mapping[int, float], rows_a_page: float
) -> float:
    """The chance that a changed row stood in the range though its key belongs elsewhere.

    It had been moved before (as often as the unchanged were), came to lie at an edge of the range (only
    there the sizes of the others can still agree by accident), and the sizes did agree. A moved row lies at the end of
    its page or anywhere.
    """
    at_first, at_last = _accidents(offsets, fits), _accidents(offsets[::-1], fits)
    risk = 0.0
    for place in changed:
        if offsets[0] <= place <= offsets[-1]:
            continue
        distance = offsets[0] - place if place < offsets[0] else place - offsets[-1]
        there = 1 / rows_a_page if distance <= 2 * rows_a_page else 1 / len(laid.rows)
        risk += laid.moved_share * there * (at_first if place < offsets[0] else at_last)
    return risk


def _accidents(offsets: Sequence[int], fits: Mapping[int, float]) -> float:
    """How many places from this edge on could hold another row without a size telling, on average."""
    total, agree = 0.0, 1.0
    for offset in offsets:
        agree *= fits[offset]
        total += agree
    return total
