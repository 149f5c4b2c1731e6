"""Which answers meant yes: told from the log alone, by which reading of them the questions agree with each other.

Answers fall into classes (status and size; the size less what of it repeats the payload). Every reading of the
classes as
yes and no is tried on the questions: under the right one, what is left for a character is never nothing, and most
characters are asked in both directions. Under a wrong one a bisection contradicts itself at once. Conditions that are
true or false by their text alone (``5=5``) speak first where there are any.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kakuho.exposure.injection.columns import Integers, encoded
from kakuho.exposure.injection.questions import Questions
from kakuho.exposure.injection.solve import ALL_BITS, NO, UNKNOWN, YES, Answers, Solved, predicted, solve

SAMPLE = 60_000
_MAIN_CLASSES = 4
_ROUNDS = 3
_LEAST_AGREEMENT = 0.98
_MOST_CONTRADICTIONS = 0.04
_NEARLY_ALL = 0.9
_CLEARLY = 1.1
_MOST_LOOKED_AT = 2000
_CHAIN = 5
"""Answers to one character, of both kinds and none against another, that tell which side is yes."""
_CHARACTERS = 4
"""Characters with answers of both kinds that tell it, however few each has."""
_LEAST_TOLD, _LEAST_FOREIGN = 3, 10
_STATUS_SHIFT = 40
_RARE = 0.1
_NEITHER = 2
_LAST_CODE_POINT = 0x10FFFF
_FIRST_HIGH = 128
_ASCII_WRITTEN = frozenset((0, 9, 10, 13, *range(32, 127)))
"""0 stands for the end of a text."""


@dataclass(frozen=True)
class Response:
    """What the log says of each request's answer, one row a request. ``extra``: bytes that the payload has more when
    escaped for HTML."""

    status: Integers
    size: Integers
    length: Integers
    raw_length: Integers
    extra: Integers

    def take(self, rows: Integers) -> Response:
        """Some of the rows."""
        return Response(self.status[rows], self.size[rows], self.length[rows], self.raw_length[rows], self.extra[rows])


@dataclass(frozen=True)
class Oracle:
    """``kind``: status, redirect or size. ``answers``: of each question. ``tested``: how many characters speak for
    it."""

    kind: str
    answers: Answers
    tested: int


def content_oracle(questions: Questions, key: Integers, response: Response, known: Answers) -> Oracle | None:
    """The reading of the answers under which the questions agree; None where none does.

    ``key``: the character asked about; ``known``: answers that are certain already (constant conditions), a row a
    question.
    """
    sample = _sample(key)
    best: tuple[float, int, Integers, dict[int, int]] | None = None
    for number, classes in enumerate(_classings(response)):
        labels = _labels(questions.selected(sample), key[sample], classes[sample], known[sample])
        if labels is None:
            continue
        score, map_ = labels
        labelled = _apply(classes[sample], map_)
        told = float((labelled != UNKNOWN).mean())
        score *= told
        if best is None or score > best[0] * 1.02 + 0.5:
            best = (score, number, classes, map_)
        if told > _NEARLY_ALL and not solve(questions.selected(sample), key[sample], labelled).contradicts.any():
            best = (score, number, classes, map_)  # the simplest reading that explains everything
            break
    if best is None:
        return None
    _, _, classes, map_ = best
    answers = _apply(classes, map_)
    if not _tells(questions.selected(sample), key[sample], answers[sample], known[sample]):
        return None
    answers, map_ = _extended(questions, key, classes, answers, map_)
    solved = solve(questions, key, answers)
    tested = int(((solved.yes > 0) & (solved.no > 0) & ~solved.contradicts).sum())
    return Oracle(_kind(response, answers), answers, tested)


def _tells(questions: Questions, key: Integers, answers: Answers, known: Answers) -> bool:
    """Whether the reading is clearly better than its opposite: bits read the wrong way round need not contradict."""
    if not is_proven(questions, key, answers, known):
        return False
    here = agreement(questions, key, answers, known)
    opposite = agreement(questions, key, np.where(answers == UNKNOWN, answers, 1 - answers).astype(np.int8), known)
    return here is None or opposite is None or here > _CLEARLY * opposite


def is_proven(questions: Questions, key: Integers, answers: Answers, known: Answers) -> bool:
    """Whether enough of the log is left to tell yes from no: conditions that are constant, answered either way; a whole
    chain of questions about a character; or several characters."""
    agreed = answers[(known != UNKNOWN) & (known == answers)]
    if (agreed == YES).any() and (agreed == NO).any():
        return True
    solved = solve(questions, key, answers)
    tested = (solved.yes > 0) & (solved.no > 0) & ~solved.contradicts
    return bool(tested.sum() >= _CHARACTERS or (tested & (solved.yes + solved.no >= _CHAIN)).any())


def _sample(key: Integers) -> Integers:
    """Rows of the first characters, up to :data:`SAMPLE` of them."""
    if len(key) <= SAMPLE:
        return np.arange(len(key))
    order = np.argsort(key, kind="stable")
    return np.sort(order[:SAMPLE])


def _classings(response: Response) -> Iterator[Integers]:
    """Classes of answers, the simplest first: status and size, the size less the payload once, twice, escaped …,
    ranges."""
    status, size = response.status, response.size
    there = size >= 0
    base = status << _STATUS_SHIFT
    exact = np.where(there, base + size, base - 1)
    yield exact
    if len(np.unique(status)) > 1:
        yield status
    tried = [exact]
    for length in (response.length, response.length + response.extra, response.raw_length):
        for times in (1, 2, 3):
            corrected = np.where(there, base + (1 << 30) + size - times * length, base - 1)
            tried.append(corrected)
    few = sorted(tried[1:], key=lambda one: len(np.unique(one[:5000])))
    yield from few[:4]
    for one in [exact, *few[:2]]:
        yield from _ranges(one)


def _ranges(classes: Integers) -> Iterator[Integers]:
    """Sizes below and above their widest gaps; answers of a rare status are neither (the server's own, perhaps)."""
    codes, count = encoded(classes >> _STATUS_SHIFT)
    rare = (np.bincount(codes, minlength=count) < _RARE * len(codes))[codes]
    unique, counts = np.unique(classes[~rare], return_counts=True)
    if len(unique) < 3:
        return
    gaps = np.diff(unique).astype(np.float64)
    share = np.cumsum(counts)[:-1] / counts.sum()
    balance = np.minimum(share, 1 - share)
    for at in np.argsort(-(np.minimum(gaps, 1 << 20) * np.sqrt(balance)))[:4]:
        yield np.where(rare, _NEITHER, classes > unique[at]).astype(np.int64)


def _labels(
    questions: Questions, key: Integers, classes: Integers, known: Answers
) -> tuple[float, dict[int, int]] | None:
    codes, count = encoded(classes)
    sizes = np.bincount(codes, minlength=count)
    values = np.zeros(count, np.int64)
    values[codes] = classes
    main = np.argsort(-sizes)[:_MAIN_CLASSES]
    if len(main) < 2:
        return None
    best: tuple[float, dict[int, int]] | None = None
    for first in main.tolist():
        for second in main.tolist():
            if first == second:
                continue
            start = {int(values[first]): YES, int(values[second]): NO}
            if sizes[first] + sizes[second] < 0.3 * len(codes):
                continue
            score = agreement(questions, key, _apply(classes, start), known)
            if score is not None and (best is None or score > best[0]):
                best = (score, start)
    if best is None:
        return None
    answers, map_ = _extended(questions, key, classes, _apply(classes, best[1]), best[1])
    extended = agreement(questions, key, answers, known)
    return (extended, map_) if extended is not None and extended >= best[0] else best


def _apply(classes: Integers, labels: dict[int, int]) -> Answers:
    answers = np.full(len(classes), UNKNOWN, np.int8)
    for value, label in labels.items():
        answers[classes == value] = label
    return answers


def _extended(
    questions: Questions, key: Integers, classes: Integers, answers: Answers, labels: dict[int, int]
) -> tuple[Answers, dict[int, int]]:
    """Classes without a reading get the one that what is solved predicts for nearly all of their requests.

    A status that neither answer has can be the server's own (overloaded, refused): it takes more to be an answer.
    """
    labels = dict(labels)
    own = {_status_of(value) for value in labels}
    for _ in range(_ROUNDS):
        rest = answers == UNKNOWN
        if not rest.any():
            break
        expected = predicted(questions, key, solve(questions, key, answers))
        usable = rest & (expected != UNKNOWN)
        if not usable.any():
            break
        codes, count = encoded(classes[usable])
        yes = np.bincount(codes, expected[usable] == YES, count)
        total = np.bincount(codes, minlength=count)
        values = np.zeros(count, np.int64)
        values[codes] = classes[usable]
        new = {}
        for value, one, all_ in zip(values.tolist(), yes.tolist(), total.tolist(), strict=True):
            least = _LEAST_TOLD if _status_of(value) in own else _LEAST_FOREIGN
            if all_ >= least and max(one, all_ - one) >= _LEAST_AGREEMENT * all_:
                new[value] = YES if one * 2 > all_ else NO
        if not new:
            break
        labels |= new
        for value, label in new.items():
            answers = np.where(rest & (classes == value), np.int8(label), answers)
    return answers, labels


def _status_of(value: int) -> int:
    """The status of a class of answers: see :func:`_classings`."""
    return value >> _STATUS_SHIFT or value


def agreement(questions: Questions, key: Integers, answers: Answers, known: Answers) -> float | None:
    """How many characters speak for a reading; None where it contradicts itself.

    What answers of the same size said where the condition was constant (``known``) counts, but not alone: sizes that
    repeat
    the payload can be the same by chance.
    """
    told = (known != UNKNOWN) & (answers != UNKNOWN)
    against = float((known[told] != answers[told]).mean()) if told.any() else 0.0
    solved = solve(questions, key, answers)
    bad = int(solved.contradicts.sum())
    tested = (solved.yes > 0) & (solved.no > 0)
    good = int((tested & ~solved.contradicts).sum())
    if good == 0 or bad > _MOST_CONTRADICTIONS * (good + bad):
        return None
    return (good - 5.0 * bad + readable(solved) * 0.5 * good) * (1 - 0.5 * against)


def readable(solved: Solved) -> float:
    """How many of the characters are decided, and are such as people write.

    Where bits were asked, all from the lowest up, they are taken for the whole code.
    """
    by_bits = (solved.bits > 0) & ((solved.bits & (solved.bits + 1)) == 0) & (solved.ones != ALL_BITS)
    whole = (solved.count == 1) | ((solved.ascii_count == 1) & solved.open_high)
    decided = whole | by_bits
    if not decided.any():
        return 0.0
    codes, times = np.unique(np.where(by_bits, solved.ones, solved.code)[decided][:_MOST_LOOKED_AT], return_counts=True)
    written = sum(int(many) for code, many in zip(codes.tolist(), times.tolist(), strict=True) if _is_written(code))
    return written / int(times.sum()) * float(decided.mean())


def _is_written(code: int) -> bool:
    """Whether Unicode knows the code as a character that is no control, no surrogate and for no private use.

    MySQL's ``ORD`` gives the bytes of a character as one number.
    """
    if code < _FIRST_HIGH:
        return code in _ASCII_WRITTEN
    if code > _LAST_CODE_POINT:
        try:
            return len(code.to_bytes((code.bit_length() + 7) // 8, "big").decode("utf-8")) == 1
        except UnicodeDecodeError:
            return False
    return unicodedata.category(chr(code)) not in {"Cn", "Cc", "Cs", "Co"}


def _kind(response: Response, answers: Answers) -> str:
    yes, no = response.status[answers == YES], response.status[answers == NO]
    if len(yes) and len(no):
        first, second = int(np.bincount(np.maximum(yes, 0)).argmax()), int(np.bincount(np.maximum(no, 0)).argmax())
        if first != second:
            return "redirect" if 300 <= first < 400 or 300 <= second < 400 else "status"
    return "size"
