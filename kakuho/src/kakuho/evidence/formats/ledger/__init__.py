"""The disclosure ledger."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format
from kakuho.evidence.formats.ledger.disclosure_ledger import DisclosureLedger
from kakuho.evidence.formats.ledger.disclosure_ledger_checkpoints import DisclosureLedgerCheckpoints

FORMATS: tuple[Format, ...] = (
    DisclosureLedger(),
    DisclosureLedgerCheckpoints(),
)
