"""An investigation in one call, over the event tables of the detection tests (the same evidence feeds both rooms)."""

from __future__ import annotations

import importlib.util
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

import pyarrow as pa

from kakuho.detection.run import detect
from kakuho.investigation import Decisions, Investigation, Result, investigate
from kakuho.investigation.accounts import Party
from kakuho.investigation.decisions import IndicatorDecision, PathDecision

ATTACKER = "203.0.113.66"


def _sibling(name: str) -> ModuleType:
    path = Path(__file__).parents[1] / "detection" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"kakuho_tests_detection_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


events = _sibling("events")
Events, INVENTORY, LOOKUP, at, ordinary = events.Events, events.INVENTORY, events.LOOKUP, events.at, events.ordinary


def policyholders(accounts: Sequence[str]) -> Mapping[str, Party]:
    """As the snapshot tells it: ``account:n`` is the policyholder n's."""
    return {account: (f"policyholder:{account.partition(':')[2]}", "policyholder") for account in accounts}


def confirming(*indicators: tuple[str, str], dismissed: Sequence[tuple[str, str]] = ()) -> Decisions:
    decided = {one: IndicatorDecision("confirmed", by="analyst", reason="seen") for one in indicators}
    decided |= {one: IndicatorDecision("dismissed", by="analyst", reason="ours") for one in dismissed}
    return Decisions(indicators=decided)  # type: ignore[arg-type]


def investigated(
    evidence: Events,
    decisions: Decisions | None = None,
    *,
    inventory: object = INVENTORY,
    order: random.Random | None = None,
    repeat: bool = False,
    parties: object = policyholders,
) -> Result:
    """Detect and investigate; without decisions, every finding of high severity is confirmed."""
    connection = evidence.connect(order=order, repeat=repeat)
    found = detect(connection, inventory)
    connection.execute("DROP TABLE findings")
    connection.register("findings", found.findings)
    if decisions is None:
        decisions = confirming(
            *(
                (one["indicator_type"], one["indicator_value"])
                for one in found.findings.to_pylist()
                if one["severity"] == "high"
            )
        )
    return investigate(connection, inventory, decisions, parties)


def told(evidence: Events, decisions: Decisions | None = None, **options: object) -> Investigation:
    return investigated(evidence, decisions, **options).investigation


def attributed(result: Result, table: str) -> dict[int, tuple[bool, str]]:
    """line → (certain, why) of the attacker's events in one table."""
    rows: pa.Table = result.attacker_events
    return {row["line"]: (row["certain"], row["why"]) for row in rows.to_pylist() if row["table"] == table}


def paths(investigation: Investigation) -> dict[str, tuple[str, str]]:
    return {path.id: (path.state, path.basis) for path in investigation.paths}


def deciding(identifier: str, state: str, basis: str) -> Decisions:
    return Decisions(paths={identifier: PathDecision(state, by="analyst", basis=basis)})  # type: ignore[arg-type]


def stuffing(*, read: Sequence[int] = (1, 2), unread: Sequence[int] = ()) -> Events:
    """A stuffing run on day 3, after two quiet days: ten failures, then logins; some accounts are read at once."""
    evidence = Events()
    evidence.cover(at(0), at(10))
    for number in range(10):
        evidence.login(at(3, seconds=number), ATTACKER, 100 + number, succeeds=False)
    for number, account in enumerate([*read, *unread]):
        moment = at(3, minutes=1 + number)
        evidence.login(moment, ATTACKER, account)
        if account in read:
            evidence.my_page(moment.replace(second=5), ATTACKER, f"stolen{account}", account)
    return evidence
