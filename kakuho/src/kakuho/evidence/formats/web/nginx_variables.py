"""nginx's log variables (ngx_http_log_module, ngx_http_core_module, ngx_http_upstream_module): how each is read."""

from __future__ import annotations

from kakuho.evidence.formats.web.fields import Field

_VARIABLES: dict[str, Field] = {
    "remote_addr": Field("text", "src_ip", "remote_addr"),
    "remote_port": Field("port", "src_port", "remote_port"),
    "remote_user": Field("text", "user_name", "remote_user", is_spaced=True),
    "time_local": Field("clf_time", "time", "time_local"),
    "time_iso8601": Field("iso_time", "time", "time_iso8601"),
    "msec": Field("epoch_seconds", "time", "msec"),
    "request": Field("request"),
    "request_method": Field("text", "method", "request_method"),
    "request_uri": Field("url"),
    "uri": Field("text", "url_path", "uri"),
    "document_uri": Field("text", "url_path", "document_uri"),
    "args": Field("query"),
    "query_string": Field("query"),
    "server_protocol": Field("protocol", "http_version", "server_protocol"),
    "status": Field("status", "status", "status"),
    "body_bytes_sent": Field("number", "bytes_out", "body_bytes_sent"),
    "bytes_sent": Field("number", "bytes_out", "bytes_sent"),
    "request_length": Field("number", "bytes_in", "request_length"),
    "request_time": Field("seconds", "duration_us", "request_time"),
    "request_body": Field("text", "request_body", "request_body"),
    "http_referer": Field("text", "referrer", "http_referer"),
    "http_user_agent": Field("text", "user_agent", "http_user_agent"),
    "http_x_forwarded_for": Field("text", "forwarded_for", "http_x_forwarded_for", is_listed=True),
    "proxy_add_x_forwarded_for": Field("addresses", "src_ip", "proxy_add_x_forwarded_for", is_listed=True),
    "host": Field("text", "host", "host"),
    "http_host": Field("text", "host", "http_host"),
    "server_name": Field("text", "host", "server_name"),
}


def variable(name: str) -> Field:
    """How ``$name`` is read; what is not known goes to ``unmapped`` under its own name."""
    known = _VARIABLES.get(name)
    if known is not None:
        return known
    return Field(
        "text", name=name, is_listed=name.startswith("upstream_"), is_spaced=name.startswith(("http_", "sent_"))
    )
