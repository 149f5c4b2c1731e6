"""The head that syslog puts before a server's line: RFC 3164 (no year, no zone) or an ISO time, host, program."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from kakuho.evidence.formats.database.mysql_lines import Times

SYSLOG_HEAD = (
    r"(?:<\d{1,3}>)?(?P<syslog_time>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d{2}:\d{2}:\d{2}"
    r"|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})) (?:[^\s\[\]]{1,255} )?"
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905
_DAY = dt.timedelta(days=1)


def syslog_time(written: str, times: Times, modified: dt.datetime) -> int | None:
    """Microseconds since 1970 UTC. A time without a year is the last such time not after ``modified`` (and a day)."""
    if written[0].isdigit():
        return times.of(written)
    month = _MONTHS.index(written[:3]) + 1
    last = modified.astimezone(dt.UTC) + _DAY
    for year in range(last.year, last.year - 9, -1):
        stamp = f"{year}-{month:02}-{written[4:6].strip().zfill(2)} {written[7:]}"
        moment = times.of(stamp)
        if moment is not None and moment <= last.timestamp() * 1_000_000:
            return moment
    return None


def as_stamp(written: str, modified: dt.datetime, time_zone: str | None) -> str | None:
    """The time as a stamp in UTC with microseconds cut to milliseconds, as PostgreSQL writes it; None for no time."""
    moment = syslog_time(written, Times(time_zone, "syslog"), modified)
    if moment is None:
        return None
    when = dt.datetime.fromtimestamp(moment // 1_000_000, zoneinfo.ZoneInfo("UTC"))
    return f"{when:%Y-%m-%d %H:%M:%S}.{moment % 1_000_000 // 1000:03} UTC"
