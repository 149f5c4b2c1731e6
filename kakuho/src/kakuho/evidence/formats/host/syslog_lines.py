"""The heading of a syslog line in its three usual shapes, with or without ``<PRI>``.

- ``rfc3164``: ``Mar 19 09:00:01 host app[pid]: message`` (RFC 3164; no year, no zone; also with a year or a fraction),
- ``rfc5424``: ``1 2025-03-19T09:00:01.123+09:00 host app pid msgid [id name="value"] message`` (RFC 5424),
- ``iso8601``: ``2025-03-19T09:00:01.123456+09:00 host app[pid]: message`` (rsyslog's RSYSLOG_FileFormat).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kakuho.evidence.formats.rows_by_table import whole_number

MONTHS = {
    month: number + 1
    for number, month in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"))
}
SEVERITIES = ("emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug")
"""By the number of RFC 5424, table 2."""

FACILITIES = (
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp",
    "security", "console", "solaris-cron", "local0", "local1", "local2", "local3", "local4", "local5", "local6",
    "local7",
)  # fmt: skip
"""By the number of RFC 5424, table 1."""

_YEARLESS = re.compile(
    r"(?:<(\d{1,3})>)?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([ 0-3]?\d (?:\d{4} )?\d\d:\d\d:\d\d)"
    r"(?:\.(\d{1,9}))? (?:(\S*) )?",
    re.ASCII,
)
_ISO = re.compile(
    r"(?:<(\d{1,3})>)?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)? (\S+) ", re.ASCII
)
_NEW = re.compile(
    r"(?:<(\d{1,3})>)?1 (?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:\d\d)|-) "
    r"(\S{1,255}) (\S{1,128}) (\S{1,128}) (\S{1,128}) (?=-|\[)",
    re.ASCII,
)
_TAG = re.compile(r"([^\s\[:]{1,128})(?:\[(\d{1,10})\])?: ?", re.ASCII)
_TAG_OF_WORDS = re.compile(r"([A-Za-z][^\[\]:]{0,63})\[(\d{1,10})\]: ?", re.ASCII)
_ELEMENT = re.compile(r'\[([^ =\]"]{1,128})((?: [^ =\]"]{1,128}="(?:[^"\\\]]|\\.)*")*)\]')
_PARAMETER = re.compile(r' ([^ =\]"]{1,128})="((?:[^"\\\]]|\\.)*)"')


class SyslogLine(NamedTuple):
    """The parts of a line; ``stamp`` without fraction and zone, None where RFC 5424's is nil.

    ``month`` and ``stamp`` (``19 09:00:01``) where the date has no year and no zone, else ``month`` is None.
    """

    priority: str | None
    month: str | None
    stamp: str | None
    fraction: str | None
    zone: str | None
    host: str | None
    application: str | None
    pid: int | None
    message: str
    message_id: str | None = None
    structured: dict[str, dict[str, str]] | None = None


def parsed(line: str) -> SyslogLine | None:
    """The parts of a line; None where it is in none of the shapes."""
    first = line[line.find(">") + 1 if line[:1] == "<" else 0 :][:2]
    if first[:1].isalpha():
        found = _YEARLESS.match(line)
        if found is None:
            return None
        priority, month, stamp, fraction, host = found.groups()
        if host and (host[-1] == ":" or line.startswith(("--- last", "last message"), found.start(5))):
            application, pid, message = _tagged(line[found.start(5) :])
            host = None
        else:
            application, pid, message = _tagged(line[found.end() :])
        return SyslogLine(priority, month, stamp, fraction, None, host or None, application, pid, message)
    if first == "1 ":
        return _new(line)
    found = _ISO.match(line)
    if found is None:
        return None
    priority, stamp, fraction, zone, host = found.groups()
    return SyslogLine(priority, None, stamp, fraction, zone, host, *_tagged(line[found.end() :]))


def shape(line: str) -> str | None:
    """Which of the shapes the line has."""
    for name, pattern in (("rfc5424", _NEW), ("iso8601", _ISO), ("rfc3164", _YEARLESS)):
        if pattern.match(line):
            return name
    return None


def severity(priority: str | None) -> str | None:
    """The severity of a priority value; None where there is none or it is out of range."""
    number = int(priority) if priority else len(FACILITIES) * 8
    return SEVERITIES[number & 7] if number < len(FACILITIES) * 8 else None


def facility(priority: str | None) -> str | None:
    """The facility of a priority value; None where there is none or it is out of range."""
    number = int(priority) if priority else len(FACILITIES) * 8
    return FACILITIES[number >> 3] if number < len(FACILITIES) * 8 else None


def _tagged(text: str) -> tuple[str | None, int | None, str]:
    found = _TAG.match(text) or _TAG_OF_WORDS.match(text)
    if found is None:
        return None, None, text
    pid = found[2]
    return found[1], int(pid) if pid else None, text[found.end() :]


def _new(line: str) -> SyslogLine | None:
    found = _NEW.match(line)
    if found is None:
        return None
    priority, stamp, fraction, zone, host, application, pid, message_id = found.groups()
    structured, message = _structured(line[found.end() :])
    process = _given(pid)
    number = whole_number(process)
    if process is not None and number is None:
        structured = {**(structured or {}), "process": {"id": process}}
    return SyslogLine(
        priority, None, stamp, fraction, zone, _given(host), _given(application), number, message,
        _given(message_id), structured or None,
    )  # fmt: skip


def _structured(text: str) -> tuple[dict[str, dict[str, str]], str]:
    """The structured data at the beginning, and the message after it; where it is malformed all is the message."""
    elements: dict[str, dict[str, str]] = {}
    end = 1 if text.startswith("-") else 0
    while not text.startswith("-") and (element := _ELEMENT.match(text, end)):
        parameters = {name: _unescaped(value) for name, value in _PARAMETER.findall(element[2])}
        elements[element[1]] = elements.get(element[1], {}) | parameters
        end = element.end()
    if text[end : end + 1] not in {"", " "}:
        return {}, text
    return elements, text[end + 1 :].removeprefix("\ufeff")


def _unescaped(value: str) -> str:
    return re.sub(r'\\(["\\\]])', r"\1", value) if "\\" in value else value


def _given(text: str) -> str | None:
    return None if text == "-" else text
