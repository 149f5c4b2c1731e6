"""The two languages of the messages, and which of them the environment asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["ja", "en"]


def language_of(environment: Mapping[str, str]) -> Language:
    """Japanese where the locale says so or says nothing; English for any other locale."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if locale := environment.get(name):
            return "ja" if locale.lower().startswith("ja") else "en"
    return "ja"
