"""Logs of Linux hosts: audit, system log, authentication, journal."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format
from kakuho.evidence.formats.host.auditd import Auditd
from kakuho.evidence.formats.host.syslog import AuthLog, Syslog

FORMATS: tuple[Format, ...] = (Auditd(), Syslog(), AuthLog())
