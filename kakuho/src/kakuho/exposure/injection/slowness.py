"""Which answers were slow: by the request's duration, or by the gaps between whole-second stamps.

A statement that sleeps cannot answer sooner, so a fast answer is certain; a slow one may be the network. Where the log
holds durations, slow is what took at least the time asked for. Where it holds whole seconds only, the gaps decide:
nginx
stamps a request's end, so the gap before it is its time; Apache stamps its start (and writes the line at its end), so
the
gap after it is. Which of them holds is what the questions agree with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kakuho.exposure.injection.columns import Integers
from kakuho.exposure.injection.oracle import Oracle
from kakuho.exposure.injection.phases import slow_by_phase
from kakuho.exposure.injection.pooled import TEXT_KEYS
from kakuho.exposure.injection.questions import Questions
from kakuho.exposure.injection.solve import NO, UNKNOWN, YES, Answers, solve

SECOND = 1_000_000
Floats = npt.NDArray[np.float64]
FAST, SLOW = 0, 1
_JUST = 0.97
_SPIKE = 0.6
_WIDE = 1.2
"""The least gap, as a logarithm, between answers of a heavy query and others."""
_MOST_CONTRADICTIONS = 0.04
_MOST_OPEN = 0.05


@dataclass(frozen=True)
class Delays:
    """Seconds that each question's statement sleeps on yes and on no; ``is_told``: its text says how many."""

    yes: Floats
    no: Floats
    is_told: npt.NDArray[np.bool_]

    @property
    def asked(self) -> Floats:
        """Seconds by which a slow answer is slower."""
        return np.abs(self.yes - self.no)


def duration_oracle(questions: Questions, key: Integers, duration: Integers, delays: Delays) -> Oracle | None:
    """The answers by the durations (µs, -1 where none); None where they tell nothing."""
    known = duration >= 0
    if known.mean() < 0.5 or not (delays.asked > 0).any():
        return None
    seconds = np.where(known, duration / SECOND, np.nan)
    best: tuple[float, Answers, Answers] | None = None
    for rank, slow in enumerate(_readings(seconds, delays)):
        answers = _answers(slow, delays)
        score = _agreement(questions, key, answers)
        if score is not None:
            score /= 1 + rank
        if score is not None and (best is None or score > best[0]):
            best = (score, answers, slow)
    if best is None:
        return None
    _, answers, slow = best
    answers = settled(questions, key, answers, slow)
    fast = seconds[slow == FAST]
    asked = float(np.median(delays.asked[delays.asked > 0]))
    spikes = len(fast) and np.nanmax(fast) > _SPIKE * asked and delays.is_told.all()
    if spikes or not _is_whole(questions, key, answers):
        answers = _verified(questions, key, answers, slow)
    return Oracle("time", answers, _tested(questions, key, answers))


def _readings(seconds: Floats, delays: Delays) -> list[Answers]:
    """FAST and SLOW of each answer, in the ways worth trying; UNKNOWN where it is neither."""
    told = delays.is_told & (delays.asked > 0)
    found: list[Answers] = []
    if told.all():
        slow = np.full(len(seconds), UNKNOWN, np.int8)
        slow[seconds >= _JUST * delays.asked] = SLOW
        slow[seconds < _gap(seconds, delays.asked) * delays.asked] = FAST
        return [slow]
    usable = seconds[~np.isnan(seconds)]
    sorted_ones = np.sort(np.log(np.maximum(usable, 1e-4)))
    gaps = np.diff(sorted_ones)
    for at in np.argsort(-gaps)[:6].tolist():
        if gaps[at] < _WIDE:
            break
        low, high = np.exp(sorted_ones[at]), np.exp(sorted_ones[at + 1])
        slow = np.full(len(seconds), UNKNOWN, np.int8)
        slow[seconds >= high] = SLOW
        slow[seconds <= low] = FAST
        found.append(slow)
    return found


def _gap(seconds: Floats, asked: Floats) -> float:
    """Below which share of the time asked for an answer is fast: the middle of the widest gap from 0.3 on."""
    share = np.sort((seconds / np.where(asked > 0, asked, np.nan))[~np.isnan(seconds)])
    inside = np.concatenate(([0.3], share[(share > 0.3) & (share < _JUST)], [_JUST]))
    at = int(np.argmax(np.diff(inside)))
    return float((inside[at] + inside[at + 1]) / 2)


def _answers(slow: Answers, delays: Delays) -> Answers:
    """Answers by slowness: yes is slow where the statement sleeps on yes."""
    yes_is_slow = delays.yes > delays.no
    answers = np.where(slow == SLOW, np.where(yes_is_slow, YES, NO), np.where(yes_is_slow, NO, YES)).astype(np.int8)
    answers[(slow == UNKNOWN) | (delays.yes == delays.no)] = UNKNOWN
    return answers


def settled(questions: Questions, key: Integers, answers: Answers, slow: Answers) -> Answers:
    """Where one question was asked again, a fast answer overrules slow ones: nothing answers before it slept."""
    name = _names(questions, key)
    fast = name[slow == FAST]
    overruled = (slow == SLOW) & np.isin(name, fast)
    answers = answers.copy()
    answers[overruled] = UNKNOWN
    return answers


def _verified(questions: Questions, key: Integers, answers: Answers, slow: Answers) -> Answers:
    """Where there were delays of the network's own, or lines are missing (their time is then taken for the next one's):
    a slow answer counts that was given twice, or that the fast ones
    bear out.

    Characters that the fast answers and the repeated slow ones do not decide keep only those.
    """
    name = _names(questions, key)
    names, counts = np.unique(name[slow == SLOW], return_counts=True)
    repeated = np.isin(name, names[counts > 1])
    kept = answers.copy()
    kept[(slow == SLOW) & ~repeated] = UNKNOWN
    return kept


def _is_whole(questions: Questions, key: Integers, answers: Answers) -> bool:
    """Whether nearly every character is decided, and none against another answer: no line of the log seems lost."""
    solved = solve(questions, key, answers)
    open_ = (solved.count != 1) & ~((solved.ascii_count == 1) & solved.open_high) & (solved.bits == 0)
    open_ &= (solved.key < TEXT_KEYS) & ~(((solved.mask0 == 1) | (solved.mask0 == 3)) & (solved.mask1 == 0))
    open_ &= solved.yes + solved.no > 1  # asked once: a tool's look beyond the end
    return not solved.contradicts.any() and int(open_.sum()) <= _MOST_OPEN * len(solved.key)


def _names(questions: Questions, key: Integers) -> Integers:
    """A number for each distinct question about each character."""
    mixed = key.astype(np.uint64)
    for column in (*questions.yes, *questions.no):
        mixed = (mixed ^ column.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed.astype(np.int64)


def _tested(questions: Questions, key: Integers, answers: Answers) -> int:
    solved = solve(questions, key, answers)
    return int(((solved.yes > 0) & (solved.no > 0) & ~solved.contradicts).sum())


def _agreement(questions: Questions, key: Integers, answers: Answers) -> float | None:
    """How many characters a reading decides; None where it contradicts itself in more than a few."""
    solved = solve(questions, key, answers)
    bad = int(solved.contradicts.sum())
    good = int(((solved.count == 1) | ((solved.yes > 0) & (solved.no > 0)) & ~solved.contradicts).sum())
    weak = int((solved.yes + solved.no > 1).sum())
    if good == 0 or bad > max(1, _MOST_CONTRADICTIONS * good):
        return None
    return good - 5.0 * bad + 0.01 * weak


def stamp_oracle(questions: Questions, key: Integers, before: Integers, after: Integers, delays: Delays,
                 order: Integers) -> Oracle | None:  # fmt: skip
    """The answers by gaps of whole seconds: ``before`` to the client's last stamp, ``after`` to its next one.

    -1 where there is none. ``order``: the questions in the order of the log, a client after the other.
    """
    if not (delays.asked > 0).any():
        return None
    readings = [
        found
        for kind, gap in (("stamps of the end", before), ("stamps of the start", after))
        if (found := _best_of_gaps(questions, key, gap, delays, order, kind)) is not None
    ]
    if not readings:
        return None
    best = max(readings, key=lambda one: one.score)
    answers = best.answers
    if not _is_whole(questions, key, answers):
        answers = _verified(questions, key, answers, best.slow)
        for other in readings:  # with lines missing nothing tells which stamps they are: what either says is certain
            answers = np.where(answers == other.answers, answers, np.int8(UNKNOWN))
    return Oracle(f"time ({best.kind})", answers, _tested(questions, key, answers))


@dataclass(frozen=True)
class _OfGaps:
    """The best reading of the gaps, under one rule for the stamps."""

    score: float
    answers: Answers
    slow: Answers
    kind: str


def _best_of_gaps(
    questions: Questions, key: Integers, gap: Integers, delays: Delays, order: Integers, kind: str
) -> _OfGaps | None:
    best: _OfGaps | None = None
    for slow in _readings_of_gaps(gap, delays, order):
        answers = _answers(slow, delays)
        score = _agreement(questions, key, answers)
        if score is not None and (best is None or score > best.score):
            best = _OfGaps(score, settled(questions, key, answers, slow), slow, kind)
    return best


def _readings_of_gaps(gap: Integers, delays: Delays, order: Integers) -> list[Answers]:
    told = delays.is_told & (delays.asked >= 1)
    if told.all():
        certain = _by_gap(gap, delays.asked)
        phase = slow_by_phase(gap, delays.asked, order)
        return [certain, np.where(certain == UNKNOWN, phase, certain)]
    found: list[Answers] = []
    for least in (2, 3, 4):
        slow = np.full(len(gap), UNKNOWN, np.int8)
        slow[gap >= least] = SLOW
        slow[(gap >= 0) & (gap < max(least - 1, 1))] = FAST
        found.append(slow)
    return found


def _by_gap(gap: Integers, asked: Floats) -> Answers:
    """What a gap of whole seconds says for certain: less than the time asked for is fast; as much and one more is
    slow."""
    whole = np.ceil(asked).astype(np.int64)
    slow = np.full(len(gap), UNKNOWN, np.int8)
    slow[(gap >= 0) & (gap < np.floor(asked))] = FAST
    slow[(gap >= np.maximum(whole, 2)) & (gap <= whole + 1)] = SLOW
    return slow
