"""Files on their way into a case: copied, hashed, and remembered, so that an interrupted intake reads nothing twice.

A copy is always made, never a link: what is done to the original later does not reach the case. Copies lie in
``evidence/.incoming/`` under their hash until the whole call is sealed; ``copied.jsonl`` there notes each finished one
with the original's path, size, time and inode.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

from kakuho.errors import UsageError
from kakuho.evidence.finding import Found, unreadable
from kakuho.language import Bilingual

FOLDER = ".incoming"
_NOTES = "copied.jsonl"
_COPY_BYTES = 1 << 20
"""Small enough to be hashed and written while it is still in the processor's cache."""


@dataclass(frozen=True)
class Copied:
    """A copied file: its hash and size, when the original was last written, and whether it changed meanwhile."""

    sha256: str
    size: int
    modified: datetime
    changed_meanwhile: bool


class Incoming:
    """The folder of copies under way."""

    def __init__(self, evidence: Path) -> None:
        self.folder = evidence / FOLDER
        self.folder.mkdir(exist_ok=True)
        self._known = self._read_notes()
        self._buffers = (memoryview(bytearray(_COPY_BYTES)), memoryview(bytearray(_COPY_BYTES)))

    def take(self, one: Found, step: Callable[[int], None]) -> Copied:
        """Copy a file, unless an interrupted call already did. Raises UsageError where it cannot be read."""
        try:
            descriptor = os.open(one.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise unreadable(one.path, error) from None
        with open(descriptor, "rb", buffering=0) as original:  # noqa: PTH123 - an opened descriptor, checked below
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise _changed_into_something_else(one.path)
            known = self._known.get(_identity(one.path, before))
            if known is not None and (self.folder / known.sha256).exists():
                step(known.size)
                return known
            copied = self._copy(one, original, before, step)
        self._note(one.path, before, copied)
        return copied

    def path(self, copied: Copied) -> Path:
        """Where the copy lies."""
        return self.folder / copied.sha256

    def clear(self) -> None:
        """Remove the folder and what is left in it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _copy(self, one: Found, original: Any, before: os.stat_result, step: Callable[[int], None]) -> Copied:
        digest, size = hashlib.sha256(), 0
        temporary = self.folder / ".copying"
        with temporary.open("wb") as file, ThreadPoolExecutor(1) as beside:
            hashed: Future[None] | None = None
            for part in self._parts(original, one.path):
                if hashed is not None:
                    hashed.result()
                hashed = beside.submit(digest.update, part)
                file.write(part)
                size += len(part)
                step(len(part))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.folder / digest.hexdigest())
        after = os.fstat(original.fileno())
        changed = (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or size != after.st_size
        modified = datetime.fromtimestamp(int(before.st_mtime), UTC)
        return Copied(digest.hexdigest(), size, modified, changed)

    def _parts(self, original: Any, path: Path) -> Iterator[memoryview]:
        """The file's bytes in order. A part stays as it is until the one after the next is asked for."""
        for buffer in cycle(self._buffers):
            part = buffer[: _read(original, buffer, path)]
            if not part:
                return
            yield part

    def _note(self, path: Path, before: os.stat_result, copied: Copied) -> None:
        note = {
            "identity": _identity(path, before),
            "sha256": copied.sha256,
            "size": copied.size,
            "modified": copied.modified.isoformat(),
            "changed_meanwhile": copied.changed_meanwhile,
        }
        with (self.folder / _NOTES).open("a", encoding="utf-8") as file:
            file.write(json.dumps(note) + "\n")

    def _read_notes(self) -> dict[str, Copied]:
        known: dict[str, Copied] = {}
        try:
            lines = (self.folder / _NOTES).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return known
        for line in lines:
            try:
                note = json.loads(line)
                modified = datetime.fromisoformat(note["modified"])
                known[note["identity"]] = Copied(note["sha256"], note["size"], modified, note["changed_meanwhile"])
            except (ValueError, KeyError):
                continue
        return known


def _identity(path: Path, status: os.stat_result) -> str:
    return f"{path.absolute()} {status.st_dev}:{status.st_ino} {status.st_size} {status.st_mtime_ns}"


def _read(original: Any, buffer: memoryview, path: Path) -> int:
    try:
        count: int = original.readinto(buffer)
    except OSError as error:
        raise unreadable(path, error) from None
    return count


def _changed_into_something_else(path: Path) -> UsageError:
    return UsageError(
        Bilingual(ja="通常のファイルではなくなりました。", en="it is no regular file any more"),
        where=str(path),
        remedy=Bilingual(
            ja="原本を誰かが操作していないか確かめてください。", en="find out who is at work on the original"
        ),
    )
