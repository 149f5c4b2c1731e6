"""PostgreSQL's log times: ``2026-11-23 18:55:01.123 JST``, in the zone of ``log_timezone``.

Zone abbreviations are ambiguous the world over (EST, IST, SST …). UTC, GMT and JST are taken for what they say, and so
are numbers (``+09``); for any other the zone has to be declared.
"""

from __future__ import annotations

import re
import zoneinfo

import pyarrow as pa
import pyarrow.compute as pc

from kakuho.errors import UsageError
from kakuho.language import Bilingual

KNOWN_ZONES = {"UTC": 0, "GMT": 0, "JST": 9 * 60}
_STAMP = r"^(?P<clock>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}) (?P<zone>[A-Za-z0-9+:-]+)$"
_NUMBER = re.compile(r"(?P<sign>[+-])(?P<hours>\d{2})(?::?(?P<minutes>\d{2}))?")


def times_of(stamps: pa.Array | pa.ChunkedArray, *, time_zone: str | None, where: str) -> pa.Array:
    """UTC microseconds for each stamp; null for what is no stamp. Raises UsageError for an undeclared zone."""
    if isinstance(stamps, pa.ChunkedArray):
        stamps = stamps.combine_chunks()
    parts = pc.extract_regex(stamps, _STAMP)
    clock, zone = pc.struct_field(parts, "clock"), pc.struct_field(parts, "zone")
    local = pc.cast(
        pc.strptime(pc.utf8_slice_codeunits(clock, 0, 19), "%Y-%m-%d %H:%M:%S", "us", error_is_null=True),
        pa.timestamp("us"),
    )
    milliseconds = pc.cast(pc.utf8_slice_codeunits(clock, 20, 23), pa.int64())
    local = pc.add(local, pc.cast(pc.multiply(milliseconds, 1000), pa.duration("us")))
    result = pa.nulls(len(stamps), pa.timestamp("us"))
    for name in pc.unique(zone).drop_null().to_pylist():
        result = pc.if_else(pc.equal(zone, name), _in_utc(local, name, time_zone, where), result)
    return result


def _in_utc(local: pa.Array, zone: str, declared: str | None, where: str) -> pa.Array:
    minutes = KNOWN_ZONES.get(zone)
    number = _NUMBER.fullmatch(zone)
    if number is not None:
        minutes = (int(number["hours"]) * 60 + int(number["minutes"] or 0)) * (-1 if number["sign"] == "-" else 1)
    if minutes is not None:
        return pc.subtract(local, pa.scalar(minutes * 60_000_000, pa.duration("us")))
    if declared is None or declared not in zoneinfo.available_timezones():
        raise UsageError(
            Bilingual(
                ja=f"ログの時刻の時間帯 {zone} は、略称だけではどの地域のものか決められません。",
                en=f"the log's times are in zone {zone}, and an abbreviation does not say which region's",
            ),
            where=where,
            remedy=Bilingual(
                ja="サーバーの時間帯を --time-zone Asia/Tokyo のように指定してください。",
                en="declare the server's zone, such as --time-zone America/New_York",
            ),
        )
    aware = pc.assume_timezone(local, declared, ambiguous="earliest", nonexistent="earliest")
    return pc.cast(pc.cast(aware, pa.timestamp("us", "UTC")), pa.timestamp("us"), safe=False)
