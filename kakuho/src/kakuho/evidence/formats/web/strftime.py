"""Times that Apache wrote with a strftime format (``%{%d/%b/%Y %T}t``)."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from kakuho.evidence.formats.web.times import local_to_utc

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHORT = {"%T": "%H:%M:%S", "%D": "%m/%d/%y", "%F": "%Y-%m-%d", "%R": "%H:%M", "%e": "%d", "%h": "%b", "%s": ""}


@lru_cache(maxsize=1 << 14)
def strftime_time(text: str, setting: str, zone: str | None) -> int | None:
    """UTC microseconds of a text written with the format ``setting``; None for what is none.

    Where the format has no zone (``%z``) the clock is in the declared ``zone``; raises UsageError without one.
    """
    for short, long in _SHORT.items():
        setting = setting.replace(short, long)
    try:
        parsed = datetime.strptime(text, setting)  # noqa: DTZ007 - its zone is looked at below
    except ValueError:
        return None
    if parsed.tzinfo is not None:
        return round((parsed - _EPOCH).total_seconds()) * 1_000_000 + parsed.microsecond
    since = parsed.replace(tzinfo=UTC) - _EPOCH
    return local_to_utc((since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds, zone)
