"""Logs of database servers, and snapshots."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format
from kakuho.evidence.formats.database.postgresql_csvlog import PostgresqlCsvlog
from kakuho.evidence.formats.database.postgresql_jsonlog import PostgresqlJsonlog
from kakuho.evidence.formats.database.postgresql_snapshot import PostgresqlSnapshot
from kakuho.evidence.formats.database.postgresql_stderr import PostgresqlStderr

FORMATS: tuple[Format, ...] = (
    PostgresqlJsonlog(),
    PostgresqlCsvlog(),
    PostgresqlStderr(),
    PostgresqlSnapshot(),
)
