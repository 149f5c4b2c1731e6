"""A ``pg_dump -Fc`` archive as a file: is it one, is it whole, and which database does it describe.

Reads with ``pg_restore`` only; nothing of the archive is executed here.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from kakuho.engine.programs import MAJOR_VERSION, PROGRAMS
from kakuho.errors import UsageError
from kakuho.language import Bilingual

MAGIC = b"PGDMP"


@dataclass(frozen=True)
class Archive:
    """What an archive says about itself. ``create_options``: the options of its CREATE DATABASE."""

    server_version: str
    created: str
    create_options: str


def read_archive(path: Path, *, named: str | None = None) -> Archive:
    """Check the whole archive and read its head; raises UsageError for anything but a whole, known archive."""
    where = named or str(path)
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise UsageError(
                Bilingual(ja="pg_dump -Fc の形式ではありません。", en="not a pg_dump -Fc archive"),
                where=where,
                remedy=Bilingual(
                    ja="pg_dump -Fc で取り直したスナップショットを指定してください。",
                    en="name a snapshot taken with pg_dump -Fc",
                ),
            )
    listing = _pg_restore(path, where, "--list")
    _pg_restore(path, where, "--file=/dev/null")
    version = _field(listing, "Dumped from database version")
    if int(re.split(r"\D", version)[0] or 0) > MAJOR_VERSION:
        raise UsageError(
            Bilingual(
                ja=f"PostgreSQL {version} のスナップショットは扱えません（{MAJOR_VERSION} まで）。",
                en=f"a snapshot of PostgreSQL {version} cannot be restored here (up to {MAJOR_VERSION})",
            ),
            where=where,
            remedy=Bilingual(
                ja=f"PostgreSQL {MAJOR_VERSION} 以前へ移したものを pg_dump -Fc で取ってください。",
                en=f"restore it into PostgreSQL {MAJOR_VERSION} or older and dump that with pg_dump -Fc",
            ),
        )
    script = _pg_restore(path, where, "--create", "--section=pre-data", "--file=-")
    created = re.search(r"^CREATE DATABASE .*? WITH (.*);$", script, re.MULTILINE)
    return Archive(version, _field(listing, "Archive created at"), created.group(1) if created else "")


def _field(listing: str, name: str) -> str:
    found = re.search(rf"^;\s+{name}:? (.*)$", listing, re.MULTILINE)
    return found.group(1).strip() if found else ""


def _pg_restore(path: Path, where: str, *options: str) -> str:
    done = subprocess.run([str(PROGRAMS / "pg_restore"), *options, str(path)], capture_output=True, check=False)
    if done.returncode == 0:
        return done.stdout.decode("utf-8", errors="replace")
    said = done.stderr.decode("utf-8", errors="replace")
    if "unsupported version" in said:
        what = Bilingual(
            ja="このスナップショットは、より新しい pg_dump で作られています。",
            en="this snapshot was made by a newer pg_dump",
        )
        remedy = Bilingual(
            ja=f"PostgreSQL {MAJOR_VERSION} の pg_dump -Fc で取り直してください。",
            en=f"take it again with the pg_dump of PostgreSQL {MAJOR_VERSION}",
        )
    else:
        what = Bilingual(
            ja="スナップショットが途中で切れているか、壊れています。", en="the snapshot is truncated or damaged"
        )
        remedy = Bilingual(
            ja="原本から転送し直し、SHA-256 が一致することを確かめてください。",
            en="copy it from its origin again and compare the SHA-256",
        )
    raise UsageError(what, where=where, remedy=remedy)
