"""One line of a disclosure ledger, read with care: what it says, or the reason why it is no line of a ledger.

Stricter than JSON is: a name that is no text, a number that no column can hold, a time without its zone make no line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kakuho.evidence.formats.ledger.item_sets import Items

KEYED_MAC = "hmac-sha256"
_KINDS = ("header", "disclosure")
_MOST = {"seq": 2**63, "status": 2**31}
_TEXTS = ("session", "address", "method", "route", "purpose")


@dataclass(frozen=True)
class LedgerLine:
    """A header or an event; ``time`` is as it stands there, ``shown`` holds whom it is about and which items."""

    is_header: bool
    is_keyed: bool
    segment: str
    seq: int
    hash: str
    prev: Any
    time: str
    at: datetime
    common: tuple[Any, ...] = ()
    shown: tuple[tuple[str, Items], ...] = ()


COMMON = ("actor_kind", "actor_id", "actor_subject", "session", "src_ip", "method", "route", "purpose", "status")
"""What :attr:`LedgerLine.common` holds, in the words of the table ``ledger_event``."""


def utc(text: str) -> datetime:
    """An RFC 3339 time as UTC without a zone. Raises ValueError for anything else, also for a time without its zone."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("no zone")
    try:
        return time.astimezone(UTC).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError("beyond the calendar") from error


def record_of(line: bytes) -> dict[str, Any] | str:
    """The object of a line, or the reason why it is none of a ledger."""
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "not_utf8"
    except (ValueError, RecursionError):
        return "not_json" if line.endswith(b"}") else "line_cut_off"
    if not isinstance(record, dict) or record.get("kind") not in _KINDS:
        return "not_a_ledger_line"
    return record


def ledger_line(line: bytes) -> LedgerLine | str:
    """What a line says, or the reason why it is no line of a ledger."""
    record = record_of(line)
    if isinstance(record, str):
        return record
    try:
        return _header(record) if record["kind"] == "header" else _event(record)
    except (KeyError, TypeError):
        return "field_missing"
    except UnicodeEncodeError:
        return "not_utf8"
    except ValueError:
        return "time_not_valid"


def _header(record: dict[str, Any]) -> LedgerLine:
    time = text_of(record["started"])
    return LedgerLine(
        is_header=True,
        is_keyed=record.get("mac") == KEYED_MAC,
        segment=text_of(record["segment"]),
        seq=number_of(record, "seq"),
        hash=text_of(record["hash"]),
        prev=record.get("prev"),
        time=time,
        at=utc(time),
    )


def _event(record: dict[str, Any]) -> LedgerLine:
    actor, time = _object(record["actor"]), text_of(record["time"])
    shown = [_entry(_object(entry)) for entry in _list(record["disclosures"])]
    names = [actor.get(key) for key in ("kind", "id", "subject")]
    known = {key: record[key] for key in ("method", "route")} | {key: record.get(key) for key in _TEXTS}
    return LedgerLine(
        is_header=False,
        is_keyed=False,
        segment=text_of(record["segment"]),
        seq=number_of(record, "seq"),
        hash=text_of(record["hash"]),
        prev=record.get("prev"),
        time=time,
        at=utc(time),
        common=(
            *(_text_or_none(text) for text in (*names, *(known[key] for key in _TEXTS))),
            number_of(record, "status"),
        ),
        shown=tuple(shown),
    )


def _entry(entry: dict[str, Any]) -> tuple[str, Items]:
    shown = [(text_of(item), False) for item in _list(entry["items"])]
    masked = [(text_of(item), True) for item in _list(entry.get("masked", []))]
    return text_of(entry["subject"]), (*shown, *masked)


def text_of(value: object) -> str:
    """A text that is Unicode. Raises TypeError for anything else, UnicodeEncodeError for half a surrogate pair."""
    if not isinstance(value, str):
        raise TypeError
    value.encode()
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else text_of(value)


def number_of(record: dict[str, Any], key: str) -> int:
    """A whole number, not below 0, that its column can hold. Raises KeyError or TypeError."""
    value = record[key]
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _MOST[key]:
        raise TypeError
    return value


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value
