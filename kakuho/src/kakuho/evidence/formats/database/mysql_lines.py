"""What the logs of MySQL, MariaDB and Percona Server have in common: their text, times and server headers.

Old times (``161209 14:37:59``, ``2019-10-16 17:24:15``) are in the server's zone, which has to be declared; those with
``Z`` or a number say theirs. Text is UTF-8 or in the declared encoding; what is neither is kept as ``\\xNN``, for
these servers write a statement's bytes as they came.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Iterator

from kakuho.errors import UsageError
from kakuho.evidence.content import Content
from kakuho.evidence.formats.base import Part
from kakuho.evidence.formats.blocks import BLOCK_BYTES, LineBlock, line_blocks
from kakuho.evidence.formats.time_zones import time_zones
from kakuho.language import Bilingual

OLD_TIME = r"\d{6} [ \d]\d:\d{2}:\d{2}"
ISO_TIME = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})"
_NUMBERS = re.compile(
    r"(?P<year>\d{4}|\d{2})-?(?P<month>\d{2})-?(?P<day>\d{2})[T ](?P<hour>[ \d]\d):(?P<minute>\d{2}):(?P<second>\d{2})"
    r"(?:[.,](?P<fraction>\d{1,6}))?(?: ?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2}))?"
)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_MOST_KEPT = 100_000

HEADER = re.compile(
    r"(?:\S.{0,400}, Version: .{1,400}started with:|Tcp port: ?\d* .{0,20}Unix socket:.{0,400}"
    r"|Time[ \t]{1,20}Id Command[ \t]{1,10}Argument)\s{0,3}"
)
"""The three lines that a server writes when it opens a log."""


def texts(block: LineBlock, encoding: str | None, part: Part) -> list[str]:
    """Each line without its end; counts those that are not UTF-8 where no encoding was declared."""
    if block.is_utf8:
        lines = block.data.decode("utf-8").split("\n")[: len(block)]
        lines = [line.removesuffix("\r") for line in lines] if "\r" in block.data.decode("utf-8") else lines
    else:
        lines = [_text(line, encoding, part) for _, _, line in block.lines()]
    if lines and block.byte_offset == 0:
        lines[0] = lines[0].removeprefix("\ufeff")
    return lines


def _text(line: bytes, encoding: str | None, part: Part) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        if encoding is None:
            part.facts["lines_not_utf8"] = part.facts.get("lines_not_utf8", 0) + 1
        return line.decode(encoding or "utf-8", "backslashreplace")


class Times:
    """Log times to UTC microseconds, each second worked out once."""

    def __init__(self, time_zone: str | None, where: str) -> None:
        self._zone = time_zone
        self._where = where
        self._known: dict[str, int | None] = {}

    def of(self, stamp: str) -> int | None:
        """Microseconds since 1970 UTC; None for what is no time. Raises UsageError for an undeclared zone."""
        if stamp[19:20] == ".":
            zone = stamp[20:].lstrip("0123456789")
            fraction = stamp[20 : len(stamp) - len(zone)]
            second = self._of_second(stamp[:19] + zone) if 0 < len(fraction) <= 6 else None
            if second is not None:
                return second + int(fraction.ljust(6, "0"))
        return self._of_second(stamp)

    def _of_second(self, stamp: str) -> int | None:
        if stamp not in self._known:
            if len(self._known) > _MOST_KEPT:
                self._known.clear()
            self._known[stamp] = self._read(stamp)
        return self._known[stamp]

    def _read(self, stamp: str) -> int | None:
        found = _NUMBERS.fullmatch(stamp)
        if found is None:
            return None
        year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
        fraction = int((found["fraction"] or "").ljust(6, "0"))
        zone = self._zone_of(found["zone"])
        try:
            day = dt.datetime(year, int(found["month"]), int(found["day"]), tzinfo=zone)
            hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"])
            return (day.replace(hour=hour, minute=minute, second=second, microsecond=fraction) - _EPOCH) // _MICROSECOND
        except (ValueError, OverflowError):
            return None

    def _zone_of(self, written: str | None) -> dt.tzinfo:
        if written in {"Z", "UTC"}:
            return dt.UTC
        if written is not None:
            minutes = int(written[1:3]) * 60 + int(written[-2:])
            if minutes >= 24 * 60:
                return dt.UTC
            return dt.timezone(dt.timedelta(minutes=-minutes if written[0] == "-" else minutes))
        if self._zone is None or self._zone not in time_zones():
            raise UsageError(
                Bilingual(
                    ja="ログの時刻に時間帯が書かれていません（サーバーの時間帯で書かれます）。",
                    en="the log's times say no zone: they are in the server's",
                ),
                where=self._where,
                remedy=Bilingual(
                    ja="サーバーの時間帯を --time-zone Asia/Tokyo のように指定してください。",
                    en="declare the server's zone, such as --time-zone Asia/Tokyo",
                ),
            )
        return zoneinfo.ZoneInfo(self._zone)


def blocks_cut_before(content: Content, begins: re.Pattern[bytes]) -> Iterator[LineBlock]:
    """Blocks that end where a line begins that matches ``begins``, so that no record lies in two of them."""
    rest, offset, line = b"", 0, 1
    for block in line_blocks(content):
        data = rest + block.data
        cut = _last_begin(data, begins)
        if not cut and len(data) > 4 * BLOCK_BYTES:
            cut = len(data)
        if cut:
            whole = LineBlock(data[:cut], offset, line)
            yield whole
            offset, line = offset + cut, line + whole.line_ends
        rest = data[cut:]
    if rest:
        yield LineBlock(rest, offset, line)


def _last_begin(data: bytes, begins: re.Pattern[bytes]) -> int:
    end = len(data)
    while end > 0:
        begin = data.rfind(b"\n", 0, end - 1) + 1
        if begins.match(data, begin, end):
            return begin
        end = begin
    return 0
