"""What a statement tells of a column's value: the value, something computed from it, or one answer about it."""

from __future__ import annotations

import pytest

from kakuho.exposure.sql import Slot, analyse

from .test_sql_analysis import SCHEMA


def told(statement: str) -> dict[str, str]:
    """Column of ``policyholder`` → what the statement tells of it; of several blocks, each with its own answer."""
    analysis = analyse(statement, SCHEMA)
    assert not analysis.everything and not analysis.why
    slots = [slot for block in analysis.blocks for slot in block.slots if slot.table == "policyholder"]
    return {column: _told(column, slot) for slot in slots for column in slot.in_full | slot.in_part | slot.probed}


def _told(column: str, slot: Slot) -> str:
    return "derived" if column in slot.computed else "answer" if column in slot.answered else "direct"


@pytest.mark.parametrize(
    "expression",
    ["md5(email)", "length(email)", "char_length(coalesce(email, ''))",
     "count(email)", "email IS NOT NULL", "substring(md5(email) from 1 for 4)",
     "CASE WHEN length(email) > 9 THEN 1 END", "octet_length(email)", "md5('salt' || email)"],
)  # fmt: skip
def test_a_hash_a_length_or_a_count_is_computed_from_the_value(expression: str) -> None:
    assert told(f"SELECT {expression} AS x FROM policyholder") == {"email": "derived"}


@pytest.mark.parametrize(
    "expression",
    ["email", "lower(email)", "substring(email from 1 for 3)", "left(email, 1)", "min(email)", "string_agg(email, ',')",
     "reverse(email)", "email = 'a@example.jp'", "md5(email) = md5('a@example.jp')", "md5(left(email, 1))",
     "length(replace(email, 'a', ''))", "ascii(substring(email from 1 for 1))", "count(nullif(email, 'a@example.jp'))",
     "CASE md5(email) WHEN 'x' THEN 1 END", "email IN ('a', 'b')", "email LIKE 'a%'", "email IS NOT DISTINCT FROM 'a'"],
)  # fmt: skip
def test_a_part_of_the_value_or_a_test_for_it_counts_as_the_value(expression: str) -> None:
    assert told(f"SELECT {expression} AS x FROM policyholder") == {"email": "direct"}


@pytest.mark.parametrize("expression", ["md5(gender)", "length(gender)", "count(gender)"])
def test_of_few_values_anything_tells_which_it_is(expression: str) -> None:
    assert told(f"SELECT {expression} AS x FROM policyholder") == {"gender": "direct"}


def test_one_comparison_is_one_answer_and_two_narrow_the_value_down() -> None:
    assert told("SELECT name FROM policyholder WHERE email > 'm'")["email"] == "answer"
    assert told("SELECT name FROM policyholder WHERE email > 'm' AND email < 'n'")["email"] == "direct"
    assert told("SELECT name FROM policyholder WHERE email > 'm' ORDER BY email")["email"] == "direct"
    assert told("SELECT name FROM policyholder WHERE email BETWEEN 'm' AND 'n'")["email"] == "direct"
    assert told("SELECT name FROM policyholder WHERE email > 'm' AND length(email) = 5")["email"] == "answer"


def test_what_a_derived_table_computes_is_told_where_it_is_printed_and_given_away_where_it_is_tested() -> None:
    inner = "(SELECT id, md5(email) AS h, length(email) AS n FROM policyholder) AS t"
    assert told(f"SELECT h, n FROM {inner}")["email"] == "derived"
    assert told(f"SELECT id FROM {inner} WHERE h = md5('a@example.jp')")["email"] == "direct"
    limited = "(SELECT id, md5(email) AS h FROM policyholder ORDER BY id LIMIT 5) AS t"
    assert told(f"SELECT h FROM {limited}")["email"] == "derived"
    assert told(f"SELECT id FROM {limited} WHERE h = md5('a@example.jp')")["email"] == "direct"


@pytest.mark.parametrize(
    "statement",
    ["SELECT 1 WHERE md5('a') IN (SELECT md5(email) FROM policyholder)",
     "SELECT md5(email) FROM policyholder INTERSECT SELECT md5('a')",
     "SELECT id FROM policyholder h WHERE EXISTS (SELECT 1 FROM policy p WHERE md5(h.email) = md5(p.status))",
     "SELECT name FROM policyholder ORDER BY email OFFSET 3"],
)  # fmt: skip
def test_what_is_compared_elsewhere_counts_as_the_value(statement: str) -> None:
    assert told(statement)["email"] == "direct"
