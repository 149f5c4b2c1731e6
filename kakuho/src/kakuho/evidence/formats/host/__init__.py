"""Logs of Linux hosts: audit, system log, authentication, journal."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format
from kakuho.evidence.formats.host.auditd import Auditd
from kakuho.evidence.formats.host.journal_export import JournalExport
from kakuho.evidence.formats.host.journal_json import JournalJson
from kakuho.evidence.formats.host.lastlog import Lastlog
from kakuho.evidence.formats.host.login_records import LoginRecords
from kakuho.evidence.formats.host.syslog import AuthLog, Syslog

FORMATS: tuple[Format, ...] = (
    Auditd(),
    AuthLog(),
    Syslog(),
    JournalExport(),
    JournalJson(),
    LoginRecords(),
    Lastlog(),
)
