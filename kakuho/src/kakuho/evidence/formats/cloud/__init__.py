"""Audit and access logs of cloud services."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format
from kakuho.evidence.formats.cloud.cloudtrail import CloudTrail
from kakuho.evidence.formats.cloud.kubernetes_audit import KubernetesAudit
from kakuho.evidence.formats.cloud.s3_access_log import S3AccessLog

FORMATS: tuple[Format, ...] = (CloudTrail(), KubernetesAudit(), S3AccessLog())
