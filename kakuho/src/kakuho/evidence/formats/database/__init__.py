"""Logs of database servers, and snapshots."""

from __future__ import annotations

from kakuho.evidence.formats.registry import formats_in

FORMATS = formats_in(
    __name__,
    {
        "postgresql_jsonlog": "postgresql_jsonlog:PostgresqlJsonlog",
        "postgresql_csvlog": "postgresql_csvlog:PostgresqlCsvlog",
        "postgresql_stderr": "postgresql_stderr:PostgresqlStderr",
        "postgresql_syslog": "postgresql_syslog:PostgresqlSyslog",
        "postgresql_cloud": "postgresql_cloud:PostgresqlCloud",
        "postgresql_snapshot": "postgresql_snapshot:PostgresqlSnapshot",
        "mysql_snapshot": "mysql_snapshot:MysqlSnapshot",
        "mysql_general": "mysql_general:MysqlGeneral",
        "mysql_slow": "mysql_slow:MysqlSlow",
        "mariadb_audit": "mariadb_audit:MariadbAudit",
        "mysql_audit_json": "mysql_audit_json:MysqlAuditJson",
        "mysql_error": "mysql_error:MysqlError",
    },
)
