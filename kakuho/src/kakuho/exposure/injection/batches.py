"""Requests by their shape, each shape read once: questions about characters, numbers and texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kakuho.exposure.injection.columns import Integers, SlotColumns
from kakuho.exposure.injection.evaluate import UnknownError, as_number, evaluate, listed
from kakuho.exposure.injection.forms import Form, form_of, is_arithmetic, slots_in, slots_of_tokens
from kakuho.exposure.injection.measures import CHARACTER, LENGTH
from kakuho.exposure.injection.nodes import Node
from kakuho.exposure.injection.questions import Comparing, Questions, questions_of, sets_of_numbers
from kakuho.exposure.injection.requests import Requests
from kakuho.exposure.injection.targets import Target, target_of
from kakuho.exposure.injection.templates import Control, InBand, Reading, Template
from kakuho.exposure.injection.texts import TextQuestion, text_questions

NUMBER_PLACE, LENGTH_PLACE = -1, -2
"""Keys of a value's own number and of its length, beside the places of its characters."""


@dataclass
class Batch:
    """The requests of one shape at one place. ``rows``: their rows in the log's :class:`Requests`."""

    reading: Reading
    rows: Integers
    slots: SlotColumns


@dataclass
class Asked:
    """What the requests of a batch asked: ``questions`` (their ``row`` is that of the log), and of which target each.

    ``texts`` are questions about beginnings or all of a text.
    """

    template: Template
    form: Form
    batch: Batch
    targets: list[Target]
    target: Integers
    questions: Questions | None
    texts: list[TextQuestion]


def batches_of(requests: Requests, place: int, readings: list[Reading | None]) -> list[Batch]:
    """The batches of one place."""
    rows = np.flatnonzero(requests.place == place)
    order = rows[np.argsort(requests.shape[rows], kind="stable")]
    shapes = requests.shape[order]
    begins = (
        np.flatnonzero(np.concatenate(([True], shapes[1:] != shapes[:-1]))) if len(order) else np.zeros(0, np.int64)
    )
    found = []
    for begin, end in zip(begins.tolist(), [*begins[1:].tolist(), len(order)], strict=True):
        reading = readings[int(shapes[begin])]
        if reading is not None:
            mine = order[begin:end]
            found.append(Batch(reading, mine, _slot_columns(requests, mine)))
    return found


def _slot_columns(requests: Requests, rows: Integers) -> SlotColumns:
    count = int(requests.first[rows[0] + 1] - requests.first[rows[0]])
    at = requests.first[rows][:, None] + np.arange(count)[None, :]
    return SlotColumns(requests.values[at], requests.texts)


Targets = dict[Node, dict[tuple[str, ...], Target]]
"""Targets by what is asked about and the texts of its slots: the shapes of one query ask about the same."""


def asked_by(batch: Batch, comparing: Comparing, known: Targets) -> Asked | None:
    """What a batch of conditions asked; None where nothing of it can be understood. ``known`` grows."""
    template = batch.reading
    if not isinstance(template, Template):
        return None
    form = form_of(template.leaf)
    subject_slots = _subject_slots(template)
    leaf = template.leaf.node
    alike = known.setdefault(template.hole.subject, {}) if template.hole.scope is None else {}

    def named(texts: list[str]) -> Target:
        key = tuple(texts[slot] for slot in subject_slots)
        if key not in alike:
            alike[key] = target_of(template.hole, leaf, texts)
        return alike[key]

    targets, target = batch.slots.per_combination(subject_slots, named)
    questions: Questions | None = None
    texts: list[TextQuestion] = []
    if template.hole.kind == CHARACTER:
        questions = questions_of(template, form, batch.slots, comparing)
        if questions is None:
            texts = text_questions(template, form, batch.slots, target, comparing)
    elif template.hole.kind == LENGTH or _is_numeric(template, form, batch.slots):
        place = LENGTH_PLACE if template.hole.kind == LENGTH else NUMBER_PLACE
        questions = sets_of_numbers(template, form, batch.slots, place)
    else:
        texts = text_questions(template, form, batch.slots, target, comparing)
    if questions is None and not texts:
        return None
    return Asked(template, form, batch, targets, target, questions, texts)


def _subject_slots(template: Template) -> list[int]:
    hole = template.hole
    slots = set(slots_in(hole.subject))
    if hole.scope is not None:
        slots |= slots_of_tokens(hole.scope.source) - set(slots_in(template.leaf.node))
    return sorted(slots)


def _is_numeric(template: Template, form: Form, slots: SlotColumns) -> bool:
    """Whether all that the value is compared with are numbers."""
    if form.operator == "other":
        return bool(form.domain == "text") and is_arithmetic(template.leaf)
    if form.operator not in (">", "<", ">=", "<=", "=", "!=", "between", "in"):
        return False
    texts = slots.row(0)
    try:
        values = listed(form.constants, texts)
    except UnknownError:
        return False
    return all(isinstance(value, int) for value in values)


def constant_answers(batches: list[Batch]) -> tuple[Integers, npt.NDArray[np.int8]]:
    """Rows whose condition holds or fails by its text alone, and which."""
    rows: list[Integers] = []
    held: list[npt.NDArray[np.int8]] = []
    for batch in batches:
        control = batch.reading
        if not isinstance(control, Control) or control.sleeps:
            continue
        slots = sorted({slot for node in control.nodes for slot in slots_in(node)})
        results, which = batch.slots.per_combination(slots, control.holds)
        said = np.array([-1 if one is None else int(one) for one in results], np.int8)[which]
        rows.append(batch.rows[said >= 0])
        held.append(said[said >= 0])
    if not rows:
        return np.zeros(0, np.int64), np.zeros(0, np.int8)
    return np.concatenate(rows), np.concatenate(held)


def in_band_batches(batches: list[Batch]) -> list[Batch]:
    """The batches whose answers hold the values themselves."""
    return [batch for batch in batches if isinstance(batch.reading, InBand)]


__all__ = ["LENGTH_PLACE", "NUMBER_PLACE", "Asked", "Batch", "as_number", "asked_by", "batches_of", "constant_answers",
           "evaluate", "in_band_batches"]  # fmt: skip
