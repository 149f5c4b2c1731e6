"""The journal of a case: every act and every decision a person took, append-only, in ``journal.jsonl``.

A line is ``{"act","details","hash","prev","seq","time","who"}``: canonical JSON (keys sorted, no spaces, UTF-8).
``hash`` is the leaf hash of RFC 9162 section 2.1.1, SHA-256(0x00 || line without ``hash``), over the line's very bytes,
so that a Merkle tree can be laid over the same leaves (``kakuho.custody``); ``prev`` is the hash of the line before (64
zeros for the first). Personal values do not belong in ``details``: a journal is handed on with the case.

An append is one write followed by fsync, under an exclusive lock. It checks the last line only, so that it costs the
same in a journal of any length; whoever reads the journal checks every line. A line that a crash tore is set aside in
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
from kakuho.errors import IntegrityError, KakuhoError
from kakuho.language import Bilingual

FIRST_PREVIOUS = "0" * 64
TORN_LINE_ACT = "journal.torn_line_set_aside"
CREATED_ACT = "case.created"
_HASH_KEY = b',"hash":"'
_HASH_DIGITS = 64
_BLOCK = 1 << 16


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
        self._read_before: tuple[bytes, list[Entry]] = (b"", [])

    def __fspath__(self) -> str:
        return str(self.path)

    def append(self, act: str, details: Mapping[str, Any] | None = None, *, who: str | None = None) -> Entry:
        """Record one act; it is on the disk when this returns."""
        return self.append_all([(act, details or {})], who=who)[0]

    def append_all(self, acts: list[tuple[str, Mapping[str, Any]]], *, who: str | None = None) -> list[Entry]:
        """Record several acts in order, under one lock and one fsync."""
        with _locked(self.path, fcntl.LOCK_EX) as descriptor:
            end = _end_of_lines(descriptor)
            last = _last_entry(descriptor, end, self.path)
            acts = self._set_torn_line_aside(descriptor, end) + acts
            written: list[Entry] = []
            for act, details in acts:
                last = _sealed_entry(last, who or self.who, act, details)
                written.append(last)
            _write_all_or_nothing(descriptor, b"".join(map(_line, written)), end, self.path)
        sync_directory(self.path.parent)
        return [entry for entry in written if entry.act != TORN_LINE_ACT] or written

    def entries(self, act: str | None = None) -> list[Entry]:
        """All lines in order, checked; only those of one act where it is given. Raises IntegrityError."""
        entries, torn = self.read()
        if torn:
            self._tell_of_torn_line(torn)
        return [entry for entry in entries if act is None or entry.act == act]

    def read(self) -> tuple[list[Entry], int]:
        """All lines in order, checked, and how many bytes of a torn line follow them. Raises IntegrityError.

        The file is read anew each time; lines whose bytes this object has checked before are not checked twice.
        """
        if not self.path.exists():
            return [], 0
        with _locked(self.path, fcntl.LOCK_SH) as descriptor:
            content = _read_all(descriptor)
        end = content.rfind(b"\n") + 1
        before, entries = self._read_before
        if not content.startswith(before):
            before, entries = b"", []
        entries = entries + list(_checked(content[len(before) : end].split(b"\n")[:-1], self.path, entries))
        self._read_before = (content[:end], entries)
        return list(entries), len(content) - end

    def _tell_of_torn_line(self, length: int) -> None:
        self.notify(
            Bilingual(
                ja=f"journal.jsonl の最後の行が途中で切れています（{length} バイト）。次の記録時に取り分けます。",
                en=f"the last line of journal.jsonl is torn ({length} bytes); the next entry sets it aside",
            )
        )

    def _set_torn_line_aside(self, descriptor: int, end: int) -> list[tuple[str, Mapping[str, Any]]]:
        torn = os.pread(descriptor, os.fstat(descriptor).st_size - end, end)
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


def leaf_data(fields: Mapping[str, Any]) -> bytes:
    """What the hash of a line covers: its canonical JSON, ``hash`` left out."""
    return _canonical({key: value for key, value in fields.items() if key != "hash"})


def leaf_hash(data: bytes) -> str:
    """The leaf hash of RFC 9162 section 2.1.1, in hex."""
    return hashlib.sha256(b"\x00" + data).hexdigest()


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
    return Entry(**fields, hash=leaf_hash(leaf_data(fields)))


def _write_all_or_nothing(descriptor: int, lines: bytes, end: int, path: Path) -> None:
    """One write and fsync; where the disk takes only a part of it, the journal is put back as it was."""
    try:
        if os.write(descriptor, lines) != len(lines):
            raise OSError
        os.fsync(descriptor)
    except OSError as error:
        os.ftruncate(descriptor, end)
        raise KakuhoError(
            Bilingual(ja="台帳に書き込めませんでした。何も記録していません。", en="the journal could not be written"),
            where=f"{path}: {error.strerror or 'No space left on device'}",
            remedy=Bilingual(
                ja="ディスクの空きを確かめ、同じコマンドをもう一度実行してください。",
                en="nothing was recorded: make room on the disk and run the same command again",
            ),
        ) from None


def _end_of_lines(descriptor: int) -> int:
    """The byte offset after the last whole line, found from the end."""
    place = os.fstat(descriptor).st_size
    while place:
        start = max(0, place - _BLOCK)
        found = os.pread(descriptor, place - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        place = start
    return 0


def _last_entry(descriptor: int, end: int, path: Path) -> Entry | None:
    """The last whole line, checked by itself; where it is not sound, the first bad line of all is named."""
    if not end:
        return None
    start, line = end - 1, b""
    while start and b"\n" not in line:
        start = max(0, start - _BLOCK)
        line = os.pread(descriptor, end - 1 - start, start)
    line = line[line.rfind(b"\n") + 1 :]
    entry = _sound(line)
    if entry is None or (entry.seq == 0) != (len(line) == end - 1):
        lines = _read_all(descriptor)[:end].split(b"\n")[:-1]
        for _ in _checked(lines, path, []):
            pass
        raise _changed(len(lines), path)
    return entry


def _checked(lines: list[bytes], path: Path, before: list[Entry]) -> Iterator[Entry]:
    """The lines that follow those before, in order; raises IntegrityError at the first that does not fit the chain."""
    previous = before[-1].hash if before else FIRST_PREVIOUS
    for seq, line in enumerate(lines, len(before)):
        entry = _sound(line)
        if entry is None or entry.seq != seq or entry.prev != previous:
            raise _changed(seq + 1, path)
        previous = entry.hash
        yield entry


def _sound(line: bytes) -> Entry | None:
    """The entry of a line whose hash is that of its very bytes, else None."""
    at = line.rfind(_HASH_KEY)  # a quote within a string is escaped: the last one is the line's own key
    after = at + len(_HASH_KEY) + _HASH_DIGITS
    if at < 0 or line[after : after + 2] != b'",':
        return None
    try:
        entry = Entry(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None
    sound = isinstance(entry.details, dict) and entry.hash == leaf_hash(line[:at] + line[after + 1 :])
    return entry if sound else None


def _changed(number: int, path: Path) -> IntegrityError:
    return IntegrityError(
        Bilingual(
            ja=f"台帳 journal.jsonl の {number} 行目が、書かれた時のものと一致しません。",
            en=f"line {number} of journal.jsonl is not what was written",
        ),
        where=f"{path}:{number}",
        remedy=Bilingual(
            ja="この事案フォルダーの控えから journal.jsonl を戻し、変更の経緯を調べてください。",
            en="restore journal.jsonl from a copy of this case and find out who changed it",
        ),
    )


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
