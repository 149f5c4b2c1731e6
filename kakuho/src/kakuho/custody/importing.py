"""Taking in a case that someone else exported: everything is checked before any of it takes its place.

What arrives is believed in nothing. Names, sizes and kinds of the entries are checked before one byte is unpacked;
journal and checkpoints come first, since they say which files there are and how large they are together; then the
rest is unpacked beside the destination and verified as a case; only then does the folder take its place, by one
rename. Any failure leaves nothing. Which program version wrote the archive does not matter: nothing is run, only
hashes and signatures are checked.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NoReturn

from kakuho.case import Case, Journal
from kakuho.case.files import sync_directory
from kakuho.custody.archive import COMMENT, COPY_BYTES, DIGEST_BYTES, digest_of_archive
from kakuho.custody.contents import CHECKPOINTS, JOURNAL, is_plain_name
from kakuho.custody.keys import VerifierKey
from kakuho.custody.refusals import refusal
from kakuho.custody.sealed_checkpoints import Checkpoints, check_checkpoints
from kakuho.custody.verification import Advance, Verification, verify
from kakuho.errors import UsageError
from kakuho.language import Bilingual

IMPORTED_ACT = "case.imported"
_MOST_SHRUNK = 100
"""A journal is full of hashes, of which half is chance: it does not shrink to a hundredth, a bomb does."""
_SMALL = 1 << 20
_REGULAR = (0, stat.S_IFREG)
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Imported:
    """A case that was taken in. ``authenticated``: a verifier key was given, and it signed all of it."""

    directory: Path
    sha256: str
    verification: Verification
    authenticated: bool


def import_case(
    path: Path,
    directory: Path,
    verifiers: Sequence[VerifierKey] = (),
    *,
    by: str | None = None,
    advance: Advance = lambda done, total: None,
) -> Imported:
    """Unpack and verify an exported case into a new folder. Raises IntegrityError or UsageError, leaving nothing.

    With ``verifiers``, one of these keys must have signed the journal to its last line.
    """
    directory = directory.absolute()
    _require_empty(directory)
    sha256 = _require_whole(path)
    unpacked = directory.with_name(f".{directory.name}.importing-{os.getpid()}")
    try:
        unpacked.mkdir(parents=True)
        try:
            _unpack(path, unpacked, verifiers)
            verification = verify(Case.open(unpacked, by=by), advance, verifiers=verifiers)
        except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
            # whoever made the archive wrote the journal too: an act may lack what acts of its name have
            _refuse_archive(path, ja="台帳を読み取れません。", en="its journal makes no sense", name=JOURNAL)
        if directory.exists():
            directory.rmdir()
        unpacked.rename(directory)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    sync_directory(directory.parent)
    keys = [str(key) for key in verifiers]
    Case.open(directory, by=by).record(IMPORTED_ACT, {"file": path.name, "sha256": sha256, "verifiers": keys})
    return Imported(directory, sha256, verification, bool(verifiers))


def _require_empty(directory: Path) -> None:
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(
            Bilingual(
                ja="取り込み先には空のフォルダーが必要です。", en="a case is imported into an empty or a new folder"
            ),
            where=str(directory),
            remedy=Bilingual(ja="別のフォルダーを指定してください。", en="name another folder"),
        )


def _require_whole(path: Path) -> str:
    """Every byte of the archive is what was written, by the digest in its comment; returns the file's SHA-256."""
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            length = len(COMMENT) + DIGEST_BYTES
            comment = os.pread(file.fileno(), length, max(0, size - length))
            written = comment[len(COMMENT) :]
            digest = digest_of_archive(file.fileno(), size) if comment.startswith(COMMENT) else hashlib.sha256()
    except OSError as error:
        raise UsageError(
            Bilingual(ja="ファイルを読めません。", en="the file cannot be read"),
            where=f"{path}: {error.strerror}",
            remedy=Bilingual(ja="名前と読み取り権限を確かめてください。", en="check its name and permissions"),
        ) from None
    if digest.hexdigest().encode() != written:
        _refuse_archive(
            path,
            ja="書き出された時のファイルではありません（途中で切れたか、壊れたか、kakuho case export "
            "のものではない）。",
            en="it is not the file that kakuho case export wrote: cut short, damaged, or something else",
        )
    digest.update(written)
    return digest.hexdigest()


def _unpack(path: Path, directory: Path, verifiers: Sequence[VerifierKey]) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = _checked_entries(path, archive)
            first = [info for name, info in entries.items() if name == JOURNAL or name.startswith(f"{CHECKPOINTS}/")]
            for info in first:
                if info.file_size > _SMALL + _MOST_SHRUNK * info.compress_size:
                    _refuse_archive(
                        path, ja="中身が大きすぎます。", en="it would unpack to too much", name=info.filename
                    )
            _require_room(path, directory, first)
            for info in first:
                _extract(path, archive, info, directory)
            sealed = _sealed_whole(path, directory, verifiers)
            rest = [info for info in entries.values() if info not in first]
            _require_as_sealed(path, sealed, rest)
            _require_room(path, directory, rest)
            for info in rest:
                _extract(path, archive, info, directory)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        _refuse_archive(path, ja="zip ファイルとして読めません。", en="it cannot be read as a zip file")


def _checked_entries(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The entries by name; every one is a plain file below the folder, and no two are the same to any file system."""
    entries: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    for info in archive.infolist():
        name = info.filename
        parts = PurePosixPath(name).parts
        if (
            name != info.orig_filename
            or not is_plain_name(name)
            or "/".join(parts) != name
            or not parts
            or parts[0] == "/"
            or ".." in parts
        ):
            _refuse_archive(
                path, ja="フォルダーの外へ出る名前があります。", en="a name leads out of the folder", name=ascii(name)
            )
        if stat.S_IFMT(info.external_attr >> 16) not in _REGULAR or info.is_dir():
            _refuse_archive(
                path, ja="通常のファイルでないものがあります。", en="an entry is no regular file", name=name
            )
        if info.compress_type not in _COMPRESSIONS or info.flag_bits & _ENCRYPTED:
            _refuse_archive(path, ja="読めない圧縮形式です。", en="an entry is packed in an unknown way", name=name)
        if name.casefold() in seen:
            _refuse_archive(path, ja="同じ名前が二つあります。", en="two entries have the same name", name=name)
        seen.add(name.casefold())
        entries[name] = info
    if JOURNAL not in entries:
        _refuse_archive(path, ja="台帳がありません。", en="it holds no journal", name=JOURNAL)
    return entries


def _sealed_whole(path: Path, directory: Path, verifiers: Sequence[VerifierKey]) -> Checkpoints:
    """The last manifest, which is the journal's last line; with verifiers, signed by one of them."""
    entries, torn = Journal(directory / JOURNAL, who="").read()
    if not entries or torn:
        _refuse_archive(path, ja="台帳が途中で切れています。", en="its journal is torn", name=JOURNAL)
    sealed = check_checkpoints(directory, entries, verifiers)
    if sealed.last is None or sealed.last.size != len(entries):
        _refuse_archive(
            path, ja="台帳の最後が封印ではありません。", en="its journal does not end with a seal", name=JOURNAL
        )
    if verifiers and sealed.signed_entries != len(entries):
        raise refusal(
            ja="最後のチェックポイントが、渡された検証鍵で署名されていません。",
            en="the last checkpoint is not signed by a verifier key that was given",
            where=f"{path}: {sealed.last.note_path}",
            remedy=Bilingual(
                ja="送り手に、kakuho case export --key FILE で署名して書き出すよう頼んでください。",
                en="ask the sender to export it signed, by kakuho case export --key FILE",
            ),
        )
    return sealed


def _require_as_sealed(path: Path, sealed: Checkpoints, rest: Sequence[zipfile.ZipInfo]) -> None:
    """Exactly the files of the manifest, as large together as it says."""
    names = {info.filename for info in rest}
    different = sorted(names ^ sealed.files.keys())
    if different:
        _refuse_archive(
            path, ja="封印した一覧と中身が違います。", en="it does not hold what its manifest names", name=different[0]
        )
    if sealed.last is None or sum(info.file_size for info in rest) != sealed.last.bytes:
        _refuse_archive(path, ja="中身の大きさが封印した一覧と違います。", en="its files are not as large as sealed")


def _require_room(path: Path, directory: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    needed = sum(info.file_size for info in entries)
    free = shutil.disk_usage(directory).free
    if needed > free:
        raise UsageError(
            Bilingual(
                ja=f"ディスクの空きが足りません（必要 {needed:,} バイト、空き {free:,} バイト）。",
                en=f"the disk has too little room: {needed:,} bytes are needed, {free:,} are free",
            ),
            where=f"{path} → {directory.parent}",
            remedy=Bilingual(ja="空きのあるディスクへ取り込んでください。", en="import it to a disk with more room"),
        )


def _extract(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, directory: Path) -> None:
    """Unpack one entry, never more of it than it says that it holds."""
    place = directory / info.filename
    place.parent.mkdir(parents=True, exist_ok=True)
    left = info.file_size
    with archive.open(info) as entry, place.open("xb") as file:
        while part := entry.read(COPY_BYTES):
            left -= len(part)
            if left < 0:
                break
            file.write(part)
    if left:
        _refuse_archive(
            path, ja="大きさが名乗りと違います。", en="an entry is not as large as it says", name=info.filename
        )
    if info.filename.startswith("evidence/"):
        place.chmod(0o444)


def _refuse_archive(path: Path, *, ja: str, en: str, name: str = "") -> NoReturn:
    raise refusal(
        ja=ja,
        en=en,
        where=f"{path}: {name}" if name else str(path),
        remedy=Bilingual(
            ja="送り手にもう一度送ってもらい、SHA-256 を別の経路で照らし合わせてください。",
            en="ask the sender for it again and compare its SHA-256 by another way",
        ),
    )
