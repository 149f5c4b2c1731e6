"""Evidence is lost: whole sources, hours, beginnings and ends of files, single lines. What is lost is a gap.

Coverage tells of each loss what it would find out: a file that is not there covers nothing, one that breaks off ends, a
line that cannot be read leaves a hole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st

from .world import SOURCES, START, STEP, Row, World

Loss = tuple[str, str, int, int]
"""Source; ``gone``, ``hours``, ``head``, ``tail`` or ``lines``; numbers: acts from and to, or first line and step."""
SECOND = timedelta(seconds=1)
KINDS = ("gone", "hours", "hours", "head", "tail", "lines")
loss = st.tuples(st.sampled_from(SOURCES), st.sampled_from(KINDS), st.integers(0, 7), st.integers(1, 4))
losses = st.lists(loss, max_size=3)


@dataclass(frozen=True)
class Kept:
    """What is left of one source: its rows and the stretches that it covers."""

    rows: list[Row]
    covered: list[tuple[datetime, datetime]]


def kept(world: World, source: str, lost: Sequence[Loss]) -> Kept:
    rows = {"access_log": world.http, "database_log": world.datastore, "disclosure_ledger": world.disclosure}[source]
    covered = [(START - timedelta(days=3), world.now + timedelta(days=1))]
    for _, kind, first, second in (one for one in lost if one[0] == source):
        for start, end in _holes(rows, kind, first, second):
            covered = [part for one in covered for part in _without(one, start, end)]
            rows = [row for row in rows if not start <= row["time"] < end]  # type: ignore[operator]
    return Kept(rows, covered)


def _holes(rows: Sequence[Row], kind: str, first: int, second: int) -> list[tuple[datetime, datetime]]:
    begin, far = START - timedelta(days=4), START + timedelta(days=9)
    if kind == "gone":
        return [(begin, far)]
    at = START + first * STEP - STEP / 2
    if kind == "head":
        return [(begin, at)]
    if kind == "tail":
        return [(at, far)]
    if kind == "hours":
        return [(at, at + second * STEP)]
    times = sorted({row["time"] for row in rows})  # type: ignore[type-var]
    return [(time, time + SECOND) for time in times[first % second :: second]]  # type: ignore[misc, operator]


def _without(one: tuple[datetime, datetime], start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    parts = [(one[0], min(one[1], start)), (max(one[0], end), one[1])]
    return [(first, last) for first, last in parts if first < last]


def tellable(acts: Sequence[tuple[object, ...]], lost: Sequence[Loss]) -> list[tuple[object, ...]]:
    """Without acts after the end of every log, and without pages that the inventory does not list where lines of the
    access log are lost: of neither can anything tell.

    The laws presuppose an inventory that lists every page. One that it does not list is found out by its line in the
    access log, and then widens to everything; with the line lost, nothing tells that there is such a page.
    """
    silent = any(one[0] == "access_log" for one in lost)
    listed = [act for act in acts if not (silent and act[0] == "report")]
    ends = [covered[-1][1] for source in SOURCES if (covered := _covered(len(listed), source, lost))]
    return [act for number, act in enumerate(listed, 1) if not ends or START + number * STEP < max(ends)]


def _covered(acts: int, source: str, lost: Sequence[Loss]) -> list[tuple[datetime, datetime]]:
    """What is left of a source whatever its lines are."""
    covered = [(START - timedelta(days=3), START + acts * STEP + timedelta(days=1))]
    for _, kind, first, second in (one for one in lost if one[0] == source and one[1] != "lines"):
        for start, end in _holes([], kind, first, second):
            covered = [part for one in covered for part in _without(one, start, end)]
    return covered
