"""The regular lines of AWS load balancers, all at once: printable ASCII without a backslash, a URL with a host.

Where blanks and quotes stand tells the columns. The Application Load Balancer has 24 quotes since 2020, and since 2023
a column after the last of them; the classic one has four.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.formats.blocks import BYTE_ORDER_MARK, LineBlock
from kakuho.evidence.formats.columns import as_mask, each, given, json_objects, json_texts, strings
from kakuho.evidence.formats.web.by_columns import Read, at_second
from kakuho.evidence.formats.web.fields import HOST, UNMAPPED, Event, Reading, microseconds_of, read_field
from kakuho.evidence.formats.web.positions import MARGIN, Bytes, Mask, Places, blanks
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
_BEGIN = (
    *("time", "balancer", "client", "target", "took_before", "took_between", "took_after"),
    *("status", "target_status", "bytes_in", "bytes_out"),
)


@dataclass(frozen=True)
class _Shape:
    """The words of the stretches before, between and after the quoted columns, and the names of these."""

    words: tuple[tuple[str, ...], ...]
    quoted: tuple[str, ...]


_SHAPES = (
    _Shape(
        (
            ("type", *_BEGIN),
            (),
            ("tls_cipher", "tls_protocol", "target_group"),
            (),
            (),
            ("rule_priority", "start_time"),
            *[()] * 6,
        ),
        (
            "request",
            "agent",
            "trace_id",
            "sni",
            "certificate",
            "actions",
            "redirect_url",
            "error_reason",
            "targets",
            "target_statuses",
            "classification",
            "classification_reason",
        ),
    ),
    _Shape((tuple(_BEGIN), ()), ("request", "agent")),
)
_LAST = {24: ("connection_trace_id",), 4: ("tls_cipher", "tls_protocol")}
_TYPES = frozenset({"http", "https", "h2", "grpcs", "ws", "wss"})
_SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", re.ASCII)
_CLIENT = r"^[0-9.]{2,39}:[0-9]{1,5}$"
_REQUEST = re.compile(
    r"([A-Z]+) (?:https?|wss?|h2)://([^/?# -][^/?# ]{0,254})((?:[/#][^? ]*)?)(?:\?([^ ]*))? HTTP/([0-9](?:\.[0-9])?)"
)
_LONGEST_STRETCH = 400
_STAMP_WIDTH = len("2025-03-19T00:00:01.123456Z")
_NOTHING = Reading()
_NO_NUMBER = pa.scalar(None, pa.int64())

Spans = dict[str, tuple[Places, Places]]


def regular_lines(block: LineBlock) -> list[Read]:
    """The indices of the regular lines and their columns of ``http_activity``."""
    data = Bytes(block.data + bytes(MARGIN))
    array = data.array[: len(block.data)]
    starts, ends = block.starts[:-1], block.starts[1:] - 1
    if not block.data.endswith(b"\n"):
        starts, ends = starts[:-1], ends[:-1]
    if not len(starts):
        return []
    odd = np.flatnonzero((array < ord(" ")) | (array > ord("~")) | (array == ord("\\")))
    odd = odd[array[odd] != ord("\n")]
    sound = np.ones(len(starts), np.bool_)
    marked = np.searchsorted(starts, odd, "right") - 1
    sound[marked[marked < len(sound)]] = False
    if block.byte_offset == 0 and block.data.startswith(BYTE_ORDER_MARK):
        sound[:1] = False
    quotes = np.flatnonzero(array == ord('"'))
    firsts = np.searchsorted(quotes, starts)
    counts = np.searchsorted(quotes, ends) - firsts
    found = []
    for shape in _SHAPES:
        rows = np.flatnonzero(sound & (counts == 2 * len(shape.quoted)))
        if len(rows):
            places = quotes[firsts[rows][:, None] + np.arange(2 * len(shape.quoted))]
            spans, regular = _spans(data, shape, starts[rows], ends[rows], places)
            if regular.any():
                kept = {name: (begin[regular], end[regular]) for name, (begin, end) in spans.items()}
                found.append(_columns(data, kept, rows[regular]))
    return found


def _spans(data: Bytes, shape: _Shape, starts: Places, ends: Places, quotes: Places) -> tuple[Spans, Mask]:
    """Where each column lies, and which lines have all of them, with one blank between two."""
    regular = np.ones(len(starts), np.bool_)
    spans: Spans = {}
    begin = starts
    for index, (name, words) in enumerate(zip(shape.quoted, shape.words, strict=True)):
        quote, after = quotes[:, 2 * index], quotes[:, 2 * index + 1]
        if index:
            regular &= _is(data, begin, " ")
            begin = begin + 1
        _add_words(data, words, begin, quote, spans, regular)
        spans[name] = quote + 1, after
        begin = after + 1
    last = _LAST[quotes.shape[1]]
    has_last = ends > begin
    if len(last) > 1 or has_last.any():
        regular &= _is(data, begin, " ") | ((len(last) == 1) & ~has_last)
        after_blank = np.minimum(begin + 1, ends)
        places, has_all = blanks(*_window(data, after_blank, ends, regular), len(last) - 1)
        regular &= (has_all & (ends > after_blank)) | ((len(last) == 1) & ~has_last)
        _note(last, after_blank, places, ends, spans, regular, may_be_empty=len(last) == 1)
    return spans, regular


def _is(data: Bytes, places: Places, sign: str) -> Mask:
    """Whether a sign stands at each place."""
    return np.equal(data.array[places], ord(sign))


def _window(
    data: Bytes, begin: Places, end: Places, regular: Mask
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.uint8]], Places]:
    regular &= (end >= begin) & (end - begin <= _LONGEST_STRETCH)
    lengths = np.where(regular, end - begin, 0)
    return data.windows(begin, max(int(lengths.max(initial=1)), 1)), lengths


def _add_words(data: Bytes, words: tuple[str, ...], begin: Places, end: Places, spans: Spans, regular: Mask) -> None:
    """Words each of which has a blank behind it."""
    if not words:
        regular &= begin == end
        return
    places, has_all = blanks(*_window(data, begin, end, regular), len(words))
    regular &= has_all & _is(data, np.maximum(end - 1, 0), " ")
    _note(words, begin, places[:, :-1], end - 1, spans, regular, may_be_empty=False)


def _note(
    names: tuple[str, ...],
    begin: Places,
    places: Places,
    end: Places,
    spans: Spans,
    regular: Mask,
    *,
    may_be_empty: bool,
) -> None:
    froms = [begin, *(begin + places[:, index] + 1 for index in range(len(names) - 1))]
    tos = [*(begin + places[:, index] for index in range(len(names) - 1)), end]
    for name, start, stop in zip(names, froms, tos, strict=True):
        if not may_be_empty:
            regular &= stop > start
        spans[name] = start, np.maximum(stop, start)


def _columns(data: Bytes, spans: Spans, rows: Places) -> Read:
    texts = {name: data.strings(*span) for name, span in spans.items() if name not in {"bytes_in", "bytes_out", "time"}}
    regular = np.ones(len(rows), np.bool_)
    begin, end = spans["time"]
    regular &= end - begin == _STAMP_WIDTH
    regular &= _is(data, begin + 19, ".") & _is(data, begin + 26, "Z")
    microseconds, are_digits = data.numbers(begin + 20, np.maximum(begin + 26, begin))
    seconds = each(data.strings(begin, np.minimum(begin + 19, end)), _utc, pa.int64())
    sizes = [data.numbers(*spans[name]) for name in ("bytes_in", "bytes_out")]
    regular &= are_digits & sizes[0][1] & sizes[1][1]
    status = given(texts.pop("status"))
    is_status = pc.match_substring_regex(status, "^[0-9]{3}$")
    client = texts.pop("client")
    regular &= as_mask(pc.match_substring_regex(client, _CLIENT)) & as_mask(pc.fill_null(is_status, True))
    colon = pc.find_substring(client, ":").to_numpy()
    from_, to = spans["client"]
    port_at = np.minimum(from_ + colon + 1, to)
    ports, _ = data.numbers(port_at, to)
    regular &= ports < 65536
    if "type" in texts:
        regular &= as_mask(each(texts["type"], lambda kind: kind in _TYPES, pa.bool_()))
    requests = [_REQUEST.fullmatch(text) for text in texts.pop("request").to_pylist()]
    regular &= np.array([one is not None for one in requests], np.bool_)
    groups = [one.groups() if one is not None else (None,) * 5 for one in requests]
    method, netloc, path, query, version = zip(*groups, strict=True)
    hosts = strings(netloc).dictionary_encode()
    read = [_host_of(text) for text in hosts.dictionary.to_pylist()]
    paths, queries = strings(path), strings(query)
    is_root = pc.and_(pc.equal(paths, ""), pc.is_null(queries))
    before, between, after = (
        each(texts.pop(name), _taken, pa.int64()) for name in ("took_before", "took_between", "took_after")
    )
    columns = {
        "time": at_second(pc.if_else(pa.array(regular), seconds, _NO_NUMBER), pa.array(microseconds)),
        "duration_us": pc.add(pc.add(before, between), after),
        "user_agent": given(texts.pop("agent")),
        "status": pc.if_else(is_status, status, pa.scalar(None, pa.string())).cast(pa.int64()),
        "bytes_in": pa.array(sizes[0][0]),
        "bytes_out": pa.array(sizes[1][0]),
        "src_ip": data.strings(from_, np.maximum(port_at - 1, from_)),
        "src_port": pa.array(ports),
        "method": strings(method),
        "http_version": strings(version),
        "host": pa.array([one[0] for one in read], pa.string()).take(hosts.indices),
        "url_path": pc.if_else(is_root, "/", paths),
        "url_query": queries,
    }
    rest = {name: json_texts(given(values)) for name, values in texts.items()}
    rest["dst_port"] = pa.array([one[1] for one in read], pa.string()).take(hosts.indices)
    return rows, columns | {"unmapped": json_objects(rest, len(rows))}


def _utc(second: str) -> int | None:
    return iso_time(f"{second}Z") if _SECOND.fullmatch(second) else None


def _taken(text: str) -> int | None:
    return microseconds_of(text, 1_000_000)


def _host_of(netloc: str) -> tuple[str | None, str | None]:
    """The host and the port of a URL, as :func:`read_field` reads them; the port in digits."""
    event: Event = {}
    read_field(event, HOST, netloc, _NOTHING)
    port = event.get(UNMAPPED, {}).get("dst_port")
    return event.get("host"), None if port is None else str(port)
