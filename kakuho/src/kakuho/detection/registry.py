"""The detectors that there are, in the order in which their findings are told."""

from __future__ import annotations

from kakuho.detection.detectors import (
    enumeration,
    extended_statements,
    failed_logins,
    injected_statements,
    injection_syntax,
    password_spraying,
)
from kakuho.detection.model import Detector
from kakuho.errors import UsageError
from kakuho.language import Bilingual

DETECTORS: tuple[Detector, ...] = (
    failed_logins.DETECTOR,
    password_spraying.DETECTOR,
    injection_syntax.DETECTOR,
    injected_statements.DETECTOR,
    extended_statements.DETECTOR,
    enumeration.DETECTOR,
)


def detector(identifier: str) -> Detector:
    """The detector of that id; raises UsageError naming those that exist."""
    for known in DETECTORS:
        if known.id == identifier:
            return known
    raise UsageError(
        Bilingual(ja=f"検知器 {identifier!r} はありません。", en=f"there is no detector {identifier!r}"),
        remedy=", ".join(known.id for known in DETECTORS),
    )
