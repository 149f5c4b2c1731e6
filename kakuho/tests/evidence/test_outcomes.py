"""Which statements failed, told by the errors that follow them in their session, with and without pgaudit."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from kakuho.engine.schemas import TABLES
from kakuho.evidence.outcomes import with_outcomes

READ = "SELECT * FROM p"


def plain(statement: str = READ) -> dict[str, Any]:
    return {"kind": "statement", "statement": statement}


def audit(number: str, statement: str = READ) -> dict[str, Any]:
    unmapped = {"audit_type": "SESSION", "class": "READ", "statement_id": number}
    return {"kind": "statement", "statement": statement, "unmapped": json.dumps(unmapped, separators=(",", ":"))}


def error(statement: str = READ) -> dict[str, Any]:
    return {"kind": "error", "statement": statement, "message": "division by zero", "outcome": "failure"}


def failed(*records: dict[str, Any]) -> list[int]:
    """The numbers, from 1, of the statements that are told to have failed."""
    schema = TABLES["datastore_activity"].schema.append(pa.field("format", pa.string()))
    common = {"session_id": "a.1", "source_id": 7, "format": "postgresql_jsonlog", "outcome": "success"}
    rows = [{**common, "line": n, "session_line": n, **record} for n, record in enumerate(records, 1)]
    with duckdb.connect() as connection:
        connection.register("logged", pa.Table.from_pylist(rows, schema=schema))
        found = connection.sql(with_outcomes("SELECT * FROM logged")).to_arrow_table().to_pylist()
    assert len(found) == len(records)
    return sorted(row["line"] for row in found if row["kind"] == "statement" and row["outcome"] == "failure")


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([plain(), error()], [1]),
        ([plain(), plain(), error()], [2]),  # the first run of the same text read
        ([plain(), error("SELEC")], []),  # an error of another statement
        ([plain(), audit("1"), error()], [1, 2]),  # one run, two records
        ([plain(), audit("1"), audit("1"), error()], [1, 2, 3]),  # pgaudit writes one record a table
        ([plain(), audit("1"), plain(), audit("2"), error()], [3, 4]),  # the first run read
        ([audit("1"), audit("2"), error()], [2]),  # pgaudit alone: the first run read
        ([plain(), audit("1"), audit("2"), error()], [3]),  # whose the server's own record is cannot be told
        ([plain("BEGIN"), audit("1"), error()], [2]),
    ],
)
def test_a_run_that_failed_is_marked_and_none_that_may_have_read(
    records: list[dict[str, Any]], expected: list[int]
) -> None:
    assert failed(*records) == expected
