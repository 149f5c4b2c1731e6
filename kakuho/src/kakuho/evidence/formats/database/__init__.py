"""Logs of database servers, and snapshots."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format
from kakuho.evidence.formats.database.mariadb_audit import MariadbAudit
from kakuho.evidence.formats.database.mysql_audit_json import MysqlAuditJson
from kakuho.evidence.formats.database.mysql_error import MysqlError
from kakuho.evidence.formats.database.mysql_general import MysqlGeneral
from kakuho.evidence.formats.database.mysql_slow import MysqlSlow
from kakuho.evidence.formats.database.postgresql_cloud import PostgresqlCloud
from kakuho.evidence.formats.database.postgresql_csvlog import PostgresqlCsvlog
from kakuho.evidence.formats.database.postgresql_jsonlog import PostgresqlJsonlog
from kakuho.evidence.formats.database.postgresql_snapshot import PostgresqlSnapshot
from kakuho.evidence.formats.database.postgresql_stderr import PostgresqlStderr
from kakuho.evidence.formats.database.postgresql_syslog import PostgresqlSyslog

FORMATS: tuple[Format, ...] = (
    PostgresqlJsonlog(),
    PostgresqlCsvlog(),
    PostgresqlStderr(),
    PostgresqlSyslog(),
    PostgresqlCloud(),
    PostgresqlSnapshot(),
    MysqlGeneral(),
    MysqlSlow(),
    MariadbAudit(),
    MysqlAuditJson(),
    MysqlError(),
)
