"""The lanes of the picture: one for each log (the rotated files of a series together), with what it covers and not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from kakuho.evidence.roles import ROLES
from kakuho.language import Language, in_language

Row = Mapping[str, Any]
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Hole:
    """A time that is not covered, with the key of its reason. ``number``: from 1, as the lists below the picture count.

    ``role`` and ``log``: where it was found; every log of that role has it.
    """

    number: int
    role: str
    log: str
    start: datetime
    end: datetime
    reason: str

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start


@dataclass(frozen=True)
class Lane:
    """A log: its role and name, of how many files, and the stretches that it covers (disjoint, in order).

    ``reach``: its first and last event, or None where it has none; ``holes``: those within its reach.
    """

    role: str
    name: str
    files: int
    reach: Span | None
    covered: tuple[Span, ...]
    holes: tuple[Hole, ...]

    def share(self, start: datetime, end: datetime) -> float:
        """The share of the time from ``start`` to ``end`` that is covered."""
        return _overlap(self.covered, start, end) / ((end - start) / timedelta(seconds=1))

    def share_of_holes(self, start: datetime, end: datetime) -> float:
        """The share of that time that lies in a hole."""
        holes = _merged([(hole.start, hole.end) for hole in self.holes])
        return _overlap(holes, start, end) / ((end - start) / timedelta(seconds=1))


@dataclass(frozen=True)
class Picture:
    """All lanes, all holes, and the whole time that they span."""

    lanes: tuple[Lane, ...]
    holes: tuple[Hole, ...]
    start: datetime
    end: datetime


def picture_of(sources: Sequence[Row], coverage: Sequence[Row], gaps: Sequence[Row]) -> Picture | None:
    """The picture of these rows; None where no source has any time. Times may be the lake's or aware ones."""
    names = {row["source_id"]: _log(row) for row in sources}
    holes = _holes(gaps, names)
    lanes = []
    for role, log in sorted(set(names.values()), key=_order):
        ours = [row for row in sources if names[row["source_id"]] == (role, log)]
        covered = _merged(
            [(_utc(row["start"]), _utc(row["end"])) for row in coverage if names.get(row["source_id"]) == (role, log)]
        )
        times = [_utc(row[key]) for row in ours for key in ("first", "last") if row.get(key) is not None]
        times += [time for span in covered for time in span]
        if not times:
            continue
        reach = (min(times), max(times))
        within = tuple(
            hole
            for hole in holes
            if hole.role == role and (hole.log == log or (hole.start < reach[1] and hole.end > reach[0]))
        )
        lanes.append(Lane(role, log, len(ours), reach, covered, within))
    if not lanes:
        return None
    all_times = [time for lane in lanes if lane.reach for time in lane.reach]
    all_times += [time for hole in holes for time in (hole.start, hole.end)]
    start, end = min(all_times), max(all_times)
    return Picture(tuple(lanes), tuple(holes), start, max(end, start + timedelta(seconds=1)))


def role_name(role: str, language: Language) -> str:
    """What a role is called."""
    return in_language(ROLES[role], language) if role in ROLES else role


def _holes(gaps: Sequence[Row], names: Mapping[int, tuple[str, str]]) -> list[Hole]:
    ordered = sorted(gaps, key=lambda row: (_order((row["role"], "")), row["start"], row["end"], row["reason"]))
    return [
        Hole(
            number,
            row["role"],
            names.get(row["source_id"], ("", str(row["source_id"])))[1],
            _utc(row["start"]),
            _utc(row["end"]),
            row["reason"],
        )
        for number, row in enumerate(ordered, 1)
    ]


def _log(source: Row) -> tuple[str, str]:
    return source["role"], source.get("series") or source["name"]


def _order(log: tuple[str, str]) -> tuple[int, str]:
    roles = list(ROLES)
    return (roles.index(log[0]) if log[0] in roles else len(roles), log[1])


def _utc(time: datetime | str) -> datetime:
    """A time with its zone: the lake's are UTC without one; text is RFC 3339."""
    if isinstance(time, str):
        time = datetime.fromisoformat(time)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)


def _overlap(spans: Sequence[Span], start: datetime, end: datetime) -> float:
    """Seconds of ``spans`` between ``start`` and ``end``."""
    return sum(
        max(0.0, (min(last, end) - max(first, start)) / timedelta(seconds=1))
        for first, last in spans
        if first < end and last > start
    )
