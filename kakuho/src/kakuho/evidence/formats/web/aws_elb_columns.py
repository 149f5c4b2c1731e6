"""The regular lines of AWS load balancers, all at once: nothing escaped, a URL with a host, the columns of today.

For the Application Load Balancer these are the columns that there are since 2020, with the last one that came in 2023
or without it; for the classic one those up to the protocol.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.columns import each, given, json_objects, json_texts, numbers, strings
from kakuho.evidence.formats.web.by_columns import Read, at_second, by_pattern
from kakuho.evidence.formats.web.fields import HOST, UNMAPPED, Event, Reading, microseconds_of, read_field
from kakuho.evidence.formats.web.times import iso_time

FURTHER = [
    "tls_cipher",
    "tls_protocol",
    "target_group",
    "trace_id",
    "sni",
    "certificate",
    "rule_priority",
    "start_time",
    "actions",
    "redirect_url",
    "error_reason",
    "targets",
    "target_statuses",
    "classification",
    "classification_reason",
    "connection_trace_id",
]
"""The columns after the agent."""
_WORD = r"([!#-\[\]-~]+)"
_QUOTED = r'"([^"\\\x00-\x1f\ud800-\udfff]*)"'
_TIME_TAKEN = r"(-1|\d{1,6}\.\d{3})"
_REGULAR = re.compile(
    r"(?:(https?|h2|grpcs|wss?) )?([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8})\.([0-9]{6})Z "
    + rf"{_WORD} ([0-9.]{{2,39}}):([0-9]{{1,5}}) {_WORD} {_TIME_TAKEN} {_TIME_TAKEN} {_TIME_TAKEN}"
    + rf" ([0-9]{{3}}|-) {_WORD} ([0-9]{{1,18}}) ([0-9]{{1,18}})"
    + r' "([A-Z]+) (?:https?|wss?|h2)://([^/?#"\s\\\ud800-\udfff-][^/?#"\s\\\ud800-\udfff]{0,254})'
    + r'([^"?\s\\\ud800-\udfff]*)(?:\?([^"\s\\\ud800-\udfff]*))? HTTP/([0-9](?:\.[0-9])?)"'
    + rf' "([^"\\\x00-\x1f\ud800-\udfff]+)" {_WORD} {_WORD}'
    + rf"(?: {_WORD} {_QUOTED} {_QUOTED} {_QUOTED} {_WORD} {_WORD}{7 * f' {_QUOTED}'}(?: {_WORD})?)?"
)
_NOTHING = Reading()


def regular_lines(texts: Sequence[str]) -> list[Read]:
    """The indices of the regular lines and their columns of ``http_activity``."""
    taken, groups = by_pattern(texts, _REGULAR)
    if not taken:
        return []
    kind, second, microsecond, balancer, address, port, target, *times = groups[:10]
    status, target_status, bytes_in, bytes_out, method, netloc, path, query, version, agent, *further = groups[10:]
    seconds, ports = each(second, _utc, pa.int64()), numbers(port)
    seconds = pc.if_else(pc.less(ports, 65536), seconds, pa.scalar(None, pa.int64()))
    before, between, after = (each(time, _taken, pa.int64()) for time in times)
    hosts = strings(netloc).dictionary_encode()
    read = [_host_of(text) for text in hosts.dictionary.to_pylist()]
    paths, queries = strings(path), strings(query)
    is_root = pc.and_(pc.equal(paths, ""), pc.is_null(queries))
    columns = {
        "time": at_second(seconds, numbers(microsecond)),
        "duration_us": pc.add(pc.add(before, between), after),
        "user_agent": given(strings(agent)),
        "status": numbers(given(strings(status))),
        "bytes_in": numbers(bytes_in),
        "bytes_out": numbers(bytes_out),
        "src_ip": strings(address),
        "src_port": ports,
        "method": strings(method),
        "http_version": strings(version),
        "host": pa.array([one[0] for one in read], pa.string()).take(hosts.indices),
        "url_path": pc.if_else(is_root, "/", paths),
        "url_query": queries,
    }
    told = dict(zip(FURTHER, further, strict=True))
    told |= {"balancer": balancer, "target": target, "target_status": target_status, "type": kind}
    rest = {name: json_texts(given(strings(values))) for name, values in told.items()}
    rest["dst_port"] = pa.array([one[1] for one in read], pa.string()).take(hosts.indices)
    return [(taken, columns | {"unmapped": json_objects(rest, len(taken))})]


def _utc(second: str) -> int | None:
    return iso_time(f"{second}Z")


def _taken(text: str) -> int | None:
    return microseconds_of(text, 1_000_000)


def _host_of(netloc: str) -> tuple[str | None, str | None]:
    """The host and the port of a URL, as :func:`read_field` reads them; the port in digits."""
    event: Event = {}
    read_field(event, HOST, netloc, _NOTHING)
    port = event.get(UNMAPPED, {}).get("dst_port")
    return event.get("host"), None if port is None else str(port)
