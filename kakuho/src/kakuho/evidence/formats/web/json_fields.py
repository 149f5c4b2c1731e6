"""What the keys of access logs in JSON say, in lower case, and how a record becomes names and values.

Nested objects are named with points (``request.remote_ip``); a list of one (Caddy's headers) counts as its value.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from kakuho.evidence.formats.web.fields import Field, Reading
from kakuho.evidence.formats.web.nginx_variables import variable
from kakuho.evidence.formats.web.times import clf_time, epoch_time, iso_time

_DEEPEST = 6
_NESTS = {dict, list}
MOST_BYTES = 10**18 - 1
TIME = Field("time", "time", "time")
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
SECONDS = Field("seconds", "duration_us", "duration")
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
    **dict.fromkeys(("time", "time_local", "time_iso8601", "@timestamp", "timestamp", "msec", "ts", "starttime"), TIME),
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
    **dict.fromkeys(("duration", "response_time", "request_duration"), SECONDS),
    **dict.fromkeys(("referer", "referrer", "request_referer", "request.headers.referer"), _REFERRER),
    **dict.fromkeys(("agent", "useragent", "user_agent", "request_user-agent", "request.headers.user-agent"), _AGENT),
    **dict.fromkeys(("xff", "x_forwarded_for", "forwarded_for", "request_x-forwarded-for"), _FORWARDED),
    "request.headers.x-forwarded-for": _FORWARDED,
}
"""What the keys say, in lower case; nginx's own names first."""

REQUEST_KEYS = {
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
OTHER_TIMES = {"startutc", "startlocal"}
"""Traefik's, where its ``time`` is not there."""


def flat(document: dict[str, Any], prefix: str, depth: int) -> list[tuple[str, Any]]:
    """The values by their names; those of nested objects with points, a list of one as its value (Caddy's headers)."""
    if _NESTS.isdisjoint(map(type, document.values())):
        return [(prefix + name, value) for name, value in document.items()] if prefix else list(document.items())
    found: list[tuple[str, Any]] = []
    for name, value in document.items():
        if isinstance(value, list) and len(value) == 1:
            value = value[0]  # noqa: PLW2901 - Caddy's headers are lists of mostly one
        if isinstance(value, dict) and depth < _DEEPEST:
            found += flat(value, f"{prefix}{name}.", depth + 1)
        else:
            found.append((prefix + name, value))
    return found


@lru_cache(maxsize=1 << 12)
def field_of(name: str) -> tuple[str, Field | None, str, str]:
    """A key in lower case and what it says, with the kind and the column of that (none: empty)."""
    key = name.lower()
    field = KEYS.get(key)
    return key, field, field.kind if field else "", field.column if field else ""


def time_of(text: str, reading: Reading) -> int | None:
    """An ISO time, ``%t``'s, or a number since 1970 in seconds, milliseconds or microseconds by its size."""
    if text[4:5] == "-" and text[:4].isdigit():
        return iso_time(text, reading.time_zone)
    if text[:1].isdigit() and text.replace(".", "", 1).isdigit():
        digits = len(text.partition(".")[0])
        return epoch_time(text, 1_000_000 if digits <= 11 else 1000 if digits <= 14 else 1)
    if "/" in text[:6] and not text[:4].isdigit():
        return clf_time(text.strip("[]"), reading.time_zone)
    return iso_time(text, reading.time_zone)
