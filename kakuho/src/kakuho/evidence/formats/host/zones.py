"""The zone that was declared for times without one."""

from __future__ import annotations

import zoneinfo

from kakuho.errors import UsageError
from kakuho.language import Bilingual


def zone_named(name: str | None) -> zoneinfo.ZoneInfo | None:
    """The zone of an IANA name; None where none was declared or there is no such zone."""
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_needed(name: str | None, where: str) -> zoneinfo.ZoneInfo:
    """The same; raises UsageError where there is none: ``where`` names what cannot be read without it."""
    zone = zone_named(name)
    if zone is None:
        raise UsageError(
            Bilingual(ja="ログの時刻に時間帯が書かれていません。", en="the log's times say no zone"),
            where=where,
            remedy=Bilingual(
                ja="サーバーの時間帯を --time-zone Asia/Tokyo のように指定してください。",
                en="declare the server's zone, such as --time-zone Asia/Tokyo",
            ),
        )
    return zone
