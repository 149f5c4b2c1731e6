"""Claims by access-log lines, through the inventory's routes, where no ledger tells what a page showed.

A page shows a route's items *at most*, so these claims are possible, never confirmed. A route that the ledger witnesses
at the time of the request needs no such claim: the ledger is exact. What went out with which answer: ``answers.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.evidence.witnesses import Coverage
from kakuho.exposure.cells import Tables
from kakuho.exposure.claims import CLAIM_EVENTS, CLAIM_SETS, CLAIMS, POSSIBLE, Claims, together
from kakuho.exposure.history import History
from kakuho.exposure.investigated import Investigated
from kakuho.exposure.methods.answers import ERROR, NOTE, PART, WHOLE, answered
from kakuho.exposure.methods.lists import listed, number_of
from kakuho.exposure.methods.paths import Route, routes_of
from kakuho.exposure.methods.scope import everything, of_shows
from kakuho.inventory import Inventory, Shows

PLACE = ("source_id", "line", "byte_offset")
_ASKED = (*PLACE, "time", "method", "url_path", "url_query", "bytes_out", "how")


@dataclass(frozen=True)
class _Known:
    """What claims are made from. ``owners``: collection, key, subject of every row of the snapshot."""

    inventory: Inventory
    investigated: Investigated
    owners: ir.Table
    tables: Tables
    history: History


def route_claims(
    requests: ir.Table,
    inventory: Inventory,
    coverage: Coverage,
    investigated: Investigated,
    owners: ir.Table,
    tables: Tables,
    history: History,
) -> Claims:
    """``requests``: the intruder's; ``owners``: collection, key, subject of every row of ``tables``, the snapshot's."""
    known = _Known(inventory, investigated, owners, tables, history)
    answers = answered(requests, errors_show_nothing=inventory.error_pages == "nothing")
    reached = ibis.memtable(answers.select(*_ASKED).to_pyarrow())
    paths = ibis.memtable(reached.select("method", "url_path").distinct().to_pyarrow())
    found: list[Claims] = []
    told: list[pa.Table] = []
    for route in routes_of(inventory):
        matched = route.among(paths).to_pyarrow()
        if matched.num_rows == 0:
            continue
        told.append(matched)
        if route.path.sql or not route.path.shows:
            continue
        mine = _untold(reached, route, coverage).join(ibis.memtable(matched), ["method", "url_path"])
        asked = mine.select(*_ASKED).to_pyarrow()
        for how in sorted(set(asked["how"].to_pylist())):
            part = ibis.memtable(asked.filter(pc.equal(asked["how"], how)))
            for index, shows in enumerate(route.path.shows):
                found.extend(_claims(part, how, route, index, shows, known))
    found.append(_unlisted(reached, told, inventory))
    return together(found)


def _untold(requests: ir.Table, route: Route, coverage: Coverage) -> ir.Table:
    """The requests of whose moment no ledger tells what the page showed."""
    if "disclosure_ledger" not in route.path.witnesses:
        return requests
    for start, end in coverage.intervals.get("disclosure_ledger", ()):
        requests = requests.filter(~requests.time.between(ibis.literal(start), ibis.literal(end)))
    return requests


def _claims(asked: ir.Table, how: str, route: Route, index: int, shows: Shows, known: _Known) -> list[Claims]:
    """What one entry of a route's ``shows`` means: rows that the path names, and what it does not name."""
    claim = f"route:{route.path.id}:{index}" + ("" if how == WHOLE else f":{how}")
    named = route.key_of(shows)
    if named is None:
        pages, asked = _of_pages(claim, how, asked, shows, known)
        return [*pages, *_unnamed(claim, how, asked, route, shows, known)]
    collection, key = named
    keyed = asked.mutate(key=key(asked.url_path))
    own = known.owners.filter(known.owners.collection == collection).select("key", "subject")
    those = keyed.left_join(own, "key").select(*PLACE, "key", "subject")
    if known.inventory.collection(collection).record_of is not None:
        those = those.mutate(subject=those.subject.fill_null(ibis.literal(f"{collection}:") + those.key))
    found = ibis.memtable(those.to_pyarrow())
    theirs = found.filter(found.subject.notnull()).mutate(claim_id=ibis.literal(f"{claim}:") + found.key)
    claims = Claims.of(
        claims=_each(theirs.select("claim_id", "subject").distinct(), _reason("route_key", how), shows.items),
        events=theirs.select(CLAIM_EVENTS.names).distinct().to_pyarrow(),
    )
    nobody = found.filter(found.subject.isnull())
    return [claims, *_unnamed(claim, how, nobody, route, shows, known)]


def _of_pages(claim: str, how: str, asked: ir.Table, shows: Shows, known: _Known) -> tuple[list[Claims], ir.Table]:
    """Claims on the rows of each page of a list, and the requests of which the page does not tell the rows."""
    requests = asked.to_pyarrow()
    if shows.pages is None or shows.collection is None or requests.num_rows == 0:
        return [], asked
    collection = known.inventory.collection(shows.collection)
    first = pc.min(requests["time"]).as_py()
    laid = listed(known.tables[shows.collection], collection, shows.pages, known.history, first)
    if laid is None:
        return [], asked
    numbers = [number_of(query, shows.pages) for query in requests["url_query"].to_pylist()]
    own = known.owners.filter(known.owners.collection == shows.collection)
    found = []
    for number in sorted({number for number in numbers if number is not None}):
        page = f"{claim}:page:{number}"
        keys = ibis.memtable(pa.table({"key": pa.array(sorted(laid.shown(number)), pa.string())}))
        theirs = own.semi_join(keys, "key").mutate(claim_id=ibis.literal(page)).select("claim_id", "subject").distinct()
        those = ibis.memtable(requests.filter(pa.array([n == number for n in numbers])))
        found.append(
            Claims.of(claims=_each(theirs, _reason("route_page", how), shows.items), events=_cited(page, those))
        )
    return found, ibis.memtable(requests.filter(pa.array([n is None for n in numbers])))


def _reason(usual: str, how: str) -> str:
    return {WHOLE: usual, PART: "route_part", ERROR: "route_error"}[how]


def _unnamed(claim: str, how: str, asked: ir.Table, route: Route, shows: Shows, known: _Known) -> list[Claims]:
    events = _cited(claim, asked)
    if events.num_rows == 0:
        return []
    if shows.subject == "principal" and known.investigated.accounts_known:
        accounts = pa.table({"subject": pa.array(known.investigated.compromised, pa.string())})
        own = ibis.memtable(accounts).mutate(claim_id=ibis.literal(claim)).select("claim_id", "subject")
        return [Claims.of(claims=_each(own, _reason("route_principal", how), shows.items), events=events)]
    reason = _reason("route_principal" if shows.subject == "principal" else "route_collection", how)
    return [Claims.of(sets=_sets(claim, reason, of_shows(known.inventory, route.path, shows)), events=events)]


def _unlisted(requests: ir.Table, told: list[pa.Table], inventory: Inventory) -> Claims:
    """Pages that the inventory does not know can have shown anything.

    An error there counts where it is longer than a server's own note: most are of addresses that do not exist.
    """
    requests = requests.filter((requests.how != ERROR) | ((requests.bytes_out > NOTE).fill_null(False)))
    if told:
        known = ibis.memtable(pa.concat_tables(told))
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
