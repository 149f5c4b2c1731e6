"""What was seen of the routes → access paths, each with how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from kakuho.inventory.model import AccessPath, Inventory, Shows
from kakuho.inventory.routes.reading import Base

STAFF = "staff"


@dataclass
class SeenRoute:
    """One method of one address. ``shown``/``masked``: base columns seen in an answer; ``read``: read, not seen there.

    ``parties``: for each kind of account that was let in, the tables it is linked to; ``keys``: tables whose keys the
    path
    took; ``answered``: at least once with 200.
    """

    method: str
    path: str
    name: str
    answered: bool
    public: bool
    status: int | None
    parties: list[list[str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    shown: set[Base] = field(default_factory=set)
    masked: set[Base] = field(default_factory=set)
    read: set[Base] = field(default_factory=set)


@dataclass(frozen=True)
class DraftedRoute:
    """``why``: (ja, en). ``sure`` false: never answered, or its statements could not be read; then it has to stay
    out."""

    path: AccessPath
    sure: bool
    confidence: float
    why: tuple[str, str]


def draft_routes(seen: Iterable[SeenRoute], inventory: Inventory) -> list[DraftedRoute]:
    """One drafted path a route and method; ids stay unique."""
    drafted: list[DraftedRoute] = []
    taken: set[str] = set()
    for route in seen:
        identifier = "web." + (re.sub(r"[^\w.]+", "_", route.name) or "route")
        if identifier in taken:
            identifier = f"{identifier}.{route.method.lower()}"
        while identifier in taken:
            identifier += "_"
        taken.add(identifier)
        drafted.append(_draft(route, identifier, inventory))
    return drafted


def _draft(route: SeenRoute, identifier: str, inventory: Inventory) -> DraftedRoute:
    principal = _principal(route, inventory)
    shows = tuple(_shows(route, inventory, principal))
    path = AccessPath(
        id=identifier,
        kind="route",
        methods=(route.method,),
        path=route.path,
        principal=principal,
        shows=shows,
        returns=None if shows else "nothing",
        witnesses=("access_log",),
    )
    if route.answered and shows:
        return DraftedRoute(path, True, 0.9, ("値が応答に見えた", "values were seen in the answer"))
    if route.answered:
        read = ", ".join(sorted({table for table, _ in route.read}))
        ja, en = ("個人の値は応答に見えなかった", "no personal value was seen in the answer")
        return DraftedRoute(
            path, True, 0.7, (f"{ja}（読んだ表: {read}）", f"{en} (it read {read})") if read else (ja, en)
        )
    if route.status in (301, 302, 303):
        return DraftedRoute(path, True, 0.6, ("転送するだけだった", "it only redirected"))
    return DraftedRoute(
        path,
        False,
        0.0,
        (
            f"一度も応答していない（{route.status or '試していない'}）",
            f"it never answered ({route.status or 'not tried'})",
        ),
    )


def _principal(route: SeenRoute, inventory: Inventory) -> str | None:
    """Who must be logged in: the category that the accounts let in belong to; ``staff`` where they belong to nobody."""
    if route.public or not route.parties:
        return None
    if any(not kind for kind in route.parties):
        return STAFF
    names = [table for kind in route.parties for table in kind if inventory.has_collection(table)]
    records = [inventory.collection(name) for name in names]
    return next((one.record_of for one in records if one.record_of), names[0] if names else STAFF)


def _shows(route: SeenRoute, inventory: Inventory, principal: str | None) -> Iterable[Shows]:
    """Items by whose they are: the visitor's own, those of the key in the path, those of some rows of a collection."""
    grouped: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    for bases, masked in ((route.shown, 0), (route.masked, 1)):
        for table, column in sorted(bases):
            if not inventory.has_collection(table):
                continue
            collection = inventory.collection(table)
            item = collection.item_of(column)
            if item is None or not collection.personal:
                continue
            for whose in _whose(route, table, inventory, principal):
                grouped.setdefault(whose, (set(), set()))[masked].add(item)
    order = [item.id for item in inventory.items]
    for (kind, name), (items, masked_items) in grouped.items():
        yield Shows(
            subject=name if kind == "subject" else None,
            collection=name if kind == "collection" else None,
            items=tuple(sorted(items, key=order.index)),
            masked=tuple(sorted(masked_items - items, key=order.index)),
        )


def _whose(route: SeenRoute, table: str, inventory: Inventory, principal: str | None) -> list[tuple[str, str]]:
    records = inventory.records_of(table)
    own = {name for kind in route.parties for name in kind}
    if principal not in (None, STAFF) and own & set(records):
        return [("subject", "principal")]
    group = next(iter(re.findall(r"\(\?P<(\w+)>", route.path)), None)
    if group is not None:
        for key in route.keys:
            if inventory.has_collection(key) and (key == table or set(inventory.records_of(key)) & set(records)):
                return [("subject", f"{key}:{{{group}}}")]
    seen = {name for name, _ in (*route.shown, *route.read)}
    present = [name for name in records if name in seen] or list(records)
    return [("collection", name) for name in present]
