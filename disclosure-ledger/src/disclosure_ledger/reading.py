"""Reading a segment line by line, each line proven by the chain before it is believed.

Only this module judges the lines of a segment; :mod:`disclosure_ledger.verification` adds up a directory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from disclosure_ledger.chain import MAC, Digest, digest_under, sealed
from disclosure_ledger.errors import LedgerKeyError
from disclosure_ledger.event import Event
from disclosure_ledger.reasons import Reason

LONGEST_LINE = 64 * 1024 * 1024


class BrokenLineError(Exception):
    """The first line that cannot be believed; ``line`` counts from 1."""

    def __init__(self, line: int, reason: Reason) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a segment; as ``seq`` 0 it has a hash like an event."""

    segment: str
    system: str
    started: datetime
    hash: str
    seq: int = 0


def read_segment(path: Path, key: bytes | None) -> Iterator[Header | Event]:
    """The header, then the events, in order and without a gap.

    BrokenLineError at the first line that does not follow; LedgerKeyError where a key is needed and none is given.
    """
    digest = digest_under(key)
    previous = ""
    for number, line in read_lines(path):
        record = _parsed(number, line)
        if number == 1:
            _check_header(record, key, path)
        _check_hash(number, line, record, digest)
        if record.get("segment") != path.stem:
            raise BrokenLineError(number, Reason.WRONG_SEGMENT)
        if record.get("seq") != number - 1:
            raise BrokenLineError(number, Reason.SEQUENCE)
        if number > 1 and record.get("prev") != previous:
            raise BrokenLineError(number, Reason.PREVIOUS)
        previous = record["hash"]
        try:
            yield _header(record) if number == 1 else Event.from_record(record)
        except (KeyError, TypeError, ValueError):
            raise BrokenLineError(number, Reason.NOT_AN_EVENT) from None


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Numbered lines, newline included; BrokenLineError for an empty file, a line that breaks off or a failing disk."""
    number = 0
    try:
        with path.open("rb") as file:
            while line := file.readline(LONGEST_LINE):
                number += 1
                if not line.endswith(b"\n"):
                    raise BrokenLineError(number, Reason.UNFINISHED if line.startswith(b"{") else Reason.NOT_A_LINE)
                yield number, line
    except OSError:
        raise BrokenLineError(number + 1, Reason.UNREADABLE) from None
    if number == 0:
        raise BrokenLineError(1, Reason.EMPTY)


def _parsed(number: int, line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise BrokenLineError(number, Reason.NOT_A_LINE) from None
    if not isinstance(record, dict):
        raise BrokenLineError(number, Reason.NOT_A_LINE)
    return record


def _check_header(record: dict[str, Any], key: bytes | None, path: Path) -> None:
    if record.get("kind") != "header" or record.get("ledger") != "disclosure":
        raise BrokenLineError(1, Reason.NOT_A_LEDGER)
    keyed = record.get("mac") == MAC
    if keyed and key is None:
        raise LedgerKeyError(
            ja=f"{path} は鍵付きで書かれています。--key-file で鍵を指定してください。",
            en=f"{path} was written under a key: give it with --key-file.",
        )
    if key is not None and not keyed:
        raise BrokenLineError(1, Reason.NOT_KEYED)


def _check_hash(number: int, line: bytes, record: dict[str, Any], digest: Digest) -> None:
    try:
        written, value = sealed({name: field for name, field in record.items() if name != "hash"}, digest)
    except (ValueError, RecursionError):
        raise BrokenLineError(number, Reason.NOT_A_LINE) from None
    if value != record.get("hash"):
        raise BrokenLineError(number, Reason.HASH)
    if written != line:
        raise BrokenLineError(number, Reason.NOT_CANONICAL)


def _header(record: dict[str, Any]) -> Header:
    return Header(
        segment=record["segment"],
        system=record["system"],
        started=datetime.fromisoformat(record["started"]),
        hash=record["hash"],
    )
