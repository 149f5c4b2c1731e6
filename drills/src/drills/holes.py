"""What kakuho found missing, beside what the intruder truly deleted: source by source."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from drills.scenarios.wiping import Wiped

ROLES = {"access_log": "access.log", "database_log": "postgresql", "disclosure_ledger": "ledger/"}


@dataclass(frozen=True)
class Gap:
    """One row of the case's table `gaps`: ISO 8601, UTC."""

    role: str
    start: str
    end: str
    reason: str


@dataclass(frozen=True)
class Hole:
    """What was deleted of one source, and the gaps there; `found`: they contain the whole deleted period."""

    role: str
    lines: int
    gaps: tuple[Gap, ...]
    found: bool

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def read_gaps(lake: Path) -> list[Gap]:
    """Every gap that kakuho wrote down."""
    query = 'SELECT role, start, "end", reason FROM read_parquet(?) ORDER BY ALL'
    with duckdb.connect() as connection:
        rows = connection.execute(query, [str(lake / "gaps.parquet")]).fetchall()
    return [Gap(role, _iso(start), _iso(end), reason) for role, start, end, reason in rows]


def holes(wiped: Wiped, gaps: Sequence[Gap]) -> list[Hole]:
    """One for each source of which lines were deleted."""
    first, last = datetime.fromisoformat(wiped.first), datetime.fromisoformat(wiped.last)
    result = []
    for role, stem in ROLES.items():
        lines = sum(count for name, count in wiped.lines.items() if name.startswith(stem))
        there = [gap for gap in gaps if gap.role == role and _start(gap) < last and _end(gap) > first]
        if lines:
            result.append(Hole(role, lines, tuple(there), _contained(first, last, there)))
    return result


def _contained(first: datetime, last: datetime, gaps: Sequence[Gap]) -> bool:
    """Whether the gaps together leave nothing of [first, last) out."""
    reached = first
    for gap in sorted(gaps, key=_start):
        if _start(gap) > reached:
            return False
        reached = max(reached, _end(gap))
    return reached >= last


def _start(gap: Gap) -> datetime:
    return datetime.fromisoformat(gap.start)


def _end(gap: Gap) -> datetime:
    return datetime.fromisoformat(gap.end)


def _iso(moment: datetime) -> str:
    return moment.replace(tzinfo=UTC).isoformat()
