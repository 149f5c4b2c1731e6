"""Logs of Linux hosts: audit, system log, authentication, journal."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format
from kakuho.evidence.formats.host.auditd import Auditd

FORMATS: tuple[Format, ...] = (Auditd(),)
