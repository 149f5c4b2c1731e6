"""The mutants of a run, each by its index, so that any of them can be made again alone."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kakuho.evidence.formats import FORMATS, Declared

from .mutations import mutant

_DECLARED = (
    Declared("Asia/Tokyo"),
    Declared("Asia/Tokyo"),
    Declared("America/New_York"),
    Declared(),
    Declared("Asia/Tokyo", "cp932"),
    Declared("Asia/Tokyo", "euc_jp"),
)
_SHARE_OF_OTHER_FORMATS = 0.05
"""So many mutants are read in a format that they do not derive from, as when ``--format`` is mistaken."""


@dataclass(frozen=True)
class Mutant:
    """A file to read in a format."""

    format: str
    data: bytes
    declared: Declared


class Mutants:
    """Those of some formats by a seed."""

    def __init__(self, seed: int, sound: Mapping[str, Sequence[bytes]], only: Sequence[str] = ()) -> None:
        self._seed = seed
        self._sound = sound
        self._names = list(only or FORMATS)
        self._everything = [data for one in sound.values() for data in one]

    def at(self, index: int) -> Mutant:
        """The mutant with this index."""
        draw = random.Random(f"{self._seed}:{index}")
        name = self._names[index % len(self._names)]
        own = self._sound.get(name) or self._everything
        data = draw.choice(self._everything if draw.random() < _SHARE_OF_OTHER_FORMATS else own)
        return Mutant(name, mutant(draw, data, draw.choice(self._everything)), draw.choice(_DECLARED))
