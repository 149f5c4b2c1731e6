"""Which moments the sources of a role really cover: what the rooms behind evidence ask of the table ``coverage``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kakuho.evidence.coverage.interval import LONGEST_SILENCE

Interval = tuple[datetime, datetime]
LOG_ROLES = ("access_log", "database_log", "disclosure_ledger")
DAY_BEFORE = timedelta(hours=24)
"""How long the sources must have been watching before the first act, for it to be held the first."""


@dataclass(frozen=True)
class Coverage:
    """``intervals``: role → disjoint intervals, ascending: the union over all sources of that role."""

    intervals: dict[str, tuple[Interval, ...]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, datetime, datetime]]) -> Coverage:
        """``rows``: role, start, end."""
        roles: dict[str, list[Interval]] = {}
        for role, start, end in sorted(rows):
            merged = roles.setdefault(role, [])
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return cls({role: tuple(found) for role, found in roles.items()})

    def roles(self) -> list[str]:
        """The log roles of which there is evidence."""
        return [role for role in LOG_ROLES if self.has(role)]

    def has(self, role: str) -> bool:
        return bool(self.intervals.get(role))

    def covers(self, role: str, start: datetime, end: datetime) -> bool:
        """Whether one unbroken interval holds the whole period."""
        return any(first <= start and end <= last for first, last in self.intervals.get(role, ()))

    @property
    def horizon(self) -> datetime | None:
        """As far as any of the logs tells: what happened later nothing tells."""
        return max((self.intervals[role][-1][1] for role in self.roles()), default=None)

    def breaks_off(self, role: str) -> bool:
        """Whether the record ends while others go on, longer than a log may be silent: what it does not hold, they
        do not tell either."""
        held, horizon = self.intervals.get(role, ()), self.horizon
        return bool(held) and horizon is not None and held[-1][1] + LONGEST_SILENCE < horizon

    def hides_nothing(self, role: str, start: datetime, end: datetime) -> bool:
        """Whether no act of an intrusion that is seen from ``start`` to ``end`` can lie outside the record.

        One unbroken interval holds the whole period, the record has no hole behind it and does not break off, since the
        last act that is seen need not be the last, and it reaches back a day before it, since the first that is seen
        need not be the first.
        """
        held = self.intervals.get(role, ())
        reaches = bool(held) and held[-1][0] <= start - DAY_BEFORE and end <= held[-1][1]
        return reaches and not self.breaks_off(role)

    def covers_moment(self, role: str, time: datetime) -> bool:
        return self.covers(role, time, time)
