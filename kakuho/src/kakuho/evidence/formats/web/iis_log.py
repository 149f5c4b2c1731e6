"""IIS's own log format (not W3C): comma-separated, fifteen columns, in the server's local time.

    192.0.2.1, user, 3/19/2025, 9:00:01, W3SVC1, SERVER, 192.0.2.9, 15, 480, 910, 200, 0, GET, /path, query,

Columns (Microsoft, "IIS Log File Formats"): client, user, date (month first), time, service, server's name and address,
milliseconds taken, bytes received, bytes sent, status, Windows status, method, path, query.
Where the server's regional setting writes the day first or the year first, the year-first form is told apart; the
day-first form is not, for nothing tells it: such files have to be converted.
"""

from __future__ import annotations

import re

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.web.fields import Event
from kakuho.evidence.formats.web.lines import read_block_by_lines
from kakuho.evidence.formats.web.requests import given, unmapped
from kakuho.evidence.formats.web.times import iso_time, need_zone
from kakuho.language import Bilingual

_LINE = re.compile(
    r"""
    (?P<src_ip>[^,]+),\ (?P<user_name>[^,]*),
    \ (?:(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{2,4})|(?P<year_first>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})),
    \ (?P<clock>\d{1,2}:\d{2}:\d{2}),
    \ (?P<service>[^,]*),\ (?P<server>[^,]*),\ (?P<server_ip>[^,]*),
    \ (?P<taken>\d{1,15}),\ (?P<bytes_in>\d{1,18}),\ (?P<bytes_out>\d{1,18}),\ (?P<status>\d{3}),\ (?P<win32>\d{1,18}),
    \ (?P<method>[^,]*),\ (?P<target>.*)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)


class IisLog(TextFormat):
    """Logs in the IIS log file format."""

    name = "iis_log"
    label = Bilingual(ja="IIS 形式のログ", en="log in the IIS format")
    role = "access_log"
    tables = ("http_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of first lines with its fifteen columns."""
        share = head.share(lambda line: _LINE.fullmatch(line.decode("utf-8", "backslashreplace")))
        return Recognition(share, "", share_in_words(share, "IIS log")) if share else None

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank (ignored) or rejected."""
        need_zone(declared)
        return read_block_by_lines(block, declared, "http_activity", lambda text: _event(text, declared))


def _event(text: str, declared: Declared) -> Event | str:
    found = _LINE.fullmatch(text)
    path, comma, query = found["target"].partition(", ") if found is not None else ("", "", "")
    if found is None or not comma:
        return "not_iis"
    year, month, day = found.group(*(("year_first", "m", "d") if found["year_first"] else ("year", "month", "day")))
    full_year = int(year) + 2000 if len(year) == 2 else int(year)
    stamp = f"{full_year:04}-{int(month):02}-{int(day):02} {found['clock'].zfill(8)}"
    time = iso_time(stamp, declared.time_zone)
    if time is None:
        return "time_not_valid"
    rest = {
        "service": found["service"],
        "server": found["server"],
        "dst_ip": found["server_ip"],
        "sc-win32-status": found["win32"],
    }
    return {
        "time": time,
        "duration_us": int(found["taken"]) * 1000,
        "src_ip": given(found["src_ip"]),
        "user_name": given(found["user_name"]),
        "method": given(found["method"]),
        "url_path": given(path),
        "url_query": given(query.rstrip(" ").removesuffix(",")),
        "status": int(found["status"]),
        "bytes_in": int(found["bytes_in"]),
        "bytes_out": int(found["bytes_out"]),
        "unmapped": unmapped(rest),
    }
