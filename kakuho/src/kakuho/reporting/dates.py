"""Days as a Japanese or English reader writes them, and instants as days of the case's time zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from kakuho.language import Language

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day_text(day: date, language: Language) -> str:
    """``2025年3月19日`` or ``19 March 2025``."""
    if language == "ja":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def local_day(instant: str | None, time_zone: str) -> date | None:
    """The day of an RFC 3339 instant, where the case is."""
    if instant is None:
        return None
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(time_zone)).date()
