"""The intruder's own recordings: every answer that came back, with the login that was used and the moment.

`index.jsonl` has one line an answer; the body lies beside it as `<number>.html`.
"""

import json
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import httpx

from drills.clock import MappedClock


@dataclass(frozen=True)
class Recording:
    """One answer; `login` is whom the intruder was logged in as, null before and without."""

    number: int
    time: str
    login: str | None
    method: str
    path: str
    status: int


class Recorder:
    """Writes answers into a folder as they come; used from several threads."""

    def __init__(self, folder: Path, clock: MappedClock) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._clock = folder, clock
        self._lock = threading.Lock()
        self._count = 0
        self._index = (folder / "index.jsonl").open("a", encoding="utf-8")

    def record(self, response: httpx.Response, login: str | None) -> None:
        response.read()
        with self._lock:
            self._count += 1
            request = response.request
            recording = Recording(
                self._count,
                self._clock.now().isoformat(),
                login,
                request.method,
                request.url.raw_path.decode("ascii"),
                response.status_code,
            )
            (self._folder / f"{recording.number:05d}.html").write_bytes(response.content)
            self._index.write(json.dumps(asdict(recording)) + "\n")
            self._index.flush()

    def close(self) -> None:
        self._index.close()


def recordings(folder: Path) -> Iterator[tuple[Recording, str]]:
    """Every recording of a folder with its body, in order."""
    with (folder / "index.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            recording = Recording(**json.loads(line))
            yield recording, (folder / f"{recording.number:05d}.html").read_text(encoding="utf-8")


def window(moments: list[str]) -> tuple[datetime, datetime]:
    """First and last of ISO moments."""
    ordered = sorted(datetime.fromisoformat(moment) for moment in moments)
    return ordered[0], ordered[-1]
