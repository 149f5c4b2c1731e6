"""Audit logs of clouds and clusters."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format

FORMATS: tuple[Format, ...] = ()
