"""What befalls logs: lines lost, the file cut, rotated twice over, out of order, a server that gave out in between.

From a harmed log letters may stay undecided, but none may be wrong.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from drills.laboratory.laboratory import Record

_ANSWERED, _OVERLOADED = b'" 200 ', b'" 503 190 '

Lines = list[bytes]


def _lost(lines: Lines, chance: random.Random, percent: int) -> Lines:
    return [line for line in lines if chance.randrange(100) >= percent]


def _shuffled(lines: Lines, chance: random.Random) -> Lines:
    return chance.sample(lines, len(lines))


def _twice(lines: Lines, chance: random.Random) -> Lines:
    return [copy for line in lines for copy in [line] * chance.choice((1, 1, 2))]


def _overloaded(lines: Lines, chance: random.Random) -> Lines:
    """One answer in thirty is the web server's own page for an overloaded application."""
    return [_refused(line) if chance.randrange(30) == 0 else line for line in lines]


def _refused(line: bytes) -> bytes:
    begin, answered, end = line.partition(_ANSWERED)
    return begin + _OVERLOADED + end.partition(b" ")[2] if answered else line


HARMS: dict[str, Callable[[Lines, random.Random], Lines]] = {
    "lost-10": lambda lines, chance: _lost(lines, chance, 10),
    "lost-50": lambda lines, chance: _lost(lines, chance, 50),
    "lost-90": lambda lines, chance: _lost(lines, chance, 90),
    "begin-only": lambda lines, chance: lines[: chance.randrange(1, len(lines))],
    "end-only": lambda lines, chance: lines[chance.randrange(1, len(lines)) :],
    "shuffled": _shuffled,
    "twice": _twice,
    "overloaded": _overloaded,
}


def harmed(record: Record, folder: Path, seed: int = 1) -> Iterator[Record]:
    """The record once for every harm, the same for the same seed; the logs lie in `folder`."""
    lines = record.path.read_bytes().splitlines(keepends=True)
    for name, harm in HARMS.items():
        chance = random.Random(f"{seed} {record.case.name} {record.log} {name}")  # noqa: S311
        path = folder / record.case.name / record.log / name / "access.log"
        path.parent.mkdir(parents=True)
        path.write_bytes(b"".join(harm(lines, chance)))
        yield replace(record, path=path, harm=name)
