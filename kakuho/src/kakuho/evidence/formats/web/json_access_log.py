"""Access logs of one JSON object a line: nginx with ``escape=json``, Caddy, Traefik and alike.

Which key says what is told by :data:`KEYS`; nested objects are named with points (``request.remote_ip``), and lists of
one (Caddy's headers) count as their value. Keys that are not there go to ``unmapped`` under their own name.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.web.fields import (
    UNMAPPED,
    Event,
    Field,
    NoSuchTimeError,
    NotThisFieldError,
    Reading,
    put,
    read_field,
)
from kakuho.evidence.formats.web.lines import json_object, number_text, read_block_by_lines
from kakuho.evidence.formats.web.nginx_variables import variable
from kakuho.evidence.formats.web.pattern import finished
from kakuho.evidence.formats.web.times import clf_time, epoch_time, iso_time
from kakuho.language import Bilingual

_DEEPEST = 6
_NESTS = {dict, list}
_MOST_BYTES = 10**18 - 1
_TIME = Field("time", "time", "time")
_SRC = Field("text", "src_ip", "src_ip")
_SRC_PORT = Field("port", "src_port", "src_port")
_USER = Field("text", "user_name", "user")
_HOST = Field("text", "host", "host")
_METHOD = Field("text", "method", "method")
_URL = Field("absolute_url")
_QUERY = Field("query")
_PROTOCOL = Field("protocol", "http_version", "protocol")
_STATUS = Field("status", "status", "status")
_OUT = Field("number", "bytes_out", "bytes_out")
_IN = Field("number", "bytes_in", "bytes_in")
_SECONDS = Field("seconds", "duration_us", "duration")
_REFERRER = Field("text", "referrer", "referrer")
_AGENT = Field("text", "user_agent", "user_agent")
_FORWARDED = Field("text", "forwarded_for", "forwarded_for")

_NGINX = """
remote_addr remote_port remote_user request request_method request_uri uri args query_string server_protocol
status body_bytes_sent bytes_sent request_length request_time request_body http_referer http_user_agent
http_x_forwarded_for host http_host server_name
"""
KEYS: dict[str, Field] = {
    **{name: variable(name) for name in _NGINX.split()},
    **dict.fromkeys(
        ("time", "time_local", "time_iso8601", "@timestamp", "timestamp", "msec", "ts", "starttime"), _TIME
    ),
    **dict.fromkeys(("client_ip", "clientip", "client", "remote_ip", "ip", "src_ip", "remote", "clienthost"), _SRC),
    **dict.fromkeys(("request.client_ip", "request.remote_ip"), _SRC),
    "clientaddr": Field("address_port", "src_ip", "client_address"),
    **dict.fromkeys(("client_port", "clientport", "request.remote_port"), _SRC_PORT),
    **dict.fromkeys(("user", "user_id", "clientusername"), _USER),
    **dict.fromkeys(("vhost", "domain", "requesthost", "request.host"), _HOST),
    **dict.fromkeys(("method", "verb", "requestmethod", "request.method"), _METHOD),
    **dict.fromkeys(("path", "url", "requestpath", "request.uri"), _URL),
    "query": _QUERY,
    **dict.fromkeys(("protocol", "proto", "requestprotocol", "request.proto"), _PROTOCOL),
    **dict.fromkeys(("response", "downstreamstatus"), _STATUS),
    **dict.fromkeys(("bytes", "size", "body_bytes", "downstreamcontentsize"), _OUT),
    **dict.fromkeys(("bytes_read", "bytes_received", "requestcontentsize"), _IN),
    **dict.fromkeys(("duration", "response_time", "request_duration"), _SECONDS),
    **dict.fromkeys(("referer", "referrer", "request_referer", "request.headers.referer"), _REFERRER),
    **dict.fromkeys(("agent", "useragent", "user_agent", "request_user-agent", "request.headers.user-agent"), _AGENT),
    **dict.fromkeys(("xff", "x_forwarded_for", "forwarded_for", "request_x-forwarded-for"), _FORWARDED),
    "request.headers.x-forwarded-for": _FORWARDED,
}
"""What the keys say, in lower case; nginx's own names first."""

_STATUS_KEYS = {"status", "response", "downstreamstatus"}
_REQUEST_KEYS = {
    "request",
    "request_uri",
    "uri",
    "path",
    "url",
    "requestpath",
    "request.uri",
    "request_method",
    "method",
}
_OTHER_TIMES = {"startutc", "startlocal"}
"""Traefik's, where its ``time`` is not there."""
_TIME_KEYS = {key for key, field in KEYS.items() if field is _TIME} | _OTHER_TIMES
_OTHER_FORMATS = {"event_type", "transaction", "eventversion", "audit_record", "apiversion"}


class JsonAccessLog(TextFormat):
    """Access logs in JSON."""

    name = "json_access_log"
    label = Bilingual(ja="アクセスログ（JSON）", en="access log (JSON)")
    role = "access_log"
    tables = ("http_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of first lines that are JSON with a time, a request and a status."""
        share = head.share(_is_access)
        return Recognition(share, "json", share_in_words(share, "access log (JSON)")) if share else None

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank (ignored) or rejected."""
        reading = Reading(declared.time_zone, declared.encoding)
        return read_block_by_lines(block, declared, "http_activity", lambda text: _event(text, reading), is_json=True)


def _is_access(line: bytes) -> bool:
    document = json_object(line.decode("utf-8", "backslashreplace")) if line.startswith(b"{") else None
    if document is None:
        return False
    keys = {name.lower() for name, _ in _flat(document, "", 0)}
    return bool(keys & _STATUS_KEYS and keys & _REQUEST_KEYS and keys & _TIME_KEYS and not keys & _OTHER_FORMATS)


def _flat(document: dict[str, Any], prefix: str, depth: int) -> list[tuple[str, Any]]:
    """The values by their names; those of nested objects with points, a list of one as its value (Caddy's headers)."""
    if _NESTS.isdisjoint(map(type, document.values())):
        return [(prefix + name, value) for name, value in document.items()] if prefix else list(document.items())
    flat: list[tuple[str, Any]] = []
    for name, value in document.items():
        if isinstance(value, list) and len(value) == 1:
            value = value[0]  # noqa: PLW2901 - Caddy's headers are lists of mostly one
        if isinstance(value, dict) and depth < _DEEPEST:
            flat += _flat(value, f"{prefix}{name}.", depth + 1)
        else:
            flat.append((prefix + name, value))
    return flat


@lru_cache(maxsize=1 << 12)
def _field(name: str) -> tuple[str, Field | None, str, str]:
    """A key in lower case and what it says, with the kind and the column of that (none: empty)."""
    key = name.lower()
    field = KEYS.get(key)
    return key, field, field.kind if field else "", field.column if field else ""


def _event(text: str, reading: Reading) -> Event | str:
    document = json_object(text)
    if document is None:
        return "not_json"
    in_nanoseconds = "DownstreamStatus" in document
    event: Event = {}
    rest: dict[str, Any] = {}
    other_time: Any = None
    is_request = False
    for name, value in _flat(document, "", 0):
        key, field, kind, column = _field(name)
        if not is_request and key in _REQUEST_KEYS:
            is_request = True
        if value is None or value == "":
            continue
        if field is None or isinstance(value, dict | list):
            if key in _OTHER_TIMES:
                other_time = value
            rest[name] = value
            continue
        if column not in event:
            what = type(value)
            if (
                (what is str and kind == "text" and value != "-")
                or (what is int and kind == "number" and 0 <= value <= _MOST_BYTES)
                or (what is int and kind == "status" and 100 <= value <= 999)
            ):
                event[column] = value
                continue
        try:
            if field is _TIME:
                _read_time(event, name, value, reading)
            elif field is _SECONDS and in_nanoseconds:
                put(event, field, _microseconds(value))
            else:
                read_field(event, field, value if isinstance(value, str) else number_text(value), reading)
        except (NotThisFieldError, ValueError):
            rest[name] = value
    if not is_request:
        return "field_missing"
    if "time" not in event and other_time is not None:
        event["time"] = _time(str(other_time), reading)
    if rest:
        event[UNMAPPED] = {**rest, **event.get(UNMAPPED, {})}
    return finished(event)


def _microseconds(nanoseconds: Any) -> int:
    """Traefik's durations. Raises NotThisFieldError for what cannot be one."""
    text = str(nanoseconds)
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise NotThisFieldError
    return int(text) // 1000


def _read_time(event: Event, name: str, value: Any, reading: Reading) -> None:
    time = _time(number_text(value), reading)
    if time is None:
        raise NoSuchTimeError
    if "time" in event:
        put(event, Field("time", "time", name), time)
    else:
        event["time"] = time


def _time(text: str, reading: Reading) -> int | None:
    """An ISO time, ``%t``'s, or a number since 1970 in seconds, milliseconds or microseconds by its size."""
    if text[4:5] == "-" and text[:4].isdigit():
        return iso_time(text, reading.time_zone)
    if text[:1].isdigit() and text.replace(".", "", 1).isdigit():
        digits = len(text.partition(".")[0])
        return epoch_time(text, 1_000_000 if digits <= 11 else 1000 if digits <= 14 else 1)
    if "/" in text[:6] and not text[:4].isdigit():
        return clf_time(text.strip("[]"), reading.time_zone)
    return iso_time(text, reading.time_zone)
