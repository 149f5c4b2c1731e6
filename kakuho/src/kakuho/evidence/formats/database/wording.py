"""The words for why a line of these logs is no event, or is ignored."""

from __future__ import annotations

from kakuho.language import Bilingual

REASONS: dict[str, Bilingual] = {}
