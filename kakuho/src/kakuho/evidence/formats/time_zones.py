"""Which names of time zones there are. The answer is looked up once: Python walks the whole zone database for it."""

from __future__ import annotations

import zoneinfo
from functools import cache


@cache
def time_zones() -> frozenset[str]:
    """The IANA names that can be declared."""
    return frozenset(zoneinfo.available_timezones())
