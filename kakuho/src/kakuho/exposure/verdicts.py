"""Claims → one verdict a cell. An expression over tables; the engine runs it.

confirmed if any claim confirms; possible if any claim is possible or a set holds the cell; else ruled out. More claims
never lower a verdict: the strongest wins, ties go to the reason first in rank. Beside it stand the form in which
the item left (``direct`` before ``derived``) and whether it was ciphertext whose key was out of reach: there, too, more
claims only ever take away.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from kakuho.exposure.claims import ANSWER, CONFIRMED, DERIVED, DIRECT, POSSIBLE, RULED_OUT, Claims
from kakuho.exposure.methods.scope import Pair
from kakuho.exposure.protection import KeyReach, keys_table, only_computed
from kakuho.exposure.reasons import Reason
from kakuho.exposure.verdict_sets import VERDICT_SETS, VERDICTS, packed
from kakuho.inventory import Inventory

__all__ = ["VERDICTS", "ranked", "verdict_sets"]

_METHODS = ("ledger", "replay", "injection", "route", "export", "reach")
_ALIKE = ("collection", "item", "verdict", "rank", "masked", "level", "protected", "protection")
_TOLD = ("confirmed", "best", "direct", "answers", "clear", "in_reach", "why")


def ranked(reasons: Mapping[str, Reason]) -> pa.Table:
    """Reasons in order of weight: what confirms first, then by method, ``ruled_out`` last."""
    confirming = {"ledger", "replay", "injection_decoded", "export", "export_file", "error_printed"}
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


def verdict_sets(
    universe: ir.Table,
    claims: Claims,
    reasons: Mapping[str, Reason],
    inventory: Inventory,
    keys: Mapping[str, KeyReach],
) -> ir.Table:
    """``universe``: every (subject, item) of the snapshot. Columns as in ``VERDICT_SETS``, unsorted.

    A claim on a cell that the snapshot no longer holds (a deleted row, an emptied field) makes a cell of its own.
    """
    ranks = ibis.memtable(ranked(reasons))
    last = ibis.literal(ranked(reasons).num_rows - 1)
    named, held = _told(claims, ranks, keys, only_computed(inventory))
    cells = universe.select("subject", "item").union(named.select("subject", "item"), distinct=True)
    cells = cells.mutate(collection=cells.subject.split(":")[0])
    masked = ibis.memtable(claims.masked).select("subject", "item").distinct().mutate(masked=True)
    joined = (
        cells.left_join(named, ["subject", "item"])
        .select("collection", "subject", "item", **{f"a_{name}": name for name in _TOLD})
        .left_join(held, ["collection", "item"])
        .select("collection", "subject", "item", *(f"a_{name}" for name in _TOLD), **{f"b_{n}": n for n in _TOLD})
        .left_join(masked, ["subject", "item"])
    )
    packable = _judged(joined, last).select("subject", *_ALIKE)
    records = inventory.records()
    categories = ibis.memtable(
        pa.table(
            {
                "collection": pa.array([r.name for r in records], pa.string()),
                "category": pa.array([r.record_of for r in records], pa.string()),
            }
        )
    )
    return packed(packable, _ALIKE).join(categories, "collection").join(ranks, "rank").select(VERDICT_SETS.names)


def _told(
    claims: Claims, ranks: ir.Table, keys: Mapping[str, KeyReach], computed: set[Pair]
) -> tuple[ir.Table, ir.Table]:
    """What is claimed of a (subject, item), and of a (collection, item). ``computed``: of which no value is kept."""
    known = keys_table(keys)

    def summed(table: ir.Table, *cell: str) -> ir.Table:
        if computed:
            place = table.collection if "collection" in cell else table.subject.split(":")[0]
            kept = (place + "\t" + table.item).isin(sorted(f"{record}\t{item}" for record, item in computed))
            table = table.mutate(
                certainty=ibis.ifelse(kept, POSSIBLE, table.certainty), level=ibis.ifelse(kept, DERIVED, table.level)
            )
        told = table.join(ranks.select("reason_id", "rank"), "reason_id").left_join(known, "cipher")
        return told.group_by(*cell).agg(
            confirmed=lambda t: (t.certainty == CONFIRMED).any(),
            best=lambda t: t["rank"].min(),
            direct=lambda t: (~t.level.isin([DERIVED, ANSWER])).any(),
            answers=lambda t: t.claim_id.nunique(where=t.level == ANSWER),
            clear=lambda t: t.why.isnull().any(),
            in_reach=lambda t: t.in_reach.any(),
            why=lambda t: t.why.min(),
        )

    held = ibis.memtable(claims.sets).mutate(certainty=ibis.literal(POSSIBLE))
    return summed(ibis.memtable(claims.claims), "subject", "item"), summed(held, "collection", "item")


def _judged(told: ir.Table, last: ir.IntegerScalar) -> ir.Table:
    """``a_…``: told of the subject itself, ``b_…``: of its collection; null where nothing is."""

    def either(name: str) -> ir.BooleanValue:
        return told[f"a_{name}"].fill_null(False) | told[f"b_{name}"].fill_null(False)

    affected = told.a_best.notnull() | told.b_best.notnull()
    answers = told.a_answers.fill_null(0) + told.b_answers.fill_null(0)
    masked = told.masked.fill_null(False)
    encrypted = affected & ~either("clear") & ~masked
    return told.mutate(
        rank=ibis.least(told.a_best.fill_null(last), told.b_best.fill_null(last)),
        verdict=ibis.cases((either("confirmed"), CONFIRMED), (affected, POSSIBLE), else_=RULED_OUT),
        masked=masked,
        level=ibis.cases((~affected, ""), (either("direct") | (answers > 1), DIRECT), else_=DERIVED),
        protected=encrypted & ~either("in_reach"),
        protection=ibis.ifelse(encrypted, ibis.least(told.a_why, told.b_why), ""),
    )
