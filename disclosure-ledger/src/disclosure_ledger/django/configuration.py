"""The setting DISCLOSURE_LEDGER, checked when the server starts, and this process's ledger for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from disclosure_ledger.chain import key_from_hex
from disclosure_ledger.errors import LedgerKeyError
from disclosure_ledger.ledger import Ledger

_REQUIRED = {"DIRECTORY", "SYSTEM", "ACTOR"}
_OPTIONAL = {"KEY"}


@dataclass(frozen=True, slots=True)
class Configuration:
    """``actor`` is a callable(request) -> Actor."""

    directory: Path
    system: str
    key: bytes | None
    actor: Callable[..., Any]


def configured() -> Configuration:
    """The checked setting; ImproperlyConfigured says what to correct."""
    setting = getattr(settings, "DISCLOSURE_LEDGER", None)
    if not isinstance(setting, dict):
        raise ImproperlyConfigured(
            'DISCLOSURE_LEDGER is missing: {"DIRECTORY": …, "SYSTEM": …, "ACTOR": "path.of.a.callable"}. '
            "設定 DISCLOSURE_LEDGER がありません。"
        )
    if wrong := (_REQUIRED - setting.keys()) | (setting.keys() - _REQUIRED - _OPTIONAL):
        raise ImproperlyConfigured(
            f"DISCLOSURE_LEDGER: missing or unknown: {', '.join(sorted(map(str, wrong)))}. "
            "DISCLOSURE_LEDGER に足りない、または知らない項目があります。"
        )
    if empty := sorted(name for name in _REQUIRED if not setting[name]):
        raise ImproperlyConfigured(
            f"DISCLOSURE_LEDGER: empty: {', '.join(empty)}. DISCLOSURE_LEDGER に空の項目があります。"
        )
    try:
        key = key_from_hex(setting["KEY"]) if setting.get("KEY") else None
        actor = import_string(setting["ACTOR"])
    except (LedgerKeyError, ImportError) as error:
        raise ImproperlyConfigured(f"DISCLOSURE_LEDGER: {error}") from None
    return Configuration(Path(setting["DIRECTORY"]), setting["SYSTEM"], key, actor)


@cache
def ledger_in(directory: Path, system: str, key: bytes | None) -> Ledger:
    """One open ledger a process and directory, however many handlers there are; WriteError is not remembered."""
    return Ledger.open(directory, system=system, key=key)
