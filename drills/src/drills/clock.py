"""One clock for every process of a drill: simulated time = real time + an offset kept in one small file.

libfaketime is preloaded into PostgreSQL and the web server and reads the offset at every look at the clock; the drill
reads the same number. Time flows naturally between two jumps. A jump forward is made only while no request is in
flight, so that no duration is stretched and no two logs disagree. Nothing of this is handed to kakuho.
"""

import importlib.util
import os
import time
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
        self.offset_seconds = 0.0
        self._write(start.timestamp() - time.time())

    def now(self) -> datetime:
        """The simulated moment, in UTC."""
        return datetime.fromtimestamp(time.time() + self.offset_seconds, UTC)

    def jump_to(self, moment: datetime) -> None:
        """Set the clock forward to `moment`; a moment that has passed leaves it alone."""
        ahead = (moment - self.now()).total_seconds()
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

    def _write(self, offset_seconds: float) -> None:
        """Replace the file in one step: a reader sees the old offset or the new one, never half of one.

        Its mode is 644, since PostgreSQL runs as another user when the drill runs as root.
        """
        text = f"{offset_seconds:+.6f}"
        fresh = self.offset_file.with_suffix(".new")
        fresh.write_text(text + "\n", encoding="ascii")
        fresh.chmod(0o644)
        os.replace(fresh, self.offset_file)  # noqa: PTH105 (the atomicity is the point)
        self.offset_seconds = float(text)
