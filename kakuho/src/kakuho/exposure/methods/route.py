"""Claims by access-log lines, through the inventory's routes, where no ledger tells what a page showed.

A page shows a route's items *at most*, so these claims are possible, never confirmed. A route that the ledger witnesses
at the time of the request needs no such claim: the ledger is exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kakuho.evidence.witnesses import Coverage
from kakuho.exposure.claims import Claims
from kakuho.exposure.investigated import Investigated
from kakuho.exposure.methods.scope import everything, of_shows
from kakuho.inventory import AccessPath, Inventory, Shows

Owners = dict[tuple[str, str], str]


@dataclass
class _Rows:
    claims: set[tuple[str, str, str, str]] = field(default_factory=set)
    sets: set[tuple[str, str, str, str]] = field(default_factory=set)
    events: set[tuple[str, int, int, int]] = field(default_factory=set)

    def cite(self, claim: str, row: dict[str, Any]) -> None:
        self.events.add((claim, row["source_id"], row["line"], row["byte_offset"]))


def route_claims(
    requests: Iterable[dict[str, Any]],
    inventory: Inventory,
    coverage: Coverage,
    investigated: Investigated,
    owners: Owners,
) -> Claims:
    """``requests``: the intruder's; ``owners``: (collection, key) → subject, for the keys that the requests name."""
    routes = [(path, re.compile(path.path or "")) for path in inventory.access_paths if path.kind == "route"]
    rows = _Rows()
    for row in requests:
        if not answered(row):
            continue
        listed = False
        for path, pattern in routes:
            match = pattern.search(row["url_path"] or "")
            if match is None or row["method"] not in path.methods:
                continue
            listed = True
            if path.sql or _ledger_tells(path, row, coverage):
                continue
            for index, shows in enumerate(path.shows):
                _claim(rows, row, path, index, shows, match, inventory, investigated, owners)
        if not listed:
            claim = "route:unlisted"
            rows.sets |= {(claim, "route_unlisted", record, item) for record, item in everything(inventory)}
            rows.cite(claim, row)
    return Claims.listed("route", claims=rows.claims, sets=rows.sets, events=rows.events)


def named_keys(requests: Iterable[dict[str, Any]], inventory: Inventory) -> set[tuple[str, str]]:
    """(collection, key) pairs that the requests' paths name, to be looked up in ``owners``."""
    routes = [(path, re.compile(path.path or "")) for path in inventory.access_paths if path.kind == "route"]
    found: set[tuple[str, str]] = set()
    for row in requests:
        for path, pattern in routes:
            match = pattern.search(row["url_path"] or "")
            if match is not None:
                found |= {named for shows in path.shows if (named := _named(shows, match)) is not None}
    return found


def answered(row: dict[str, Any]) -> bool:
    """Whether a body can have gone out: a success with bytes (HEAD carries none)."""
    return bool(200 <= row["status"] < 300 and row["method"] != "HEAD" and row["bytes_out"] != 0)


def _ledger_tells(path: AccessPath, row: dict[str, Any], coverage: Coverage) -> bool:
    return "disclosure_ledger" in path.witnesses and coverage.covers_moment("disclosure_ledger", row["time"])


def _named(shows: Shows, match: re.Match[str]) -> tuple[str, str] | None:
    collection, _, template = (shows.subject or "").partition(":")
    name = template.strip("{}")
    if not template or name not in match.re.groupindex:
        return None
    return collection, match.group(name)


def _claim(
    rows: _Rows,
    row: dict[str, Any],
    path: AccessPath,
    index: int,
    shows: Shows,
    match: re.Match[str],
    inventory: Inventory,
    investigated: Investigated,
    owners: Owners,
) -> None:
    named = _named(shows, match)
    if named is not None:
        claim = f"route:{path.id}:{index}:{named[1]}"
        subject = owners.get(named)
        if subject is None and inventory.collection(named[0]).record_of is not None:
            subject = f"{named[0]}:{named[1]}"
        if subject is not None:
            rows.claims |= {(claim, "route_key", subject, item) for item in shows.items}
            rows.cite(claim, row)
            return
    claim = f"route:{path.id}:{index}"
    rows.cite(claim, row)
    if shows.subject == "principal" and investigated.accounts_known:
        rows.claims |= {
            (claim, "route_principal", subject, item) for subject in investigated.compromised for item in shows.items
        }
        return
    reason = "route_principal" if shows.subject == "principal" else "route_collection"
    rows.sets |= {(claim, reason, record, item) for record, item in of_shows(inventory, path, shows)}
