"""Runs everybody's steps in simulated time: what overlaps in the plan overlaps on the wire.

A visit is a generator: each turn makes a request or two and yields how long its person then pauses. Steps that are
due run side by side in threads; the clock is set forward only when nothing is in flight and all logs are written.
"""

import heapq
import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from drills.clock import MappedClock

Steps = Iterator[float]  # each item: seconds of pause before the next step
_LANES = 6


@dataclass(order=True)
class _Due:
    at: datetime
    order: int
    steps: Steps = field(compare=False)


class Schedule:
    """A queue of steps by simulated time; `settled` returns once the servers have logged all that was answered."""

    def __init__(self, clock: MappedClock, settled: Callable[[], None], passed: Callable[[datetime], None]) -> None:
        self._clock, self._settled, self._passed = clock, settled, passed
        self._queue: list[_Due] = []
        self._order = itertools.count()

    def add(self, at: datetime, steps: Steps) -> None:
        heapq.heappush(self._queue, _Due(at, next(self._order), steps))

    def run(self) -> None:
        """Work until nobody has anything left to do; a step's error, or an interruption, ends it all at once."""
        pool = ThreadPoolExecutor(_LANES)
        in_flight: dict[Future[float | None], _Due] = {}
        try:
            while self._queue or in_flight:
                self._start_what_is_due(pool, in_flight)
                if in_flight:
                    self._collect(in_flight)
                else:
                    self._settled()
                    self._clock.jump_to(self._queue[0].at)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # what is still under way ends with the programs it talks to

    def _start_what_is_due(self, pool: ThreadPoolExecutor, in_flight: dict[Future[float | None], _Due]) -> None:
        now = self._clock.now()
        self._passed(now)
        while self._queue and self._queue[0].at <= now and len(in_flight) < _LANES:
            due = heapq.heappop(self._queue)
            in_flight[pool.submit(next, due.steps, None)] = due

    def _collect(self, in_flight: dict[Future[float | None], _Due]) -> None:
        patience = None
        if self._queue and len(in_flight) < _LANES:
            patience = max(0.001, (self._queue[0].at - self._clock.now()).total_seconds())
        done, _ = wait(in_flight, timeout=patience, return_when=FIRST_COMPLETED)
        for future in done:
            due = in_flight.pop(future)
            pause = future.result()
            if pause is not None:
                self.add(self._clock.now() + timedelta(seconds=pause), due.steps)
