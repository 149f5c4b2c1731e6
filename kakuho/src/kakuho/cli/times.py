"""Times as people read them: in the case's time zone, to the second, with the offset said once."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def local_time(moment: datetime | str | None, zone: str) -> str:
    """``2025-03-19 02:14:07+09:00``; a moment without a zone is UTC, as in the lake. ``-`` for none."""
    if moment is None:
        return "-"
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(ZoneInfo(zone)).isoformat(sep=" ", timespec="seconds")
