"""A file of any known kind → its rows. Archives are taken apart, dumps read by ``pg_restore`` as text; nothing runs."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from kakuho.engine.archive import MAGIC
from kakuho.engine.programs import PROGRAMS
from kakuho.evidence.unpacking import Member, is_packed, unpack
from kakuho.exposure.manifest.chunks import Chunk, Unread
from kakuho.exposure.manifest.mail import attachments, has_text, is_mail, messages
from kakuho.exposure.manifest.sheets import csv_chunks, encoding_of, is_workbook, json_chunks, workbook_chunks
from kakuho.exposure.manifest.sql_text import sql_chunks

HEAD = 1 << 16
_TOC = "toc.dat"
_SQL = (b"-- PostgreSQL database dump", b"-- MySQL dump", b"-- MariaDB dump", b"/*M!", b"/*!", b"INSERT INTO",
        b"CREATE TABLE", b"COPY ")  # fmt: skip
_SHEETS = (".csv", ".tsv", ".txt")
_MOST_NESTED = 4


def chunks_of(path: Path, name: str, depth: int = 0) -> Iterator[Chunk | Unread]:
    """What the file at ``path``, called ``name``, holds; everything that is not understood is told as ``Unread``."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip():
        return
    if depth > _MOST_NESTED:
        yield Unread(name, "not_understood")
    elif head.startswith(MAGIC):
        yield from _restored(path, name)
    elif head.startswith(b"PK") and is_workbook(path):
        yield from workbook_chunks(path, name)
    elif is_packed(head):
        yield from _unpacked(path, name, depth)
    elif is_mail(head):
        yield from _mails(path, name, depth)
    else:
        yield from _text(path, name, head)


def _text(path: Path, name: str, head: bytes) -> Iterator[Chunk | Unread]:
    encoding = encoding_of(head)
    if encoding is None:
        yield Unread(name, "encrypted" if b"-----BEGIN PGP" in head else "not_understood")
        return
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if any(mark in head for mark in _SQL) and (start.startswith((b"--", *_SQL)) or b";\n" in head):
        with path.open(encoding=encoding, errors="replace", newline="\n") as file:
            found = False
            for one in sql_chunks(file, name):
                found = True
                yield one
        if not found and b"CREATE TABLE" not in head:
            yield Unread(name, "not_understood")
    elif start.startswith((b"{", b"[")):
        yield from json_chunks(path, name, encoding)
    elif name.lower().endswith(_SHEETS) or any(mark in start.partition(b"\n")[0] for mark in (b",", b"\t", b";")):
        yield from csv_chunks(path, name, encoding)
    else:
        yield Unread(name, "encrypted" if start.startswith(b"-----BEGIN") else "not_understood")


def _restored(path: Path, name: str) -> Iterator[Chunk | Unread]:
    """A custom archive (a file) or a directory one (a folder): its data as SQL text."""
    command = [str(PROGRAMS / "pg_restore"), "--data-only", "--file=-", str(path)]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, encoding="utf-8", errors="replace") as running,
    ):
        assert running.stdout is not None  # noqa: S101
        yield from sql_chunks(running.stdout, name)
        running.stdout.read()
    if running.returncode != 0:
        yield Unread(name, "damaged")


def _unpacked(path: Path, name: str, depth: int) -> Iterator[Chunk | Unread]:
    with tempfile.TemporaryDirectory(prefix="kakuho-manifest-") as folder:
        found = unpack(path, name, Path(folder))
        for _, reason in found.left_out:
            yield Unread(name, "encrypted" if reason == "encrypted" else "left_out")
        members = list(found.members)
        for toc in [member for member in members if PurePosixPath(member.name).name == _TOC]:
            beside = PurePosixPath(toc.name).parent
            parts = [member for member in members if PurePosixPath(member.name).parent == beside]
            yield from _directory_dump(parts, Path(folder), str(beside))
            members = [member for member in members if member not in parts]
        for member in members:
            if member.damage is not None:
                yield Unread(member.name, "damaged")
            with member.content(Path(folder)).as_file() as plain:
                yield from chunks_of(plain, member.name, depth + 1)


def _directory_dump(parts: list[Member], folder: Path, name: str) -> Iterator[Chunk | Unread]:
    """``pg_dump -Fd`` and ``-Ft``: a table of contents and a file for each table, put into a folder again."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kakuho-dump-")))
        for part in parts:
            plain = stack.enter_context(part.content(folder).as_file())
            target = place / PurePosixPath(part.name).name.removesuffix(".gz")
            shutil.copyfile(plain, target)
            if part.damage is not None:
                yield Unread(part.name, "damaged")
        yield from _restored(place, name)


def _mails(path: Path, name: str, depth: int) -> Iterator[Chunk | Unread]:
    for number, message in enumerate(messages(path), 1):
        if has_text(message):
            yield Unread(f"{name}/{number}", "mail_text")
        for called, data in attachments(message):
            with tempfile.NamedTemporaryFile(prefix="kakuho-attachment-") as file:
                file.write(data)
                file.flush()
                yield from chunks_of(Path(file.name), f"{name}/{number}/{called}", depth + 1)
