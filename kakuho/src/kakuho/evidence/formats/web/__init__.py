"""Logs of web servers, proxies and load balancers."""

from __future__ import annotations

from kakuho.evidence.formats.registry import formats_in

FORMATS = formats_in(
    __name__,
    {
        "access_log": "access_log:AccessLog",
        "json_access_log": "json_access_log:JsonAccessLog",
        "w3c_log": "w3c_log:W3cLog",
        "httperr_log": "w3c_log:HttpErrLog",
        "iis_log": "iis_log:IisLog",
        "haproxy_log": "haproxy_log:HaproxyLog",
        "aws_elb_log": "aws_elb_log:AwsElbLog",
        "modsecurity_audit_log": "modsecurity_audit_log:ModsecurityAuditLog",
        "modsecurity_json_log": "modsecurity_json_log:ModsecurityJsonLog",
        "apache_error_log": "apache_error_log:ApacheErrorLog",
        "nginx_error_log": "nginx_error_log:NginxErrorLog",
    },
)
