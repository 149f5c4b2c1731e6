"""The samples of other projects that this family reads: format, path, the zone that upstream's tests assume."""

from __future__ import annotations

_BEATS = ("elastic-beats", "filebeat", "module")
_INTEGRATIONS = ("elastic-integrations", "packages")
_TESTS = ("_dev", "test", "pipeline")
_WEST_2, _EAST_2 = "Etc/GMT+2", "Etc/GMT-2"
"""POSIX writes the sign the other way round: Etc/GMT+2 is -02:00."""


def _beats(
    format_name: str, module: str, fileset: str, zone: str, *names: str
) -> list[tuple[str, tuple[str, ...], str]]:
    return [(format_name, (*_BEATS, module, fileset, "test", f"{name}.log"), zone) for name in names]


def _packages(
    format_name: str, package: str, stream: str, zone: str, *names: str
) -> list[tuple[str, tuple[str, ...], str]]:
    return [
        (format_name, (*_INTEGRATIONS, package, "data_stream", stream, *_TESTS, f"test-{name}.log"), zone)
        for name in names
    ]


WITH_EXPECTED: list[tuple[str, tuple[str, ...], str]] = [
    *_beats(
        "access_log", "apache", "access", "UTC", "darwin-2.4.23", "ssl-request", "test-vhost", "test", "ubuntu-2.2.22"
    ),
    *_beats("apache_error_log", "apache", "error", _WEST_2, "darwin-2.4.23", "sublevel", "test", "ubuntu-2.2.22"),
    *_beats("access_log", "nginx", "access", "UTC", "access", "test-with-host", "test"),
    *_beats("access_log", "nginx", "ingress_controller", "UTC", "test"),
    *_beats("nginx_error_log", "nginx", "error", _WEST_2, "error"),
    *_beats("haproxy_log", "haproxy", "log", _WEST_2, "default", "haproxy", "httplog-no-headers", "tcplog"),
    *_beats(
        "w3c_log",
        "iis",
        "access",
        "UTC",
        "test-iis-7.2",
        "test-iis-7.5",
        "test-ipv6zone",
        "test-x-forward-for-extended",
        "test-x-forward-for",
    ),
    *_beats("httperr_log", "iis", "error", "UTC", "iis_error_url", "ipv6_zone_id", "test"),
    *_packages(
        "access_log",
        "apache",
        "access",
        "UTC",
        "access-basic",
        "access-darwin",
        "access-ssl-request",
        "access-ubuntu",
        "access-vhost",
    ),
    *_packages(
        "apache_error_log", "apache", "error", _EAST_2, "error-basic", "error-darwin", "error-trace", "error-ubuntu"
    ),
    *_packages("access_log", "apache_tomcat", "access", "UTC", "access"),
    *_packages("access_log", "nginx", "access", "UTC", "access", "nginx", "test-with-host"),
    *_packages("nginx_error_log", "nginx", "error", "UTC", "error-raw"),
    *_packages(
        "haproxy_log", "haproxy", "log", "UTC", "default", "error", "haproxy", "httplog-no-headers", "https", "tcplog"
    ),
    *_packages(
        "w3c_log",
        "iis",
        "access",
        "UTC",
        "iis-8",
        "iis-access-72",
        "iis-access-75",
        "iis-access",
        "iis10-access",
        "ipv6zone",
        "x-forward-for-extended",
        "x-forward-for",
    ),
    *_packages("modsecurity_json_log", "modsecurity", "auditlog", "UTC", "apache-audit", "audit"),
    *_packages("aws_elb_log", "aws", "elb_logs", "UTC", "alb"),
]
