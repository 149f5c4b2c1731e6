"""The files of a case, as they lie on the disk, and the hash of each, read once.

Left out are caches and scratch folders that the program makes anew whenever they are gone: they hold nothing that a
conclusion rests on, are in no manifest and in no export.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from kakuho.case.files import sha256_of
from kakuho.errors import IntegrityError
from kakuho.language import Bilingual

JOURNAL = "journal.jsonl"
CHECKPOINTS = "checkpoints"
PROGRAM_FOLDERS = ("evidence/", "lake/", "assessments/", "publications/", "checkpoints/")
"""What only the program writes into; a stranger's file in them is never taken for a person's."""
_SCRATCH = ("evidence/.incoming/", "lake/.writing/", "lake/.decided/")
_CACHE = "lake/postgresql/"  # the restored snapshot's server, made anew from the sealed dump
_PLAIN = re.compile(r"[^\x00-\x1f\x7f\\\ud800-\udfff]+")
_TEMPORARY = re.compile(r"(?:^|/)\.[^/]+\.\d+$")  # kakuho.case.files.write_atomically


class Contents:
    """The files of a case by their path from its folder, in order."""

    def __init__(
        self, directory: Path, advance: Callable[[float, float | None], None] = lambda done, total: None
    ) -> None:
        self.directory = directory
        self.paths: list[str] = []
        self.leftovers: list[str] = []
        self._hashes: dict[str, str] = {}
        self._advance = advance
        for path in sorted(_walk(directory, "")):
            if path.startswith(_SCRATCH) or _TEMPORARY.search(path):
                self.leftovers.append(path)
            elif not path.startswith(_CACHE):
                self.paths.append(path)
        self._known = set(self.paths)

    def __contains__(self, path: str) -> bool:
        return path in self._known

    def under(self, folder: str) -> list[str]:
        """The files below ``folder/``."""
        return [path for path in self.paths if path.startswith(folder)]

    def size(self, path: str) -> int:
        """A file's size in bytes."""
        return (self.directory / path).stat().st_size

    def remember(self, path: str, sha256: str) -> None:
        """Take over a hash that was computed from the file just now."""
        self._hashes[path] = sha256

    def sha256(self, path: str) -> str:
        """A file's SHA-256, in hex."""
        if path not in self._hashes:
            self._hashes[path] = sha256_of(self.directory / path)
            self._advance(len(self._hashes), len(self.paths))
        return self._hashes[path]


def _walk(directory: Path, prefix: str) -> Iterator[str]:
    with os.scandir(directory) as found:
        for one in found:
            path = prefix + one.name
            mode = one.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                if f"{path}/" != _CACHE:
                    yield from _walk(directory / one.name, path + "/")
            elif stat.S_ISREG(mode) and is_plain_name(path):
                yield path
            else:
                raise IntegrityError(
                    Bilingual(
                        ja="事案のフォルダーに、通常のファイルでないもの（リンクなど）か、"
                        "名前を書き表せないものがあります。",
                        en="the case holds something that is no regular file (a link, perhaps) or whose name "
                        "cannot be written",
                    ),
                    where=path if is_plain_name(path) else ascii(path),
                    remedy=Bilingual(
                        ja="事案のフォルダーから取り除き、誰が置いたかを調べてください。",
                        en="take it out of the case's folder and find out who put it there",
                    ),
                )


def is_plain_name(path: str) -> bool:
    """Whether the name stands as it is in a line of a manifest, and in one of ``sha256sum``."""
    return _PLAIN.fullmatch(path) is not None
