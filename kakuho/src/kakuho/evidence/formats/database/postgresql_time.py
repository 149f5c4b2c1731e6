"""PostgreSQL's log times: ``2026-11-23 18:55:01.123 JST``, in the zone of ``log_timezone``.

Zone abbreviations are ambiguous the world over (EST, IST, SST …). UTC, GMT and JST are taken for what they say, and so
are numbers (``+09``); for any other the zone has to be declared.

Where all stamps of a block have the same zone and width, as they nearly always do, their digits are read as a table of
bytes; any other column is taken apart by a regular expression.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.errors import UsageError
from kakuho.evidence.formats.time_zones import time_zones
from kakuho.language import Bilingual

KNOWN_ZONES = {"UTC": 0, "GMT": 0, "JST": 9 * 60}
STAMP = r"^(?P<clock>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})(?P<fraction>\.\d{3}(?:\d{3})?)? (?P<zone>[A-Za-z0-9+:-]+)$"
_NUMBER = re.compile(r"(?P<sign>[+-])(?P<hours>\d{2})(?::?(?P<minutes>\d{2}))?")
_CLOCK_WIDTH = len("2026-11-23 18:55:01")
_SHAPE = np.frombuffer(b"0000-00-00 00:00:00", np.uint8)


def times_of(stamps: pa.Array | pa.ChunkedArray, *, time_zone: str | None, where: str) -> pa.Array:
    """UTC microseconds for each stamp; null for what is no stamp. Raises UsageError for an undeclared zone."""
    if isinstance(stamps, pa.ChunkedArray):
        stamps = stamps.combine_chunks()
    uniform = _uniform(stamps)
    if uniform is not None:
        local, zone = uniform
        return _in_utc(pa.array(local, pa.timestamp("us")), zone, time_zone, where)
    return times_one_by_one(stamps, time_zone=time_zone, where=where)


def times_one_by_one(stamps: pa.Array, *, time_zone: str | None, where: str) -> pa.Array:
    """The same for stamps of several widths and zones."""
    parts = pc.extract_regex(stamps, STAMP)
    clock, fraction, zone = (pc.struct_field(parts, name) for name in ("clock", "fraction", "zone"))
    local = pc.cast(pc.strptime(clock, "%Y-%m-%d %H:%M:%S", "us", error_is_null=True), pa.timestamp("us"))
    written = pc.binary_join_element_wise(pc.if_else(pc.equal(fraction, ""), ".", fraction), "000000", "")
    microseconds = pc.cast(pc.utf8_slice_codeunits(written, 1, 7), pa.int64())
    local = pc.add(local, pc.cast(microseconds, pa.duration("us")))
    result = pa.nulls(len(stamps), pa.timestamp("us"))
    for name in pc.unique(zone).drop_null().to_pylist():
        result = pc.if_else(pc.equal(zone, name), _in_utc(local, name, time_zone, where), result)
    return result


def _uniform(stamps: pa.Array) -> tuple[npt.NDArray[np.int64], str] | None:
    """Local microseconds and the zone, where every stamp is sound and in the same zone and width."""
    count = len(stamps)
    if not count or stamps.null_count or stamps.type != pa.string():
        return None
    _, offsets, data = stamps.buffers()
    ends = np.frombuffer(offsets, np.int32, count + 1, stamps.offset * 4).astype(np.int64)
    width = int(ends[1] - ends[0])
    if data is None or width <= _CLOCK_WIDTH + 1 or (np.diff(ends) != width).any():
        return None
    table = np.frombuffer(data, np.uint8, count * width, int(ends[0])).reshape(count, width)
    has_fraction = table[0, _CLOCK_WIDTH] == ord(".")
    tail = _CLOCK_WIDTH + 4 if has_fraction else _CLOCK_WIDTH
    if tail >= width or (table[:, tail:] != table[0, tail:]).any() or table[0, tail] != ord(" "):
        return None
    zone = table[0, tail + 1 :].tobytes().decode("ascii", "replace")
    if re.fullmatch(r"[A-Za-z0-9+:-]+", zone) is None:
        return None
    local = _microseconds(table[:, :tail])
    return None if local is None else (local, zone)


def _microseconds(table: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64] | None:
    """Microseconds since 1970 for rows of ``YYYY-MM-DD hh:mm:ss[.mmm]``; None where a row is not exactly that."""
    clock = table[:, :_CLOCK_WIDTH]
    is_digit = ord("0") == _SHAPE
    digits = table - ord("0")
    if (clock[:, ~is_digit] != _SHAPE[~is_digit]).any() or (digits[:, :_CLOCK_WIDTH][:, is_digit] > 9).any():
        return None

    def number(*places: int) -> npt.NDArray[np.int64]:
        value = np.zeros(len(table), np.int64)
        for place in places:
            value = value * 10 + digits[:, place]
        return value

    year, month, day = number(0, 1, 2, 3), number(5, 6), number(8, 9)
    hour, minute, second = number(11, 12), number(14, 15), number(17, 18)
    sound = (year > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (minute < 60) & (second < 60)
    if not sound.all():
        return None
    months = (year - 1970) * 12 + month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    following = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    if (day > following - first).any():
        return None
    seconds = ((first + day - 1) * 24 + hour) * 3600 + minute * 60 + second
    if table.shape[1] == _CLOCK_WIDTH:
        return seconds * 1_000_000
    if (digits[:, _CLOCK_WIDTH + 1 :] > 9).any() or (table[:, _CLOCK_WIDTH] != ord(".")).any():
        return None
    return seconds * 1_000_000 + number(_CLOCK_WIDTH + 1, _CLOCK_WIDTH + 2, _CLOCK_WIDTH + 3) * 1000


def _in_utc(local: pa.Array, zone: str, declared: str | None, where: str) -> pa.Array:
    minutes = KNOWN_ZONES.get(zone)
    number = _NUMBER.fullmatch(zone)
    if number is not None:
        minutes = (int(number["hours"]) * 60 + int(number["minutes"] or 0)) * (-1 if number["sign"] == "-" else 1)
    if minutes is not None:
        return pc.subtract(local, pa.scalar(minutes * 60_000_000, pa.duration("us")))
    if declared is None or declared not in time_zones():
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
