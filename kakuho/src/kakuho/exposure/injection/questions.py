"""Questions about characters, as sets: which codes are left by a yes, and which by a no.

A set of codes is a mask of the 128 ASCII codes (two 64-bit words; code 0 stands for "beyond the end") and an interval
of
higher codes. Nearly all questions that are asked are such sets exactly; where one is not (a bit of a high code) the
interval stays open, which can only leave a character undecided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kakuho.exposure.injection.columns import Integers, SlotColumns
from kakuho.exposure.injection.evaluate import UnknownError, Value, as_number, evaluate, listed, matches, truth
from kakuho.exposure.injection.forms import Form, slots_in
from kakuho.exposure.injection.measures import CODES, parts_of
from kakuho.exposure.injection.nodes import Call, Node
from kakuho.exposure.injection.templates import Template

Masks = npt.NDArray[np.uint64]
Columns = tuple[Any, ...]
"""Two columns of mask words and two of the interval's ends."""
HIGHEST = 1 << 40
FIRST_HIGH = 128
_ALL = (1 << 128) - 1
_WORD = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class CodeSet:
    """ASCII codes as bits of ``mask``, and the higher codes from ``low`` to ``high`` (none where ``low > high``)."""

    mask: int
    low: int = FIRST_HIGH
    high: int = HIGHEST

    @classmethod
    def between(cls, low: int, high: int) -> CodeSet:
        """All codes from ``low`` to ``high``."""
        low = max(low, 0)
        bits = ((1 << (min(high, 127) + 1)) - 1) & ~((1 << low) - 1) if high >= 0 and low < FIRST_HIGH else 0
        return cls(bits & _ALL, max(low, FIRST_HIGH), high)


NOTHING_HIGH = (1, 0)
BIT_IS_NO = 64
HIGHEST_BIT = 40
EVERYTHING = CodeSet(_ALL)


@dataclass
class Questions:
    """One row a question. ``yes`` and ``no``: mask (two words) and interval of each answer, as columns.

    ``open_high``: the question says something about higher codes that the interval does not hold. ``bit``: it asks for
    one bit of the code: its number, plus :data:`BIT_IS_NO` where yes means that it is not set; -1 for all others.
    """

    row: Integers
    position: Integers
    yes: Columns
    no: Columns
    open_high: npt.NDArray[np.bool_]
    bit: Integers

    @classmethod
    def of(
        cls, row: Integers, position: Integers, sets: list[tuple[CodeSet, CodeSet, bool, int]], which: Integers
    ) -> Questions:
        """Out of the sets of each distinct question."""
        yes, no = _columns([one[0] for one in sets]), _columns([one[1] for one in sets])
        opened = np.array([one[2] for one in sets], bool)
        bit = np.array([one[3] for one in sets], np.int64)
        return cls(
            row,
            position,
            tuple(c[which] for c in yes),
            tuple(c[which] for c in no),
            opened[which],
            bit[which],
        )

    def within(self, allowed: CodeSet) -> Questions:
        """The same, where nothing but some ASCII codes is possible from the start."""
        low, high = np.uint64(allowed.mask & _WORD), np.uint64(allowed.mask >> 64)
        count = len(self.row)
        none = (np.full(count, NOTHING_HIGH[0], np.int64), np.full(count, NOTHING_HIGH[1], np.int64))
        yes, no = ((side[0] & low, side[1] & high, *none) for side in (self.yes, self.no))
        return Questions(self.row, self.position, yes, no, np.zeros(count, bool), self.bit)

    def selected(self, rows: npt.NDArray[np.bool_] | Integers) -> Questions:
        """Some of them."""
        return Questions(
            self.row[rows], self.position[rows], tuple(c[rows] for c in self.yes), tuple(c[rows] for c in self.no),
            self.open_high[rows], self.bit[rows],
        )  # fmt: skip


def _columns(sets: list[CodeSet]) -> Columns:
    return (
        np.array([one.mask & _WORD for one in sets], np.uint64),
        np.array([one.mask >> 64 for one in sets], np.uint64),
        np.array([one.low for one in sets], np.int64),
        np.array([min(one.high, HIGHEST) for one in sets], np.int64),
    )


@dataclass(frozen=True)
class Comparing:
    """How the system compares texts: ``folds_case`` where ``'a' = 'A'`` may hold; ``by_code`` where order is by code.

    ``like_folds``: the same for LIKE.
    """

    folds_case: bool
    by_code: bool
    like_folds: bool = True

    def folds(self, operator: str) -> bool:
        """Whether an operator may take a letter for the same in the other case."""
        if operator == "ILIKE":
            return True
        return self.like_folds if operator == "LIKE" else self.folds_case and operator != "GLOB"


def questions_of(template: Template, form: Form, slots: SlotColumns, comparing: Comparing) -> Questions | None:
    """The questions of all requests of a shape about single characters; None where it asks for something else."""
    hole = template.hole
    position_node = hole.position
    if position_node is None:
        return None

    def place(texts: list[str]) -> int:
        try:
            return int(as_number(evaluate(position_node, texts)))
        except (UnknownError, ValueError, OverflowError):
            return 0

    positions, which = slots.per_combination(slots_in(hole.position), place)
    position = np.array(positions, np.int64)[which]

    def asked(texts: list[str]) -> tuple[CodeSet, CodeSet, bool, int] | None:
        try:
            found = _sets(template, form, texts, comparing)
        except (UnknownError, ValueError, OverflowError):
            return None
        if found is not None and template.negated:
            yes, no, opened, bit = found
            return no, yes, opened, bit if bit < 0 else bit ^ BIT_IS_NO
        return found

    relevant = sorted({*slots_in(template.leaf.node)} - {*slots_in(hole.subject)} - {*slots_in(hole.position)})
    sets, asked_of = slots.per_combination(relevant, asked)
    good = np.array([one is not None for one in sets], bool)[asked_of] & (position > 0)
    row = np.flatnonzero(good)
    if len(row) == 0:
        return None
    filled = [one if one is not None else (EVERYTHING, EVERYTHING, False, -1) for one in sets]
    return Questions.of(row, position[row], filled, asked_of[row])


def _sets(
    template: Template, form: Form, texts: list[str], comparing: Comparing
) -> tuple[CodeSet, CodeSet, bool, int] | None:
    hole = template.hole
    if hole.width is not None and as_number(evaluate(hole.width, texts)) != 1:
        return None
    if form.operator == "other":
        return _worked_out(template, form, texts)
    if form.operator == "in":
        values = listed(form.constants, texts)
    else:
        values = [evaluate(one, texts) for one in form.constants]
    if any(one is None for one in values):
        return None  # nothing compares with NULL
    if form.domain == "code":
        return _of_codes(form.operator, [int(as_number(one)) for one in values])
    if form.domain == "character":
        return _of_characters(template, form, values, texts, comparing)
    return None


def _of_codes(operator: str, values: list[int]) -> tuple[CodeSet, CodeSet, bool, int] | None:
    first = values[0]
    if operator in (">", "<=", ">=", "<"):
        bound = first if operator in (">", "<=") else first - 1
        above, below = CodeSet.between(bound + 1, HIGHEST), CodeSet.between(0, bound)
        return (above, below, False, -1) if operator in (">", ">=") else (below, above, False, -1)
    if operator in ("=", "!=", "LIKE", "REGEXP"):
        one, others = members([first])
        return (others, one, False, -1) if operator == "!=" else (one, others, False, -1)
    if operator == "between":
        low, high = first, values[1]
        if low <= 0:
            return CodeSet.between(0, high), CodeSet.between(high + 1, HIGHEST), False, -1
        inside = CodeSet.between(low, high)
        rest = CodeSet(_ALL & ~inside.mask, max(high + 1, FIRST_HIGH) if low <= FIRST_HIGH else FIRST_HIGH,
                       HIGHEST if high < HIGHEST else low - 1)  # fmt: skip
        return inside, rest, False, -1
    if operator == "in":
        one, others = members(values)
        return one, others, False, -1
    return None


def members(codes: list[int]) -> tuple[CodeSet, CodeSet]:
    """The set of some codes, and of all others (of high ones only the ends of the interval can be taken away)."""
    mask = sum(1 << code for code in set(codes) if 0 <= code < FIRST_HIGH)
    high = [code for code in codes if code >= FIRST_HIGH]
    low_end, high_end = (min(high), max(high)) if high else NOTHING_HIGH
    return CodeSet(mask, low_end, high_end), CodeSet(_ALL & ~mask)


def _of_characters(
    template: Template, form: Form, values: list[Value], texts: list[str], comparing: Comparing
) -> tuple[CodeSet, CodeSet, bool, int] | None:
    if form.operator in ("LIKE", "ILIKE", "REGEXP", "GLOB", "SIMILAR"):
        return _of_pattern(form, str(values[0]), comparing)
    characters = [str(one) for one in values]
    if form.operator == "between" and values[0] == 0:
        characters[0] = ""  # NOT BETWEEN 0 AND 'x' is how a filter of > is got round: no text is less than a number
    if any(len(one) > 1 for one in characters):
        return None
    codes = [ord(one) if one else 0 for one in characters]
    folds = comparing.folds_case and not form.is_binary
    if form.operator in ("=", "!=", "in"):
        if folds:
            codes = sorted(
                {ord(other) for one in characters for other in _cases(one)} | ({0} if "" in characters else set())
            )
        one, others = members(codes)
        if form.operator == "!=":
            return others, one, False, -1
        return one, others, False, -1
    if not (comparing.by_code or form.is_binary):
        return None
    return _of_codes(form.operator, codes)


def _cases(character: str) -> set[str]:
    return {one for one in (character, character.lower(), character.upper()) if len(one) == 1}


def _of_pattern(form: Form, pattern: str, comparing: Comparing) -> tuple[CodeSet, CodeSet, bool, int] | None:
    """``= 'a'`` written as a pattern, or a class of characters (``REGEXP '[a-m]'``)."""
    folds = comparing.folds(form.operator) and not form.is_binary

    if form.operator in ("LIKE", "ILIKE") and not set(pattern) & {"%", "_", "\\"} and len(pattern) == 1:
        one, others = members([ord(other) for other in (_cases(pattern) if folds else {pattern})])
        return one, others, False, -1
    operator = "LIKE" if form.operator == "ILIKE" else form.operator
    shown = [
        any(matches(operator, other, pattern) for other in (_cases(chr(code)) if folds else {chr(code)}))
        if code else matches(operator, "", pattern)
        for code in range(FIRST_HIGH)
    ]  # fmt: skip
    return _from_ascii(shown, [matches(operator, one, pattern) for one in _OTHERS])


_OTHERS = (
    *(chr(128 + (number * 7919 + number * number * 131) % 53248) for number in range(1, 40)), "あ", "漢", "😀", "𠮷",
)  # fmt: skip
"""Characters beyond ASCII by which a condition is tried: each bit of a code is set in some and not in others."""


def _worked_out(template: Template, form: Form, texts: list[str]) -> tuple[CodeSet, CodeSet, bool, int] | None:
    """The condition worked out for every ASCII character and for some of the others."""
    node, hole = template.leaf.node, template.hole.node

    def holds(character: str) -> bool:
        return truth(evaluate(node, texts, {hole: character}))

    shown = [holds(chr(code) if code else "") for code in range(FIRST_HIGH)]
    yes, no, opened, _ = _from_ascii(shown, [_or_both(holds, one) for one in _OTHERS])
    return yes, no, opened, _bit(template, texts) if form.domain == "code" and opened else -1


def _bit(template: Template, texts: list[str]) -> int:
    """The one bit of a code that a condition asks for; -1 where it is no such condition."""
    node = template.leaf.node
    inner = next((one for one in parts_of(node) if isinstance(one, Call) and one.name in CODES), None)
    return -1 if inner is None else _bit_of(node, inner, texts)


def _numbers_worked_out(template: Template, texts: list[str]) -> tuple[CodeSet, CodeSet, bool, int]:
    """A condition on a whole number, worked out for small ones; of larger ones the bit that it asks for."""
    node, hole = template.leaf.node, template.hole.node
    mask = sum(1 << number for number in range(FIRST_HIGH) if truth(evaluate(node, texts, {hole: number})))
    return CodeSet(mask), CodeSet(_ALL & ~mask), True, _bit_of(node, hole, texts)


def _bit_of(node: Node, inner: Node, texts: list[str]) -> int:
    """The bit of ``inner`` that a condition asks for."""

    def holds(code: int) -> bool:
        return truth(evaluate(node, texts, {inner: code}))

    try:
        unset = holds(0)
        set_ones = [bit for bit in range(HIGHEST_BIT) if holds(1 << bit) != unset]
        if len(set_ones) != 1 or holds((1 << HIGHEST_BIT) - 1) == unset:
            return -1
    except UnknownError:
        return -1
    return set_ones[0] + (BIT_IS_NO if unset else 0)


def _or_both(holds: Callable[[str], bool], character: str) -> bool | None:
    try:
        return holds(character)
    except UnknownError:
        return None


def _from_ascii(shown: list[bool], others: list[bool | None]) -> tuple[CodeSet, CodeSet, bool, int]:
    mask = sum(1 << code for code, one in enumerate(shown) if one)
    if all(one is True for one in others):
        return CodeSet(mask), CodeSet(_ALL & ~mask, *NOTHING_HIGH), False, -1
    if all(one is False for one in others):
        return CodeSet(mask, *NOTHING_HIGH), CodeSet(_ALL & ~mask), False, -1
    return CodeSet(mask), CodeSet(_ALL & ~mask), True, -1


def sets_of_numbers(template: Template, form: Form, slots: SlotColumns, place: int) -> Questions | None:
    """Questions about a whole number: the length of a value, or a value that is compared as a number."""

    def asked(texts: list[str]) -> tuple[CodeSet, CodeSet, bool, int] | None:
        try:
            if form.operator == "other":
                return _numbers_worked_out(template, texts)
            values = (
                listed(form.constants, texts)
                if form.operator == "in"
                else [evaluate(one, texts) for one in form.constants]
            )
            found = _of_codes(form.operator, [int(as_number(one)) for one in values])
        except (UnknownError, ValueError, OverflowError):
            return None
        if found is not None and template.negated:
            return found[1], found[0], found[2], found[3] if found[3] < 0 else found[3] ^ BIT_IS_NO
        return found

    relevant = sorted({*slots_in(template.leaf.node)} - {*slots_in(template.hole.subject)})
    sets, asked_of = slots.per_combination(relevant, asked)
    row = np.flatnonzero(np.array([one is not None for one in sets], bool)[asked_of])
    if len(row) == 0:
        return None
    filled = [one if one is not None else (EVERYTHING, EVERYTHING, False, -1) for one in sets]
    return Questions.of(row, np.full(len(row), place, np.int64), filled, asked_of[row])
