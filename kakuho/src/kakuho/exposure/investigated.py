"""What the investigation hands over, as this room reads it (``lake/investigation.json``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kakuho.errors import KakuhoError


@dataclass(frozen=True)
class PathState:
    id: str
    state: str
    start: datetime | None
    end: datetime | None
    basis: str
    decided_by: str


@dataclass(frozen=True)
class Investigated:
    """``delimited`` false: no indicator tells the intruder apart. Times are UTC without a zone, as in the lake."""

    delimited: bool
    first: datetime | None
    last: datetime | None
    start_established: bool
    accounts_known: bool
    compromised: tuple[str, ...]
    paths: tuple[PathState, ...]
    raw: dict[str, Any]

    def state_of(self, path: str) -> PathState:
        """The state of an access path; one that nobody decided on is open."""
        undecided = PathState(path, "open", None, None, "undecided", "rule")
        return next((state for state in self.paths if state.id == path), undecided)


def read_investigation(path: Path) -> Investigated:
    if not path.exists():
        raise KakuhoError(
            "this case has not been investigated yet", where=str(path), remedy="run `kakuho investigate` first"
        )
    return investigated_of(json.loads(path.read_text(encoding="utf-8")))


def investigated_of(raw: dict[str, Any]) -> Investigated:
    """The same from what the file holds."""
    window = raw.get("window") or {}
    paths = tuple(
        PathState(
            id=entry["id"],
            state=entry["state"],
            start=_time(entry.get("from")),
            end=_time(entry.get("to")),
            basis=entry.get("basis", ""),
            decided_by=entry.get("decided_by", ""),
        )
        for entry in raw.get("paths", ())
    )
    return Investigated(
        delimited=bool(raw.get("delimited")),
        first=_time(window.get("first")),
        last=_time(window.get("last")),
        start_established=bool(window.get("start_established")),
        accounts_known=bool(raw.get("compromised_accounts_known")),
        compromised=tuple(sorted({a["subject"] for a in raw.get("compromised_accounts", ()) if a.get("subject")})),
        paths=paths,
        raw=raw,
    )


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    time = datetime.fromisoformat(text)
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
