"""Logs of web servers, proxies and load balancers."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format
from kakuho.evidence.formats.web.access_log import AccessLog

FORMATS: tuple[Format, ...] = (AccessLog(),)
