"""The manifest of a case: every file of it with its SHA-256, named in the journal by the manifest's own hash.

``checkpoints/NNN.manifest`` is in the form of coreutils, so that ``sha256sum --check checkpoints/001.manifest``
verifies it without kakuho. Left out are what cannot be in it: the journal, which goes on, and ``checkpoints/``
itself.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kakuho.case import Entry
from kakuho.custody.contents import CHECKPOINTS, JOURNAL, Contents

MANIFEST_ACT = "manifest.sealed"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


@dataclass(frozen=True)
class SealedManifest:
    """A line of the journal that seals a manifest. ``key``: whose signature the checkpoint over this line carries."""

    number: int
    seq: int
    sha256: str
    files: int
    bytes: int
    key: str | None

    @property
    def size(self) -> int:
        """The length of the journal up to and with this line: what its checkpoint covers."""
        return self.seq + 1

    @property
    def path(self) -> str:
        """Where the manifest lies in the case."""
        return f"{CHECKPOINTS}/{self.number:03d}.manifest"

    @property
    def note_path(self) -> str:
        """Where the signed checkpoint lies in the case."""
        return f"{CHECKPOINTS}/{self.number:03d}.note"


def sealed_manifests(entries: Sequence[Entry]) -> list[SealedManifest]:
    """The manifests that the journal seals, in order; their numbers count them."""
    sealed = [entry for entry in entries if entry.act == MANIFEST_ACT]
    return [
        SealedManifest(
            number=number,
            seq=entry.seq,
            sha256=str(entry.details["sha256"]),
            files=int(entry.details["files"]),
            bytes=int(entry.details["bytes"]),
            key=entry.details.get("key"),
        )
        for number, entry in enumerate(sealed, 1)
    ]


def manifest_of(contents: Contents) -> dict[str, str]:
    """Every file that a manifest names, with its hash."""
    left_out = (JOURNAL, f"{CHECKPOINTS}/")
    return {path: contents.sha256(path) for path in contents.paths if not path.startswith(left_out)}


def manifest_text(files: Mapping[str, str]) -> bytes:
    """The manifest as it is written."""
    return "".join(f"{sha256}  {path}\n" for path, sha256 in sorted(files.items())).encode()


def read_manifest(content: bytes) -> dict[str, str]:
    """A manifest's files with their hashes; raises ValueError where it is not in its form."""
    files: dict[str, str] = {}
    for line in content.decode("utf-8").removesuffix("\n").split("\n") if content else ():
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError("not a line of a manifest")
        files[found[2]] = found[1]
    if manifest_text(files) != content:
        raise ValueError("not a manifest as it is written")
    return files


def sha256_of_text(content: bytes) -> str:
    """The hash by which the journal names a manifest."""
    return hashlib.sha256(content).hexdigest()
