"""What Windows events mean: which table, which activity, which of their data is which column.

Names of data are those of the events' manifests (Microsoft: "Appendix L: Events to monitor"; Sysmon's schema). An event
that is not here is a base event; all data of every event are kept under their own names in ``unmapped``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SECURITY = "Microsoft-Windows-Security-Auditing"
SYSMON = "Microsoft-Windows-Sysmon"
LOCAL_SESSIONS = "Microsoft-Windows-TerminalServices-LocalSessionManager"
REMOTE_CONNECTIONS = "Microsoft-Windows-TerminalServices-RemoteConnectionManager"
POWERSHELL = "Microsoft-Windows-PowerShell"

Names = tuple[str, ...]


@dataclass(frozen=True)
class Meaning:
    """Table and activity of an event, and for each column the data that hold it: the first that is given."""

    table: str
    activity: str
    columns: Mapping[str, Names]


def _authentication(activity: str, **columns: Names | str) -> Meaning:
    return Meaning("authentication", activity, _names(columns))


def _names(columns: Mapping[str, Names | str]) -> dict[str, Names]:
    return {column: (names,) if isinstance(names, str) else names for column, names in columns.items()}


_TARGET: dict[str, Names | str] = {"user_name": "TargetUserName", "user_domain": "TargetDomainName"}
_SUBJECT: dict[str, Names | str] = {
    "user_name": "SubjectUserName",
    "user_domain": "SubjectDomainName",
    "session_id": "SubjectLogonId",
}
_FROM: dict[str, Names | str] = {"src_ip": "IpAddress", "src_port": "IpPort"}
_LOGON = _TARGET | _FROM | {"auth_protocol": "AuthenticationPackageName", "logon_type": "LogonType"}
_DESKTOP: dict[str, Names | str] = {
    "user_name": "AccountName",
    "user_domain": "AccountDomain",
    "session_id": "LogonID",
    "src_ip": "ClientAddress",
}
_FILE: dict[str, Names | str] = {"user_name": "SubjectUserName", "session_id": "SubjectLogonId"}
_OBJECT = _FILE | {"pid": "ProcessId", "process_path": "ProcessName", "file_path": "ObjectName"}
_SYSMON_FILE: dict[str, Names | str] = {
    "user_name": "User",
    "pid": "ProcessId",
    "process_path": "Image",
    "file_path": "TargetFilename",
}
_FILTER: dict[str, Names | str] = {
    "protocol": "Protocol",
    "src_ip": "SourceAddress",
    "src_port": "SourcePort",
    "dst_ip": "DestAddress",
    "dst_port": "DestPort",
    "process_path": "Application",
}

_SECURITY: dict[int, Meaning] = {
    4624: _authentication("logon", **_LOGON, session_id="TargetLogonId"),
    4625: _authentication("logon", **_LOGON),
    4634: _authentication("logoff", **_TARGET, logon_type="LogonType", session_id="TargetLogonId"),
    4647: _authentication("logoff", **_TARGET, session_id="TargetLogonId"),
    4648: _authentication("logon_with_explicit_credentials", **_TARGET, **_FROM, session_id="SubjectLogonId"),
    4672: _authentication("special_privileges", **_SUBJECT),
    4768: _authentication("authentication_ticket", **_TARGET, **_FROM),
    4769: _authentication("service_ticket", **_TARGET, **_FROM),
    4770: _authentication("service_ticket_renew", **_TARGET, **_FROM),
    4771: _authentication("preauth", user_name="TargetUserName", **_FROM),
    4776: _authentication("credential_validation", user_name="TargetUserName", auth_protocol="PackageName"),
    4778: _authentication("session_reconnect", **_DESKTOP),
    4779: _authentication("session_disconnect", **_DESKTOP),
    4800: _authentication("lock", **_TARGET, session_id="TargetLogonId"),
    4801: _authentication("unlock", **_TARGET, session_id="TargetLogonId"),
    4688: Meaning(
        "process_activity",
        "launch",
        _names(
            {
                "user_name": "SubjectUserName",
                "session_id": "SubjectLogonId",
                "pid": "NewProcessId",
                "process_path": "NewProcessName",
                "command_line": "CommandLine",
                "parent_pid": "ProcessId",
                "parent_path": "ParentProcessName",
            }
        ),
    ),
    4689: Meaning("process_activity", "terminate", _names(_FILE | {"pid": "ProcessId", "process_path": "ProcessName"})),
    4656: Meaning("file_activity", "open", _names(_OBJECT)),
    4663: Meaning("file_activity", "read", _names(_OBJECT)),
    4670: Meaning("file_activity", "set_security", _names(_OBJECT)),
    5140: Meaning("file_activity", "open", _names(_FILE | {"file_path": "ShareName"})),
    5145: Meaning("file_activity", "open", _names(_FILE | {"file_path": "RelativeTargetName"})),
    5152: Meaning("network_activity", "refuse", _names(_FILTER)),
    5156: Meaning("network_activity", "open", _names(_FILTER)),
    5157: Meaning("network_activity", "refuse", _names(_FILTER)),
    5158: Meaning("network_activity", "listen", _names(_FILTER)),
}
_SYSMON: dict[int, Meaning] = {
    1: Meaning(
        "process_activity",
        "launch",
        _names(
            {
                "user_name": "User",
                "session_id": "LogonId",
                "pid": "ProcessId",
                "process_path": "Image",
                "command_line": "CommandLine",
                "parent_pid": "ParentProcessId",
                "parent_path": "ParentImage",
            }
        ),
    ),
    5: Meaning(
        "process_activity", "terminate", _names({"user_name": "User", "pid": "ProcessId", "process_path": "Image"})
    ),
    3: Meaning(
        "network_activity",
        "open",
        _names(
            {
                "protocol": "Protocol",
                "src_ip": "SourceIp",
                "src_port": "SourcePort",
                "dst_ip": "DestinationIp",
                "dst_port": "DestinationPort",
                "user_name": "User",
                "process_path": "Image",
            }
        ),
    ),
    2: Meaning("file_activity", "set_attributes", _names(_SYSMON_FILE)),
    11: Meaning("file_activity", "create", _names(_SYSMON_FILE)),
    15: Meaning("file_activity", "create", _names(_SYSMON_FILE)),
    23: Meaning("file_activity", "delete", _names(_SYSMON_FILE)),
    26: Meaning("file_activity", "delete", _names(_SYSMON_FILE)),
    27: Meaning("file_activity", "create", _names(_SYSMON_FILE)),
    28: Meaning("file_activity", "delete", _names(_SYSMON_FILE)),
    29: Meaning("file_activity", "create", _names(_SYSMON_FILE)),
}
_SESSIONS: dict[int, Meaning] = {
    number: _authentication(activity, user_name="User", src_ip="Address", session_id="SessionID")
    for number, activity in (
        (21, "logon"),
        (23, "logoff"),
        (24, "session_disconnect"),
        (25, "session_reconnect"),
    )
}

MEANINGS: dict[tuple[str, int], Meaning] = {
    **{(SECURITY, number): meaning for number, meaning in _SECURITY.items()},
    **{(SYSMON, number): meaning for number, meaning in _SYSMON.items()},
    **{(LOCAL_SESSIONS, number): meaning for number, meaning in _SESSIONS.items()},
    (REMOTE_CONNECTIONS, 1149): _authentication("logon", user_name="Param1", user_domain="Param2", src_ip="Param3"),
}

MESSAGES: dict[tuple[str, int], str] = {
    (POWERSHELL, 4103): "Payload",
    (POWERSHELL, 4104): "ScriptBlockText",
    (SYSMON, 22): "QueryName",
}
"""The data of a base event that is its message."""

LOG_CLEARED = {("Microsoft-Windows-Eventlog", 1102), ("Microsoft-Windows-Eventlog", 104)}

KERBEROS_SERVICE = {"service_ticket", "service_ticket_renew"}
"""Activities whose account is written ``name@REALM``, though the realm stands beside it."""

LEVELS = {0: "information", 1: "critical", 2: "error", 3: "warning", 4: "information", 5: "verbose"}
"""Words for System/Level (winmeta.xml); level 0 (log always: audits) is shown as information by Windows too."""

AUDIT_SUCCESS, AUDIT_FAILURE = 0x0020000000000000, 0x0010000000000000
"""Bits of System/Keywords (winmeta.xml)."""

IP_PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
"""IANA's protocol numbers, as events 5152-5158 give them."""

_DELETE, _WRITES, _READS = 0x10000, 0x2 | 0x4 | 0x10 | 0x100, 0x1
"""Bits of an access mask for files: DELETE; write, append, extended attributes, attributes; read data."""


def file_action(mask: int | None, otherwise: str) -> str:
    """What an access mask of a file says that was done."""
    if mask is None:
        return otherwise
    if mask & _DELETE:
        return "delete"
    if mask & _WRITES:
        return "update"
    return "read" if mask & _READS else otherwise
