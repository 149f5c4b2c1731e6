"""The journal of a case: every act and every decision a person took, append-only, in ``journal.jsonl``.

A line is ``{"act","details","hash","prev","seq","time","who"}``: canonical JSON (keys sorted, no spaces, UTF-8).
``hash`` is the leaf hash of RFC 6962 section 2.1, SHA-256(0x00 || line without ``hash``), so that a Merkle tree can be
laid over the same leaves; ``prev`` is the hash of the line before (64 zeros for the first). Personal values do not
belong in ``details``: a journal is handed on with the case.

An append is one write followed by fsync, under an exclusive lock. A line that a crash tore is set aside in
``journal.torn`` and the journal says so in its next line.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kakuho.case.files import sync_directory
from kakuho.errors import IntegrityError
from kakuho.language import Bilingual

FIRST_PREVIOUS = "0" * 64
TORN_LINE_ACT = "journal.torn_line_set_aside"


@dataclass(frozen=True)
class Entry:
    """One line of the journal."""

    seq: int
    time: str
    who: str
    act: str
    details: Mapping[str, Any]
    prev: str
    hash: str


class Journal:
    """The journal file of one case. ``os.fspath(journal)`` is its path."""

    def __init__(self, path: Path, *, who: str) -> None:
        self.path = path
        self.who = who
        self.notify: Callable[[Bilingual], None] = _warn

    def __fspath__(self) -> str:
        return str(self.path)

    def append(self, act: str, details: Mapping[str, Any] | None = None, *, who: str | None = None) -> Entry:
        """Record one act; it is on the disk when this returns."""
        return self.append_all([(act, details or {})], who=who)[0]

    def append_all(self, acts: list[tuple[str, Mapping[str, Any]]], *, who: str | None = None) -> list[Entry]:
        """Record several acts in order, under one lock and one fsync."""
        with _locked(self.path, fcntl.LOCK_EX) as descriptor:
            acts = self._set_torn_line_aside(descriptor) + acts
            last = _last_entry(descriptor, self.path)
            written: list[Entry] = []
            lines = b""
            for act, details in acts:
                entry = _sealed_entry(last, who or self.who, act, details)
                lines += _line(entry)
                written.append(entry)
                last = entry
            os.write(descriptor, lines)
            os.fsync(descriptor)
        sync_directory(self.path.parent)
        return [entry for entry in written if entry.act != TORN_LINE_ACT] or written

    def entries(self, act: str | None = None) -> list[Entry]:
        """All lines in order, checked; only those of one act where it is given. Raises IntegrityError."""
        if not self.path.exists():
            return []
        with _locked(self.path, fcntl.LOCK_SH) as descriptor:
            content = _read_all(descriptor)
        entries = list(_checked(content, self.path, self._tell_of_torn_line))
        return [entry for entry in entries if act is None or entry.act == act]

    def _tell_of_torn_line(self, length: int) -> None:
        self.notify(
            Bilingual(
                ja=f"journal.jsonl の最後の行が途中で切れています（{length} バイト）。次の記録時に取り分けます。",
                en=f"the last line of journal.jsonl is torn ({length} bytes); the next entry sets it aside",
            )
        )

    def _set_torn_line_aside(self, descriptor: int) -> list[tuple[str, Mapping[str, Any]]]:
        content = _read_all(descriptor)
        end = content.rfind(b"\n") + 1
        torn = content[end:]
        if not torn:
            return []
        aside = self.path.with_suffix(".torn")
        with aside.open("ab") as file:
            file.write(torn + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.ftruncate(descriptor, end)
        self.notify(
            Bilingual(
                ja=f"途中で切れていた journal.jsonl の最後の行（{len(torn)} バイト）を journal.torn へ移しました。",
                en=f"the torn last line of journal.jsonl ({len(torn)} bytes) was set aside in journal.torn",
            )
        )
        details = {
            "bytes": len(torn),
            "byte_offset": end,
            "sha256": hashlib.sha256(torn).hexdigest(),
            "file": aside.name,
        }
        return [(TORN_LINE_ACT, details)]


def _warn(message: Bilingual) -> None:
    """Where nobody listens, a notice goes to the standard error output all the same."""
    sys.stderr.write(f"{message.ja}\n{message}\n")


def leaf_hash(fields: Mapping[str, Any]) -> str:
    """RFC 6962 leaf hash of a line's fields, ``hash`` left out."""
    return hashlib.sha256(b"\x00" + _canonical({k: v for k, v in fields.items() if k != "hash"})).hexdigest()


def _canonical(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _line(entry: Entry) -> bytes:
    return _canonical({**entry.__dict__, "details": dict(entry.details)}) + b"\n"


def _sealed_entry(last: Entry | None, who: str, act: str, details: Mapping[str, Any]) -> Entry:
    fields: dict[str, Any] = {
        "seq": last.seq + 1 if last else 0,
        "time": datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "who": who,
        "act": act,
        "details": dict(details),
        "prev": last.hash if last else FIRST_PREVIOUS,
    }
    return Entry(**fields, hash=leaf_hash(fields))


def _last_entry(descriptor: int, path: Path) -> Entry | None:
    entries = list(_checked(_read_all(descriptor), path, lambda _: None))
    return entries[-1] if entries else None


def _checked(content: bytes, path: Path, torn: Callable[[int], None]) -> Iterator[Entry]:
    """The lines of a journal in order; raises IntegrityError at the first that does not fit the chain."""
    previous = FIRST_PREVIOUS
    *lines, rest = content.split(b"\n")
    if rest:
        torn(len(rest))
    for seq, line in enumerate(lines):
        try:
            fields = json.loads(line)
            entry = Entry(**fields)
            sound = entry.seq == seq and entry.prev == previous and entry.hash == leaf_hash(fields)
        except (ValueError, TypeError):
            sound = False
        if not sound:
            raise IntegrityError(
                Bilingual(
                    ja=f"台帳 journal.jsonl の {seq + 1} 行目が、書かれた時のものと一致しません。",
                    en=f"line {seq + 1} of journal.jsonl is not what was written",
                ),
                where=f"{path}:{seq + 1}",
                remedy=Bilingual(
                    ja="この事案フォルダーの控えから journal.jsonl を戻し、変更の経緯を調べてください。",
                    en="restore journal.jsonl from a copy of this case and find out who changed it",
                ),
            )
        previous = entry.hash
        yield entry


def _read_all(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    parts = []
    while part := os.read(descriptor, 1 << 20):
        parts.append(part)
    return b"".join(parts)


class _locked:  # noqa: N801 - used as a context manager function
    """The journal opened under a lock (``fcntl.flock``), created where it is to be written."""

    def __init__(self, path: Path, kind: int) -> None:
        self.path = path
        self.kind = kind

    def __enter__(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND if self.kind == fcntl.LOCK_EX else os.O_RDONLY
        self.descriptor = os.open(self.path, flags, 0o644)
        fcntl.flock(self.descriptor, self.kind)
        return self.descriptor

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)
