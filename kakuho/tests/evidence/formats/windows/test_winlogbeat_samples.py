"""Elastic's golden events of Security, PowerShell and Sysmon logs, field by field."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from ...samples import sample
from ..comparison import Comparison
from .differences import WINLOGBEAT
from .reading_evtx import events_of

COLUMNS = {
    "event.outcome": "outcome",
    "user.name": "user_name",
    "user.domain": "user_domain",
    "source.ip": "src_ip",
    "source.port": "src_port",
    "destination.ip": "dst_ip",
    "destination.port": "dst_port",
    "network.transport": "protocol",
    "process.executable": "process_path",
    "process.pid": "pid",
    "process.command_line": "command_line",
    "process.parent.executable": "parent_path",
    "process.parent.pid": "parent_pid",
    "file.path": "file_path",
    "winlog.logon.id": "session_id",
    "winlog.computer_name": "host",
    "log.level": "severity",
}
"""Their field, our column: compared where the event's table has the column."""
SYSTEM = {
    "winlog.channel": "Channel",
    "winlog.record_id": "EventRecordID",
    "winlog.provider_name": "Provider_Name",
    "winlog.event_id": "EventID",
    "winlog.version": "Version",
    "winlog.process.pid": "ProcessID",
    "winlog.process.thread.id": "ThreadID",
    "winlog.user.identifier": "UserID",
    "winlog.activity_id": "ActivityID",
}
"""Their field, the name in ``unmapped``."""
TABLES = {
    "authentication": {"outcome", "user_name", "user_domain", "src_ip", "src_port", "session_id", "host"},
    "process_activity": {
        "outcome",
        "user_name",
        "process_path",
        "pid",
        "command_line",
        "parent_path",
        "parent_pid",
        "session_id",
        "host",
    },
    "file_activity": {"outcome", "user_name", "process_path", "pid", "file_path", "session_id", "host"},
    "network_activity": {
        "user_name",
        "src_ip",
        "src_port",
        "dst_ip",
        "dst_port",
        "protocol",
        "process_path",
        "host",
    },
    "base_event": {"host", "severity"},
}


def test_every_golden_event_field_by_field() -> None:
    folder = sample("elastic-winlogbeat", "x-pack", "winlogbeat", "module")
    comparison = Comparison(WINLOGBEAT)
    golden_files = sorted(folder.rglob("*.golden.json"))
    assert len(golden_files) == 77
    for golden in golden_files:
        path = golden.with_name(golden.name.removesuffix(".golden.json"))
        theirs = json.loads(golden.read_text(encoding="utf-8"))
        ours = events_of(path)
        comparison.compare(path.name, "events", len(ours), len(theirs))
        for our, their in zip(ours, theirs, strict=False):
            _compare(comparison, path, our, their)
    comparison.check("windows_evtx | elastic-winlogbeat")


def _compare(comparison: Comparison, path: Path, our: dict[str, Any], their: dict[str, Any]) -> None:
    flat = _flat(their)
    unmapped = our["unmapped"]
    comparison.compare(path.name, "@timestamp", our["time"], _time(flat["@timestamp"]))
    for name, system in SYSTEM.items():
        if name in flat:
            given = unmapped.get(f"System_{system}", unmapped.get(system))
            comparison.compare(path.name, name, _text(given), _text(flat[name]))
    table = our["table"]
    for name, column in COLUMNS.items():
        if name in flat and column in TABLES[table]:
            comparison.compare(path.name, f"{table}: {name}", our.get(column), flat[name])
    for name, value in flat.items():
        if name.startswith("winlog.event_data."):
            key = name.removeprefix("winlog.event_data.")
            comparison.compare(path.name, f"event_data.{key}", _text(unmapped.get(key)), _text(value))


def _flat(event: dict[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in event.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{name}.")
        else:
            flat[f"{before}{name}"] = value
    return flat


def _time(stamp: str) -> dt.datetime:
    return dt.datetime.fromisoformat(stamp).replace(tzinfo=None)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
