"""ModSecurity's audit log in JSON, a transaction a line, as version 2 (Apache) and version 3 (nginx) write it.

Version 2: ``transaction.time`` is ``25/Mar/2022:11:15:35 +0100``; rules are bracketed text in ``audit_data.messages``.
Version 3: all is inside ``transaction``; ``time_stamp`` is ``Fri May 14 14:52:47 2021`` without a zone, which has to be
declared; the rules are objects in ``messages``.
"""

from __future__ import annotations

from typing import Any

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.web.fields import Event
from kakuho.evidence.formats.web.lines import json_object, read_block_by_lines
from kakuho.evidence.formats.web.modsecurity_transaction import columns_of_request, event_of_request, rule_of, size_of
from kakuho.evidence.formats.web.requests import METHOD, split_url, unmapped
from kakuho.evidence.formats.web.times import clf_time, ctime
from kakuho.language import Bilingual

_MOST_RULES = 200
_MOST = 10**9 - 1
_HEADERS_READ = frozenset(
    {
        "content-length",
        "content-type",
        "cookie",
        "host",
        "referer",
        "server",
        "user-agent",
        "x-forwarded-for",
    }
)
_MOST_NAMES, _LONGEST_NAME = 4096, 100
_NO_DETAILS: dict[str, Any] = {}
_VERSION_2, _VERSION_3 = "version 2", "version 3"


class ModsecurityJsonLog(TextFormat):
    """ModSecurity audit logs in JSON."""

    name = "modsecurity_json_log"
    label = Bilingual(ja="ModSecurity の監査ログ（JSON）", en="ModSecurity audit log (JSON)")
    role = "partial_log"
    tables = ("http_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of first lines that are transactions."""
        kinds = [_kind(_document(line.decode("utf-8", "backslashreplace"))) for line in head.lines]
        known = [kind for kind in kinds if kind is not None]
        if not known:
            return None
        share = len(known) / len(kinds)
        return Recognition(share, known[0], share_in_words(share, f"ModSecurity JSON ({known[0]})"))

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, blank (ignored) or rejected."""
        return read_block_by_lines(block, declared, "http_activity", lambda text: _event(text, declared), is_json=True)


def _document(text: str) -> dict[str, Any] | None:
    return json_object(text) if text.startswith("{") else None


def _kind(document: dict[str, Any] | None) -> str | None:
    transaction = document.get("transaction") if document else None
    if not isinstance(transaction, dict):
        return None
    if "time_stamp" in transaction:
        return _VERSION_3
    return _VERSION_2 if "time" in transaction and "remote_address" in transaction else None


def _event(text: str, declared: Declared) -> Event | str:
    document = _document(text)
    if document is None:
        return "not_json"
    kind = _kind(document)
    if kind is None:
        return "not_modsecurity"
    return _version_2(document, declared) if kind == _VERSION_2 else _version_3(document["transaction"], declared)


def _version_2(document: dict[str, Any], declared: Declared) -> Event | str:
    transaction, request, response, audit = (
        _object(document, name) for name in ("transaction", "request", "response", "audit_data")
    )
    time = clf_time(str(transaction["time"]), declared.time_zone)
    if time is None:
        return "time_not_valid"
    headers, response_headers = _headers(request), _headers(response)
    messages = audit.get("messages")
    body = request.get("body")
    rest = {
        "uid": transaction.get("transaction_id"),
        "dst_ip": transaction.get("local_address"),
        "dst_port": transaction.get("local_port"),
        "rules": [rule_of(str(message)) for message in messages[:_MOST_RULES]] if isinstance(messages, list) else None,
        "action": audit.get("action"),
        "engine_mode": audit.get("engine_mode"),
        "server": audit.get("server"),
        "cookie": headers.get("cookie"),
        "content_type": headers.get("content-type"),
        "response_content_type": response_headers.get("content-type"),
    }
    return {
        "time": time,
        "src_ip": _text(transaction.get("remote_address")),
        "src_port": _port(transaction.get("remote_port")),
        **event_of_request(str(request.get("request_line") or ""), headers),
        "status": _number(response.get("status")),
        "bytes_in": size_of(headers),
        "bytes_out": size_of(response_headers),
        "request_body": "".join(str(part) for part in body) if isinstance(body, list) else _text(body),
        "unmapped": unmapped(rest),
    }


def _version_3(transaction: dict[str, Any], declared: Declared) -> Event | str:
    time = ctime(str(transaction["time_stamp"]), declared.time_zone)
    if time is None:
        return "time_not_valid"
    request, response = _object(transaction, "request"), _object(transaction, "response")
    producer = _object(transaction, "producer")
    headers, response_headers = _headers(request), _headers(response)
    messages = transaction.get("messages")
    version = _text(request.get("http_version"))
    method, uri = request.get("method"), request.get("uri")
    line = f"{method or ''} {uri or ''}"
    if type(uri) is str and type(method) is str and " " not in line[len(method) + 1 :] and METHOD.fullmatch(method):
        asked = columns_of_request({"method": method, **split_url(uri)}, headers)
    else:
        asked = event_of_request(line if method else line.strip(), headers)
    rest = {
        "uid": transaction.get("unique_id") or transaction.get("id"),
        "dst_ip": transaction.get("host_ip"),
        "dst_port": transaction.get("host_port"),
        "rules": [_rule(message) for message in messages[:_MOST_RULES]] if isinstance(messages, list) else None,
        "engine_mode": producer.get("secrules_engine"),
        "server": response_headers.get("server"),
        "cookie": headers.get("cookie"),
        "content_type": headers.get("content-type"),
        "response_content_type": response_headers.get("content-type"),
    }
    return {
        "time": time,
        "src_ip": _text(transaction.get("client_ip")),
        "src_port": _port(transaction.get("client_port")),
        **asked,
        "http_version": version,
        "status": _number(response.get("http_code")),
        "bytes_in": size_of(headers),
        "bytes_out": size_of(response_headers),
        "request_body": _text(request.get("body")) or None,
        "unmapped": unmapped(rest),
    }


def _rule(message: Any) -> dict[str, Any]:
    if type(message) is not dict:
        return {"msg": text} if (text := str(message)) else {}
    details = message.get("details")
    found = (details if type(details) is dict else _NO_DETAILS).get
    rule = {
        "message": found("match"),
        "id": found("ruleId"),
        "msg": message.get("message"),
        "data": found("data"),
        "severity": found("severity"),
        "tags": found("tags"),
    }
    if all(rule.values()):
        return rule
    return {key: value for key, value in rule.items() if value is not None and value != "" and value != []}  # noqa: PLR1714 - twice as fast


def _object(document: dict[str, Any], name: str) -> dict[str, Any]:
    value = document.get(name)
    return value if type(value) is dict else {}


class _LowerCase(dict[str, str | None]):
    """Names of headers as they are written, to those in lower case that are read; None for the others."""

    def __missing__(self, name: str) -> str | None:
        lower = name.lower()
        read = lower if lower in _HEADERS_READ else None
        if len(self) < _MOST_NAMES and len(name) < _LONGEST_NAME:
            self[name] = read
        return read


_read_as = _LowerCase()


def _headers(document: dict[str, Any]) -> dict[str, str]:
    """The headers that are read, by their names in lower case."""
    headers = document.get("headers")
    if type(headers) is not dict:
        return {}
    found: dict[str, str] = {}
    for name, value in headers.items():
        read = _read_as[name]
        if read is not None:
            found[read] = value if type(value) is str else str(value)
    return found


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


def _number(value: Any) -> int | None:
    if type(value) is int:
        return value if 0 <= value <= _MOST else None
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _port(value: Any) -> int | None:
    number = _number(value)
    return number if number is not None and number < 65536 else None
