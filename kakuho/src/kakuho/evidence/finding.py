"""The files under the paths that a responder names: what is taken, what is left out and why. Opens nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kakuho.errors import UsageError
from kakuho.language import Bilingual

BELONGS_ELSEWHERE = {"inventory.yaml", "inventory.yml", "responder.toml"}


@dataclass(frozen=True)
class Found:
    """A file to take in, and its name: relative to the folder that was given, or its own."""

    path: Path
    name: str
    size: int


def find_files(paths: Sequence[Path]) -> tuple[list[Found], list[tuple[str, str]]]:
    """The files under ``paths``, and what inside folders is left out, as (name, reason key).

    A path that is named itself must be a file or a folder with one; raises UsageError else. Inside a folder links are
    not followed, since they can lead out of it, and pipes and devices are not opened.
    """
    found: list[Found] = []
    left_out: list[tuple[str, str]] = []
    for path in paths:
        info = _status(path)
        if stat.S_ISDIR(info.st_mode):
            before = len(found)
            for one in _inside(path, path, left_out):
                found.append(one)
            if len(found) == before:
                raise _no_file(path)
        elif stat.S_ISREG(info.st_mode):
            _require_readable(path)
            found.append(Found(path, path.name, info.st_size))
        else:
            raise _not_regular(path)
    return found, left_out


def _inside(folder: Path, given: Path, left_out: list[tuple[str, str]]) -> Iterator[Found]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise unreadable(folder, error) from None
    for entry in entries:
        path = Path(entry.path)
        name = path.relative_to(given).as_posix()
        if entry.is_symlink():
            left_out.append((name, "symbolic_link"))
        elif entry.is_dir(follow_symlinks=False):
            yield from _inside(path, given, left_out)
        elif not entry.is_file(follow_symlinks=False):
            left_out.append((name, "pipe_or_device"))
        elif entry.name in BELONGS_ELSEWHERE:
            left_out.append((name, "belongs_elsewhere"))
        else:
            _require_readable(path)
            yield Found(path, name, entry.stat(follow_symlinks=False).st_size)


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except FileNotFoundError:
        raise UsageError(
            Bilingual(ja="ファイルがありません。", en="there is no such file"),
            where=str(path),
            remedy=Bilingual(ja="名前と場所を確かめてください。", en="check its name and place"),
        ) from None
    except OSError as error:
        raise unreadable(path, error) from None


def _require_readable(path: Path) -> None:
    if not os.access(path, os.R_OK):
        raise unreadable(path, PermissionError(13, os.strerror(13)))


def unreadable(path: Path, error: OSError) -> UsageError:
    """That a file cannot be read, and why."""
    return UsageError(
        Bilingual(ja=f"読めません（{error.strerror}）。", en=f"it cannot be read ({error.strerror})"),
        where=str(path),
        remedy=Bilingual(ja="読み取り権限と媒体の状態を確かめてください。", en="check its permissions and the medium"),
    )


def _not_regular(path: Path) -> UsageError:
    return UsageError(
        Bilingual(ja="通常のファイルではありません。", en="not a regular file"),
        where=str(path),
        remedy=Bilingual(ja="ファイルにコピーしてから指定してください。", en="copy its content to a file first"),
    )


def _no_file(path: Path) -> UsageError:
    return UsageError(
        Bilingual(ja="フォルダーにファイルがありません。", en="the folder holds no file"),
        where=str(path),
        remedy=Bilingual(ja="証拠のあるフォルダーを指定してください。", en="name the folder that holds the evidence"),
    )
