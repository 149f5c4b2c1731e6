"""The same evidence, handed over otherwise: in another order, with repetitions, in more files."""

from __future__ import annotations

import random
from collections.abc import Sequence

from kakuho.exposure.judge import Judgement

from .answer import TABLE_OF, judged
from .losing import Loss, kept
from .world import SOURCES, Row, World

WAYS = ("shuffled", "lines twice", "files twice", "in two parts", "line by line")


def handed_over(world: World, lost: Sequence[Loss], way: str, chance: random.Random) -> Judgement:
    left = {source: kept(world, source, lost) for source in SOURCES}
    rows = {TABLE_OF[source]: _otherwise(list(one.rows), way, chance) for source, one in left.items()}
    return judged(world, rows, left, undecided=False)


def _otherwise(rows: list[Row], way: str, chance: random.Random) -> list[Row]:
    if way == "shuffled":
        return chance.sample(rows, k=len(rows))
    if way == "lines twice":
        return chance.sample([*rows, *rows], k=2 * len(rows))
    if way == "files twice":
        return [*rows, *({**row, "source_id": _another(row, 1)} for row in rows)]
    if way == "in two parts":
        cut = chance.randint(0, max(_line(row) for row in rows)) if rows else 0
        return [row if _line(row) <= cut else _moved(row, 1, cut) for row in rows]
    return [_moved(row, _line(row), _line(row) - 1) for row in rows]


def _line(row: Row) -> int:
    return int(str(row["line"]))


def _another(row: Row, number: int) -> int:
    return int(str(row["source_id"])) + 3 * number


def _moved(row: Row, number: int, before: int) -> Row:
    """The row as a line of another file, which begins after ``before`` lines of this one."""
    line = _line(row) - before
    return {**row, "source_id": _another(row, number), "line": line, "byte_offset": (line - 1) * 100}
