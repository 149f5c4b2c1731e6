"""The columns of W3C extended logs: how each is read, and the sets that IIS writes by itself."""

from __future__ import annotations

from collections.abc import Callable

from kakuho.evidence.formats.web.fields import Event, microseconds_of
from kakuho.evidence.formats.web.requests import http_version, split_absolute_url

Read = Callable[[Event, str], None]


def _text(column: str) -> Read:
    def read(event: Event, text: str) -> None:
        event[column] = text

    return read


def _number(column: str, most_digits: int = 18) -> Read:
    def read(event: Event, text: str) -> None:
        if not (text.isascii() and text.isdigit() and len(text) <= most_digits):
            raise ValueError(column)
        event[column] = int(text)

    return read


def _agent(event: Event, text: str) -> None:
    event["user_agent"] = text.replace("+", " ") if " " not in text and "%20" not in text else text


def _version(event: Event, text: str) -> None:
    event["http_version"] = http_version(text)


def _time_taken(event: Event, text: str) -> None:
    value = microseconds_of(text, 1_000_000 if "." in text else 1000)
    if value is None:
        raise ValueError("time-taken")
    event["duration_us"] = value


def _uri(event: Event, text: str) -> None:
    event.update({key: value for key, value in split_absolute_url(text).items() if value is not None})


def _address(event: Event, text: str) -> None:
    """An address; the zone of an IPv6 address (``::1%0``) is the server's own affair."""
    address, mark, zone = text.partition("%")
    event["src_ip"] = address
    if mark:
        event["unmapped"]["src_zone"] = zone


COLUMNS: dict[str, Read] = {
    "c-ip": _address,
    "c-port": _number("src_port", 5),
    "cs-username": _text("user_name"),
    "cs-method": _text("method"),
    "cs-uri-stem": _text("url_path"),
    "cs-uri-query": _text("url_query"),
    "cs-uri": _uri,
    "cs-version": _version,
    "cs-protocol-version": _version,
    "cs-host": _text("host"),
    "cs(host)": _text("host"),
    "x-host-header": _text("host"),
    "cs(user-agent)": _agent,
    "cs(referer)": _text("referrer"),
    "sc-status": _number("status", 3),
    "sc-bytes": _number("bytes_out"),
    "cs-bytes": _number("bytes_in"),
    "time-taken": _time_taken,
    "x-forwarded-for": _text("forwarded_for"),
}

_IIS_7 = (
    "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(user-agent) sc-status sc-substatus"
    " sc-win32-status time-taken"
)
_IIS_8 = _IIS_7.replace("cs(user-agent)", "cs(user-agent) cs(referer)")
_ALL = (
    "date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs-version"
    " cs(user-agent) cs(cookie) cs(referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken"
)
_HTTPERR = "date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename"
_WITH_HOST = _IIS_8.replace("cs(referer)", "cs(referer) cs-host")
_NO_SERVER = _ALL.replace(" s-computername s-ip", "").replace(" cs-version", "")
_NO_COOKIE = _ALL.replace(" s-computername", "").replace(" cs(cookie)", "")
_SETS = (
    _HTTPERR,
    _IIS_7,
    _IIS_8,
    f"{_IIS_8} x-forwarded-for",
    _WITH_HOST,
    _NO_SERVER,
    _NO_COOKIE,
    _ALL,
    f"{_ALL} x-forwarded-for",
)


def usual_sets(columns: int) -> tuple[tuple[str, ...], ...]:
    """The usual sets of so many columns."""
    return tuple(tuple(names.split()) for names in _SETS if len(names.split()) == columns)
