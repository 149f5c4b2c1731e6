"""Where network logs differ from what others expect, on purpose."""

from __future__ import annotations

from ..comparison import Difference

_NO_END = "the last line has no line end and filebeat's test leaves such a line out; we read it"
_SORTED = "filebeat sorts this list; unmapped keeps the order of the record"
_ISO = "filebeat turns Zeek's seconds into ISO 8601; unmapped keeps the number"
_TEXT = "filebeat makes text of the number; unmapped keeps the number"
_SUBJECT = (
    "filebeat drops the backslash that escapes a comma of the name (RFC 4514); unmapped keeps the name as Zeek wrote it"
)
_ANOTHER_FORM = (
    "the last line is a Splunk search result that carries the record as text; it is no Zeek record and is rejected"
)
_SHORT = "IPv6 addresses stand in their short form (RFC 5952), so that they join with those of other logs"
_BASE = "logs about a connection's content are base events here; OCSF has them as network activity"

ZEEK_ELASTIC: tuple[Difference, ...] = (
    Difference("files-json.log", "events", _NO_END),
    Difference("ssl-json.log", "events", _NO_END),
    Difference("dns-json.log", "kept: zeek.dns.trans_id", _TEXT),
    Difference("files-json.log", "kept: zeek.files.analyzers", _SORTED),
    Difference("dhcp-json.log", "kept: zeek.dhcp.msg.types", _SORTED),
    Difference("dns-json.log", "kept: zeek.dns.answers", _SORTED),
    Difference("pe-json.log", "kept: zeek.pe.section_names", _SORTED),
    Difference("sip-json.log", "kept: zeek.sip.*.path", _SORTED),
    Difference("x509-json.log", "kept: zeek.x509.san.dns", _SORTED),
    Difference("ntp-json.log", "kept: zeek.ntp.*_time", _ISO),
    Difference("smb_files-json.log", "kept: zeek.smb_files.times.*", _ISO),
    Difference("snmp-json.log", "kept: zeek.snmp.up_since", _ISO),
    Difference("kerberos-json.log", "kept: zeek.kerberos.cert.*.subject", _SUBJECT),
)
ZEEK_ELASTIC_INTEGRATION: tuple[Difference, ...] = (
    Difference("test-*.log", "event", _ANOTHER_FORM),
    Difference(
        "test-conn.log", "event.duration", "they cut off what the floating point number falls short of; we round"
    ),
)
ZEEK_OCSF: tuple[Difference, ...] = (
    Difference("*/ssl_log/*", "class", _BASE),
    Difference("*/x509_log/*", "class", _BASE),
)
SURICATA_ELASTIC: tuple[Difference, ...] = (Difference("test-eve-small.log", "network_activity: *.ip", _SHORT),)
