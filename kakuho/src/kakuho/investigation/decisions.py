"""What people decided, as the journal holds it: which indicators are the attacker's, and the states of access paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from kakuho.errors import UsageError
from kakuho.investigation.model import INDICATOR_TYPES, IndicatorState, IndicatorType, State
from kakuho.language import Bilingual

CONFIRMED_ACT = "indicator.confirmed"
DISMISSED_ACT = "indicator.dismissed"
PATH_ACT = "path.decided"


class Act(Protocol):
    """A line of the journal, as far as decisions need it."""

    @property
    def who(self) -> str: ...
    @property
    def act(self) -> str: ...
    @property
    def details(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class IndicatorDecision:
    state: IndicatorState
    by: str
    reason: str


@dataclass(frozen=True)
class PathDecision:
    state: State
    by: str
    basis: str


@dataclass(frozen=True)
class Decisions:
    """The last word on each indicator and each path."""

    indicators: Mapping[tuple[IndicatorType, str], IndicatorDecision] = field(default_factory=dict)
    paths: Mapping[str, PathDecision] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Act]) -> Decisions:
        """Those in the journal; a later one on the same thing replaces the earlier."""
        indicators: dict[tuple[IndicatorType, str], IndicatorDecision] = {}
        paths: dict[str, PathDecision] = {}
        for entry in entries:
            details = entry.details
            if entry.act in (CONFIRMED_ACT, DISMISSED_ACT):
                state: IndicatorState = "confirmed" if entry.act == CONFIRMED_ACT else "dismissed"
                key = (details["type"], details["value"])
                indicators[key] = IndicatorDecision(state, by=entry.who, reason=details["reason"])
            elif entry.act == PATH_ACT:
                paths[details["id"]] = PathDecision(details["state"], by=entry.who, basis=details["basis"])
        return cls(indicators, paths)

    def on(self, kind: str, value: str) -> IndicatorDecision | None:
        """The last word on one indicator."""
        return next((decision for key, decision in self.indicators.items() if key == (kind, value)), None)

    def as_parameters(self) -> dict[str, Any]:
        """For the record of what a run read."""
        return {
            "indicators": sorted([t, v, d.state, d.by, d.reason] for (t, v), d in self.indicators.items()),
            "paths": sorted([i, d.state, d.by, d.basis] for i, d in self.paths.items()),
        }


def parse_indicator(text: str, *, option: str) -> tuple[IndicatorType, str]:
    """``TYPE=VALUE`` as given on the command line; raises UsageError."""
    kind, equals, value = text.partition("=")
    for known in INDICATOR_TYPES:
        if known == kind and equals and value:
            return known, value
    raise UsageError(
        Bilingual(ja="指標は TYPE=VALUE の形で指定します。", en="an indicator is given as TYPE=VALUE"),
        where=f"{option} {text}",
        remedy=Bilingual(
            ja=f"TYPE は次のどれか: {', '.join(INDICATOR_TYPES)}。例: {option} address=203.0.113.7",
            en=f"TYPE is one of {', '.join(INDICATOR_TYPES)}; for example {option} address=203.0.113.7",
        ),
    )
