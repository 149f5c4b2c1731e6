"""The layouts of access logs that need no configuration to be read.

Each is written as nginx or Apache would be told; the remote log name is ``-``, as practically always.
"""

from __future__ import annotations

from collections.abc import Iterable

from kakuho.evidence.formats.web.configured import compiled
from kakuho.evidence.formats.web.fields import Field
from kakuho.evidence.formats.web.pattern import Pattern, literal_ident

_DURATION = Field("duration", "duration_us", "duration")
_HOST = Field("host", "host", "host")
_FORWARDED = Field("text", "forwarded_for", "x_forwarded_for", is_listed=True)

_COMMON = literal_ident(compiled('%h %l %u %t "%r" %>s %b'))
_COMBINED = literal_ident(compiled('%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"'))
_INGRESS = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"'
    " $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr"
    " $upstream_response_length $upstream_response_time $upstream_status $req_id"
)


def _layouts() -> Iterable[Pattern]:
    plain = [
        _COMMON.then("common"),
        _COMMON.then("common with duration", " ", _DURATION),
        _COMBINED.then("combined"),
        _COMBINED.then("combined with duration", " ", _DURATION),
        _COMBINED.then("combined with X-Forwarded-For", ' "', _FORWARDED, '"'),
        _COMBINED.then("combined with X-Forwarded-For and duration", ' "', _FORWARDED, '" ', _DURATION),
    ]
    yield from plain
    for pattern in plain:
        yield pattern.after(f"vhost {pattern.name}", _HOST, " ")
    ingress = compiled(_INGRESS)
    yield Pattern("nginx ingress controller", ingress.pieces)
    request_log = compiled('%t %h %{SSL_PROTOCOL}x %{SSL_CIPHER}x "%r" %b')
    yield Pattern("ssl_request_log", request_log.pieces)


LAYOUTS: dict[str, Pattern] = {pattern.name: pattern for pattern in _layouts()}
"""By name, in the order in which a line is tried by them."""
