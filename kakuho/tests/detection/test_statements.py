"""Injections in the statements that reached the database."""

from __future__ import annotations

import duckdb
import pytest

from kakuho.detection.decoding import define_macros

from .events import LOOKUP, NOTES, Events, at, found_by

DJANGO = [
    'SELECT 1 AS "a" FROM "policyholder" WHERE "policyholder"."id" = 7 LIMIT 1',
    '(SELECT "policy"."id" AS "col1" FROM "policy") UNION (SELECT "claim"."id" AS "col1" FROM "claim")',
    'SELECT "p"."id" FROM "policy" "p" WHERE ("p"."status" = \'in_force\' AND "p"."plan" = 70) LIMIT 20',
    "SELECT set_config('TimeZone', 'UTC', false)",
    'SELECT "p"."id" FROM "policyholder" "p" WHERE UPPER("p"."name"::text) LIKE UPPER(\'%O\'\'Brien -- 1=1%\')',
    "SAVEPOINT s1",
    'SELECT "s"."id" FROM "policyholder" "s" WHERE "s"."id" IN (1, 2, 3)',
    'UPDATE "policy" SET "plan" = CASE WHEN ("policy"."plan" = 50) THEN 70 ELSE 50 END WHERE "policy"."id" = 3',
]
INJECTED = [
    "x' UNION ALL SELECT NULL,login FROM account-- -",
    "x' AND 12=12 AND 'a'='a",
    "x' OR 'a'='a",
    "x';SELECT PG_SLEEP(5)--",
    "x' AND ASCII(SUBSTRING((SELECT name FROM policyholder LIMIT 1) FROM 1 FOR 1))>64 AND 'a'='a",
    "x' AND 1=CAST((CHR(113)||CHR(118)) AS NUMERIC)-- ",
    "x' UNION SELECT table_name, table_schema FROM information_schema.tables WHERE 'a'='a",
]


@pytest.mark.parametrize("statement", DJANGO)
def test_what_the_application_writes_is_no_finding(statement: str) -> None:
    events = Events()
    events.statement(at(1), statement)
    assert found_by(events) == []


@pytest.mark.parametrize("note", NOTES)
def test_what_a_customer_writes_is_inside_quotes_and_no_finding(note: str) -> None:
    events = Events()
    events.look_up(at(1), "198.51.100.1", note.replace("'", "''"))
    assert [one for one in found_by(events) if one[1] == "statement_shape"] == []


@pytest.mark.parametrize("value", INJECTED)
def test_what_closes_the_quote_is_a_finding(value: str) -> None:
    events = Events()
    events.statement(at(1), LOOKUP.replace("{no}", value))
    assert ("injected_statements", "high") in {(rule, severity) for rule, _, _, severity in found_by(events)}


def test_the_shape_is_the_statement_without_its_values() -> None:
    connection = duckdb.connect()
    define_macros(connection)
    rows = connection.execute(
        """SELECT statement_skeleton('SELECT a FROM t WHERE n = ''O''''Brien'' AND k IN (1, 2,3) AND d = 2.5'),
            statement_shape('SELECT 1') = statement_shape('select  2'), length(statement_shape('SELECT 1'))"""
    ).fetchall()
    assert rows == [("select a from t where n = ? and k in (?) and d = ?", True, 16)]


def test_a_statement_that_runs_on_past_the_inventorys_sql_is_for_a_person_to_decide() -> None:
    events = Events()
    events.statement(at(1), LOOKUP.replace("{no}", "x' AND h.name LIKE 'a%"))
    assert [(rule, severity) for rule, _, _, severity in found_by(events)] == [("extended_statements", "medium")]


def test_the_catalogue_read_by_itself_is_medium() -> None:
    events = Events()
    events.statement(at(1), "SELECT c.relname FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'v')")
    assert [(rule, severity) for rule, _, _, severity in found_by(events)] == [("injected_statements", "medium")]


def test_another_roles_maintenance_is_none_of_this() -> None:
    events = Events()
    events.statement(at(1), "SELECT c.relname FROM pg_catalog.pg_class c -- tables", role="postgres")
    assert found_by(events) == []
