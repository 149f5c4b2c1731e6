"""Files that a crash cannot leave half written, and their hashes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from kakuho.errors import KakuhoError
from kakuho.language import Bilingual


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex. Raises KakuhoError where the medium or its permissions do not give its bytes."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise KakuhoError(
            Bilingual(ja=f"ファイルを読めません（{error.strerror}）。", en=f"it cannot be read ({error.strerror})"),
            where=str(path),
            remedy=Bilingual(
                ja="読み取り権限と媒体の状態を確かめてください。", en="check its permissions and the medium"
            ),
        ) from None


def sync_directory(path: Path) -> None:
    """Make a rename or a creation in ``path`` last."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` so that a reader sees the old file or the new one, whatever happens."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_directory(path.parent)
