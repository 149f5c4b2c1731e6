"""A sealed case as one zip file: what the last manifest names, the journal up to it, and ``checkpoints/``.

The same sealed case gives the same bytes: fixed order, times, permissions; a file is deflated where its beginning
shrinks (the compressed bytes depend on the zlib at hand, what is read out of them does not). ZIP64 where it is
needed; memory does not grow with the files. The archive's comment ends with the SHA-256 of all bytes before it, so
that a flipped byte is found even where a zip reader would not look: that guards against damage; against forgery there
are the signatures.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kakuho.case import Case
from kakuho.case.files import sync_directory
from kakuho.custody.checkpoints import case_id
from kakuho.custody.contents import CHECKPOINTS, JOURNAL, Contents
from kakuho.custody.keys import SignerKey
from kakuho.custody.manifest import SealedManifest, read_manifest
from kakuho.custody.refusals import refusal
from kakuho.custody.sealing import seal
from kakuho.custody.verification import Advance
from kakuho.errors import UsageError
from kakuho.language import Bilingual

EXPORTED_ACT = "case.exported"
COMMENT = b"kakuho case export sha256:"
DIGEST_BYTES = 64
COPY_BYTES = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SAMPLE_BYTES = 1 << 16
_WORTH_DEFLATING = 0.9
_LEVEL = 6


@dataclass(frozen=True)
class Exported:
    """An archive that was written."""

    path: Path
    sha256: str
    size: int
    manifest: SealedManifest


def export_case(
    case: Case, target: Path, signer: SignerKey | None = None, advance: Advance = lambda done, total: None
) -> Exported:
    """Seal the case, write it to ``target`` (a new ``.zip``, or a folder to put one in), journal that. Needs the lock.

    Raises IntegrityError where anything of the case is wrong, UsageError where the target cannot be. The journal's
    entry about the export is not in the archive: it names the archive's hash.
    """
    target = target.absolute()
    _require_possible(case, target, target.is_dir())
    sealed = seal(case, signer, advance).manifest
    if target.is_dir():
        target = target / f"kakuho-{case_id(case.journal.entries())[:8]}-{sealed.number:03d}.zip"
        _require_possible(case, target, False)
    partial = target.with_name(f".{target.name}.partial")
    try:
        sha256 = write_archive(case, sealed, partial, advance)
        size = partial.stat().st_size
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    sync_directory(target.parent)
    details = {
        "file": target.name,
        "sha256": sha256,
        "size": size,
        "manifest": sealed.number,
        "signed": sealed.key is not None,
    }
    case.record(EXPORTED_ACT, details)
    return Exported(target, sha256, size, sealed)


def write_archive(case: Case, sealed: SealedManifest, path: Path, advance: Advance = lambda done, total: None) -> str:
    """Write the case as it was sealed; returns the file's SHA-256. Raises IntegrityError where a file changes."""
    files = read_manifest((case.directory / sealed.path).read_bytes())
    checkpoints = Contents(case.directory).under(f"{CHECKPOINTS}/")
    with zipfile.ZipFile(path, "w", compresslevel=_LEVEL) as archive:
        _add(archive, case.directory, JOURNAL, limit=_end_of_line(case.directory / JOURNAL, sealed.size))
        for name in checkpoints:
            _add(archive, case.directory, name)
        for done, (name, sha256) in enumerate(sorted(files.items())):
            advance(done, len(files))
            if _add(archive, case.directory, name) != sha256:
                raise refusal(
                    ja="書き出している間にファイルが変わりました。",
                    en="a file changed while it was exported",
                    where=name,
                    remedy=Bilingual(ja="もう一度実行してください。", en="run the command again"),
                )
        archive.comment = COMMENT + b"0" * DIGEST_BYTES
    with path.open("r+b") as file:
        digest = digest_of_archive(file.fileno(), path.stat().st_size)
        written = digest.hexdigest().encode()
        file.seek(-DIGEST_BYTES, os.SEEK_END)
        file.write(written)
        file.flush()
        os.fsync(file.fileno())
    digest.update(written)
    return digest.hexdigest()


def digest_of_archive(descriptor: int, size: int) -> hashlib._Hash:
    """SHA-256 of a file's bytes but for its last 64, which are to be this digest in hex."""
    digest, place, end = hashlib.sha256(), 0, size - DIGEST_BYTES
    while place < end:
        part = os.pread(descriptor, min(COPY_BYTES, end - place), place)
        digest.update(part)
        place += len(part)
    return digest


def _add(archive: zipfile.ZipFile, directory: Path, name: str, *, limit: int | None = None) -> str:
    """Add one file, or its first ``limit`` bytes; returns the SHA-256 of what went in."""
    path = directory / name
    size = path.stat().st_size if limit is None else limit
    info = zipfile.ZipInfo(name, _EPOCH)
    info.create_system = 3  # Unix, wherever this runs: the permissions below are read so
    info.external_attr = (0o100444 if name.startswith("evidence/") else 0o100644) << 16
    info.file_size = size
    info.compress_type = zipfile.ZIP_DEFLATED if _shrinks(path) else zipfile.ZIP_STORED
    digest = hashlib.sha256()
    with archive.open(info, "w", force_zip64=size >= zipfile.ZIP64_LIMIT) as entry:
        for part in _parts(path, size):
            digest.update(part)
            entry.write(part)
    return digest.hexdigest()


def _parts(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        while size and (part := file.read(min(COPY_BYTES, size))):
            size -= len(part)
            yield part


def _shrinks(path: Path) -> bool:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    return len(zlib.compress(sample, 1)) < len(sample) * _WORTH_DEFLATING


def _end_of_line(path: Path, number: int) -> int:
    """The byte offset after the line of this number, counted from one."""
    with path.open("rb") as file:
        return sum(len(line) for _, line in zip(range(number), file, strict=False))


def _require_possible(case: Case, target: Path, is_folder: bool) -> None:
    if target.is_relative_to(case.directory):
        what = Bilingual(ja="事案のフォルダーの中には書き出せません。", en="a case cannot be exported into itself")
    elif not is_folder and target.exists():
        what = Bilingual(ja="同じ名前のファイルが既にあります。", en="there is a file of that name already")
    elif not is_folder and target.suffix != ".zip":
        what = Bilingual(
            ja="書き出し先は .zip で終わる名前か、既にあるフォルダーです。", en="name a .zip or an existing folder"
        )
    elif not target.parent.is_dir():
        what = Bilingual(ja="書き出し先のフォルダーがありません。", en="the folder to export to does not exist")
    elif shutil.disk_usage(target.parent).free == 0:
        what = Bilingual(ja="書き出し先のディスクに空きがありません。", en="the disk to export to is full")
    else:
        return
    raise UsageError(
        what,
        where=str(target),
        remedy=Bilingual(ja="別の場所か名前を指定してください。", en="name another place or another name"),
    )
