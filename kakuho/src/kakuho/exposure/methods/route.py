"""Claims by access-log lines, through the inventory's routes, where no ledger tells what a page showed.

A page shows a route's items *at most*, so these claims are possible, never confirmed. A route that the ledger witnesses
at the time of the request needs no such claim: the ledger is exact.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from kakuho.evidence.witnesses import Coverage
from kakuho.exposure.claims import CLAIM_EVENTS, CLAIM_SETS, CLAIMS, POSSIBLE, Claims, together
from kakuho.exposure.investigated import Investigated
from kakuho.exposure.methods.paths import Route, routes_of
from kakuho.exposure.methods.scope import everything, of_shows
from kakuho.inventory import Inventory, Shows

PLACE = ("source_id", "line", "byte_offset")


def route_claims(
    requests: ir.Table, inventory: Inventory, coverage: Coverage, investigated: Investigated, owners: ir.Table
) -> Claims:
    """``requests``: the intruder's; ``owners``: collection, key, subject of every row of the snapshot."""
    reached = ibis.memtable(answered(requests).to_pyarrow())
    paths = ibis.memtable(reached.select("method", "url_path").distinct().to_pyarrow())
    listed: list[pa.Table] = []
    found: list[Claims] = []
    for route in routes_of(inventory):
        matched = route.among(paths).to_pyarrow()
        if matched.num_rows == 0:
            continue
        listed.append(matched)
        if route.path.sql or not route.path.shows:
            continue
        asked = _untold(reached, route, coverage).join(ibis.memtable(matched), ["method", "url_path"])
        for index, shows in enumerate(route.path.shows):
            found.extend(_claims(asked, route, index, shows, inventory, investigated, owners))
    found.append(_unlisted(reached, listed, inventory))
    return together(found)


def answered(requests: ir.Table) -> ir.Table:
    """The requests whose body can have gone out: a success with bytes (HEAD carries none)."""
    successful = (requests.status >= 200) & (requests.status < 300) & (requests.method != "HEAD")
    return requests.filter(successful, requests.bytes_out.isnull() | (requests.bytes_out != 0)).select(
        *PLACE, "time", "method", url_path=requests.url_path.fill_null("")
    )


def _untold(requests: ir.Table, route: Route, coverage: Coverage) -> ir.Table:
    """The requests of whose moment no ledger tells what the page showed."""
    if "disclosure_ledger" not in route.path.witnesses:
        return requests
    for start, end in coverage.intervals.get("disclosure_ledger", ()):
        requests = requests.filter(~requests.time.between(ibis.literal(start), ibis.literal(end)))
    return requests


def _claims(
    asked: ir.Table,
    route: Route,
    index: int,
    shows: Shows,
    inventory: Inventory,
    investigated: Investigated,
    owners: ir.Table,
) -> list[Claims]:
    """What one entry of a route's ``shows`` means: rows that the path names, and what it does not name."""
    claim = f"route:{route.path.id}:{index}"
    named = route.key_of(shows)
    if named is None:
        return _unnamed(claim, asked, route, shows, inventory, investigated)
    collection, key = named
    keyed = asked.mutate(key=key(asked.url_path))
    own = owners.filter(owners.collection == collection).select("key", "subject")
    known = keyed.left_join(own, "key").select(*PLACE, "key", "subject")
    if inventory.collection(collection).record_of is not None:
        known = known.mutate(subject=known.subject.fill_null(ibis.literal(f"{collection}:") + known.key))
    found = ibis.memtable(known.to_pyarrow())
    theirs = found.filter(found.subject.notnull()).mutate(claim_id=ibis.literal(f"{claim}:") + found.key)
    claims = Claims.of(
        claims=_each(theirs.select("claim_id", "subject").distinct(), "route_key", shows.items),
        events=theirs.select(CLAIM_EVENTS.names).distinct().to_pyarrow(),
    )
    nobody = found.filter(found.subject.isnull())
    return [claims, *_unnamed(claim, nobody, route, shows, inventory, investigated)]


def _unnamed(
    claim: str, asked: ir.Table, route: Route, shows: Shows, inventory: Inventory, investigated: Investigated
) -> list[Claims]:
    events = _cited(claim, asked)
    if events.num_rows == 0:
        return []
    if shows.subject == "principal" and investigated.accounts_known:
        accounts = pa.table({"subject": pa.array(investigated.compromised, pa.string())})
        own = ibis.memtable(accounts).mutate(claim_id=ibis.literal(claim)).select("claim_id", "subject")
        return [Claims.of(claims=_each(own, "route_principal", shows.items), events=events)]
    reason = "route_principal" if shows.subject == "principal" else "route_collection"
    return [Claims.of(sets=_sets(claim, reason, of_shows(inventory, route.path, shows)), events=events)]


def _unlisted(requests: ir.Table, listed: list[pa.Table], inventory: Inventory) -> Claims:
    """Pages that the inventory does not know can have shown anything."""
    if listed:
        known = ibis.memtable(pa.concat_tables(listed))
        requests = requests.anti_join(known, ["method", "url_path"])
    events = _cited("route:unlisted", requests)
    if events.num_rows == 0:
        return Claims.of()
    return Claims.of(sets=_sets("route:unlisted", "route_unlisted", everything(inventory)), events=events)


def _cited(claim: str, requests: ir.Table) -> pa.Table:
    return requests.mutate(claim_id=ibis.literal(claim)).select(CLAIM_EVENTS.names).distinct().to_pyarrow()


def _each(subjects: ir.Table, reason: str, items: tuple[str, ...]) -> pa.Table:
    """Every item of every (claim, subject)."""
    wanted = ibis.memtable(pa.table({"item": pa.array(sorted(set(items)), pa.string())}))
    rows = subjects.cross_join(wanted).mutate(
        method=ibis.literal("route"), certainty=ibis.literal(POSSIBLE), reason_id=ibis.literal(reason)
    )
    return rows.select(CLAIMS.names).to_pyarrow()


def _sets(claim: str, reason: str, pairs: object) -> pa.Table:
    rows = [
        {"claim_id": claim, "method": "route", "reason_id": reason, "collection": record, "item": item}
        for record, item in sorted(set(pairs))  # type: ignore[call-overload]
    ]
    return pa.Table.from_pylist(rows, schema=CLAIM_SETS)
