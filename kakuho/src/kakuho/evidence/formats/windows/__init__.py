"""Windows event logs."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format
from kakuho.evidence.formats.windows.evtx import Evtx

FORMATS: tuple[Format, ...] = (Evtx(),)
