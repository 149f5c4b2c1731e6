"""Taking evidence in: every file is copied, sealed by its SHA-256, identified, parsed and entered in the journal.

All or nothing: the files of one call are copied and parsed first; only when all of them are understood are they moved
to ``evidence/<sha256>`` and recorded. A refused file leaves the case as it was. A copy is always made, never a link:
what is done to the original later does not reach the case.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kakuho.case import Case
from kakuho.case.files import sync_directory
from kakuho.case.verify import SEALED_ACT
from kakuho.errors import UsageError
from kakuho.evidence.identification import identify
from kakuho.evidence.parsing import parse, parsing_inputs, parsing_stage
from kakuho.evidence.progress import Advance, ByteProgress
from kakuho.evidence.sealed import SealedSource, sealed_sources
from kakuho.evidence.update import bring_up_to_date
from kakuho.language import Bilingual

BELONGS_ELSEWHERE = {"inventory.yaml", "inventory.yml", "responder.toml"}
_INCOMING = ".incoming"
_COPY_BYTES = 4 << 20


@dataclass(frozen=True)
class Found:
    """A file to take in, and its name: relative to the folder that was given, or its own."""

    path: Path
    name: str


@dataclass
class Intake:
    """What came of one call."""

    added: list[SealedSource] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def add_evidence(
    case: Case,
    paths: Sequence[Path],
    *,
    format_name: str | None = None,
    time_zone: str | None = None,
    advance: Advance = lambda done, total: None,
) -> Intake:
    """Seal and parse files, and folders with all that is in them; then bring the lake's tables up to date."""
    found, left_out = find_files(paths)
    intake = Intake(left_out=left_out)
    total = sum(one.path.stat().st_size for one in found) * 2
    progress = ByteProgress(advance, total)
    with case.lock():
        incoming = case.evidence / _INCOMING
        shutil.rmtree(incoming, ignore_errors=True)
        try:
            incoming.mkdir()
            _take_in(case, found, intake, incoming, progress, format_name, time_zone)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
        bring_up_to_date(case)
    return intake


def find_files(paths: Sequence[Path]) -> tuple[list[Found], list[str]]:
    """The files under ``paths``; inventories and responder files inside folders are left out and named."""
    found: list[Found] = []
    left_out: list[str] = []
    for path in paths:
        for one in _walk(path, path, top=True):
            if one.path != path and one.path.name in BELONGS_ELSEWHERE:
                left_out.append(one.name)
            else:
                found.append(one)
    return found, left_out


def _walk(path: Path, given: Path, *, top: bool = False) -> list[Found]:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            inside = [one for child in sorted(path.iterdir()) for one in _walk(child, given)]
            if top and not inside:
                raise _refusal(
                    path,
                    Bilingual(ja="フォルダーにファイルがありません。", en="the folder holds no file"),
                    Bilingual(
                        ja="証拠のあるフォルダーを指定してください。", en="name the folder that holds the evidence"
                    ),
                )
            return inside
        if not stat.S_ISREG(mode):
            raise _refusal(
                path,
                Bilingual(ja="通常のファイルではありません。", en="not a regular file"),
                Bilingual(ja="ファイルにコピーしてから指定してください。", en="copy its content to a file first"),
            )
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise _refusal(
            path,
            Bilingual(ja="ファイルがありません。", en="there is no such file"),
            Bilingual(ja="名前と場所を確かめてください。", en="check its name and place"),
        ) from None
    except OSError as error:
        raise _unreadable(path, error) from None
    return [Found(path, path.name if top else path.relative_to(given).as_posix())]


def _take_in(
    case: Case,
    found: Sequence[Found],
    intake: Intake,
    incoming: Path,
    progress: ByteProgress,
    format_name: str | None,
    time_zone: str | None,
) -> None:
    sealed = {source.sha256 for source in sealed_sources(case)}
    ready: list[tuple[SealedSource, Path, dict[str, Any]]] = []
    with ExitStack() as parsing:
        for number, one in enumerate(found):
            copy = incoming / str(number)
            sha256 = _copy(one, copy, progress)
            if sha256 in sealed:
                intake.known.append(one.name)
                continue
            sealed.add(sha256)
            known = identify(copy, one.name, format_name)
            source = SealedSource(sha256, one.name, copy.stat().st_size, known.name, known.role, time_zone)
            folder = parsing.enter_context(
                parsing_stage(case, source).writing(
                    parsing_inputs(source), destination=case.lake / "parsed" / sha256[:16]
                )
            )
            parse(copy, source, folder, progress.step)
            ready.append((source, copy, _custody(source, one)))
        for source, copy, _ in ready:
            copy.chmod(0o444)
            copy.rename(source.path(case))
        sync_directory(case.evidence)
        if ready:
            case.journal.append_all([(SEALED_ACT, details) for _, _, details in ready])
        intake.added = [source for source, _, _ in ready]


def _copy(one: Found, copy: Path, progress: ByteProgress) -> str:
    """Copy a file byte by byte; returns its SHA-256."""
    digest = hashlib.sha256()
    try:
        with one.path.open("rb") as original, copy.open("xb") as file:
            while part := original.read(_COPY_BYTES):
                digest.update(part)
                file.write(part)
                progress.step(len(part))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _unreadable(one.path, error) from None
    return digest.hexdigest()


def _custody(source: SealedSource, one: Found) -> dict[str, Any]:
    modified = datetime.fromtimestamp(one.path.stat().st_mtime, UTC)
    return {
        "sha256": source.sha256,
        "name": source.name,
        "size": source.size,
        "format": source.format,
        "role": source.role,
        "time_zone": source.time_zone,
        "path": str(one.path.absolute()),
        "modified": modified.isoformat(timespec="seconds").replace("+00:00", "Z"),
    }


def _unreadable(path: Path, error: OSError) -> UsageError:
    return _refusal(
        path,
        Bilingual(ja=f"読めません（{error.strerror}）。", en=f"it cannot be read ({error.strerror})"),
        Bilingual(ja="読み取り権限と媒体の状態を確かめてください。", en="check its permissions and the medium"),
    )


def _refusal(path: Path, what: Bilingual, remedy: Bilingual) -> UsageError:
    return UsageError(what, where=str(path), remedy=remedy)
