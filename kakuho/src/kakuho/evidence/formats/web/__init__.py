"""Logs of web servers, proxies and load balancers."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format
from kakuho.evidence.formats.web.combined_access_log import CombinedAccessLog

FORMATS: tuple[Format, ...] = (CombinedAccessLog(),)
