"""What a statement read: the parts that decide a verdict, on literal SQL."""

from __future__ import annotations

import pytest

from kakuho.exposure.sql import Block, Schema, analyse

SCHEMA = Schema(
    tables={
        "policy": dict.fromkeys(("id", "policy_number", "policyholder_id", "status"), "text"),
        "policyholder": dict.fromkeys(("id", "name", "email", "gender"), "text"),
        "bank_account": dict.fromkeys(("id", "account_number", "policyholder_id"), "text"),
        "django_session": dict.fromkeys(("session_key", "session_data"), "text"),
    },
    keys={"policy": "id", "policyholder": "id", "bank_account": "id"},
    unique={"policy": frozenset({"policy_number"})},
    few_values=frozenset({("policyholder", "gender")}),
)


def only(statement: str, *parameters: str) -> Block:
    analysis = analyse(statement, SCHEMA, parameters)
    assert not analysis.everything
    (block,) = analysis.blocks
    return block


def reads(statement: str) -> dict[str, tuple[set[str], set[str], set[str]]]:
    return {
        slot.table: (set(slot.in_full), set(slot.in_part), set(slot.probed))
        for block in analyse(statement, SCHEMA).blocks
        for slot in block.slots
    }


def test_a_plain_select_gives_its_columns_whole() -> None:
    assert reads("SELECT name, email FROM policyholder") == {"policyholder": ({"name", "email"}, set(), set())}


def test_a_star_is_every_column() -> None:
    assert reads("SELECT * FROM bank_account")["bank_account"][0] == {"id", "account_number", "policyholder_id"}


@pytest.mark.parametrize(
    "expression",
    [
        "COALESCE(email::text,' ')",
        "CHR(113)||CHR(112)||COALESCE(CAST(email AS VARCHAR(10000)),CHR(32))||CHR(113)",
        "ARRAY_AGG('q'||COALESCE(email::text,' '))::text",
        "string_agg(email, ',')",
        "json_agg(email)",
        "concat('<', email, '>')",
    ],
)
def test_wrapping_that_keeps_the_value_keeps_it_whole(expression: str) -> None:
    assert reads(f"SELECT {expression} FROM policyholder")["policyholder"][0] == {"email"}


@pytest.mark.parametrize(
    "expression",
    ["md5(email)", "length(email)", "substring(email from 1 for 1)", "max(email)", "email::varchar(5)",
     "CASE WHEN email > 'm' THEN 1 END", "lower(email)", "COALESCE(NULL, email)"],
)  # fmt: skip
def test_derived_values_are_not_whole(expression: str) -> None:
    full, part, _ = reads(f"SELECT {expression} FROM policyholder")["policyholder"]
    assert (full, part) == (set(), {"email"})


def test_counting_rows_reads_no_value() -> None:
    assert analyse("SELECT COUNT(*) FROM policyholder", SCHEMA).blocks == ()


def test_each_branch_of_a_union_is_output() -> None:
    blocks = analyse("SELECT status FROM policy WHERE id = 1 UNION ALL SELECT name FROM policyholder", SCHEMA).blocks
    assert [(b.slots[0].table, b.exact) for b in blocks] == [("policy", True), ("policyholder", True)]


def test_a_blind_question_reads_the_row_it_asks_about_in_part() -> None:
    blocks = analyse(
        "SELECT status FROM policy WHERE policy_number = 'PL-1' AND ASCII(SUBSTRING((SELECT COALESCE(name::text,' ')"
        " FROM public.policyholder ORDER BY id OFFSET 3 LIMIT 1)::text FROM 5 FOR 1))>64",
        SCHEMA,
    ).blocks
    asked = next(b for b in blocks if b.slots[0].table == "policyholder")
    assert asked.slots[0].in_full == frozenset()
    assert "name" in asked.slots[0].in_part
    assert asked.window is not None
    assert (asked.window.limit, asked.window.offset, asked.window.stable) == (1, 3, True)


def test_a_condition_on_a_column_with_few_values_tells_of_every_row() -> None:
    assert reads("SELECT id FROM policyholder WHERE gender = 'male'")["policyholder"][2] == {"gender"}
    assert reads("SELECT id FROM policyholder WHERE email = 'a'")["policyholder"][2] == set()
    assert reads("SELECT id FROM policyholder WHERE email > 'a'")["policyholder"][2] == {"email"}
    assert reads("SELECT id FROM policyholder WHERE email = 'a' OR id = 1")["policyholder"][2] == {"email", "id"}


def test_a_key_in_the_condition_names_the_row_whatever_else_is_asked() -> None:
    block = only("SELECT status FROM policy WHERE policy_number = 'PL-1' AND status > 'a'")
    assert block.identity == '"policy"."policy_number" = \'PL-1\''


def test_parameters_take_their_place() -> None:
    assert only("SELECT name FROM policyholder WHERE id = $1", "7").condition == '"policyholder"."id" = \'7\''


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT p FROM policyholder p",
        "SELECT row_to_json(p) FROM policyholder p",
        "SELECT (p).email FROM policyholder p",
        "SELECT ) FROM policyholder",
        "DECLARE c CURSOR FOR SELECT name FROM policyholder",
        "COPY policyholder TO STDOUT",
        "UPDATE policyholder SET name = 'x' RETURNING email",
        "SELECT name INTO copied FROM policyholder",
        "SELECT nosuchcolumn FROM policyholder",
    ],
)
def test_what_is_not_understood_widens_to_the_tables_named(statement: str) -> None:
    analysis = analyse(statement, SCHEMA)
    assert [(b.slots[0].table, b.source) for b in analysis.blocks] == [("policyholder", None)]
    assert analysis.blocks[0].slots[0].in_part == {"id", "name", "email", "gender"}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT query_to_xml('select * from policyholder',true,true,'')",
        "SELECT * FROM dblink('dbname=x', 'select 1') AS t(a text)",
        "SELECT most_common_vals FROM pg_stats",
        "SELECT query FROM pg_stat_activity",
        "EXECUTE prepared(1)",
        "DO $$ BEGIN PERFORM 1; END $$",
        "SELECT name FROM other_schema.policyholder",
        "SELECT a FROM a_view_or_dropped_table",
        "SELECT )",
    ],
)
def test_what_can_read_anything_widens_to_everything(statement: str) -> None:
    assert analyse(statement, SCHEMA).everything


@pytest.mark.parametrize(
    "statement",
    ["BEGIN", "SET search_path = public", "SHOW server_version", "SELECT 1", "SELECT version()", "COMMIT; ",
     "SELECT relname FROM pg_class", "SELECT session_data FROM django_session", "DEALLOCATE ALL",
     "SELECT table_name FROM information_schema.tables", "DELETE FROM policyholder WHERE id = 1"],
)  # fmt: skip
def test_what_reads_nothing_personal_claims_nothing(statement: str) -> None:
    analysis = analyse(statement, SCHEMA)
    assert (analysis.blocks, analysis.everything) == ((), False)


def test_a_correlated_subquery_and_a_volatile_condition_take_every_row() -> None:
    blocks = analyse(
        "SELECT (SELECT email FROM policyholder h WHERE h.id = b.policyholder_id) FROM bank_account b", SCHEMA
    ).blocks
    assert next(b for b in blocks if b.slots[0].table == "policyholder").source is None
    assert only("SELECT name FROM policyholder WHERE random() < 0.5").source is None
    assert only("SELECT name FROM policyholder WHERE id = 1 AND pg_sleep(9) IS NULL").source is None


def test_stacked_statements_are_all_read() -> None:
    tables = {
        b.slots[0].table for b in analyse("SELECT name FROM policyholder; SELECT status FROM policy", SCHEMA).blocks
    }
    assert tables == {"policyholder", "policy"}
