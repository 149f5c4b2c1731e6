"""Sysmon for Linux: the XML event that it writes into a syslog message.

    <Event><System>…<EventID>1</EventID>…</System><EventData><Data Name="Image">/usr/bin/id</Data>…</EventData></Event>

Read with a pattern, not with an XML parser: the events are flat, and their text is hostile. Event ids: Sysmon's manual.
"""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

from kakuho.evidence.formats.rows_by_table import Row, RowsByTable, as_json, ip_address, port, whole_number

_DATA = re.compile(r'<Data Name="([^"]{1,64})">([^<]*)</Data>')
_ID = re.compile(r"<EventID>(\d{1,5})</EventID>")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - Sysmon's UtcTime has no zone and is UTC
_PROCESS = {"1": "launch", "5": "terminate"}
_FILE = {"11": "create", "23": "delete"}
_CONNECTS = "3"


def add_sysmon_event(message: str, base: Row, rows: RowsByTable) -> bool:
    """Add the row of an event; False where it is none of those known, or cut off."""
    number = _ID.search(message)
    data = {name: unescape(value) for name, value in _DATA.findall(message)}
    if number is None or not data:
        return False
    code = number[1]
    common = base | {"time": _time(data.get("UtcTime")) or base["time"], "user_name": _given(data.get("User"))}
    common["unmapped"] = as_json({"EventID": code, **data})
    common["process_path"] = _given(data.get("Image"))
    own_pid = {"pid": whole_number(data.get("ProcessId"))}
    if code in _PROCESS:
        row = {
            "activity": _PROCESS[code],
            "command_line": _given(data.get("CommandLine")),
            "parent_pid": whole_number(data.get("ParentProcessId")),
            "parent_path": _given(data.get("ParentImage")),
            "session_id": _given(data.get("TerminalSessionId")),
        }
        rows.add("process_activity", common | own_pid | row)
    elif code in _FILE:
        row = {"activity": _FILE[code], "file_path": _given(data.get("TargetFilename"))}
        rows.add("file_activity", common | own_pid | row)
    elif code == _CONNECTS:
        row = {
            "activity": "open",
            "protocol": _given(data.get("Protocol")),
            "src_ip": ip_address(data.get("SourceIp")),
            "src_port": port(data.get("SourcePort")),
            "dst_ip": ip_address(data.get("DestinationIp")),
            "dst_port": port(data.get("DestinationPort")),
        }
        rows.add("network_activity", common | row)
    else:
        return False
    return True


def _time(text: str | None) -> int | None:
    """Microseconds since 1970 of ``2025-03-19 00:00:01.123``."""
    try:
        at = datetime.fromisoformat(text or "")
        return round((at - _EPOCH).total_seconds() * 1_000_000)
    except (ValueError, TypeError):
        return None


def _given(text: str | None) -> str | None:
    return None if text in {None, "", "-"} else text
