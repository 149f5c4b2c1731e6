"""All questions that one parameter was asked by one technique, in one table: what is asked of which value, by which
row.

Questions about texts are also written as questions about characters (the last letter, given what stands before it):
that is
what their answers can be checked by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kakuho.exposure.injection.batches import Asked
from kakuho.exposure.injection.columns import Integers
from kakuho.exposure.injection.measures import CHARACTER
from kakuho.exposure.injection.questions import EVERYTHING, CodeSet, Questions, members
from kakuho.exposure.injection.targets import Target, folded
from kakuho.exposure.injection.texts import TextQuestion

PLACES = 1 << 24
PLACE_SHIFT = 8
TEXT_KEYS = 1 << 60
_MOST_GUESSES = 120


@dataclass
class Pool:
    """``key`` of each question; ``owner``: the number of its value (target and function); ``row`` of the log.

    ``texts``: the text questions, with the place of each in the table. ``wrapper``: how each is embedded, by number.
    """

    questions: Questions
    key: Integers
    row: Integers
    wrapper: Integers
    wrappers: list[str]
    owners: list[tuple[Target, str]]
    texts: list[tuple[TextQuestion, int, int]]
    templates: list[Asked]
    template: Integers


def pool_of(asked: Sequence[Asked]) -> Pool | None:
    """The pool of what the batches asked; None where nothing was."""
    owners: dict[tuple[str, str], int] = {}
    listed: list[tuple[Target, str]] = []
    wrappers: dict[str, int] = {}
    tables: list[Questions] = []
    keys: list[Integers] = []
    rows: list[Integers] = []
    wraps: list[Integers] = []
    templates: list[Integers] = []
    texts: list[tuple[TextQuestion, int, int]] = []
    guesses: dict[tuple[int, int, str], int] = {}
    known_texts: dict[int, dict[str, int]] = {}
    size = 0
    for number, one in enumerate(asked):
        function = one.form.function if one.form.domain in ("code", "length") else ""
        numbers = np.array([_owner(owners, listed, target, function) for target in one.targets], np.int64)
        owner = numbers[one.target]
        wrapper = wrappers.setdefault(one.template.wrapper, len(wrappers))
        if one.questions is not None:
            found = _narrowed(one)
            key = owner[found.row] * PLACES + found.position + PLACE_SHIFT
            tables.append(found)
            keys.append(key)
            rows.append(one.batch.rows[found.row])
            size += len(key)
            wraps.append(np.full(len(key), wrapper, np.int64))
            templates.append(np.full(len(key), number, np.int64))
        if one.texts:
            made = [_as_characters(text, int(owner[text.row]), guesses, known_texts) for text in one.texts]
            good = [(text, item) for text, item in zip(one.texts, made, strict=True) if item is not None]
            if not good:
                continue
            sets = [item[1] for _, item in good]
            index = np.arange(len(good))
            tables.append(Questions.of(index, np.zeros(len(good), np.int64), sets, index))
            keys.append(np.array([item[0] for _, item in good], np.int64))
            rows.append(one.batch.rows[[text.row for text, _ in good]])
            wraps.append(np.full(len(good), wrapper, np.int64))
            templates.append(np.full(len(good), number, np.int64))
            texts += [(text, size + at, int(owner[text.row])) for at, (text, _) in enumerate(good)]
            size += len(good)
    if not tables:
        return None
    return Pool(
        _concatenated(tables), np.concatenate(keys), np.concatenate(rows), np.concatenate(wraps), list(wrappers),
        listed,
        texts, list(asked), np.concatenate(templates),
    )  # fmt: skip


_DIGITS = CodeSet(sum(1 << code for code in b"\0\x01 0123456789"), 1, 0)
_HEX_DIGITS = CodeSet(sum(1 << code for code in b"\0\x01 0123456789abcdefABCDEFx"), 1, 0)


def _narrowed(asked: Asked) -> Questions:
    """Questions about what can only be digits, or hexadecimal digits, leave nothing else."""
    questions = asked.questions
    assert questions is not None  # noqa: S101 - the caller looked
    if asked.template.hole.kind != CHARACTER:
        return questions
    if all(target.is_hex for target in asked.targets):
        return questions.within(_HEX_DIGITS)
    if all(target.is_count for target in asked.targets):
        return questions.within(_DIGITS)
    return questions


def _owner(owners: dict[tuple[str, str], int], listed: list[tuple[Target, str]], target: Target, function: str) -> int:
    name = (folded(target.query), function)
    if name not in owners:
        owners[name] = len(owners)
        listed.append((target, function))
    return owners[name]


Sets = tuple[CodeSet, CodeSet, bool, int]


def _as_characters(
    text: TextQuestion, owner: int, guesses: dict[tuple[int, int, str], int], known: dict[int, dict[str, int]]
) -> tuple[int, Sets] | None:
    """Key and sets of a text question."""
    if text.operator != "=":
        codes = known.setdefault(-1 - owner, {})
        if len(codes) >= _MOST_GUESSES and text.text not in codes:
            return None
        return (_key(guesses, owner, -2, text.text), _answered([], text.negated))
    if text.whole:
        codes = known.setdefault(owner, {})
        code = codes.setdefault(text.text, len(codes) + 1)
        if code > _MOST_GUESSES:
            return _key(guesses, owner, -3, text.text), _answered([], text.negated)
        return _key(guesses, owner, -1, ""), _answered([code], text.negated)
    if not text.text:
        return None
    last = text.text[-1]
    codes_ = (
        [ord(last)] if text.exact else sorted({ord(one) for one in (last, last.lower(), last.upper()) if len(one) == 1})
    )
    return _key(guesses, owner, text.start, text.text[:-1]), _answered(codes_, text.negated)


def _answered(codes: list[int], negated: bool) -> Sets:
    if not codes:
        return EVERYTHING, EVERYTHING, False, -1
    one, others = members(codes)
    return (others, one, False, -1) if negated else (one, others, False, -1)


def _key(guesses: dict[tuple[int, int, str], int], owner: int, start: int, before: str) -> int:
    return TEXT_KEYS + guesses.setdefault((owner, start, before), len(guesses))


def _concatenated(tables: list[Questions]) -> Questions:
    return Questions(
        np.concatenate([one.row for one in tables]),
        np.concatenate([one.position for one in tables]),
        tuple(np.concatenate([one.yes[at] for one in tables]) for at in range(4)),
        tuple(np.concatenate([one.no[at] for one in tables]) for at in range(4)),
        np.concatenate([one.open_high for one in tables]),
        np.concatenate([one.bit for one in tables]),
    )
