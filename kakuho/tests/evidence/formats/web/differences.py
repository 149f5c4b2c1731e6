"""Where we differ on purpose from what other projects expect of their samples: which field, how, and why.

A difference that is not here fails, and so does one that is here and no longer occurs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote


@dataclass(frozen=True)
class Difference:
    """A field of some formats for which ``holds(theirs, ours)`` tells that it is this difference."""

    formats: tuple[str, ...]
    field: str
    why: str
    holds: Callable[[Any, Any], bool]


DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        ("access_log",),
        "user_name",
        "- means that there is no user: null, no user called -",
        lambda w, o: (w, o) == ("-", None),
    ),
    Difference(("access_log",), "referrer", "- means that there is no referrer", lambda w, o: (w, o) == ("-", None)),
    Difference(("access_log",), "user_agent", "- means that there is no agent", lambda w, o: (w, o) == ("-", None)),
    Difference(
        ("access_log",),
        "url_path",
        "paths stay as they were sent: decoding once would hide what was encoded twice",
        lambda w, o: o is not None and "%" in o and unquote(o) == w,
    ),
    Difference(
        ("access_log", "w3c_log", "modsecurity_json_log"),
        "url_query",
        "queries stay as they were sent, percent-encoded",
        lambda w, o: (
            (o is not None and "%" in o and unquote(o) == w) or (o or "").replace("%27", "'").replace("%3D", "=") == w
        ),
    ),
    Difference(
        ("w3c_log",),
        "url_query",
        "+ in a query is what the client sent, or a blank that IIS replaced: it cannot be told, so it stays",
        lambda w, o: o is not None and "%" not in o and o.replace("+", " ") == w,
    ),
    Difference(
        ("access_log",),
        "src_ip",
        "what X-Forwarded-For says is the client's word (forwarded_for); src_ip is the peer that the server saw",
        lambda w, o: (
            w
            in {
                "10.0.0.2",
                "175.16.199.1",
                "2a02:cf40:10ff:f00f:0000:0000:0:8000",
                "2a02:cf40:add:4002:91f2:a9b2:e09a:6fc6",
            }
        ),
    ),
    Difference(
        ("w3c_log", "httperr_log"),
        "src_ip",
        "the zone of an IPv6 address (%0) is no part of the address: it is kept in unmapped",
        lambda w, o: w == f"{o}%{w.rpartition('%')[2]}",
    ),
    Difference(
        ("w3c_log",),
        "src_ip",
        "the sample was mangled into Markdown links; a log is read as it stands",
        lambda w, o: o == f"[{w}](http://{w})",
    ),
    Difference(
        ("w3c_log",),
        "referrer",
        "a host (cs-host) that upstream's pattern takes for the referrer: the sample has no #Fields",
        lambda w, o: (o is None and "acxiom" in w) or w in {"example.com", "itweb.acx.co"},
    ),
    Difference(
        ("apache_error_log",),
        "message",
        "the source file and the client stand before the message, in fields of their own",
        lambda w, o: w.startswith("mod_rewrite.c(470): [client ") and w.endswith(o),
    ),
    Difference(
        ("haproxy_log",),
        "time",
        "a stamp without a year: its year follows from when the file was last written",
        lambda w, o: (w.month, w.day, w.time()) == (o.month, o.day, o.time()),
    ),
    Difference(
        ("modsecurity_json_log",),
        "user_name",
        "upstream takes the user from a header of its own application, which the client can send as it likes",
        lambda w, o: (w, o) == ("wildDogOne", None),
    ),
)
