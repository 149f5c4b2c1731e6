"""One module a format. A new format is a module here and an entry in :data:`FORMATS`; nothing else changes."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format, Sink, SourceFile
from kakuho.evidence.formats.combined_access_log import CombinedAccessLog
from kakuho.evidence.formats.disclosure_ledger import DisclosureLedger
from kakuho.evidence.formats.disclosure_ledger_checkpoints import DisclosureLedgerCheckpoints
from kakuho.evidence.formats.postgresql_csvlog import PostgresqlCsvlog
from kakuho.evidence.formats.postgresql_jsonlog import PostgresqlJsonlog
from kakuho.evidence.formats.postgresql_snapshot import PostgresqlSnapshot

FORMATS: dict[str, Format] = {
    known.name: known
    for known in (
        CombinedAccessLog(),
        PostgresqlJsonlog(),
        PostgresqlCsvlog(),
        DisclosureLedger(),
        DisclosureLedgerCheckpoints(),
        PostgresqlSnapshot(),
    )
}

__all__ = ["FORMATS", "Format", "Sink", "SourceFile"]
