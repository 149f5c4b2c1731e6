"""Claims → one verdict a cell. An expression over tables; the engine runs it.

confirmed if any claim confirms; possible if any claim is possible or a set holds the cell; else ruled out. More claims
never lower a verdict: the strongest wins, ties go to the reason first in rank.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from kakuho.exposure.claims import CONFIRMED, POSSIBLE, RULED_OUT, Claims
from kakuho.exposure.reasons import Reason
from kakuho.inventory import Inventory

VERDICTS = pa.schema(
    [
        ("category", pa.string()),
        ("subject", pa.string()),
        ("item", pa.string()),
        ("verdict", pa.string()),
        ("reason_id", pa.string()),
        ("method", pa.string()),
        ("masked", pa.bool_()),
    ]
)
_METHODS = ("ledger", "replay", "injection", "route", "export", "reach")


def ranked(reasons: Mapping[str, Reason]) -> pa.Table:
    """Reasons in order of weight: what confirms first, then by method, ``ruled_out`` last."""
    confirming = {"ledger", "replay", "export", "export_file", "error_printed"}
    order = sorted(
        reasons,
        key=lambda r: (r == "ruled_out", r not in confirming, _METHODS.index(reasons[r]["method"]), r),
    )
    return pa.table(
        {
            "reason_id": pa.array(order, pa.string()),
            "method": pa.array([reasons[r]["method"] for r in order], pa.string()),
            "rank": pa.array(range(len(order)), pa.int64()),
        }
    )


def verdicts(universe: ir.Table, claims: Claims, reasons: Mapping[str, Reason], inventory: Inventory) -> ir.Table:
    """``universe``: every (subject, item) of the snapshot. Columns as in ``VERDICTS``, unsorted.

    A claim on a cell that the snapshot no longer holds (a deleted row, an emptied field) makes a cell of its own.
    """
    ranks = ibis.memtable(ranked(reasons))
    listed = ibis.memtable(claims.claims).join(ranks, "reason_id").select("subject", "item", "certainty", "rank")
    cells = universe.select("subject", "item").union(listed.select("subject", "item"), distinct=True)
    cells = cells.mutate(collection=cells.subject.split(":")[0])
    sets = (
        ibis.memtable(claims.sets)
        .join(ranks, "reason_id")
        .group_by("collection", "item")
        .agg(set_rank=lambda t: t["rank"].min())
    )
    held = cells.join(sets, ["collection", "item"], how="inner").select(
        "subject", "item", certainty=ibis.literal(POSSIBLE), rank="set_rank"
    )
    strongest = (
        listed.union(held)
        .group_by("subject", "item")
        .agg(confirmed=lambda t: (t.certainty == CONFIRMED).any(), best=lambda t: t["rank"].min())
    )
    masked = ibis.memtable(claims.masked).select("subject", "item").distinct().mutate(masked=True)
    categories = ibis.memtable(
        pa.table(
            {
                "collection": pa.array([r.name for r in inventory.records()], pa.string()),
                "category": pa.array([r.record_of for r in inventory.records()], pa.string()),
            }
        )
    )
    last = ibis.literal(int(ranked(reasons).num_rows) - 1)
    joined = cells.left_join(strongest, ["subject", "item"]).select(
        "subject", "item", "collection", "confirmed", "best"
    )
    joined = joined.left_join(masked, ["subject", "item"]).select(
        "subject", "item", "collection", "confirmed", "best", "masked"
    )
    joined = joined.join(categories, "collection").select("category", "subject", "item", "confirmed", "best", "masked")
    judged = joined.mutate(
        rank=joined.best.fill_null(last),
        verdict=ibis.cases((joined.confirmed, CONFIRMED), (joined.best.notnull(), POSSIBLE), else_=RULED_OUT),
        masked=joined.masked.fill_null(False),
    )
    return judged.join(ranks, "rank").select(VERDICTS.names)
