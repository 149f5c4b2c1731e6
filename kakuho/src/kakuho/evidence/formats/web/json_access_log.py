"""Access logs of one JSON object a line: nginx with ``escape=json``, Caddy, Traefik and alike.

Which key says what is told by :data:`.json_fields.KEYS`; keys that are not there go to ``unmapped`` under their own
name.
"""

from __future__ import annotations

from typing import Any

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.web.by_columns import read_block_by_columns, texts_of
from kakuho.evidence.formats.web.fields import (
    UNMAPPED,
    Event,
    Field,
    NoSuchTimeError,
    NotThisFieldError,
    Reading,
    put,
    read_field,
)
from kakuho.evidence.formats.web.json_columns import regular_records
from kakuho.evidence.formats.web.json_fields import (
    KEYS,
    MOST_BYTES,
    OTHER_TIMES,
    REQUEST_KEYS,
    SECONDS,
    TIME,
    field_of,
    flat,
    time_of,
)
from kakuho.evidence.formats.web.lines import json_object, number_text
from kakuho.evidence.formats.web.pattern import finished
from kakuho.language import Bilingual

_STATUS_KEYS = {"status", "response", "downstreamstatus"}
_TIME_KEYS = {key for key, field in KEYS.items() if field is TIME} | OTHER_TIMES
_OTHER_FORMATS = {"event_type", "transaction", "eventversion", "audit_record", "apiversion"}


class JsonAccessLog(TextFormat):
    """Access logs in JSON."""

    name = "json_access_log"
    label = Bilingual(ja="アクセスログ（JSON）", en="access log (JSON)")
    role = "access_log"
    tables = ("http_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of first lines that are JSON with a time, a request and a status."""
        share = head.share(_is_access)
        return Recognition(share, "json", share_in_words(share, "access log (JSON)")) if share else None

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank (ignored) or rejected."""
        reading = Reading(declared.time_zone, declared.encoding)
        return read_block_by_columns(
            block,
            declared,
            ("http_activity",),
            lambda some: regular_records(texts_of(some), reading),
            lambda text: _event(text, reading),
            is_json=True,
        )


def _is_access(line: bytes) -> bool:
    document = json_object(line.decode("utf-8", "backslashreplace")) if line.startswith(b"{") else None
    if document is None:
        return False
    keys = {name.lower() for name, _ in flat(document, "", 0)}
    return bool(keys & _STATUS_KEYS and keys & REQUEST_KEYS and keys & _TIME_KEYS and not keys & _OTHER_FORMATS)


def _event(text: str, reading: Reading) -> Event | str:
    document = json_object(text)
    if document is None:
        return "not_json"
    in_nanoseconds = "DownstreamStatus" in document
    event: Event = {}
    rest: dict[str, Any] = {}
    other_time: Any = None
    is_request = False
    for name, value in flat(document, "", 0):
        key, field, kind, column = field_of(name)
        if not is_request and key in REQUEST_KEYS:
            is_request = True
        if value is None or value == "":
            continue
        if field is None or isinstance(value, dict | list):
            if key in OTHER_TIMES:
                other_time = value
            rest[name] = value
            continue
        if column not in event:
            what = type(value)
            if (
                (what is str and kind == "text" and value != "-")
                or (what is int and kind == "number" and 0 <= value <= MOST_BYTES)
                or (what is int and kind == "status" and 100 <= value <= 999)
            ):
                event[column] = value
                continue
        try:
            if field is TIME:
                _read_time(event, name, value, reading)
            elif field is SECONDS and in_nanoseconds:
                put(event, field, _microseconds(value))
            else:
                read_field(event, field, value if isinstance(value, str) else number_text(value), reading)
        except (NotThisFieldError, ValueError):
            rest[name] = value
    if not is_request:
        return "field_missing"
    if "time" not in event and other_time is not None:
        event["time"] = time_of(str(other_time), reading)
    if rest:
        event[UNMAPPED] = {**rest, **event.get(UNMAPPED, {})}
    return finished(event)


def _microseconds(nanoseconds: Any) -> int:
    """Traefik's durations. Raises NotThisFieldError for what cannot be one."""
    text = str(nanoseconds)
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise NotThisFieldError
    return int(text) // 1000


def _read_time(event: Event, name: str, value: Any, reading: Reading) -> None:
    time = time_of(number_text(value), reading)
    if time is None:
        raise NoSuchTimeError
    if "time" in event:
        put(event, Field("time", "time", name), time)
    else:
        event["time"] = time
