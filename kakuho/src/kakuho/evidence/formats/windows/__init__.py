"""Windows event logs."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format
from kakuho.evidence.formats.windows.evtx import Evtx
from kakuho.evidence.formats.windows.winlogbeat_json import WinlogbeatJson

FORMATS: tuple[Format, ...] = (Evtx(), WinlogbeatJson())
