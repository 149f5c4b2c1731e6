"""Kubernetes' audit log: one ``audit.k8s.io`` Event as JSON a line, or an EventList of them (webhook backend).

https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/. Each stage of a request that is logged is an event
of its own, its time that of the stage; ``request_id`` (``auditID``) is common to them. ``error`` is the reason
of the status, ``resource`` is ``namespace/resource/name``. Times are UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from kakuho.evidence.formats.base import Declared, Head, Part, Recognition, TextFormat, share_in_words
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.no_collection import no_collection
from kakuho.evidence.formats.rows_by_table import Row, RowsByTable, as_json, ip_address
from kakuho.language import Bilingual

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_FAILURE = 400
_MAPPED = frozenset({"kind", "apiVersion", "auditID", "verb", "user", "userAgent", "requestURI", "objectRef"})
_CREDENTIAL = "authentication.kubernetes.io/credential-id"


class KubernetesAudit(TextFormat):
    """Audit logs of the Kubernetes API server."""

    name = "kubernetes_audit"
    label = Bilingual(ja="Kubernetes の監査ログ", en="Kubernetes audit log")
    role = "api_log"
    tables = ("api_activity",)
    version = 1

    def recognise(self, head: Head) -> Recognition | None:
        """By the share of lines that are such objects."""
        share = head.share(lambda line: b"audit.k8s.io/" in line and isinstance(_events(line), list))
        return Recognition(share, "json", share_in_words(share, "audit.k8s.io")) if share else None

    def read_block(self, block: LineBlock, declared: Declared) -> Part:
        """Every line is an event, a list of events, blank or rejected."""
        part = Part(lines=len(block))
        rows = RowsByTable()
        with no_collection():
            for number, offset, line in block.lines():
                if not line.strip():
                    part.ignored["blank"] += 1
                    continue
                found = _events(line)
                read = found if isinstance(found, str) else _rows(found, number, offset)
                if isinstance(read, str):
                    part.reject(number, offset, read)
                    continue
                part.events += 1
                for row in read:
                    rows.add("api_activity", row)
            rows.into(part)
        return part


def _events(line: bytes) -> list[dict[str, Any]] | str:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return "not_json" if line.rstrip().endswith(b"}") else "line_cut_off"
    if not isinstance(found, dict) or not str(found.get("apiVersion", "")).startswith("audit.k8s.io/"):
        return "not_a_kubernetes_event"
    if found.get("kind") != "EventList":
        return [found]
    items = found.get("items")
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        return "not_a_kubernetes_event"
    return items


def _rows(events: list[dict[str, Any]], line: int, byte_offset: int) -> list[Row] | str:
    rows = []
    for event in events:
        time = _time(event.get("stageTimestamp")) or _time(event.get("requestReceivedTimestamp"))
        if time is None:
            return "time_not_valid"
        rows.append(_row(event, time, line, byte_offset))
    return rows


def _row(event: dict[str, Any], time: int, line: int, byte_offset: int) -> Row:
    user, reference, status = _mapping(event, "user"), _mapping(event, "objectRef"), _mapping(event, "responseStatus")
    code = status.get("code")
    outcome = None if not isinstance(code, int) else "failure" if code >= _FIRST_FAILURE else "success"
    kept = {key: value for key, value in event.items() if value and key not in _MAPPED}
    if about_user := {key: value for key, value in user.items() if key != "username"}:
        kept["user"] = about_user
    verb, name, resource = _text(event.get("verb")), _text(user.get("username")), _resource(reference)
    return {
        "time": time,
        "line": line,
        "byte_offset": byte_offset,
        "service": _text(reference.get("apiGroup")) or "core",
        "operation": f"{verb} {resource}" if verb and resource else verb or resource,
        "outcome": outcome,
        "error": _text(status.get("reason")) if outcome == "failure" else None,
        "user_name": name,
        "user_type": _user_type(name or ""),
        "credential_id": _first_text(_mapping(user, "extra").get(_CREDENTIAL)),
        "resource": _whole_name(reference, resource),
        "src_ip": ip_address(_first_text(event.get("sourceIPs"))),
        "user_agent": _text(event.get("userAgent")),
        "request_id": _text(event.get("auditID")),
        "message": _text(event.get("requestURI")),
        "unmapped": as_json(kept),
    }


def _resource(reference: dict[str, Any]) -> str | None:
    resource, part = _text(reference.get("resource")), _text(reference.get("subresource"))
    return f"{resource}/{part}" if resource and part else resource or part


def _whole_name(reference: dict[str, Any], resource: str | None) -> str | None:
    parts = (_text(reference.get("namespace")), resource, _text(reference.get("name")))
    return "/".join([part for part in parts if part]) or None


def _user_type(name: str) -> str:
    if name.startswith("system:serviceaccount:"):
        return "service_account"
    if name.startswith("system:node:"):
        return "node"
    return "system" if name.startswith("system:") else "user"


def _time(stamp: object) -> int | None:
    try:
        at = datetime.fromisoformat(str(stamp))
        return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1)
    except (ValueError, OverflowError):
        return None


def _mapping(parent: dict[str, Any], key: str) -> dict[str, Any]:
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value or None if type(value) is str else None


def _first_text(value: object) -> str | None:
    return _text(value[0]) if isinstance(value, list) and value else None
