"""Kubernetes' audit log: who asked the API server for what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kakuho.evidence.formats.cloud.kubernetes_audit import KubernetesAudit

from ...reading import read, recognise

EVENT: dict[str, Any] = {
    "kind": "Event",
    "apiVersion": "audit.k8s.io/v1",
    "level": "Metadata",
    "auditID": "0a1b2c3d-0000-4000-8000-000000000001",
    "stage": "ResponseComplete",
    "requestURI": "/api/v1/namespaces/shop/secrets/db-password",
    "verb": "get",
    "user": {
        "username": "system:serviceaccount:shop:web",
        "groups": ["system:serviceaccounts"],
        "extra": {"authentication.kubernetes.io/credential-id": ["JTI=7"]},
    },
    "sourceIPs": ["203.0.113.9", "10.0.0.1"],
    "userAgent": "curl/8.5.0",
    "objectRef": {"resource": "secrets", "namespace": "shop", "name": "db-password", "apiVersion": "v1"},
    "responseStatus": {"metadata": {}, "code": 200},
    "requestReceivedTimestamp": "2025-03-19T00:00:01.123456Z",
    "stageTimestamp": "2025-03-19T00:00:01.130000Z",
    "annotations": {"authorization.k8s.io/decision": "allow"},
}


def log(tmp_path: Path, *events: dict[str, Any]) -> Path:
    """A log of these events."""
    path = tmp_path / "audit.log"
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    return path


def test_a_secret_read_by_a_service_account(tmp_path: Path) -> None:
    [row], _ = read(KubernetesAudit(), log(tmp_path, EVENT))
    kept = json.loads(row.pop("unmapped"))
    assert row.pop("time").isoformat() == "2025-03-19T00:00:01.130000"
    assert row == {
        "line": 1,
        "byte_offset": 0,
        "service": "core",
        "operation": "get secrets",
        "outcome": "success",
        "user_name": "system:serviceaccount:shop:web",
        "user_type": "service_account",
        "credential_id": "JTI=7",
        "resource": "shop/secrets/db-password",
        "src_ip": "203.0.113.9",
        "user_agent": "curl/8.5.0",
        "request_id": "0a1b2c3d-0000-4000-8000-000000000001",
        "message": "/api/v1/namespaces/shop/secrets/db-password",
    }
    assert kept["stage"] == "ResponseComplete"
    assert kept["sourceIPs"] == ["203.0.113.9", "10.0.0.1"]
    assert kept["user"]["groups"] == ["system:serviceaccounts"]


def test_a_refusal_says_why(tmp_path: Path) -> None:
    refused = EVENT | {"responseStatus": {"code": 403, "reason": "Forbidden"}}
    [row], _ = read(KubernetesAudit(), log(tmp_path, refused))
    assert (row["outcome"], row["error"]) == ("failure", "Forbidden")


def test_a_batch_of_a_webhook_is_one_line_with_several_events(tmp_path: Path) -> None:
    batch = {"kind": "EventList", "apiVersion": "audit.k8s.io/v1", "items": [EVENT, EVENT | {"verb": "list"}]}
    rows, part = read(KubernetesAudit(), log(tmp_path, batch))
    assert [row["operation"] for row in rows] == ["get secrets", "list secrets"]
    assert (part.lines, part.events) == (1, 1)


def test_other_json_is_not_claimed(tmp_path: Path) -> None:
    path = log(tmp_path, {"apiVersion": "v1", "kind": "Event"}, {"message": "audit.k8s.io/v1"})
    assert recognise(KubernetesAudit(), path) is None
    found = recognise(KubernetesAudit(), log(tmp_path, EVENT, EVENT))
    assert found is not None and found.confidence == 1


def test_lines_that_are_none(tmp_path: Path) -> None:
    path = log(tmp_path, EVENT, EVENT | {"stageTimestamp": "soon", "requestReceivedTimestamp": None}, {"a": 1})
    path.write_text(path.read_text() + '{"kind": "Event", "apiV')
    rows, part = read(KubernetesAudit(), path)
    assert len(rows) == 1
    assert [reason for _, _, reason in part.rejects] == ["time_not_valid", "not_a_kubernetes_event", "line_cut_off"]
