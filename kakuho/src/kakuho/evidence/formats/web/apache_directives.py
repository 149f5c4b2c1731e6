"""Apache's log directives (mod_log_config, mod_logio): how each is read."""

from __future__ import annotations

import re

from kakuho.evidence.formats.web.fields import Field

DIRECTIVE = re.compile(
    r"%(?P<condition>!?\d{3}(?:,\d{3})*)?(?P<which>[<>])?(?:\{(?P<argument>[^}]*)\})?(?P<letter>\^[A-Za-z]{2}|[A-Za-z])"
)

_PLAIN: dict[str, Field] = {
    "h": Field("text", "src_ip", "remote_host"),
    "a": Field("text", "src_ip", "client_ip"),
    "A": Field("text", name="local_ip"),
    "l": Field("text", name="ident"),
    "u": Field("text", "user_name", "user", is_spaced=True),
    "t": Field("clf_time", "time", "time"),
    "r": Field("request"),
    "m": Field("text", "method", "method"),
    "U": Field("text", "url_path", "path"),
    "q": Field("query"),
    "H": Field("protocol", "http_version", "protocol"),
    "s": Field("status", "status", "status"),
    "b": Field("number", "bytes_out", "body_bytes"),
    "B": Field("number", "bytes_out", "body_bytes"),
    "O": Field("number", "bytes_out", "bytes_sent"),
    "I": Field("number", "bytes_in", "bytes_received"),
    "S": Field("number", name="bytes_transferred"),
    "D": Field("microseconds", "duration_us", "duration"),
    "T": Field("seconds", "duration_us", "duration_seconds"),
    "v": Field("text", "host", "server_name"),
    "V": Field("text", "host", "canonical_server_name"),
    "p": Field("number", name="dst_port"),
    "f": Field("text", name="file", is_spaced=True),
    "k": Field("text", name="keepalive_requests"),
    "L": Field("text", name="log_id"),
    "P": Field("text", name="pid"),
    "R": Field("text", name="handler"),
    "X": Field("text", name="connection_status"),
}
SERVER_NAME, SERVER_PORT, PATH, QUERY = (_PLAIN[letter] for letter in "vpUq")
_REQUEST_HEADERS: dict[str, Field] = {
    "referer": Field("text", "referrer", "referer"),
    "user-agent": Field("text", "user_agent", "user_agent"),
    "x-forwarded-for": Field("text", "forwarded_for", "x_forwarded_for", is_listed=True),
    "host": Field("text", "host", "host_header"),
}
_OF_THE_CONNECTION: dict[tuple[str, str], Field] = {
    ("a", "c"): Field("text", name="peer_ip"),
    ("p", "remote"): Field("port", "src_port", "src_port"),
    ("P", "tid"): Field("text", name="thread"),
}
_KINDS_OF_ARGUMENTS = {"i": "request_header", "o": "response_header", "C": "cookie", "e": "environment", "n": "note"}
_TIMES: dict[str, Field] = {
    "": Field("clf_time", "time", "time"),
    "sec": Field("epoch_seconds", "time", "time"),
    "msec": Field("epoch_milliseconds", "time", "time"),
    "usec": Field("epoch_microseconds", "time", "time"),
    "msec_frac": Field("fraction_milliseconds"),
    "usec_frac": Field("fraction_microseconds"),
    "%s": Field("epoch_seconds", "time", "time"),
}
_DURATIONS = {"us": "microseconds", "ms": "milliseconds", "s": "seconds"}


def directive(found: re.Match[str]) -> Field | None:
    """How a directive is read; None for one that Apache does not know."""
    letter, argument = found["letter"], found["argument"]
    if argument is None or letter in {"p", "P", "a"}:
        if (letter, argument) in _OF_THE_CONNECTION:
            return _OF_THE_CONNECTION[letter, argument]
        return _PLAIN.get(letter)
    if letter == "t":
        return _time(argument)
    if letter == "T":
        kind = _DURATIONS.get(argument)
        return None if kind is None else Field(kind, "duration_us", "duration")
    if letter == "i" and argument.lower() in _REQUEST_HEADERS:
        return _REQUEST_HEADERS[argument.lower()]
    if letter in _KINDS_OF_ARGUMENTS:
        return Field("text", name=f"{_KINDS_OF_ARGUMENTS[letter]}.{argument.lower()}", is_spaced=True)
    return Field("text", name=argument)


def _time(argument: str) -> Field:
    """``%{…}t``: the beginning of the request unless ``end:`` says otherwise."""
    when, colon, setting = argument.partition(":")
    setting = setting if colon and when in {"begin", "end"} else argument
    known = _TIMES.get(setting)
    if known is not None:
        return known
    return Field("strftime", "time", "time", is_spaced=True, setting=setting)
