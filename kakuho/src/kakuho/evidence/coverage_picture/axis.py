"""The time axis: which moments get a mark, and what stands there."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kakuho.language import Language

_STEPS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30)]
_STEPS += [timedelta(hours=hours) for hours in (1, 3, 6, 12)]
_STEPS += [timedelta(days=days) for days in (1, 2, 7, 14, 28, 91, 182, 364)]
_DAY = timedelta(days=1)
_WEEKDAYS = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MOST = 4_000


def marks(start: datetime, end: datetime, zone: ZoneInfo, most: int) -> list[tuple[datetime, str]]:
    """At most about ``most`` moments from ``start`` to ``end``, on whole hours, days or weeks, with their labels."""
    step = next((step for step in _STEPS if (end - start) / step <= most), (end - start) / max(most, 1))
    local = start.astimezone(zone)
    begin = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if step >= 7 * _DAY:
        begin -= begin.weekday() * _DAY
    found = []
    for index in range(_MOST):
        moment = _after(begin, index * step, zone)
        if moment > end:
            break
        if moment >= start:
            found.append((moment, f"{moment.month}/{moment.day}" if step >= _DAY else _hour(moment)))
    return found


def period(start: datetime, end: datetime, zone: ZoneInfo, language: Language) -> str:
    """``2025-03-21 (金) 09:12:05 – 12:00:00``: the second day only where it is another."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    clock = "%H:%M:%S"
    if first.date() == last.date():
        return f"{_day(first, language)} {first:{clock}} – {last:{clock}}"
    return f"{_day(first, language)} {first:{clock}} – {_day(last, language)} {last:{clock}}"


def duration(length: timedelta, language: Language) -> str:
    """``3日4時間``, ``2 h 10 min``: the two largest units."""
    seconds = round(length / timedelta(seconds=1))
    units = ((86_400, "日", " d"), (3_600, "時間", " h"), (60, "分", " min"), (1, "秒", " s"))
    parts: list[tuple[int, str]] = []
    for size, ja, en in units:
        number, seconds = divmod(seconds, size)
        if number or parts:
            parts.append((number, ja if language == "ja" else en))
    shown = [f"{number:,}{unit}" for number, unit in parts[:2] if number]
    return (("" if language == "ja" else " ").join(shown)) or ("0秒" if language == "ja" else "0 s")


def _day(time: datetime, language: Language) -> str:
    return f"{time:%Y-%m-%d} ({_WEEKDAYS[language][time.weekday()]})"


def _hour(moment: datetime) -> str:
    return f"{moment.month}/{moment.day}" if moment.hour == moment.minute == 0 else f"{moment:%H:%M}"


def _after(begin: datetime, steps: timedelta, zone: ZoneInfo) -> datetime:
    """Whole days later means the same time of day, whatever the clocks did."""
    if steps % _DAY == timedelta(0):
        return (begin.replace(tzinfo=None) + steps).replace(tzinfo=zone)
    return (begin + steps).astimezone(zone)
