"""One clock for every process of a drill: simulated time = real time + an offset kept in one small file.

libfaketime is preloaded into PostgreSQL and the web server and reads the offset at every look at the clock; the drill
reads the same number. Time flows naturally between two jumps. A jump forward is made only while no request is in
flight, so that no duration is stretched and no two logs disagree. Nothing of this is handed to kakuho.

libfaketime keeps what it read in static variables without a lock, and Python looks at the clock in several threads at
once (while it waits for its lock). Three things make that harmless: the offset is in whole seconds, so that adding it
never carries; the file has no line end, so that equal readings are equal to the byte; and `threads_at_rest` must hold
before a jump, so that no thread is left holding what it read before.
"""

import importlib.util
import math
import os
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

_PACKAGE = importlib.util.find_spec("libfaketime")  # found, never imported: it is GPL, and a program beside the drill
LIBRARY = Path((_PACKAGE and _PACKAGE.origin) or "").parent / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"


class ClockError(RuntimeError):
    """The mapped clock cannot be trusted, so no drill can be run on it."""


class MappedClock:
    """The simulated clock; `offset_file` must lie in a folder that every user on this machine may enter."""

    def __init__(self, offset_file: Path, start: datetime) -> None:
        if not LIBRARY.is_file():
            raise ClockError(f"{LIBRARY.name} is missing beside the libfaketime package: run `make setup` again")
        self.offset_file = offset_file
        self.offset_seconds = 0
        self._write(math.ceil(start.timestamp() - time.time()))

    def now(self) -> datetime:
        """The simulated moment, in UTC."""
        return datetime.fromtimestamp(time.time() + self.offset_seconds, UTC)

    def jump_to(self, moment: datetime) -> None:
        """Set the clock forward to `moment`, or less than a second after it; a past moment leaves it alone."""
        ahead = math.ceil((moment - self.now()).total_seconds())
        if ahead > 0:
            self._write(self.offset_seconds + ahead)

    def environment(self) -> dict[str, str]:
        """What a child process needs in its environment to live on this clock."""
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self.offset_file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def _write(self, offset_seconds: int) -> None:
        """Replace the file in one step: a reader sees the old offset or the new one, never half of one.

        Its mode is 644, since PostgreSQL runs as another user when the drill runs as root.
        """
        fresh = self.offset_file.with_suffix(".new")
        fresh.write_text(f"{offset_seconds:+d}", encoding="ascii")
        fresh.chmod(0o644)
        os.replace(fresh, self.offset_file)  # noqa: PTH105 (the atomicity is the point)
        self.offset_seconds = offset_seconds


def threads_at_rest(process_ids: Iterable[int]) -> bool:
    """Whether every thread of these processes sleeps, and none ran between two looks at it."""
    ids = tuple(process_ids)
    first = _thread_states(ids)
    return all(state == "S" for state, _ in first.values()) and first == _thread_states(ids)


def _thread_states(process_ids: Iterable[int]) -> dict[str, tuple[str, str]]:
    """Thread → its state's letter and how often it has been switched off the processor (proc(5))."""
    states = {}
    for process_id in process_ids:
        for thread in Path(f"/proc/{process_id}/task").iterdir():
            try:
                fields = dict(line.split(":", 1) for line in (thread / "status").read_text().splitlines())
            except FileNotFoundError:
                continue  # it has ended meanwhile
            states[thread.name] = (fields["State"].split()[0], fields["voluntary_ctxt_switches"].strip())
    return states
