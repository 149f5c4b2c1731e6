"""Suricata's EVE log: one JSON object a line.

Flows go to ``network_activity``, HTTP to ``http_activity``, every other event type (alerts, DNS, TLS, files, …) to
``base_event`` with the type as its code; what no column holds stays in ``unmapped`` under Suricata's names (Suricata
user guide: "EVE JSON format"). The time is that of the record. Bytes of flows are OCSF's: ``bytes_out`` from the source
(to the server), ``bytes_in`` to it.
"""

from __future__ import annotations

from typing import Any

from kakuho.evidence.formats.base import Head, Recognition, share_in_words
from kakuho.evidence.formats.json_lines import JsonLinesFormat
from kakuho.evidence.formats.json_records import (
    Row,
    Rows,
    address_of,
    as_json,
    integer_of,
    json_of,
    port_of,
    status_of,
    text_of,
    utc_microseconds,
)
from kakuho.language import Bilingual

_FLOWS = {"flow", "netflow"}
_SEVERITIES = {1: "high", 2: "medium", 3: "low", 4: "information"}
"""Priorities of Suricata's rules, in words."""
_MESSAGES = {"alert": "signature", "dns": "rrname", "tls": "sni", "fileinfo": "filename", "anomaly": "event"}
"""Types, and what in the object of that name is the message."""
_MAPPED = {"timestamp", "src_ip", "src_port", "dest_ip", "dest_port", "proto", "app_proto"}


class SuricataEve(JsonLinesFormat):
    """Suricata's eve.json."""

    name = "suricata_eve"
    label = Bilingual(ja="Suricata のログ（EVE JSON）", en="Suricata log (EVE JSON)")
    role = "network_log"
    tables = ("network_activity", "http_activity", "base_event")
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines with a type, a time, and what only Suricata has."""
        share = head.share(_is_of_suricata)
        return Recognition(share, "eve", share_in_words(share, "Suricata EVE")) if share else None

    def add_rows(self, record: dict[str, Any], line: int, byte_offset: int, rows: Rows) -> str | None:
        """The row of a record."""
        kind = record.get("event_type")
        if not isinstance(kind, str):
            return "not_suricata"
        time = utc_microseconds(record.get("timestamp"))
        if time is None:
            return "time_not_valid"
        row: Row = {"time": time, "line": line, "byte_offset": byte_offset}
        if kind in _FLOWS:
            rows.add("network_activity", _flow(record, _mapping(record.get(kind)), row))
        elif kind == "http":
            rows.add("http_activity", _http(record, _mapping(record.get("http")), row))
        else:
            rows.add("base_event", _base_event(kind, record, row))
        return None


def _is_of_suricata(line: bytes) -> bool:
    if b'"event_type"' not in line or b'"timestamp"' not in line:
        return False
    record = json_of(line)
    if not isinstance(record, dict) or "event_type" not in record:
        return False
    kind = record["event_type"]
    return "flow_id" in record or "in_iface" in record or (isinstance(kind, str) and kind in record)


def _flow(record: dict[str, Any], flow: dict[str, Any], row: Row) -> Row:
    begin, end = utc_microseconds(flow.get("start")), utc_microseconds(flow.get("end"))
    state = flow.get("state")
    return {
        **row,
        "duration_us": end - begin if begin is not None and end is not None and end >= begin else None,
        "host": text_of(record.get("host")),
        "activity": "close",
        "outcome": "failure" if state == "new" and not integer_of(flow.get("pkts_toclient")) else "success",
        "protocol": _lower(record.get("proto")),
        "application_protocol": _application(record),
        "src_ip": address_of(record.get("src_ip")),
        "src_port": port_of(record.get("src_port")),
        "dst_ip": address_of(record.get("dest_ip")),
        "dst_port": port_of(record.get("dest_port")),
        "bytes_in": integer_of(flow.get("bytes_toclient")),
        "bytes_out": integer_of(flow.get("bytes_toserver", flow.get("bytes"))),
        "connection_id": text_of(record.get("flow_id")),
        "message": text_of(flow.get("reason")),
        "unmapped": as_json({name: value for name, value in record.items() if name not in _MAPPED}),
    }


def _http(record: dict[str, Any], http: dict[str, Any], row: Row) -> Row:
    target = text_of(http.pop("url", None))
    path, mark, query = target.partition("?") if target else (None, "", None)
    version = text_of(http.pop("protocol", None))
    return {
        **row,
        "src_ip": address_of(record.pop("src_ip", None)),
        "src_port": port_of(record.pop("src_port", None)),
        "forwarded_for": text_of(http.pop("xff", None) or record.pop("xff", None)),
        "host": text_of(http.pop("hostname", None)),
        "method": text_of(http.pop("http_method", None)),
        "url_path": path,
        "url_query": query if mark else None,
        "http_version": version.removeprefix("HTTP/") if version else None,
        "status": status_of(http.pop("status", None)),
        "bytes_out": integer_of(http.pop("length", None)),
        "referrer": text_of(http.pop("http_refer", None)),
        "user_agent": text_of(http.pop("http_user_agent", None)),
        "request_body": text_of(http.pop("http_request_body_printable", None)),
        "unmapped": as_json({name: value for name, value in record.items() if name != "timestamp"}),
    }


def _base_event(kind: str, record: dict[str, Any], row: Row) -> Row:
    alert = record.get("alert")
    severity = integer_of(alert.get("severity")) if type(alert) is dict else None
    message = None
    named = _MESSAGES.get(kind)
    if named is not None and type(about := record.get(kind)) is dict:
        message = text_of(about.get(named))
    del record["timestamp"]
    return {
        **row,
        "host": text_of(record.get("host")),
        "application": "suricata",
        "severity": _SEVERITIES.get(severity) if severity is not None else None,
        "event_code": kind,
        "src_ip": address_of(record.get("src_ip")),
        "message": message,
        "unmapped": as_json(record),
    }


def _application(record: dict[str, Any]) -> str | None:
    name = text_of(record.get("app_proto"))
    return None if name in {None, "failed", "unknown"} else name


def _lower(value: Any) -> str | None:
    text = text_of(value)
    return text.lower() if text else None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
