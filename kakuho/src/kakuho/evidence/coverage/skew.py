"""How far the clocks of two logs of one system are apart, measured from what both saw.

A request leaves a line in the access log, statements in the database log, an event in the ledger, within moments of
each other. So the events a second of two logs, less their own average over ten minutes around (which takes day and
night out), correlate at one lag: the offset between their clocks. It is searched :data:`FARTHEST` seconds to either
side, so that a wrong time zone shows as well, by fast Fourier transform over at most :data:`LONGEST` seconds that both
cover; then refined to microseconds by the median of the differences between nearest events.

A peak counts where it stands out from all other lags (by :data:`LEAST_SCORE` robust standard deviations, and at least
:data:`LEAST_PARTNERS` events meet), and no other lag comes near it (jobs of every minute in both logs meet at every
minute). Stamps of whole seconds count as the middle of their second. What is measured includes how long a request takes
from one log to the other. It is told and never applied: a person declares a clock's offset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb
import numpy as np

from kakuho.evidence.coverage.rhythm import Floats, Integers
from kakuho.evidence.coverage.source import EVENT_TABLES, CoveredSource, rows_of

FARTHEST = 15 * 3600
LONGEST = (1 << 20) - 2 * FARTHEST
LEAST_SCORE = 12.0
LEAST_EVENTS, LEAST_PARTNERS = 30, 15
MOST_LOGS = 6
_MOST_REFINED = 200_000
_AVERAGED = 300
_NEAR = 2
_RIVAL = 0.6


@dataclass(frozen=True)
class Offset:
    """``offset_us``: how far a log's clock is ahead of that of the source called ``against``; ``confidence``: 0 to 1.

    The confidence is the correlation at that offset: 1 where every event of either log has its partner in the other.
    """

    offset_us: int
    against: str
    confidence: float


def offsets_of(
    connection: duckdb.DuckDBPyConnection,
    records: Sequence[Sequence[CoveredSource]],
    spans: dict[int, tuple[int, int]],
) -> dict[int, Offset]:
    """For each source its clock's offset against the log that it agrees with best. ``records``: logs of all roles."""
    logs = [(record, _span(record, spans)) for record in records if any(one.source_id in spans for one in record)]
    longest = sorted(logs, key=lambda log: (log[1][0] - log[1][1], log[0][0].source_id))[:MOST_LOGS]
    found: dict[int, Offset] = {}
    for (one, of_one), (other, of_other) in combinations(sorted(longest, key=lambda log: log[0][0].source_id), 2):
        start, end = max(of_one[0], of_other[0]) // 1_000_000, min(of_one[1], of_other[1]) // 1_000_000 + 1
        measured = _measured(connection, one, other, start, min(end, start + LONGEST))
        if measured is None:
            continue
        offset, confidence = measured
        for record, partner, sign in ((one, other, 1), (other, one, -1)):
            for source in record:
                known = found.get(source.source_id)
                if source.source_id in spans and (known is None or known.confidence < confidence):
                    found[source.source_id] = Offset(sign * offset, partner[0].name, confidence)
    return found


def _span(record: Sequence[CoveredSource], spans: dict[int, tuple[int, int]]) -> tuple[int, int]:
    present = [spans[one.source_id] for one in record if one.source_id in spans]
    return min(first for first, _ in present), max(last for _, last in present)


def _measured(
    connection: duckdb.DuckDBPyConnection,
    one: Sequence[CoveredSource],
    other: Sequence[CoveredSource],
    start: int,
    end: int,
) -> tuple[int, float] | None:
    """Offset (microseconds) of the first log against the second, and the correlation; seconds ``start`` to ``end``.

    The second log is read :data:`FARTHEST` beyond, where its events may lie that belong to these.
    """
    if end <= start:
        return None
    first = _seconds(connection, one, start, end)
    second = _seconds(connection, other, start - FARTHEST, end + FARTHEST)
    if min(first.sum(), second.sum()) < LEAST_EVENTS:
        return None
    found = peak(first, second)
    if found is None:
        return None
    lag, confidence = found
    nearby = np.maximum(first, second[FARTHEST + lag :][: len(first)])
    until = start + int(np.searchsorted(np.cumsum(nearby), _MOST_REFINED)) + 1
    ours = _times(connection, one, start, until)
    theirs = _times(connection, other, start + lag - _NEAR, until + lag + _NEAR)
    return refined(ours, theirs, -lag * 1_000_000), confidence


def peak(first: Floats, second: Floats) -> tuple[int, float] | None:
    """The lag (seconds) by which ``second`` is later than ``first``, and the correlation there; None if none is clear.

    Both hold events of each second; ``second`` reaches :data:`FARTHEST` further to either side.
    """
    seconds = np.sqrt(float(np.count_nonzero(first)) * np.count_nonzero(second))
    first, second = _detrended(np.log1p(first)), _detrended(np.log1p(second))
    size = 1 << (len(second) - 1).bit_length()
    transformed = np.fft.rfft(second, size) * np.conj(np.fft.rfft(first, size))
    products = np.fft.irfft(transformed, size)[: 2 * FARTHEST + 1]
    energy = np.concatenate([[0.0], np.cumsum(second**2)])
    norm = np.sqrt((first**2).sum() * (energy[len(first) :][: len(products)] - energy[: len(products)]))
    correlation = np.divide(products, norm, out=np.zeros_like(products), where=norm > 0)
    smooth = np.convolve(correlation, np.ones(3), mode="same")
    best = int(np.argmax(smooth))
    spread = 1.4826 * float(np.median(np.abs(smooth - np.median(smooth)))) + 1e-12
    rivals = smooth.copy()
    rivals[max(best - 5, 0) : best + 6] = 0
    if smooth[best] < LEAST_SCORE * spread or rivals.max() > _RIVAL * smooth[best]:
        return None
    if smooth[best] * seconds < LEAST_PARTNERS:
        return None
    return best - FARTHEST, min(1.0, float(smooth[best]))


def refined(first: Integers, second: Integers, offset: int) -> int:
    """The offset to the microsecond: the median difference between nearest events once ``offset`` is taken off."""
    if len(second) < 2:
        return offset
    shifted = first - offset
    after = np.clip(np.searchsorted(second, shifted), 1, len(second) - 1)
    nearest = np.where(shifted - second[after - 1] < second[after] - shifted, second[after - 1], second[after])
    differences = shifted - nearest
    near = differences[np.abs(differences) <= _NEAR * 1_000_000]
    return offset + (int(np.median(near)) if len(near) else 0)


def _times(connection: duckdb.DuckDBPyConnection, record: Sequence[CoveredSource], start: int, end: int) -> Integers:
    """The distinct times of a log's events in order, microseconds; whole-second stamps moved to the middle."""
    rows = rows_of(record, EVENT_TABLES, "epoch_us(time) AS time")
    if rows is None:
        return np.zeros(0, np.int64)
    within = f"time >= {start * 1_000_000} AND time < {end * 1_000_000}"
    found = connection.sql(f"SELECT DISTINCT time FROM ({rows}) WHERE {within} ORDER BY time").fetchnumpy()
    times = np.asarray(found["time"], np.int64)
    return times + 500_000 if not np.any(times % 1_000_000) else times


def _seconds(connection: duckdb.DuckDBPyConnection, record: Sequence[CoveredSource], start: int, end: int) -> Floats:
    """How many events a log has in each second from ``start`` to ``end``."""
    result: Floats = np.zeros(end - start)
    rows = rows_of(record, EVENT_TABLES, "epoch_us(time) // 1000000 AS second")
    if rows is not None:
        within = f"second >= {start} AND second < {end}"
        query = f"SELECT second, count(*) AS events FROM ({rows}) WHERE {within} GROUP BY second"
        found = connection.sql(query).fetchnumpy()
        result[np.asarray(found["second"], np.int64) - start] = found["events"]
    return result


def _detrended(values: Floats) -> Floats:
    """Less the average of ten minutes around."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    index = np.arange(len(values))
    low, high = np.maximum(index - _AVERAGED, 0), np.minimum(index + _AVERAGED + 1, len(values))
    result: Floats = values - (total[high] - total[low]) / (high - low)
    return result
