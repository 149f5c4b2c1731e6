"""Events that others expect in ECS, nested or flattened, as one flat mapping."""

from __future__ import annotations

import datetime as dt
from typing import Any


def flat(event: dict[str, Any], before: str = "") -> dict[str, Any]:
    """``{"a": {"b": 1}}`` as ``{"a.b": 1}``."""
    found: dict[str, Any] = {}
    for name, value in event.items():
        if isinstance(value, dict):
            found |= flat(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = value
    return found


def utc(stamp: str) -> dt.datetime:
    """An ISO 8601 time in UTC, without its zone, as the lake's times are."""
    return dt.datetime.fromisoformat(stamp).astimezone(dt.UTC).replace(tzinfo=None)


def to_millisecond(time: dt.datetime) -> dt.datetime:
    """Elastic's times end at the millisecond."""
    return time.replace(microsecond=time.microsecond // 1000 * 1000)
