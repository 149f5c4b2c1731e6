"""Windows event logs."""

from __future__ import annotations

from kakuho.evidence.formats.registry import formats_in

FORMATS = formats_in(
    __name__,
    {
        "windows_evtx": "evtx:Evtx",
        "winlogbeat_json": "winlogbeat_json:WinlogbeatJson",
    },
)
