"""What a field of an access log says: its column, and how its text is read.

Shared by every way that web servers write: nginx's variables, Apache's directives, keys of JSON logs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kakuho.evidence.formats.web.requests import given, http_version, split_absolute_url, split_request, split_url
from kakuho.evidence.formats.web.strftime import strftime_time
from kakuho.evidence.formats.web.times import clf_time, epoch_time, iso_time

Event = dict[str, Any]
UNMAPPED = "unmapped"
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"(\d{1,12})(?:\.(\d{1,9}))?", re.ASCII)
_LONGEST_DECIMAL = 12 + 1 + 9
_HOST_PORT = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*):(?P<port>\d{1,5})", re.ASCII)


class NotThisFieldError(ValueError):
    """The text cannot be of this field: the line is in another form."""


class NoSuchTimeError(ValueError):
    """It has the form of a time, but the calendar has no such one."""


@dataclass(frozen=True)
class Field:
    """A field: how it is read (a key of :data:`READERS`), its column or its key in ``unmapped``.

    ``is_spaced``: it may hold blanks though nothing quotes it. ``is_listed``: it may be several with ``, `` between.
    ``setting``: for times, the strftime format.
    """

    kind: str
    column: str = UNMAPPED
    name: str = ""
    is_spaced: bool = False
    is_listed: bool = False
    setting: str = ""

    @property
    def is_time(self) -> bool:
        """Whether it tells (part of) when."""
        return self.kind in TIMES


@dataclass(frozen=True)
class Reading:
    """What is declared of a log and changes how its fields are read."""

    time_zone: str | None = None
    encoding: str | None = None


Reader = Callable[[Event, Field, str, Reading], None]


def put(event: Event, field: Field, value: Any) -> None:
    """Note a value; the first field of a column wins, a later one goes to ``unmapped``."""
    if value is None:
        return
    if field.column != UNMAPPED and event.get(field.column) is None:
        event[field.column] = value
    elif field.column == UNMAPPED or event[field.column] != value:
        event.setdefault(UNMAPPED, {})[field.name] = value


def _text(event: Event, field: Field, text: str, reading: Reading) -> None:
    put(event, field, given(text))


def _number(event: Event, field: Field, text: str, reading: Reading) -> None:
    if text in {"-", ""}:
        return
    if not _NUMBER.fullmatch(text):
        raise NotThisFieldError
    put(event, field, int(text))


def _port(event: Event, field: Field, text: str, reading: Reading) -> None:
    if text in {"-", ""}:
        return
    if len(text) > 5 or not _NUMBER.fullmatch(text) or int(text) > 65535:
        raise NotThisFieldError
    put(event, field, int(text))


def _status(event: Event, field: Field, text: str, reading: Reading) -> None:
    if text in {"-", ""}:
        return
    if len(text) != 3 or not _NUMBER.fullmatch(text):
        raise NotThisFieldError
    put(event, field, int(text))


def microseconds_of(text: str, unit: int) -> int | None:
    """Whole microseconds of a decimal number of ``unit`` microseconds each, further digits cut off."""
    return _microseconds_of(text, unit) if len(text) <= _LONGEST_DECIMAL else None


@lru_cache(maxsize=1 << 12)
def _microseconds_of(text: str, unit: int) -> int | None:
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return None
    return int(found[1]) * unit + int(((found[2] or "") + "000000")[:6]) * unit // 1_000_000


def _duration(unit: int) -> Reader:
    def read(event: Event, field: Field, text: str, reading: Reading) -> None:
        if text in {"-", ""}:
            return
        value = microseconds_of(text, unit)
        if value is None:
            raise NotThisFieldError
        put(event, field, value)

    return read


def _duration_of_either_unit(event: Event, field: Field, text: str, reading: Reading) -> None:
    """Whole microseconds (``%D``), or seconds with a point (``$request_time``)."""
    _duration(1_000_000 if "." in text else 1)(event, field, text, reading)


def _time(read_time: Callable[[str, Reading], int | None]) -> Reader:
    def read(event: Event, field: Field, text: str, reading: Reading) -> None:
        time = read_time(text, reading)
        if time is None:
            raise NoSuchTimeError
        put(event, field, time)

    return read


def _strftime(event: Event, field: Field, text: str, reading: Reading) -> None:
    time = strftime_time(text, field.setting, reading.time_zone)
    if time is None:
        raise NoSuchTimeError
    put(event, field, time)


def _fraction(unit: int) -> Reader:
    """A part of a second on its own (``%{msec_frac}t``): added to the time once that is known."""

    def read(event: Event, field: Field, text: str, reading: Reading) -> None:
        if not _NUMBER.fullmatch(text):
            raise NotThisFieldError
        event["fraction"] = int(text) * unit

    return read


def _request(event: Event, field: Field, text: str, reading: Reading) -> None:
    event.update({key: value for key, value in split_request(text).items() if value is not None})


def _url(event: Event, field: Field, text: str, reading: Reading) -> None:
    if text not in {"-", ""}:
        event.update({key: value for key, value in split_url(text).items() if value is not None})


def _absolute_url(event: Event, field: Field, text: str, reading: Reading) -> None:
    parts = split_absolute_url(text)
    host = parts.pop("host", None)
    if host is not None:
        _host(event, HOST, host, reading)
    event.update({key: value for key, value in parts.items() if value is not None})


def _query(event: Event, field: Field, text: str, reading: Reading) -> None:
    """Apache's ``%q`` begins with ``?`` where there is a query; nginx's ``$args`` does not."""
    if text.startswith("?"):
        event["url_query"] = text[1:]
    elif given(text) is not None:
        event["url_query"] = text


def _protocol(event: Event, field: Field, text: str, reading: Reading) -> None:
    put(event, field, http_version(text))


def _addresses(event: Event, field: Field, text: str, reading: Reading) -> None:
    """``$proxy_add_x_forwarded_for``: what the client said, and last the peer, which alone is known."""
    said, _, peer = text.rpartition(", ")
    put(event, field, given(peer))
    if said:
        put(event, FORWARDED_FOR, said)


def _host(event: Event, field: Field, text: str, reading: Reading) -> None:
    """A host, with or without its port."""
    if ":" not in text:
        put(event, field, given(text))
        return
    found = _HOST_PORT.fullmatch(text)
    if found is None:
        put(event, field, given(text))
        return
    put(event, field, given(found["host"]))
    event.setdefault(UNMAPPED, {})["dst_port"] = int(found["port"])


def _address_port(event: Event, field: Field, text: str, reading: Reading) -> None:
    """A peer's address with its port: ``192.0.2.1:40780``, ``[2001:db8::1]:40780``."""
    address, colon, port = text.rpartition(":")
    if not colon or len(port) > 5 or not _NUMBER.fullmatch(port) or int(port) > 65535:
        put(event, field, given(text))
        return
    put(event, field, given(address.strip("[]")))
    put(event, SRC_PORT, int(port))


def _nothing(event: Event, field: Field, text: str, reading: Reading) -> None:
    return


FORWARDED_FOR = Field("text", "forwarded_for", "forwarded_for")
HOST = Field("host", "host", "host")
SRC_PORT = Field("port", "src_port", "src_port")

READERS: dict[str, Reader] = {
    "text": _text,
    "number": _number,
    "port": _port,
    "status": _status,
    "microseconds": _duration(1),
    "milliseconds": _duration(1000),
    "seconds": _duration(1_000_000),
    "duration": _duration_of_either_unit,
    "clf_time": _time(lambda text, reading: clf_time(text, reading.time_zone)),
    "iso_time": _time(lambda text, reading: iso_time(text, reading.time_zone)),
    "epoch_seconds": _time(lambda text, reading: epoch_time(text)),
    "epoch_milliseconds": _time(lambda text, reading: epoch_time(text, 1000)),
    "epoch_microseconds": _time(lambda text, reading: epoch_time(text, 1)),
    "strftime": _strftime,
    "fraction_milliseconds": _fraction(1000),
    "fraction_microseconds": _fraction(1),
    "request": _request,
    "url": _url,
    "absolute_url": _absolute_url,
    "query": _query,
    "protocol": _protocol,
    "addresses": _addresses,
    "host": _host,
    "address_port": _address_port,
    "nothing": _nothing,
}
TIMES = frozenset({"clf_time", "iso_time", "epoch_seconds", "epoch_milliseconds", "epoch_microseconds", "strftime"})


def read_field(event: Event, field: Field, text: str, reading: Reading) -> None:
    """Note what the field says. Raises NotThisFieldError or NoSuchTimeError."""
    READERS[field.kind](event, field, text, reading)
