"""Claims from access-log lines through routes that no ledger witnesses."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from kakuho.evidence.witnesses import Coverage
from kakuho.exposure.history import History
from kakuho.exposure.investigated import Investigated
from kakuho.exposure.methods.route import route_claims
from kakuho.inventory import AccessPath, Inventory, Pages, Shows, load_inventory

TIME = datetime.fromisoformat("2025-03-20")  # UTC without a zone, as in the lake
NOBODY = Investigated(True, TIME, TIME, True, False, (), (), {})
LIST = AccessPath(
    id="web.holders",
    kind="route",
    path="^/staff/holders$",
    shows=(Shows(collection="holder", items=("name",), pages=Pages(size=2, order=("-id",))),),
)
_LAWS = load_inventory(Path(__file__).parents[1] / "laws" / "inventory.yaml")
INVENTORY = _LAWS.model_copy(update={"access_paths": (*_LAWS.access_paths, LIST)})
REQUESTS = pa.schema(
    [
        ("source_id", pa.int32()),
        ("line", pa.int64()),
        ("byte_offset", pa.int64()),
        ("time", pa.timestamp("us")),
        ("method", pa.string()),
        ("url_path", pa.string()),
        ("url_query", pa.string()),
        ("status", pa.int32()),
        ("bytes_out", pa.int64()),
    ]
)
HOLDERS = pa.table({"id": [1, 2, 3, 4, 5], "created_at": ["2025-01-01 00:00:00+00"] * 5})
OWNERS = pa.table(
    {
        "collection": ["holder"] * 5,
        "key": ["1", "2", "3", "4", "5"],
        "subject": [f"holder:{number}" for number in range(1, 6)],
    }
)


def _claims(
    *requests: dict[str, Any], inventory: Inventory = INVENTORY, known: bool = True
) -> tuple[set[tuple[str, str, str]], set[tuple[str, str]]]:
    """(reason, subject, item), and (reason, collection) of whole collections."""
    usual = {"source_id": 1, "byte_offset": 0, "time": TIME, "method": "GET", "status": 200, "bytes_out": 900}
    rows = [usual | {"line": number, "url_query": None} | row for number, row in enumerate(requests, 1)]
    found = route_claims(
        ibis.memtable(pa.Table.from_pylist(rows, schema=REQUESTS)),
        inventory,
        Coverage.of([]),
        NOBODY,
        ibis.memtable(OWNERS),
        {"holder": ibis.memtable(HOLDERS)},
        History(known=known),
    )
    claims = {(row["reason_id"], row["subject"], row["item"]) for row in found.claims.to_pylist()}
    return claims, {(row["reason_id"], row["collection"]) for row in found.sets.to_pylist()}


def _names(reason: str, *numbers: int) -> set[tuple[str, str, str]]:
    return {(reason, f"holder:{number}", "name") for number in numbers}


def test_a_page_of_a_list_claims_the_rows_that_stood_on_it() -> None:
    second = {"url_path": "/staff/holders", "url_query": "page=2"}
    assert _claims(second) == (_names("route_page", 2, 3), set())
    assert _claims({"url_path": "/staff/holders"}) == (_names("route_page", 4, 5), set())


def test_a_list_that_is_searched_or_whose_rows_may_be_gone_claims_every_row() -> None:
    second = {"url_path": "/staff/holders", "url_query": "page=2"}
    assert _claims(second | {"url_query": "page=2&q=a"}) == (set(), {("route_collection", "holder")})
    assert _claims(second, known=False) == (set(), {("route_collection", "holder")})


def test_each_request_for_a_list_is_judged_by_itself() -> None:
    searched = {"url_path": "/staff/holders", "url_query": "q=a"}
    first = {"url_path": "/staff/holders", "url_query": "page=1"}
    assert _claims(searched, first) == (_names("route_page", 4, 5), {("route_collection", "holder")})


def test_a_part_of_a_page_leaves_its_items_possible() -> None:
    broken = {"url_path": "/staff/holder/3", "status": 499, "bytes_out": 16_384}
    claims, _ = _claims(broken)
    assert claims == {("route_part", "holder:3", i) for i in ("name", "gender", "email", "policy_number")}


def test_an_error_that_can_hold_the_page_counts_until_the_inventory_says_that_none_does() -> None:
    error = {"url_path": "/staff/holder/3", "status": 500, "bytes_out": 60_000}
    assert {reason for reason, _, _ in _claims(error)[0]} == {"route_error"}
    assert _claims(error, inventory=INVENTORY.model_copy(update={"error_pages": "nothing"})) == (set(), set())


def test_a_refused_page_showed_nothing() -> None:
    assert _claims({"url_path": "/staff/holder/3", "status": 403, "bytes_out": 4_000}) == (set(), set())


def test_on_a_page_that_is_not_listed_only_a_long_error_can_have_shown_anything() -> None:
    unknown = {"url_path": "/debug", "status": 500}
    assert _claims(unknown | {"bytes_out": 145}) == (set(), set())
    assert _claims(unknown | {"bytes_out": 60_000})[1] == {("route_unlisted", "holder"), ("route_unlisted", "clinic")}
    assert _claims({"url_path": "/debug"})[1] == {("route_unlisted", "holder"), ("route_unlisted", "clinic")}
