"""Logs of Linux hosts: audit, system log, authentication, journal."""

from __future__ import annotations

from kakuho.evidence.formats.registry import formats_in

FORMATS = formats_in(
    __name__,
    {
        "auditd": "auditd:Auditd",
        "auth_log": "syslog:AuthLog",
        "syslog": "syslog:Syslog",
        "journal_export": "journal_export:JournalExport",
        "journal_json": "journal_json:JournalJson",
        "login_records": "login_records:LoginRecords",
        "lastlog": "lastlog:Lastlog",
    },
)
