"""The disclosure ledger."""

from __future__ import annotations

from kakuho.evidence.formats.registry import formats_in

FORMATS = formats_in(
    __name__,
    {
        "disclosure_ledger": "disclosure_ledger:DisclosureLedger",
        "disclosure_ledger_checkpoints": "disclosure_ledger_checkpoints:DisclosureLedgerCheckpoints",
    },
)
