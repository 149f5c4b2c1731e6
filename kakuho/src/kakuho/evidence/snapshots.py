"""Which of several database dumps is the snapshot: the one that was taken last, as the dumps themselves tell.

A backup that the attacker took is a dump too, and can be among the evidence for its own sake.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from kakuho.case import Case
from kakuho.evidence.parsing import read_facts
from kakuho.evidence.sealed import SealedSource, sealed_snapshots
from kakuho.evidence.tables import parsed_folder

_CREATED = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?: ([A-Z]{2,5}|[+-]\d\d))?")
_ZONES = {"JST": 9}


def latest_snapshot(case: Case) -> str | None:
    """Its SHA-256; None where there is no dump. Of two of the same second, the one with the greater source number."""
    found = max(sealed_snapshots(case), key=lambda one: (_created(case, one), one.source_id), default=None)
    return None if found is None else found.sha256


def _created(case: Case, source: SealedSource) -> datetime:
    """When pg_dump began, in UTC; a zone that is none of those known here counts as UTC."""
    try:
        text = str(read_facts(parsed_folder(case, source))["facts"].get("created", ""))
    except (OSError, KeyError):
        text = ""
    found = _CREATED.match(text)
    if found is None:
        return datetime.min.replace(tzinfo=UTC)
    zone = found[2] or ""
    hours = int(zone) if zone[:1] in ("+", "-") else _ZONES.get(zone, 0)
    return datetime.fromisoformat(found[1]).replace(tzinfo=UTC) - timedelta(hours=hours)
