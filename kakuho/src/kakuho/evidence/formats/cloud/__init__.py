"""Audit logs of clouds and clusters."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format
from kakuho.evidence.formats.cloud.kubernetes_audit import KubernetesAudit

FORMATS: tuple[Format, ...] = (KubernetesAudit(),)
