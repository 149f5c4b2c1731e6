"""MySQL Enterprise's audit log, field by field with what Elastic's integration expects of the same lines."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from kakuho.evidence.formats.database.mysql_audit_json import MysqlAuditJson

from ...reading import read
from ...samples import sample


def _at(given: dict[str, Any], *keys: str) -> Any:
    for key in keys:
        given = given.get(key, {}) if isinstance(given, dict) else {}
    return given or None


def test_time_user_connection_and_statement_are_equal() -> None:
    folder = (
        "elastic-integrations",
        "packages",
        "mysql_enterprise",
        "data_stream",
        "audit",
        "_dev",
        "test",
        "pipeline",
    )
    path = sample(*folder, "test-mysql-audit.log")
    expected = json.loads(sample(*folder, "test-mysql-audit.log-expected.json").read_text(encoding="utf-8"))["expected"]
    events, part = read(MysqlAuditJson(), path)
    assert (part.rejects, len(events)) == ([], len(expected))
    compared = 0
    for ours, theirs in zip(events, expected, strict=True):
        time = dt.datetime.fromisoformat(theirs["@timestamp"]).replace(tzinfo=None)
        assert ours["time"] == time
        assert ours.get("session_id") == str(theirs["mysqlenterprise"]["audit"]["connection_id"])
        statement = _at(theirs, "mysqlenterprise", "audit", "general_data", "query")
        if statement is not None:
            assert (ours["kind"], ours.get("statement")) == ("statement", statement), theirs["event"]["original"]
            compared += 1
    assert compared == sum(row["kind"] == "statement" for row in events) == 23
