"""Records of nginx's error log that are about a connection, all at once: nothing escaped, no comma in the words."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa

from kakuho.evidence.formats.columns import each, given, json_objects, json_texts, numbers, strings
from kakuho.evidence.formats.web.by_columns import Read, at_second, by_pattern
from kakuho.evidence.formats.web.times import iso_time

CODE = re.compile(r"\((\d{1,5}): [^)]{1,200}\)", re.ASCII)
_PLAIN = r'[^,"\\\x00-\x1f\ud800-\udfff]*'
_QUOTED = r'[^"\\\x00-\x1f\ud800-\udfff]*'
_REGULAR = re.compile(
    r"(\d{4}/\d{2}/\d{2} \d{2}:\d{2}:\d{2}) \[([a-z]{2,8})\] (\d{1,18})#(\d{1,18}): \*(\d{1,18}) "
    r"([^,\\\x00-\x1f\ud800-\udfff]*"
    + rf", client: ({_PLAIN})(?:, server: ({_PLAIN}))?"
    + r'(?:, request: "(([A-Z]+) ([^? "\\\x00-\x1f\ud800-\udfff]+)'
    + r'(?:\?([^ "\\\x00-\x1f\ud800-\udfff]*))? HTTP/(\d\.\d))")?'
    + rf'(?:, upstream: "({_QUOTED})")?(?:, host: "({_QUOTED})")?(?:, referrer: "({_QUOTED})")?)',
    re.ASCII,
)


def regular_records(texts: Sequence[str], time_zone: str | None) -> list[Read]:
    """The indices of the regular lines and their columns of ``base_event``."""
    taken, groups = by_pattern(texts, _REGULAR)
    if not taken:
        return []
    second, level, pid, thread, connection, message, client, server, request, *parts = groups
    method, path, query, version, upstream, host, referrer = parts
    codes = [found[1] if text and "(" in text and (found := CODE.search(text)) else None for text in message]
    told = {
        "thread": thread,
        "connection": connection,
        "server": server,
        "request": request,
        "method": method,
        "url_path": path,
        "url_query": query,
        "http_version": version,
        "upstream": upstream,
        "host": host,
        "referrer": referrer,
    }
    rest = {name: json_texts(given(strings(values))) for name, values in told.items()}
    columns = {
        "time": at_second(each(second, lambda stamp: iso_time(stamp, time_zone), pa.int64()), None),
        "application": pa.array(["nginx"] * len(taken), pa.string()),
        "pid": numbers(pid),
        "severity": strings(level),
        "event_code": strings(codes),
        "src_ip": strings(client),
        "message": strings(message),
        "unmapped": json_objects(rest, len(taken)),
    }
    return [(taken, columns)]
