"""One record of a Zeek log into rows, whether it came as JSON or as tab-separated values.

Connections go to ``network_activity``, HTTP to ``http_activity``, every other log to ``base_event`` with the log's name
as its code; fields that have no column stay in ``unmapped`` under Zeek's names (Zeek: "Zeek log formats and
inspection"). Bytes of connections are OCSF's: ``bytes_out`` from the originator, ``bytes_in`` to it; bytes of HTTP are
those of the server: ``bytes_in`` the request's body, ``bytes_out`` the response's.
"""

from __future__ import annotations

from typing import Any

from kakuho.evidence.formats.json_records import (
    Row,
    Rows,
    address_of,
    as_json,
    integer_of,
    microseconds,
    port_of,
    status_of,
    text_of,
    unmapped_of,
    utc_microseconds,
)

ZEEK_TABLES = ("network_activity", "http_activity", "base_event")
_NOT_ESTABLISHED = {"S0", "REJ", "SH", "SHR", "RSTRH", "RSTOS0"}
"""States of connections that were never established (Zeek: base/protocols/conn)."""
_MILLISECONDS_FROM = 1e11
_MESSAGES = (
    "msg",
    "name",
    "query",
    "server_name",
    "filename",
    "note",
    "command",
    "user",
    "subject",
    "certificate.subject",
)
_SOURCES = ("id.orig_h", "src", "src_addr", "client_addr", "host")
_USERS = ("user", "username", "client")


def add_record(path: str | None, record: dict[str, Any], line: int, byte_offset: int, rows: Rows) -> str | None:
    """Add the row of a record of the log ``path``; the reason where it is no event. ``record`` is emptied."""
    stamp = record.pop("ts", None)
    time = time_of(stamp)
    if time is None:
        return "time_not_valid" if stamp is not None else "not_zeek"
    row: Row = {"time": time, "line": line, "byte_offset": byte_offset}
    if path == "conn":
        rows.add("network_activity", _connection(record, row))
    elif path == "http":
        rows.add("http_activity", _http(record, row))
    else:
        rows.add("base_event", _base_event(path, record, row))
    return None


def path_of(record: dict[str, Any], otherwise: str | None) -> str | None:
    """Which log a record belongs to: as it says, told by fields that only this log has, or by the file's name."""
    path = record.get("_path")
    if isinstance(path, str):
        return path
    if "conn_state" in record:
        return "conn"
    # SIP's log has the fields of HTTP's, and the path of the request besides.
    is_http = "request_body_len" in record and "trans_depth" in record and "request_path" not in record
    return "http" if is_http else otherwise


def time_of(stamp: Any) -> int | None:
    """Microseconds since 1970 of a time in seconds, in milliseconds (``JSON::TS_MILLIS``) or in ISO 8601."""
    if isinstance(stamp, str) and "T" in stamp:
        return utc_microseconds(stamp)
    if isinstance(stamp, int | float) and stamp > _MILLISECONDS_FROM:
        return microseconds(stamp / 1000)
    return microseconds(stamp)


def _connection(record: dict[str, Any], row: Row) -> Row:
    take = record.pop
    duration = take("duration", None)
    row["duration_us"] = None if duration is None else microseconds(duration)
    row["activity"] = "close"
    row["outcome"] = "failure" if text_of(record.get("conn_state")) in _NOT_ESTABLISHED else "success"
    row["protocol"] = text_of(take("proto", None))
    row["application_protocol"] = text_of(take("service", None))
    _add_ends(record, row)
    row["bytes_in"] = integer_of(take("resp_bytes", None))
    row["bytes_out"] = integer_of(take("orig_bytes", None))
    row["connection_id"] = text_of(take("uid", None))
    row["unmapped"] = unmapped_of(record)
    return row


def _add_ends(record: dict[str, Any], row: Row) -> None:
    row["src_ip"] = source = address_of(record.get("id.orig_h"))
    if source is not None:
        del record["id.orig_h"]
    row["src_port"] = port_of(record.pop("id.orig_p", None))
    row["dst_ip"] = destination = address_of(record.get("id.resp_h"))
    if destination is not None:
        del record["id.resp_h"]
    row["dst_port"] = port_of(record.pop("id.resp_p", None))


def _http(record: dict[str, Any], row: Row) -> Row:
    row["src_ip"] = address_of(record.pop("id.orig_h", None))
    row["src_port"] = port_of(record.pop("id.orig_p", None))
    row["forwarded_for"] = _forwarded(record.get("proxied"))
    row["user_name"] = text_of(record.pop("username", None))
    row["host"] = text_of(record.pop("host", None))
    row["method"] = text_of(record.pop("method", None))
    target = text_of(record.pop("uri", None))
    if target is not None:
        row["url_path"], mark, query = target.partition("?")
        row["url_query"] = query if mark else None
    row["http_version"] = text_of(record.pop("version", None))
    row["status"] = status_of(record.pop("status_code", None))
    row["bytes_in"] = integer_of(record.pop("request_body_len", None))
    row["bytes_out"] = integer_of(record.pop("response_body_len", None))
    row["referrer"] = text_of(record.pop("referrer", None))
    row["user_agent"] = text_of(record.pop("user_agent", None))
    row["unmapped"] = unmapped_of(record)
    return row


def _forwarded(proxied: Any) -> str | None:
    """The header X-Forwarded-For out of those that speak of a proxy (``X-FORWARDED-FOR -> 192.0.2.1``)."""
    for one in proxied if isinstance(proxied, list) else ():
        if isinstance(one, str) and one.upper().startswith("X-FORWARDED-FOR -> "):
            return one[19:] or None
    return None


def _base_event(path: str | None, record: dict[str, Any], row: Row) -> Row:
    row["application"] = "zeek"
    row["event_code"] = path
    row["user_name"] = text_of(_first(record, _USERS))
    row["src_ip"] = address_of(_first(record, _SOURCES))
    row["message"] = text_of(_first(record, _MESSAGES))
    row["unmapped"] = as_json(record) if record else None
    return row


def _first(record: dict[str, Any], names: tuple[str, ...]) -> Any:
    for name in names:
        if name in record:
            return record[name]
    return None
