"""The time stamps of web servers, as whole UTC microseconds since 1970.

Functions give None for what is no time of a calendar. Stamps that name no zone take the declared one.
"""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from kakuho.errors import UsageError
from kakuho.evidence.formats.base import Declared
from kakuho.language import Bilingual

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_QUARTER_HOUR = 15 * 60 * 1_000_000
_FRACTION = re.compile(r"\d{0,9}", re.ASCII)
_CLF = re.compile(
    r"""
    (?P<day>\d{1,2})/(?P<month>[A-Z][a-z]{2})/(?P<year>\d{4})
    :(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?
    (?:\ (?P<zone>-?[+-]\d{4}))?                    # ModSecurity writes --0400 for -0400
    """,
    re.VERBOSE | re.ASCII,
)
_ISO = re.compile(
    r"""
    (?P<year>\d{4})[-/](?P<month>\d{2})[-/](?P<day>\d{2})[T ]
    (?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?
    \ ?(?P<zone>Z|[+-]\d{2}:?\d{2})?
    """,
    re.VERBOSE | re.ASCII,
)
_CTIME = re.compile(
    r"""
    [A-Z][a-z]{2}\ (?P<month>[A-Z][a-z]{2})\ +(?P<day>\d{1,2})\ (?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})
    (?:\.(?P<fraction>\d{1,9}))?\ (?P<year>\d{4})
    """,
    re.VERBOSE | re.ASCII,
)


def clf_time(stamp: str, zone: str | None = None) -> int | None:
    """``19/Mar/2025:00:00:01 +0900``, Apache's and nginx's ``%t``; also with a fraction or without its zone."""
    return _with_fraction(stamp, len("19/Mar/2025:00:00:01"), _CLF, zone)


def iso_time(stamp: str, zone: str | None = None) -> int | None:
    """``2025-03-19T00:00:01.123+09:00`` and the like (RFC 3339), also with a blank or slashes."""
    return _with_fraction(stamp, len("2025-03-19T00:00:01"), _ISO, zone)


def ctime(stamp: str, zone: str | None = None) -> int | None:
    """``Wed Mar 19 00:00:01.123456 2025``, as in Apache's error log."""
    return _with_fraction(stamp, len("Wed Mar 19 00:00:01"), _CTIME, zone)


def _with_fraction(stamp: str, point: int, form: re.Pattern[str], zone: str | None) -> int | None:
    """The time of a stamp whose fraction, if there is one, begins at ``point``: the second is read once."""
    if stamp[point : point + 1] not in {".", ","}:
        return _second(stamp, form, zone)
    digits = _FRACTION.match(stamp, point + 1)
    assert digits is not None  # noqa: S101 - it matches nothing, too; for the type checker
    fraction = digits[0]
    second = _second(stamp[:point] + stamp[digits.end() :], form, zone)
    return None if second is None or not fraction else second + int((fraction + "000000")[:6])


@lru_cache(maxsize=1 << 14)
def _second(stamp: str, form: re.Pattern[str], zone: str | None) -> int | None:
    return _time(form.fullmatch(stamp), zone)


def epoch_time(text: str, unit: int = 1_000_000) -> int | None:
    """A number since 1970, of ``unit`` microseconds each, with or without a fraction."""
    whole, point, fraction = text.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 19) or (point and not fraction.isdigit()):
        return None
    microseconds = int(whole) * unit + int((fraction + "000000")[:6]) * unit // 1_000_000
    return microseconds if microseconds < 253_402_300_800_000_000 else None


def _time(found: re.Match[str] | None, declared_zone: str | None) -> int | None:
    if found is None:
        return None
    month = found["month"]
    fraction = int(((found["fraction"] or "") + "000000")[:6])
    try:
        number = int(month) if month.isdigit() else MONTHS.index(month) + 1
        clock = (int(found["hour"]), int(found["minute"]), int(found["second"]), fraction)
        local = datetime(int(found["year"]), number, int(found["day"]), *clock, tzinfo=UTC)
    except ValueError:
        return None
    microseconds = (local - _EPOCH) // _MICROSECOND
    zone = found.groupdict().get("zone")
    if zone is None:
        return local_to_utc(microseconds, declared_zone)
    if zone == "Z":
        return microseconds
    return _shifted(microseconds, zone.replace("--", "-").replace(":", ""))


def _shifted(microseconds: int, zone: str) -> int | None:
    hours, minutes = int(zone[1:3]), int(zone[3:5])
    if hours > 23 or minutes > 59:
        return None
    shift = (hours * 60 + minutes) * 60_000_000
    return microseconds + shift if zone[0] == "-" else microseconds - shift


def local_to_utc(microseconds: int, zone: str | None) -> int:
    """A local clock (as if it were UTC) in UTC; the earlier where it is ambiguous. Raises UsageError without a zone."""
    return microseconds - _offset(microseconds // _QUARTER_HOUR, zone)


@lru_cache(maxsize=1 << 12)
def _offset(quarter: int, zone: str | None) -> int:
    """Microseconds that the zone is ahead of UTC in a quarter of an hour of its own clock."""
    naive = (_EPOCH + timedelta(microseconds=quarter * _QUARTER_HOUR)).replace(tzinfo=_zone(zone))
    offset = naive.utcoffset()
    return 0 if offset is None else offset // _MICROSECOND


@lru_cache(maxsize=64)
def _zone(name: str | None) -> zoneinfo.ZoneInfo | timezone:
    try:
        if name is not None:
            return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise UsageError(
        Bilingual(
            ja="ログの時刻に時間帯が書かれていません。" if name is None else f"時間帯 {name} はありません。",
            en="the log's times name no zone" if name is None else f"there is no time zone {name}",
        ),
        where="--time-zone",
        remedy=Bilingual(
            ja="サーバーの時間帯を --time-zone Asia/Tokyo のように指定してください。",
            en="declare the server's zone, such as --time-zone Asia/Tokyo",
        ),
    )


def need_zone(declared: Declared) -> str:
    """The declared zone, for a log whose times name none. Raises UsageError where none is declared."""
    _zone(declared.time_zone)
    return str(declared.time_zone)
