"""What an investigation says: the shapes behind ``lake/investigation.json`` (docs/dev/interfaces.md, section 4).

``basis`` and ``reason`` are keys of ``kakuho.investigation.wording`` where a rule speaks, and the person's own words
where a person decided.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

IndicatorType = Literal["address", "account", "session", "user_agent", "statement_shape"]
INDICATOR_TYPES: tuple[IndicatorType, ...] = ("address", "account", "session", "user_agent", "statement_shape")
IndicatorState = Literal["proposed", "confirmed", "dismissed"]
State = Literal["used", "open", "closed"]
STATES: tuple[State, ...] = ("used", "open", "closed")

BY_RULE = "rule"


@dataclass(frozen=True)
class Indicator:
    """Something by which the attacker can be known. ``severity``: the highest of its findings, if it has any."""

    type: IndicatorType
    value: str
    state: IndicatorState
    basis: str
    findings: tuple[str, ...] = ()
    severity: str | None = None
    decided_by: str = BY_RULE


@dataclass(frozen=True)
class Window:
    """The intrusion, from events that are certainly the attacker's; ``widened_*`` counts uncertain events too."""

    first: datetime | None = None
    last: datetime | None = None
    widened_first: datetime | None = None
    widened_last: datetime | None = None
    start_established: bool = False
    reason: str = "no_attacker_event"


@dataclass(frozen=True)
class CompromisedAccount:
    """An account that the attacker could use from ``since`` on. ``kind`` is the ledger's kind of actor, where known."""

    account: str
    subject: str | None
    since: datetime
    basis: str
    kind: str | None = None


@dataclass(frozen=True)
class PathState:
    """Whether the attacker read by this access path (used), could have (open), or could not (closed)."""

    id: str
    state: State
    start: datetime | None
    end: datetime | None
    basis: str
    decided_by: str = BY_RULE


@dataclass(frozen=True)
class Investigation:
    """``delimited``: a person confirmed at least one indicator, so the attacker's acts can be told from others'."""

    delimited: bool
    indicators: tuple[Indicator, ...] = ()
    window: Window = field(default_factory=Window)
    compromised_accounts: tuple[CompromisedAccount, ...] = ()
    compromised_accounts_known: bool = False
    compromised_accounts_reason: str = "not_delimited"
    paths: tuple[PathState, ...] = ()

    def as_json(self) -> dict[str, Any]:
        window = self.window
        return {
            "delimited": self.delimited,
            "indicators": [
                {
                    "type": one.type,
                    "value": one.value,
                    "state": one.state,
                    "basis": one.basis,
                    "findings": list(one.findings),
                    "severity": one.severity,
                    "decided_by": one.decided_by,
                }
                for one in self.indicators
            ],
            "window": None
            if window.widened_first is None
            else {
                "first": instant(window.first),
                "last": instant(window.last),
                "widened_first": instant(window.widened_first),
                "widened_last": instant(window.widened_last),
                "start_established": window.start_established,
                "reason": window.reason,
            },
            "compromised_accounts": [
                {
                    "account": one.account,
                    "subject": one.subject,
                    "since": instant(one.since),
                    "basis": one.basis,
                    "kind": one.kind,
                }
                for one in self.compromised_accounts
            ],
            "compromised_accounts_known": self.compromised_accounts_known,
            "compromised_accounts_reason": self.compromised_accounts_reason,
            "paths": [
                {
                    "id": one.id,
                    "state": one.state,
                    "from": instant(one.start),
                    "to": instant(one.end),
                    "basis": one.basis,
                    "decided_by": one.decided_by,
                }
                for one in self.paths
            ],
        }


def instant(moment: datetime | None) -> str | None:
    """UTC, RFC 3339 with microseconds and ``Z``."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def utc(moment: datetime | None) -> datetime | None:
    """A ``TIMESTAMP`` of the lake, which is UTC without saying so."""
    return None if moment is None else moment.replace(tzinfo=UTC)
