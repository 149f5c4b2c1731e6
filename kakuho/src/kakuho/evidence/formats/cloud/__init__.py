"""Audit and access logs of cloud services."""

from __future__ import annotations

from kakuho.evidence.formats.registry import formats_in

FORMATS = formats_in(
    __name__,
    {
        "aws_cloudtrail": "cloudtrail:CloudTrail",
        "kubernetes_audit": "kubernetes_audit:KubernetesAudit",
        "aws_s3_access_log": "s3_access_log:S3AccessLog",
    },
)
