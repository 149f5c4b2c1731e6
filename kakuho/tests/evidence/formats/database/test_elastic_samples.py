"""Every database sample of Elastic's Filebeat, field by field with what it expects (its first 100 events)."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kakuho.evidence.content import PlainContent
from kakuho.evidence.formats import Declared
from kakuho.evidence.identification import identify

from ...reading import read
from ...samples import SAMPLES, sample
from .differences import DIFFERENCES

MODULES = Path("elastic-beats/filebeat/module")
ZONES = {"EST": "America/New_York", "CEST": "Europe/Paris"}
Ours, Theirs = dict[str, Any], dict[str, Any]


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(dt.UTC).replace(tzinfo=None)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().removesuffix(";").strip()


def _ours_plain(ours: Ours, name: str) -> str | None:
    return _plain(ours[name]) if ours.get(name) is not None else None


def _milliseconds(time: dt.datetime) -> dt.datetime:
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


Field = tuple[str, Callable[[Any], Any], Callable[[Ours], Any]]
FIELDS: dict[str, dict[str, Field]] = {
    "postgresql": {
        "time": ("@timestamp", _time, lambda ours: _milliseconds(ours["time"])),
        "db_user": ("user.name", str, lambda ours: ours.get("db_user")),
        "database": ("postgresql.log.database", str, lambda ours: ours.get("database")),
        "src_ip": ("postgresql.log.client_addr", str, lambda ours: ours.get("src_ip")),
        "session_id": ("postgresql.log.session_id", str, lambda ours: ours.get("session_id")),
        "application": ("postgresql.log.application_name", str, lambda ours: ours.get("application")),
        "duration_us": ("event.duration", lambda given: round(given / 1000), lambda ours: ours.get("duration_us")),
        "statement": ("postgresql.log.query", _plain, lambda ours: _ours_plain(ours, "statement")),
    },
    "slowlog": {
        "time": ("@timestamp", _time, lambda ours: _milliseconds(ours["time"])),
        "db_user": ("user.name", str, lambda ours: ours.get("db_user")),
        "src_ip": ("source.ip", str, lambda ours: ours.get("src_ip")),
        "database": ("mysql.slowlog.schema", str, lambda ours: ours.get("database")),
        "session_id": ("mysql.thread_id", str, lambda ours: ours.get("session_id")),
        "duration_us": ("event.duration", lambda given: round(given / 1000), lambda ours: ours.get("duration_us")),
        "rows": ("mysql.slowlog.rows_sent", int, lambda ours: ours.get("rows")),
        "statement": ("mysql.slowlog.query", _plain, lambda ours: _ours_plain(ours, "statement")),
    },
    "error": {
        "time": ("@timestamp", _time, lambda ours: _milliseconds(ours["time"])),
        "event_code": ("event.code", str, lambda ours: ours.get("event_code")),
        "message": (
            "message",
            lambda given: _plain(re.sub(r"^\[MY-\d+\] \[\w+\] ", "", given)),
            lambda ours: _ours_plain(ours, "message"),
        ),
    },
}


def _names() -> list[str]:
    found = [*(SAMPLES / MODULES).glob("postgresql/log/test/*.log"), *(SAMPLES / MODULES).glob("mysql/*/test/*.log")]
    return sorted(str(path.relative_to(SAMPLES / MODULES)) for path in found)


def compare(name: str) -> tuple[dict[str, int], set[str]]:
    """How many values of each field are equal, and the fields that differ anywhere (``event``: no row of ours)."""
    path = sample(str(MODULES / name))
    expected: list[Theirs] = json.loads(path.with_name(path.name + "-expected.json").read_text(encoding="utf-8"))
    zone = ZONES.get(
        str(expected[0].get("event.timezone")), "Etc/GMT+2" if name.startswith("mysql") else "Europe/Paris"
    )
    known = identify(PlainContent(path), path.name)
    assert known.is_known, name
    rows, _ = read(known.format, path, declared=Declared(zone))
    ours_at = {row["byte_offset"]: row for row in rows}
    family = "postgresql" if name.startswith("postgresql") else name.split("/")[1]
    equal, different = dict.fromkeys(FIELDS[family], 0), set()
    for theirs in expected:
        offset = theirs["log.offset"]
        if family == "slowlog":  # Filebeat begins an event at "# User@Host", we at the "# Time" before it
            offset = max((begin for begin in ours_at if begin <= offset), default=offset)
        ours = ours_at.get(offset)
        if ours is None:
            different.add("event")
            continue
        for field, (key, read_theirs, read_ours) in FIELDS[family].items():
            if theirs.get(key) is None:
                continue
            if read_theirs(theirs[key]) == read_ours(ours):
                equal[field] += 1
            else:
                different.add(field)
    return equal, different


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of other projects are not there: this test needs them")
@pytest.mark.parametrize("name", _names())
def test_each_field_is_equal_or_the_difference_is_declared(name: str) -> None:
    _, different = compare(name)
    declared = {field for sample_name, field in DIFFERENCES if sample_name == name}
    assert different == declared


def summary() -> str:
    """A line a sample: values equal by field, and the fields whose difference is declared."""
    lines = []
    for name in _names():
        equal, different = compare(name)
        lines.append(f"{name}: {sum(equal.values())} values equal; declared: {', '.join(sorted(different)) or 'none'}")
    return "\n".join(lines)
