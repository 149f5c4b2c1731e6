"""Logs of web servers, proxies and load balancers."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format
from kakuho.evidence.formats.web.access_log import AccessLog
from kakuho.evidence.formats.web.apache_error_log import ApacheErrorLog
from kakuho.evidence.formats.web.aws_elb_log import AwsElbLog
from kakuho.evidence.formats.web.haproxy_log import HaproxyLog
from kakuho.evidence.formats.web.iis_log import IisLog
from kakuho.evidence.formats.web.json_access_log import JsonAccessLog
from kakuho.evidence.formats.web.modsecurity_audit_log import ModsecurityAuditLog
from kakuho.evidence.formats.web.modsecurity_json_log import ModsecurityJsonLog
from kakuho.evidence.formats.web.nginx_error_log import NginxErrorLog
from kakuho.evidence.formats.web.w3c_log import HttpErrLog, W3cLog

FORMATS: tuple[Format, ...] = (
    AccessLog(),
    JsonAccessLog(),
    W3cLog(),
    HttpErrLog(),
    IisLog(),
    HaproxyLog(),
    AwsElbLog(),
    ModsecurityAuditLog(),
    ModsecurityJsonLog(),
    ApacheErrorLog(),
    NginxErrorLog(),
)
