"""What a statement read: the parts that decide a verdict, on literal SQL."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kakuho.exposure.sql import Analysis, Block, Schema, Shapes, analyse, session_of

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


def test_a_value_put_together_with_one_that_may_be_null_may_be_gone() -> None:
    assert reads("SELECT name || email FROM policyholder")["policyholder"][0] == set()
    assert reads("SELECT name || coalesce(email, '') FROM policyholder")["policyholder"][0] == {"name"}
    assert reads("SELECT concat(name, email) FROM policyholder")["policyholder"][0] == {"name", "email"}


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


@pytest.mark.parametrize(
    "condition",
    ["id BETWEEN 3 AND 9", "id >= 3 AND id < 9", "policy_number > 'PL-1'"],
)
def test_a_range_of_values_that_rows_keep_is_answered_as_then_and_names_no_row(condition: str) -> None:
    block = only(f"SELECT status FROM policy WHERE {condition}")
    assert (block.kept, block.identity) == (block.condition, "")


def test_what_rows_may_have_changed_is_not_kept() -> None:
    block = only("SELECT status FROM policy WHERE id > 3 AND status > 'a'")
    assert (block.kept, block.identity) == ('"policy"."id" > 3', "")


def test_parameters_take_their_place() -> None:
    assert only("SELECT name FROM policyholder WHERE id = $1", "7").condition == '"policyholder"."id" = \'7\''


@pytest.mark.parametrize(
    "statement",
    ["SELECT ) FROM policyholder", "SELECT nosuchcolumn FROM policyholder", "SELECT ctid FROM policyholder",
     "MERGE INTO policyholder USING policyholder p ON true WHEN MATCHED THEN DELETE",
     "WITH gone AS (DELETE FROM policyholder RETURNING *) SELECT name FROM gone",
     "SELECT name FROM policyholder TABLESAMPLE system (10)"],
)  # fmt: skip
def test_what_is_not_understood_widens_to_the_tables_named(statement: str) -> None:
    analysis = analyse(statement, SCHEMA)
    assert [(b.slots[0].table, b.source) for b in analysis.blocks] == [("policyholder", None)]
    assert analysis.blocks[0].slots[0].in_part == {"id", "name", "email", "gender"}


@pytest.mark.parametrize(
    "statement",
    ["SELECT p FROM policyholder p", "SELECT row_to_json(p) FROM policyholder p", "SELECT (p).* FROM policyholder p",
     "COPY policyholder TO STDOUT", "COPY public.policyholder (id, name, email, gender) TO STDOUT WITH CSV",
     "COPY (SELECT * FROM policyholder) TO STDOUT", "TABLE policyholder", "SELECT p.*::text FROM policyholder p"],
)  # fmt: skip
def test_a_row_by_any_name_is_all_its_columns(statement: str) -> None:
    block = only(statement)
    assert block.slots[0].in_full == {"id", "name", "email", "gender"}
    assert block.exact


def test_a_field_of_a_row_is_its_column() -> None:
    assert reads("SELECT (p).email FROM policyholder p") == {"policyholder": ({"email"}, set(), set())}


@pytest.mark.parametrize(
    "statement",
    ["DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT name FROM policyholder", "SELECT name INTO copied FROM policyholder",
     "CREATE TEMP TABLE copied AS SELECT name FROM policyholder", "EXPLAIN (ANALYZE) SELECT name FROM policyholder",
     "PREPARE p(int) AS SELECT name FROM policyholder", "COPY (SELECT name FROM policyholder) TO '/tmp/x'",
     "UPDATE policyholder SET email = 'x' RETURNING name", "INSERT INTO policy (id) SELECT name FROM policyholder"],
)  # fmt: skip
def test_what_did_not_come_straight_back_is_read_without_certainty(statement: str) -> None:
    block = only(statement)
    assert "name" in block.slots[0].in_full | block.slots[0].in_part
    assert not block.exact


def test_a_prepared_statement_is_what_it_was_prepared_as() -> None:
    session = session_of(["PREPARE p (int) AS SELECT name FROM policyholder WHERE id = $1"])
    (block,) = analyse("EXECUTE p(7)", SCHEMA, session=session).blocks
    assert (block.identity, block.exact) == ('"policyholder"."id" = (7)', True)


def test_fetching_from_a_known_cursor_reads_no_more_than_declaring_it() -> None:
    session = session_of(["DECLARE c CURSOR FOR SELECT name FROM policyholder"])
    assert analyse("FETCH FORWARD 100 FROM c", SCHEMA, session=session) == Analysis()
    assert analyse("MOVE 3 IN c", SCHEMA, session=session) == Analysis()


def test_another_search_path_can_mean_other_tables() -> None:
    elsewhere = session_of(["SET search_path = archive, public"])
    usual = session_of(["SELECT pg_catalog.set_config('search_path', '', false)", "SET search_path TO public"])
    assert analyse("SELECT name FROM policyholder", SCHEMA, session=elsewhere).everything
    assert not analyse("SELECT name FROM policyholder", SCHEMA, session=usual).everything


@pytest.mark.parametrize(
    "statement",
    ["SELECT pg_catalog.set_config('search_path', '', false)",
     "SELECT tableoid, oid, oprname, oprcode::oid AS oprcode FROM pg_operator",
     "SELECT c.oid, pg_catalog.acldefault('r', c.relowner), pg_catalog.pg_get_viewdef(c.oid) FROM pg_catalog.pg_class c"
     " WHERE c.relname OPERATOR(pg_catalog.~) '^(policyholder)$' COLLATE pg_catalog.default"],
)  # fmt: skip
def test_what_psql_and_pg_dump_ask_the_catalogue_reads_no_row(statement: str) -> None:
    assert analyse(statement, SCHEMA) == Analysis()


def test_several_keys_in_a_list_are_names_of_rows() -> None:
    block = only("SELECT name FROM policyholder WHERE id IN (3, 4)")
    assert block.identity == '"policyholder"."id" IN (3, 4)'
    assert block.slots[0].named == '"id" IN (3, 4)'


def test_a_table_that_may_have_been_there_before_can_hold_anything() -> None:
    made = ["CREATE TABLE IF NOT EXISTS loot AS SELECT 1", "CREATE TABLE own (x text)"]
    assert analyse("SELECT * FROM loot", SCHEMA, session=session_of(made)).everything
    assert analyse("SELECT * FROM own", SCHEMA, session=session_of(made)) == Analysis()


def test_what_a_condition_asks_of_the_server_itself_is_another_answer_in_the_sandbox() -> None:
    block = only("SELECT name FROM policyholder WHERE EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'x')")
    assert block.depends == {"pg_roles"}


def test_a_table_that_the_intruder_filled_was_claimed_when_it_was_filled() -> None:
    session = session_of(["SELECT name INTO copied FROM policyholder"])
    assert analyse("SELECT * FROM copied", SCHEMA, session=session) == Analysis()


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
     "SELECT table_name FROM information_schema.tables",
     "TRUNCATE policy", "CLOSE c", "COPY policy FROM STDIN"],
)  # fmt: skip
def test_what_reads_nothing_personal_claims_nothing(statement: str) -> None:
    analysis = analyse(statement, SCHEMA)
    assert (analysis.blocks, analysis.everything) == ((), False)


def test_a_deletion_tells_by_its_count_which_rows_matched() -> None:
    assert reads("DELETE FROM policyholder WHERE email > 'm'") == {"policyholder": (set(), set(), {"email"})}


def test_a_correlated_subquery_runs_beside_the_rows_that_it_is_asked_for() -> None:
    blocks = analyse(
        "SELECT (SELECT email FROM policyholder h WHERE h.id = b.policyholder_id) FROM bank_account b WHERE b.id = 3",
        SCHEMA,
    ).blocks
    found = next(b for b in blocks if any(s.table == "policyholder" for s in b.slots))
    assert found.condition == '"b"."id" = 3'
    assert {s.table: (s.in_full, "email" in s.in_part) for s in found.slots} == {
        "bank_account": (frozenset(), False),
        "policyholder": (frozenset(), True),
    }


def test_a_condition_that_cannot_be_asked_again_leaves_the_rows_that_a_key_names() -> None:
    assert only("SELECT name FROM policyholder WHERE random() < 0.5").source is None
    block = only("SELECT name FROM policyholder WHERE id = 1 AND pg_sleep(9) IS NULL")
    assert (block.source, block.identity) == (None, '"policyholder"."id" = 1')


def test_a_view_is_its_query_and_keeps_the_condition_around_it() -> None:
    schema = replace(SCHEMA, views={"mails": "SELECT id, email AS mail FROM policyholder WHERE gender = 'male'"})
    (block,) = analyse("SELECT mail FROM mails WHERE id = 7", schema).blocks
    (slot,) = block.slots
    assert (slot.table, slot.in_full, slot.probed, slot.place) == (
        "policyholder", {"email"}, {"gender"}, '"mails"."__k0"'
    )  # fmt: skip
    assert block.identity == '"mails"."id" = 7'


def test_a_materialised_view_can_be_older_than_the_rows_and_widens() -> None:
    schema = replace(SCHEMA, views={"mails": "SELECT email FROM policyholder"}, stored=frozenset({"mails"}))
    (block,) = analyse("SELECT email FROM mails", schema).blocks
    assert (block.source, block.slots[0].in_part) == (None, {"id", "name", "email", "gender"})


def test_a_partition_holds_rows_of_the_table_above_it() -> None:
    tables = {**SCHEMA.tables, "policyholder_2024": SCHEMA.tables["policyholder"]}
    schema = replace(SCHEMA, tables=tables, parents={"policyholder_2024": "policyholder"})
    (block,) = analyse("SELECT email FROM policyholder_2024", schema).blocks
    assert (block.slots[0].table, block.slots[0].in_full) == ("policyholder", {"email"})


@pytest.mark.parametrize(
    "statement",
    ["SELECT own(name) FROM policyholder", "SELECT lower(name) FROM policyholder", "SELECT * FROM unsorted"],
)
def test_a_function_or_table_of_which_nothing_is_known_widens_to_everything(statement: str) -> None:
    tables = {**SCHEMA.tables, "unsorted": {"a": "text"}}
    schema = replace(SCHEMA, tables=tables, functions=frozenset({"own", "lower"}), unclassified=frozenset({"unsorted"}))
    assert analyse(statement, schema).everything


def test_a_row_of_a_lateral_query_is_its_columns() -> None:
    found = reads(
        "SELECT row_to_json(x) FROM bank_account b"
        " CROSS JOIN LATERAL (SELECT h.email AS m FROM policyholder h WHERE h.id = b.policyholder_id) x"
    )
    assert found["policyholder"][0] == {"email"}


def test_equality_with_what_is_made_of_several_rows_asks_about_them_all() -> None:
    schema = replace(SCHEMA, views={"last": "SELECT max(email) AS email FROM policyholder GROUP BY gender"})
    (block,) = analyse("SELECT 1 FROM last WHERE email = 'x'", schema).blocks
    assert "email" in block.slots[0].probed


def test_a_row_that_offset_skips_was_counted() -> None:
    assert reads("SELECT id FROM policyholder WHERE email = 'a' ORDER BY id OFFSET 1")["policyholder"][2] == {"email"}
    assert reads("SELECT id FROM policyholder WHERE email = 'a' ORDER BY id LIMIT 1")["policyholder"][2] == set()


def test_not_like_asks_about_every_row() -> None:
    assert reads("SELECT id FROM policyholder WHERE email NOT LIKE '%a%'")["policyholder"][2] == {"email"}


def test_an_offset_without_a_limit_leaves_all_that_follow() -> None:
    window = only("SELECT name FROM policyholder ORDER BY id OFFSET 3").window
    assert window is not None
    assert (window.limit, window.offset) == (None, 3)
    window = only("SELECT name FROM policyholder ORDER BY id FETCH FIRST 2 ROWS ONLY").window
    assert window is not None
    assert (window.limit, window.offset) == (2, 0)


def test_distinct_rows_that_carry_their_key_are_base_rows() -> None:
    assert only("SELECT DISTINCT id, email FROM policyholder").exact
    assert not only("SELECT DISTINCT email FROM policyholder").exact


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("SELECT name FROM policyholder WHERE id = 7", ()),
        ("SELECT name FROM policyholder WHERE email = 'O''Brien' AND gender='f' LIMIT 10", ()),
        ("SELECT name FROM policyholder WHERE id = $1 ORDER BY 1", ("7",)),
        ("SELECT name FROM policyholder WHERE id = $1 LIMIT $2", ("7", "10")),
        ("SELECT name FROM policyholder WHERE id = 'a' -- = 'b'", ()),
        ("SELECT name FROM policyholder WHERE '= 5' = email", ()),
        ("SELECT name FROM policyholder WHERE ascii(substring(email from 2 for 1)) > 64 AND id <> 5", ()),
        ("SELECT to_json(name)->>'a' FROM policyholder WHERE to_jsonb(email) @> '[1]' AND id>=7", ()),
    ],
)
def test_a_shape_gives_what_the_statement_itself_gives(text: str, parameters: tuple[str, ...]) -> None:
    shapes = Shapes(SCHEMA)
    assert shapes.analyse(text, parameters) == shapes.analyse(text, parameters) == analyse(text, SCHEMA, parameters)


def test_stacked_statements_are_all_read() -> None:
    tables = {
        b.slots[0].table for b in analyse("SELECT name FROM policyholder; SELECT status FROM policy", SCHEMA).blocks
    }
    assert tables == {"policyholder", "policy"}
