"""Where Windows events differ from what others expect, on purpose."""

from __future__ import annotations

from ..comparison import Difference

_GUID = "the parser writes GUIDs without braces in capitals, Windows' renderer with braces; both are the same 16 bytes"
_ADDED = "winlogbeat adds words of its own to the event's data; unmapped holds the data as they were written"
_SPLIT = "winlogbeat makes a list of it; unmapped keeps the text as it was written"
_LINE_ENDS = "the value holds CR LF in the file, which winlogbeat's reader of XML makes LF"
_SHORT = "IPv6 addresses stand in their short form (RFC 5952), winlogbeat leaves them written out"

WINLOGBEAT: tuple[Difference, ...] = (
    Difference(
        "sysmon-*", "@timestamp", "winlogbeat takes Sysmon's UtcTime (ms); we take TimeCreated, as for every event"
    ),
    Difference("*", "winlog.activity_id", _GUID),
    Difference("*", "event_data.*Guid", _GUID),
    Difference("*", "event_data.*Description", _ADDED),
    Difference("*", "event_data.*UACList", _ADDED),
    Difference("4719*", "event_data.*Category", _ADDED),
    Difference("*", "event_data.???Sd?acl?", _ADDED),
    Difference("*", "event_data.PrivilegeList", _SPLIT),
    Difference("*", "event_data.UserAccountControl", _SPLIT),
    Difference("*", "event_data.AccessMask", _SPLIT),
    Difference("security-windows2012_4698.evtx", "event_data.TaskContent", _LINE_ENDS),
    Difference("security-windows2012_4699.evtx", "event_data.TaskContent", _LINE_ENDS),
    Difference("security-windows2012_470?.evtx", "event_data.TaskContent*", _LINE_ENDS),
    Difference("security-windows2016_4964.evtx", "event_data.SidList", _LINE_ENDS),
    Difference("sysmon-9.01.evtx", "network_activity: *.ip", _SHORT),
    Difference(
        "security-windows2012r2-logon.evtx",
        "authentication: winlog.logon.id",
        "a failed logon (4625) has no session; winlogbeat gives that of the caller, which unmapped holds",
    ),
)

_TRAILING = "the .json of 79 rules lost the spaces at the end of values; the .evtx, which we read, has them"

SIGMA_REGRESSION: tuple[Difference, ...] = (
    Difference("*", "EventData.ParentCommandLine", _TRAILING),
    Difference("*", "EventData.CommandLine", _TRAILING),
    Difference("724ea201-*", "EventData.Details", _TRAILING),
    Difference("a7c3e5f2-*", "EventData.Error Description", _TRAILING),
)

WINLOGBEAT_JSON: tuple[Difference, ...] = ()
