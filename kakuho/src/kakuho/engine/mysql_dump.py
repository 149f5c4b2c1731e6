"""A ``mysqldump`` or ``mariadb-dump`` file, statement by statement: what it says of itself, and what may be restored.

Only statements that make tables and put values into them are given out to be executed, as they stand; views and the
names of routines are read, never made. Memory is that of one statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kakuho.errors import UsageError
from kakuho.language import Bilingual

HEAD = re.compile(rb"(?:/\*M?!999999\\- enable the sandbox mode \*/\s*)?-- (MySQL|MariaDB) dump ", re.IGNORECASE)
_SERVER = re.compile(rb"^-- Server version[ \t]+(\S+)", re.MULTILINE)
_DATABASE = re.compile(rb"^-- Host: .*?Database: (\S+)", re.MULTILINE)
_CREATED = re.compile(rb"^-- Dump completed(?: on (\d{4}-\d{2}-\d{2} [ \d]\d:\d{2}:\d{2}))?", re.MULTILINE)
_TAIL = 4096
_WHOLE = re.compile(
    rb"(?:[^'\"`/#\-]++|'(?:[^'\\]++|\\.|'')*+'|\"(?:[^\"\\]++|\\.|\"\")*+\"|`[^`]*+`|/\*(?:[^*]++|\*(?!/))*+\*/"
    rb"|--[^\n]*+(?:\n|\Z)|#[^\n]*+(?:\n|\Z)|[/\-])*+",
    re.DOTALL,
)
_COMMENTS = re.compile(rb"(?:\s|--[^\n]*(?:\n|\Z)|#[^\n]*(?:\n|\Z)|/\*(?!M?!).*?\*/)*", re.DOTALL)
_RESTORED = re.compile(
    rb"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<table>`(?:[^`]|``)+`|\w+)\s*\("
    rb"|INSERT\s+(?:IGNORE\s+)?INTO\s|REPLACE\s+INTO\s|ALTER\s+TABLE\s|DROP\s+TABLE\s+IF\s+EXISTS\s",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(rb"/\*M?!\d*|\*/")
_VIEW = re.compile(rb"\bVIEW\s+`((?:[^`]|``)+)`\s+(?:\([^)]*\)\s+)?AS\s+(.*?);?\s*\Z", re.IGNORECASE | re.DOTALL)
_ROUTINE = re.compile(
    rb"\bCREATE\b[^;(]*?\b(?:FUNCTION|PROCEDURE)\s+(?:`[^`]+`\.)?`?((?:[^`\s(]|``)+)`?", re.IGNORECASE
)
_USE = re.compile(rb"USE\s+`((?:[^`]|``)+)`", re.IGNORECASE)
_NAMES = re.compile(rb"SET NAMES (\w+)")
_UTC = re.compile(rb"SET TIME_ZONE\s*=\s*'\+00:00'", re.IGNORECASE)
_DELIMITER = re.compile(rb"DELIMITER\s+(\S+)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True)
class DumpHead:
    """``database``: '' where the dump does not say. ``created``: local time."""

    server_version: str
    database: str
    created: str
    is_mariadb: bool


@dataclass
class DumpFacts:
    """What the statements told while they were read."""

    databases: set[str] = field(default_factory=set)
    tables: dict[str, str] = field(default_factory=dict)
    """Lower case → as written."""
    views: dict[str, str] = field(default_factory=dict)
    routines: set[str] = field(default_factory=set)
    character_set: str = "utf8mb4"
    is_utc: bool = False


def read_head(path: Path, *, named: str | None = None) -> DumpHead:
    """What a dump says of itself; raises UsageError for one that is none, or that does not end as a whole one does."""
    where = named or str(path)
    with path.open("rb") as file:
        head = file.read(_TAIL)
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    if not HEAD.match(head):
        raise UsageError(
            Bilingual(ja="mysqldump の形式ではありません。", en="not a file of mysqldump or mariadb-dump"),
            where=where,
            remedy=Bilingual(
                ja="mysqldump --single-transaction --routines で取り直してください。",
                en="take it with mysqldump --single-transaction --routines",
            ),
        )
    created = _CREATED.search(tail)
    if created is None:
        raise UsageError(
            Bilingual(ja="スナップショットが途中で切れています。", en="the snapshot is truncated"),
            where=where,
            remedy=Bilingual(
                ja="原本から転送し直し、最後の行が「-- Dump completed」であることを確かめてください。",
                en="copy it from its origin again; its last line has to be “-- Dump completed”",
            ),
        )
    server, database = _SERVER.search(head), _DATABASE.search(head)
    version = server[1].decode("ascii", "replace") if server else ""
    return DumpHead(
        version,
        database[1].decode("utf-8", "replace") if database else "",
        created[1].decode("ascii") if created[1] else "",
        "mariadb" in version.lower(),
    )


def restorable(path: Path, facts: DumpFacts) -> Iterator[bytes]:
    """The statements to execute, in order; what the others say is noted in ``facts``."""
    for statement in _statements(path):
        text = statement[_COMMENTS.match(statement).end() :]  # type: ignore[union-attr]
        if found := _RESTORED.match(text):
            if found["table"]:
                _note_table(found["table"].strip(b"`").replace(b"``", b"`").decode("utf-8", "replace"), facts, path)
            yield text
        elif used := _USE.match(text):
            facts.databases.add(used[1].decode("utf-8", "replace"))
        else:
            _note(_CONDITIONAL.sub(b" ", text), facts)


def _note_table(name: str, facts: DumpFacts, path: Path) -> None:
    before = facts.tables.setdefault(name.lower(), name)
    if before != name:
        raise UsageError(
            Bilingual(
                ja="大文字と小文字だけが違う名前の表があり、扱えません。",
                en="two tables differ in upper and lower case alone, which cannot be handled",
            ),
            where=f"{path}: {before}, {name}",
            remedy=Bilingual(ja="片方ずつ別のダンプにしてください。", en="dump them apart"),
        )


def _note(text: bytes, facts: DumpFacts) -> None:
    text = text.strip()
    if names := _NAMES.search(text[:200]):
        facts.character_set = names[1].decode("ascii")
    elif _UTC.search(text[:200]):
        facts.is_utc = True
    elif routine := _ROUTINE.match(text):
        facts.routines.add(routine[1].decode("utf-8", "replace").replace("``", "`").lower())
    elif text[:6].upper() == b"CREATE" and (view := _VIEW.search(text)):
        facts.views[view[1].decode("utf-8", "replace").replace("``", "`")] = view[2].decode("utf-8", "replace")


def _statements(path: Path) -> Iterator[bytes]:
    """Cut where a line ends with the delimiter outside of quotes and comments, as dumps are written."""
    delimiter, kept = b";", bytearray()
    with path.open("rb") as file:
        for line in file:
            stripped = line.strip()
            if not kept.strip() and (found := _DELIMITER.match(stripped)):
                delimiter = found[1]
                continue
            kept += line
            if stripped.endswith(delimiter):
                whole = bytes(kept).rstrip()
                body = whole[: -len(delimiter)]
                if _WHOLE.fullmatch(body):
                    yield body
                    kept.clear()
    if kept.strip():
        yield bytes(kept)
