"""Claims by the disclosure ledger: it names the persons and items that a response showed. Exact."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from kakuho.exposure.claims import CONFIRMED, POSSIBLE, Claims


def ledger_claims(attacker: ir.Table, disclosure: ir.Table) -> Claims:
    """``attacker``: the intruder's events; ``disclosure``: the ledger's rows.

    Certain events confirm; events of a session that may have been the owner's are possible. Values shown masked are
    no claim: they are noted beside the verdict.
    """
    mine = (
        attacker.filter(attacker["table"] == "disclosure")
        .group_by("source_id", "line")
        .agg(certain=lambda t: t.certain.any())
    )
    shown = disclosure.join(mine, ["source_id", "line"])
    named = shown.mutate(
        claim_id=ibis.literal("ledger:") + shown.source_id.cast("string") + ":" + shown.line.cast("string"),
        method=ibis.literal("ledger"),
        certainty=ibis.ifelse(shown.certain, CONFIRMED, POSSIBLE),
        reason_id=ibis.ifelse(shown.certain, "ledger", "ledger_undecided"),
    )
    full = named.filter(~named.masked)
    return Claims.of(
        claims=full.select("claim_id", "method", "certainty", "reason_id", "subject", "item").to_pyarrow(),
        events=full.select("claim_id", "source_id", "line", "byte_offset").distinct().to_pyarrow(),
        masked=named.filter(named.masked).select("subject", "item").distinct().to_pyarrow(),
    )
