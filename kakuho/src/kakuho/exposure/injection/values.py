"""Characters that are solved, put together to values: what is decided, what is not, and whether the end is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kakuho.exposure.injection.batches import LENGTH_PLACE, NUMBER_PLACE
from kakuho.exposure.injection.columns import Integers
from kakuho.exposure.injection.letters import UNDECIDED, character, joined, unhexed
from kakuho.exposure.injection.pooled import PLACE_SHIFT, PLACES, TEXT_KEYS, Pool
from kakuho.exposure.injection.questions import FIRST_HIGH
from kakuho.exposure.injection.results import DecodedValue
from kakuho.exposure.injection.solve import UNKNOWN, YES, Answers, Solved, solve
from kakuho.exposure.injection.systems import MYSQL
from kakuho.exposure.injection.targets import Target, folded
from kakuho.exposure.injection.texts import ReadText, TextQuestion, put_together, tells_case

_FEW = 12
_LEAST_ASKED = 7
_BYTES = {"OCTET_LENGTH", "DATALENGTH", "BIT_LENGTH", "LENGTHB"}
_LEAST_BITS = 16
_LEAST_NUMBER_BITS = 7


@dataclass
class _Value:
    """What is known of one value: characters by place (from 1), where it ends, a number or a length.

    ``unless_ended``: characters that it has there if it reaches that far.
    """

    characters: dict[int, str] = field(default_factory=dict)
    candidates: dict[int, str] = field(default_factory=dict)
    unless_ended: dict[int, str] = field(default_factory=dict)
    ended_at: int | None = None
    length: int | None = None
    bytes: int | None = None
    number: int | None = None
    lines: list[Integers] = field(default_factory=list)

    def ends(self, place: int) -> None:
        """Nothing follows this place."""
        self.ended_at = place if self.ended_at is None else min(self.ended_at, place)

    def all_lines(self) -> tuple[int, ...]:
        """The lines that it rests on, in order."""
        return tuple(np.unique(np.concatenate(self.lines)).tolist()) if self.lines else ()


def values_of(pool: Pool, answers: Answers, line: Integers, system: str | None) -> list[DecodedValue]:
    """The values that the answers decide, at least in part."""
    real = pool.key < TEXT_KEYS
    solved = solve(pool.questions, pool.key, np.where(real, answers, np.int8(UNKNOWN)))
    found: dict[tuple[str, str | None], tuple[Target, _Value]] = {}
    _characters(pool, solved, found, line, system)
    _texts(pool, answers, found, line)
    _plain_columns(found)
    decoded = [one for target, value in found.values() if (one := _decoded(target, value)) is not None]
    return sorted(decoded, key=lambda one: (one.lines[0] if one.lines else 0, one.query))


def _entry(found: dict[tuple[str, str | None], tuple[Target, _Value]], target: Target) -> _Value:
    key = (folded(target.query), None)
    if key not in found:
        found[key] = (target, _Value())
    return found[key][1]


def _characters(
    pool: Pool,
    solved: Solved,
    found: dict[tuple[str, str | None], tuple[Target, _Value]],
    line: Integers,
    system: str | None,
) -> None:
    if len(solved.key) == 0:
        return
    owner, place = solved.key // PLACES, solved.key % PLACES - PLACE_SHIFT
    lines = line[pool.row[solved.order]]
    ends = np.append(solved.begins[1:], len(solved.order))
    begins_of = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
    count, code, ascii_count = solved.count, solved.code, solved.ascii_count
    assumed = (ascii_count == 1) & (count > 1) & solved.open_high & (solved.yes + solved.no >= _LEAST_ASKED)
    readable = _are_readable(place, code, assumed | (count == 1))
    # Beyond the end nothing is greater than 0; a control character 1 is what nobody stores.
    is_end = ((solved.mask0 == 1) | (solved.mask0 == 3)) & (solved.mask1 == 0) & ((count == ascii_count) | assumed)
    plain = (count == 1) & (code > 1) & (code < FIRST_HIGH) & (place > 0)
    odd = np.concatenate(([0], np.cumsum(~(plain | (is_end & (place > 0))))))
    letters = np.where(plain, code, 0).astype(np.uint8).tobytes().decode("latin-1")
    blind = _blind_to_end(pool)
    one_by_one = _Reader(solved, count, code, ascii_count, assumed & readable, is_end)
    for begin, end in zip(begins_of.tolist(), [*begins_of[1:].tolist(), len(owner)], strict=True):
        number = int(owner[begin])
        target, function = pool.owners[number]
        value = _entry(found, target)
        value.lines.append(lines[solved.begins[begin] : ends[end - 1]])
        if odd[end] == odd[begin] and number not in blind and not is_end[begin : end - 1].any():
            places = place[begin:end].tolist()
            if is_end[end - 1]:
                value.ends(places.pop() - 1)
            value.characters.update(zip(places, letters[begin:end], strict=False))
            continue
        for at in range(begin, end):
            where = int(place[at])
            if where in (LENGTH_PLACE, NUMBER_PLACE):
                one_by_one.number(value, at, where, function, system)
            elif is_end[at]:
                if number not in blind:
                    value.ends(where - 1)
            else:
                one_by_one.character(value, at, where, function, system)


@dataclass
class _Reader:
    """Reads what is solved one key after the other, where it is no plain text."""

    solved: Solved
    count: Integers
    code: Integers
    ascii_count: Integers
    assumed: npt.NDArray[np.bool_]
    is_end: npt.NDArray[np.bool_]

    def number(self, value: _Value, at: int, where: int, function: str, system: str | None) -> None:
        """A whole number: the value itself, or its length."""
        found = (
            int(self.code[at])
            if self.count[at] == 1
            else _number_of_bits(int(self.solved.bits[at]), int(self.solved.ones[at]))
        )
        if found is None:
            return
        if where == NUMBER_PLACE:
            value.number = found
        elif function in _BYTES or (function == "LENGTH" and system == MYSQL):
            value.bytes = found
        else:
            value.length = found

    def character(self, value: _Value, at: int, where: int, function: str, system: str | None) -> None:
        """One character, or what it can be."""
        left, here = int(self.count[at]), self.solved
        may_end = bool(int(here.mask0[at]) & 1)
        one: str | None = None
        if left == 1 or self.assumed[at]:
            one = character(int(self.code[at]), function, system)
        if one is None and self.ascii_count[at] == 0 and here.bits[at]:
            one = _of_bits(int(here.bits[at]), int(here.ones[at]), function, system)
        if one is not None:
            value.characters[where] = one
        elif not may_end or left == 0:
            value.characters.setdefault(where, UNDECIDED)
            if 0 < left <= _FEW and function in ("", "ORD", "ASCII", "UNICODE"):
                value.candidates[where] = _listed(here, at)
        elif left == 2 and self.ascii_count[at] == 2:
            rest = int(here.mask0[at]) & ~1 | int(here.mask1[at]) << 64
            value.unless_ended[where] = chr(rest.bit_length() - 1)


def _number_of_bits(bits: int, ones: int) -> int | None:
    """A number of which all bits were asked for up to one that it will not reach."""
    asked = (bits + 1).bit_length() - 1
    return ones if bits == (1 << asked) - 1 and asked >= _LEAST_NUMBER_BITS and ones < 1 << (asked - 1) else None


def _of_bits(bits: int, ones: int, function: str, system: str | None) -> str | None:
    """The character of which enough bits were asked for: all that a code point of the first planes can have."""
    asked = (bits + 1).bit_length() - 1
    return character(ones, function, system) if bits == (1 << asked) - 1 and asked >= _LEAST_BITS else None


def _blind_to_end(pool: Pool) -> set[int]:
    """Owners asked in a way that repeats the last character beyond the end."""
    blind: set[int] = set()
    for number, asked in enumerate(pool.templates):
        if not asked.template.hole.sees_end:
            blind.update(np.unique(pool.key[pool.template == number] // PLACES).tolist())
    return blind


def _are_readable(place: Integers, code: Integers, decided: npt.NDArray[np.bool_]) -> bool:
    """Whether all that is decided so far is what people write: then bits that were not asked are taken for none."""
    shown = code[decided & (place > 0)]
    return bool(len(shown)) and bool((((shown >= 32) & (shown < 127)) | (shown == 0) | (shown == 10)).all())


def _listed(solved: Solved, at: int) -> str:
    mask = int(solved.mask0[at]) | int(solved.mask1[at]) << 64
    ascii_codes = [code for code in range(128) if mask >> code & 1]
    high = range(int(solved.low[at]), int(solved.high[at]) + 1)
    return "".join(chr(code) for code in ascii_codes) + "".join(chr(code) for code in high if code < 0xD800)


def _texts(
    pool: Pool, answers: Answers, found: dict[tuple[str, str | None], tuple[Target, _Value]], line: Integers
) -> None:
    of_owner: dict[int, list[tuple[TextQuestion, int]]] = defaultdict(list)
    rows: dict[int, list[int]] = defaultdict(list)
    for question, at, owner in pool.texts:
        if answers[at] != UNKNOWN:
            of_owner[owner].append((question, int(answers[at])))
            rows[owner].append(int(line[pool.row[at]]))
    is_exact = any(tells_case(questions) for questions in of_owner.values())
    for owner, questions in of_owner.items():
        read: ReadText = put_together(questions, is_exact=is_exact)
        if not read.characters and read.ended_at is None:
            continue
        if not any((answer == YES) != question.negated for question, answer in questions) and all(
            question.operator == "=" for question, _ in questions
        ):
            continue
        value = _entry(found, pool.owners[owner][0])
        value.lines.append(np.array(rows[owner], np.int64))
        for place, one in read.characters.items():
            if one.endswith("\0"):
                value.characters.setdefault(place + 1, UNDECIDED)
                value.candidates.setdefault(place + 1, "".join(sorted({one[0].lower(), one[0].upper()})))
            elif value.characters.get(place + 1, UNDECIDED) in (UNDECIDED, one):
                value.characters[place + 1] = one
                value.candidates.pop(place + 1, None)
            else:
                value.characters[place + 1] = UNDECIDED
        if read.ended_at is not None and not read.contradicts:
            value.ended_at = read.ended_at if value.ended_at in (None, read.ended_at) else None


def _plain_columns(found: dict[tuple[str, str | None], tuple[Target, _Value]]) -> None:
    """Lengths that were asked as a query of their own decide where the value that they measure ends."""
    lengths: dict[tuple[str | None, str, int | None], int] = {}
    for target, value in found.values():
        if target.length_of is not None:
            text = _text(value, len(value.characters))
            if value.ended_at is not None or value.characters:
                if text.isdigit() and UNDECIDED not in text:
                    lengths[(target.table, target.length_of, target.row)] = int(text)
            elif value.number is not None:
                lengths[(target.table, target.length_of, target.row)] = value.number
    for target, value in found.values():
        known = lengths.get((target.table, target.column or "", target.row))
        if known is not None and target.length_of is None and value.length is None and not target.is_hex:
            value.length = known


def _decoded(target: Target, value: _Value) -> DecodedValue | None:
    lines = value.all_lines()
    if value.number is not None and not value.characters:
        return DecodedValue(target.query, target.table, target.column, target.row, str(value.number), True, lines)
    reaches = max(max(value.characters, default=0), value.length or 0)
    for place, one in value.unless_ended.items():
        if place <= reaches:
            value.characters.setdefault(place, one)
    places = [place for place in value.characters if place > 0]
    last = max(places, default=0)
    end = value.ended_at if value.ended_at is not None else value.length
    if end is None and value.bytes is not None and len(_text(value, last).encode()) == value.bytes:
        end = last if UNDECIDED not in _text(value, last) else None
    decided = [place for place in places if value.characters[place] != UNDECIDED]
    if end is not None and decided and max(decided) > end:
        end = None if value.length is None or max(decided) > value.length else value.length
    size = end if end is not None else last
    if not decided and not (end == 0 and lines):
        return None
    text = _text(value, size)
    complete = end is not None and UNDECIDED not in text
    candidates = {
        place: one
        for place, one in value.candidates.items()
        if place <= size and value.characters.get(place) == UNDECIDED
    }
    if target.is_hex:
        plain = unhexed(text)
        if plain is not None:
            return DecodedValue(
                target.query, target.table, target.column, target.row, plain, complete and UNDECIDED not in plain, lines
            )
    return DecodedValue(target.query, target.table, target.column, target.row, text, complete, lines, candidates)


def _text(value: _Value, size: int) -> str:
    if size > 1 << 22:
        return ""
    return joined([value.characters.get(place, UNDECIDED) for place in range(1, size + 1)])
