"""What a detector is: a documented question, asked as one query over the event tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kakuho.inventory import Inventory
from kakuho.language import Bilingual

Severity = Literal["low", "medium", "high"]

HIT_COLUMNS = "indicator_type, indicator_value, severity, source_id, line, time"
"""What every detector's query returns: a row for each event by which it points at an indicator."""


@dataclass(frozen=True)
class Detector:
    """One way of recognising an attack.

    ``severity`` is the highest that it gives. ``method`` tells the reader of a finding what was measured and where
    the threshold lies. ``hits`` builds the query for one inventory; its rows have ``HIT_COLUMNS``. It reads the event
    tables and ``web_skeletons`` (``statement, skeleton``): the distinct statements of the application's role.
    """

    id: str
    title: Bilingual
    severity: Severity
    method: Bilingual
    hits: Callable[[Inventory], str]
