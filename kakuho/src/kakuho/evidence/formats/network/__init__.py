"""Records of network sensors, and captures of HTTP."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format

FORMATS: tuple[Format, ...] = ()
