"""Stages: what each step read and wrote, so that it runs again only when something changed.

A stage writes into a temporary folder beside the lake's tables. Once complete, the folder is marked as decided by one
rename, its files are moved to their places and the record ``lake/stages/<name>.json`` is written. A kill -9 before
the mark leaves the old files; one after it is finished by whoever opens the case next
(:func:`finish_interrupted_moves`). Records hold hashes only, no clock times: the same inputs give the same bytes.
``seal`` in a record is the SHA-256 of the rest of it, so that a record, like what it names, shows any change
(:func:`read_sound_record`).

    stage = Stage(case.directory, "detection")
    inputs = stage.inputs(files=[case.lake / "http_activity.parquet"], parameters={"threshold": 20})
    if not stage.is_current(inputs):
        with stage.writing(inputs) as folder:
            ...  # write folder / "findings.parquet"
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kakuho.case.files import sha256_of, sync_directory, write_atomically

Hashes = Mapping[str, Any]
_WRITING = ".writing"
_DECIDED = ".decided"
_MOVES = "moves.json"


class Stage:
    """One named step of the work in the case at ``directory``."""

    def __init__(self, directory: Path, name: str) -> None:
        self.directory = directory
        self.name = name
        self.lake = directory / "lake"
        self.record_path = self.lake / "stages" / f"{name}.json"

    def inputs(self, *, files: Iterable[Path], parameters: Mapping[str, Any] | None = None) -> Hashes:
        """What this run reads: each file by its hash (null where it does not exist), and the parameters."""
        hashes = {str(path.relative_to(self.directory)): sha256_of(path) if path.exists() else None for path in files}
        return {"files": dict(sorted(hashes.items())), "parameters": dict(parameters or {})}

    def is_current(self, inputs: Hashes) -> bool:
        """True where the last run read the same and what it wrote is still there, unchanged."""
        record = self.record()
        if record is None or record["inputs"] != json.loads(json.dumps(inputs)):
            return False
        written: dict[str, str] = record["outputs"]
        places = {self.directory / name: sha256 for name, sha256 in written.items()}
        return all(path.exists() and sha256_of(path) == sha256 for path, sha256 in places.items())

    def record(self) -> dict[str, Any] | None:
        """The record of the last finished run, or None."""
        try:
            record: dict[str, Any] = json.loads(self.record_path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return record

    @contextmanager
    def writing(self, inputs: Hashes, *, destination: Path | None = None) -> Iterator[Path]:
        """A folder to write into; on a clean end all of it takes its place under ``destination`` (the lake).

        Files that the last run wrote and this one did not are removed. After an exception nothing has changed.
        """
        folder = self.lake / _WRITING / self.name
        shutil.rmtree(folder, ignore_errors=True)
        files = folder / "files"
        files.mkdir(parents=True)
        try:
            yield files
            self._decide(folder, inputs, destination or self.lake)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            with suppress(OSError):
                folder.parent.rmdir()
        finish_interrupted_moves(self.lake)

    def _decide(self, folder: Path, inputs: Hashes, destination: Path) -> None:
        target = destination.relative_to(self.directory)
        written = sorted(path for path in (folder / "files").rglob("*") if path.is_file())
        outputs = {str(target / path.relative_to(folder / "files")): sha256_of(path) for path in written}
        before = self.record()
        record = {"stage": self.name, "inputs": inputs, "outputs": outputs}
        moves = {
            "target": str(target),
            "record": record,
            "remove": sorted(set(before["outputs"] if before else {}) - set(outputs)),
        }
        write_atomically(folder / _MOVES, json.dumps(moves, ensure_ascii=False).encode())
        for path in written:
            with path.open("rb") as file:
                os.fsync(file.fileno())
        decided = self.lake / _DECIDED / self.name
        decided.parent.mkdir(exist_ok=True)
        folder.rename(decided)
        sync_directory(decided.parent)


def read_sound_record(path: Path) -> dict[str, Any]:
    """A stage's record whose every byte is what :class:`Stage` wrote; raises ValueError where it is not.

    Records of earlier versions have no ``seal``.
    """
    content = path.read_bytes()
    record = json.loads(content)
    if not isinstance(record, dict) or record.keys() - {"seal"} != {"inputs", "outputs", "stage"}:
        raise ValueError("not a stage's record")
    unsealed = {key: value for key, value in record.items() if key != "seal"}
    if content not in (_record_text(unsealed), _record_text(_sealed(unsealed))) or record["stage"] != path.stem:
        raise ValueError("not what the stage wrote")
    return record


def _sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    return {**record, "seal": hashlib.sha256(_record_text(record)).hexdigest()}


def _record_text(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def finish_interrupted_moves(lake: Path) -> None:
    """Finish the moves of stages that were decided but not yet moved; processes take turns."""
    decided = lake / _DECIDED
    if not decided.exists():
        return
    lock = os.open(decided, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for folder in sorted(decided.iterdir()):
            _move_into_place(folder, lake)
    finally:
        os.close(lock)


def _move_into_place(folder: Path, lake: Path) -> None:
    directory = lake.parent
    moves = json.loads((folder / _MOVES).read_text(encoding="utf-8"))
    for path in sorted(path for path in (folder / "files").rglob("*") if path.is_file()):
        place = directory / moves["target"] / path.relative_to(folder / "files")
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
    for name in moves["remove"]:
        (directory / name).unlink(missing_ok=True)
    record = moves["record"]
    record_path = lake / "stages" / f"{record['stage']}.json"
    record_path.parent.mkdir(exist_ok=True)
    write_atomically(record_path, _record_text(_sealed(record)))
    shutil.rmtree(folder)
