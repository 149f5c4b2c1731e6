"""Requests that could carry injected SQL, as columns: where, what shape, which slots, and how they were answered."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pyarrow as pa

from kakuho.exposure.injection.columns import Integers
from kakuho.exposure.injection.tokens import Slot

NOT_LOGGED = -1
Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Place:
    """The parameter that a payload stood in; ``host`` None where the log has none."""

    host: str | None
    path: str
    parameter: str


@dataclass(frozen=True)
class ShapeExample:
    """A payload of a shape, with the places of its slots."""

    payload: str
    slots: tuple[Slot, ...]


@dataclass
class Requests:
    """One row a request and parameter. ``time`` in microseconds; ``duration``, ``status``, ``size``: -1 if not logged.

    ``length``: bytes of the decoded payload; ``raw_length``: of the whole query. ``place``, ``shape`` and ``client``
    are
    indices into the lists; slots as in :class:`kakuho.exposure.injection.shapes.Shapes`.
    """

    line: Integers
    time: Integers
    duration: Integers
    status: Integers
    size: Integers
    length: Integers
    raw_length: Integers
    place: Integers
    shape: Integers
    client: Integers
    values: Integers
    first: Integers
    places: list[Place] = field(default_factory=list)
    shapes: list[bytes] = field(default_factory=list)
    examples: list[ShapeExample] = field(default_factory=list)
    clients: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    answers: dict[int, str] = field(default_factory=dict)
    """The body of a response by the row, where the log has it."""

    def __len__(self) -> int:
        return len(self.line)


def merged(parts: Iterable[Requests]) -> Requests:
    """The parts one after the other; lists are joined, indices renumbered."""
    found = list(parts)
    if len(found) == 1:
        return found[0]
    places: dict[Place, int] = {}
    shapes: dict[bytes, int] = {}
    clients: dict[str, int] = {}
    examples: list[ShapeExample] = []
    texts: list[str] = []
    place, shape, client, values, first, answers = [], [], [], [], [np.zeros(1, np.int64)], {}
    slots = rows = 0
    for part in found:
        place.append(_renumbered(part.place, part.places, places))
        known = len(shapes)
        shape.append(_renumbered(part.shape, part.shapes, shapes))
        if len(shapes) > known:
            examples += [one for text, one in zip(part.shapes, part.examples, strict=True) if shapes[text] >= known]
        client.append(_renumbered(part.client, part.clients, clients))
        values.append(np.where(part.values >= 0, part.values, part.values - len(texts)))
        texts += part.texts
        first.append(part.first[1:] + slots)
        answers.update({row + rows: text for row, text in part.answers.items()})
        slots, rows = slots + len(part.values), rows + len(part)

    def together(name: str) -> Integers:
        return np.concatenate([getattr(part, name) for part in found]) if found else np.zeros(0, np.int64)

    def joined(columns: Sequence[Integers]) -> Integers:
        return np.concatenate(columns) if columns else np.zeros(0, np.int64)

    return Requests(
        together("line"), together("time"), together("duration"), together("status"), together("size"),
        together("length"), together("raw_length"), joined(place), joined(shape), joined(client), joined(values),
        joined(first), list(places), list(shapes), examples, list(clients), texts, answers,
    )  # fmt: skip


def _renumbered(indices: Integers, names: Sequence[Name], known: dict[Name, int]) -> Integers:
    numbers = np.array([known.setdefault(name, len(known)) for name in names], np.int64)
    return numbers[indices] if len(names) else indices


def integers(column: pa.ChunkedArray | pa.Array) -> Integers:
    """A column of whole numbers or times, -1 for what is not there."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if not pa.types.is_int64(column.type):
        column = column.cast(pa.int64())
    return np.asarray(column.fill_null(NOT_LOGGED))
