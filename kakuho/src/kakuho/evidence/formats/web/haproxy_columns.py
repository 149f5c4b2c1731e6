"""The regular HTTP lines of HAProxy, all at once: five timers, a path, nothing escaped, no TLS columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.columns import each, given, json_objects, json_texts, numbers, strings
from kakuho.evidence.formats.web.by_columns import Read, at_second, by_pattern
from kakuho.evidence.formats.web.times import clf_time

_WORD = r'[^"\\\x00-\x20\ud800-\udfff]'
_TIMER = r"(-1|0|[1-9]\d{0,11})"
_REGULAR = re.compile(
    r"(?:(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} +\d{1,2} \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T[-+.:0-9A-Z]{8,24}) "
    + rf"(?:({_WORD}{{1,255}}) )?haproxy\[([1-9]\d{{0,9}})\]: )?"
    + r"([0-9A-Fa-f.:]{2,45}):(\d{1,5}) \[(\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2})\.(\d{3})\]"
    + rf" ({_WORD}+) ([^\"\\\x00-\x20/\ud800-\udfff]+)/({_WORD}+) "
    + "/".join([_TIMER] * 5)
    + rf" (\d{{3}}) (\d{{1,18}}) ({_WORD}+) ({_WORD}+) ({_WORD}{{4}})"
    + r" ([\d+]{1,12}(?:/[\d+]{1,12}){4}) (\d{1,10}/\d{1,10})"
    + 2 * r'(?: \{([^}"\\\x00-\x1f\ud800-\udfff]*)\})?'
    + r' "([A-Z]+) (/[^"\\? \ud800-\udfff]*)(?:\?([^"\\ \ud800-\udfff]*))? HTTP/(\d\.\d)"',
    re.ASCII,
)
_TIMERS = ("Tq", "Tw", "Tc", "Tr", "Tt")


def regular_requests(texts: Sequence[str], time_zone: str | None) -> list[Read]:
    """The indices of the regular lines and their columns of ``http_activity``."""
    taken, groups = by_pattern(texts, _REGULAR)
    if not taken:
        return []
    name, pid, src, port, second, millisecond, frontend, backend, server = groups[:9]
    timers, (status, size, cookie_in, cookie_out, state, connections, queues) = groups[9:14], groups[14:21]
    captured_1, captured_2, method, path, query, version = groups[21:]
    seconds = each(second, lambda stamp: clf_time(stamp, time_zone), pa.int64())
    ports, taken_in_all = numbers(port), numbers(timers[-1])
    nothing = pa.scalar(None, pa.int64())
    columns = {
        "time": at_second(seconds, pc.multiply(numbers(millisecond), 1000)),
        "duration_us": pc.if_else(pc.less(taken_in_all, 0), nothing, pc.multiply(taken_in_all, 1000)),
        "src_ip": strings(src),
        "src_port": pc.if_else(pc.less(ports, 65536), ports, nothing),
        "method": strings(method),
        "url_path": strings(path),
        "url_query": strings(query),
        "http_version": strings(version),
        "status": numbers(status),
        "bytes_out": numbers(size),
    }
    told = {
        "frontend": frontend,
        "backend": backend,
        "server": server,
        "server_name": name,
        "termination_state": state,
        "connections": connections,
        "queues": queues,
        "request_cookie": cookie_in,
        "response_cookie": cookie_out,
        "captured_1": captured_1,
        "captured_2": captured_2,
    }
    rest = {key: json_texts(given(strings(values))) for key, values in told.items()}
    rest["timers"] = json_objects(dict(zip(_TIMERS, map(strings, timers), strict=True)), len(taken))
    rest["pid"] = strings(pid)
    return [(taken, columns | {"unmapped": json_objects(rest, len(taken))})]
