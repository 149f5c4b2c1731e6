"""The decoder over the intruder's requests in the lake: each value with the events that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.exposure.injection.candidates import HEADERS, IN_HEADER, IN_PATH, SUSPICIOUS, candidates
from kakuho.exposure.injection.decode import decode
from kakuho.exposure.injection.results import DecodedValue, Extraction

READS = (
    "time", "source_id", "line", "byte_offset", "duration_us", "src_ip", "host", "method", "url_path", "url_query",
    "status", "bytes_out", "referrer", "user_agent", "request_body",
)  # fmt: skip
"""Columns of ``http_activity`` that the decoder and the claims read."""
_SLACK = timedelta(seconds=3)
"""Stamps are whole seconds, of a request's start or of its end."""
Event = tuple[int, int, int]
"""Source, line, byte offset."""


@dataclass(frozen=True)
class Found:
    """A value and what it rests on. ``certain``: every request behind it is certainly the intruder's.

    ``methods``: of those requests; ``first`` and ``last``: when the first of them can have begun and the last ended.
    """

    extraction: Extraction
    value: DecodedValue
    events: tuple[Event, ...]
    methods: frozenset[str]
    first: datetime
    last: datetime
    certain: bool


def decoded(requests: ir.Table) -> Iterator[Found]:
    """``requests``: the intruder's, columns ``READS`` and ``certain``. What only uncertain requests tell with the
    others is found beside what the certain ones tell alone."""
    events = _in_order(requests.select(*READS, "certain").filter(_can_carry_sql).to_pyarrow())
    certain = events.filter(events["certain"])
    yield from _of(certain, certain=True)
    if certain.num_rows < events.num_rows:
        yield from _of(events, certain=False)


def _can_carry_sql(requests: ir.Table) -> ir.BooleanValue:
    """Everything that :func:`candidates` looks into; the rest need not be brought into memory."""
    carries = requests.url_query.re_search(SUSPICIOUS) | requests.url_path.re_search(IN_PATH)
    for column in HEADERS:
        carries |= requests[column].re_search(IN_HEADER)
    found: ir.BooleanValue = carries.fill_null(False) | requests.request_body.notnull()
    return found


def _in_order(events: pa.Table) -> pa.Table:
    """Each line once, as the files were written: source after source, by when each begins."""
    begins = events.group_by("source_id").aggregate([("time", "min")])
    begins = begins.sort_by([("time_min", "ascending"), ("source_id", "ascending")])
    rank = pc.index_in(events["source_id"], begins["source_id"])
    order = pc.sort_indices(pa.table({"rank": rank, "line": events["line"]}),
                            sort_keys=[("rank", "ascending"), ("line", "ascending")])  # fmt: skip
    events = events.take(order).combine_chunks()
    source, line = (np.asarray(events[name].combine_chunks()) for name in ("source_id", "line"))
    fresh = np.concatenate(([True], (source[1:] != source[:-1]) | (line[1:] != line[:-1])))
    return events.filter(pa.array(fresh[: len(line)]))


def _of(events: pa.Table, *, certain: bool) -> Iterator[Found]:
    """Lines are numbered through all sources for the decoder; a file's own gaps between them stay."""
    if events.num_rows == 0:
        return
    numbers = _numbers(events)
    found = candidates(events.set_column(events.column_names.index("line"), "line", pa.array(numbers)))
    if found is None:
        return
    for extraction in decode(found):
        for value in extraction.values:
            rows = events.take(pa.array(np.searchsorted(numbers, value.lines)))
            taken = rows["duration_us"].fill_null(0)
            longest = timedelta(microseconds=int(pc.max(taken).as_py() or 0))
            yield Found(
                extraction,
                value,
                tuple(zip(*(rows[name].to_pylist() for name in ("source_id", "line", "byte_offset")), strict=True)),
                frozenset(rows["method"].to_pylist()),
                pc.min(rows["time"]).as_py() - longest - _SLACK,
                pc.max(rows["time"]).as_py() + longest + _SLACK,
                certain,
            )


def _numbers(events: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The lines, each source's behind those of the one before it."""
    source, line = (np.asarray(events[name].combine_chunks()).astype(np.int64) for name in ("source_id", "line"))
    new = np.flatnonzero(np.concatenate(([True], source[1:] != source[:-1])))
    base = np.zeros(len(line), np.int64)
    behind = 0
    for begin, end in zip(new.tolist(), [*new[1:].tolist(), len(line)], strict=True):
        base[begin:end] = behind
        behind += int(line[end - 1]) + 1
    return base + line
