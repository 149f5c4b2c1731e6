"""Which statements take one row by its place and nothing else."""

from __future__ import annotations

import pytest

from kakuho.exposure.methods.sizes.scan import query_of, scan_of
from kakuho.exposure.sql import Schema

SCHEMA = Schema(
    tables={name: dict.fromkeys(("id", "name", "holder_id"), "text") for name in ("holder", "policy")},
    keys={"holder": "id", "policy": "id"},
)
PAGE = "SELECT p.id, h.name FROM policy p JOIN holder h ON h.id = p.holder_id WHERE p.id = '-1' "
TAKEN = "(SELECT (CHR(113))||COALESCE(CAST(name AS TEXT)::text,(CHR(32))) FROM public.holder OFFSET 35 LIMIT 1)"


def test_a_row_taken_by_its_place_within_a_union() -> None:
    scan = scan_of(f"{PAGE}UNION ALL SELECT {TAKEN},NULL-- xQvZ", SCHEMA)
    assert scan is not None
    assert (scan.table, scan.offset) == ("holder", 35)
    assert scan.beside == (PAGE.replace("p JOIN", "AS p JOIN").replace("holder h", "holder AS h").strip(),)
    assert scan.output == (
        'SELECT "__candidate"."__key"::text, q.* FROM (SELECT "id" AS "__key" FROM public."holder") AS "__candidate"'
        " CROSS JOIN LATERAL (SELECT (SELECT (CHR(113)) || COALESCE(CAST(CAST(name AS TEXT) AS TEXT), (CHR(32)))"
        ' FROM public.holder WHERE "holder"."id" = "__candidate"."__key"), NULL) AS q'
    )


def test_statements_that_differ_in_the_place_alone_have_the_same_output() -> None:
    one, other = (scan_of(f"SELECT name FROM holder OFFSET {n} LIMIT 1", SCHEMA) for n in (1, 2))
    assert one is not None
    assert other is not None
    assert (one.output, one.offset, other.offset) == (other.output, 1, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT name FROM holder LIMIT 2",
        "SELECT name FROM holder ORDER BY id LIMIT 1 OFFSET 3",
        "SELECT name FROM holder WHERE name > 'a' LIMIT 1 OFFSET 3",
        "SELECT DISTINCT name FROM holder LIMIT 1 OFFSET 3",
        "SELECT max(name) FROM holder LIMIT 1",
        "SELECT h.name FROM holder h, policy LIMIT 1 OFFSET 3",
        "SELECT name FROM holder TABLESAMPLE SYSTEM (10) LIMIT 1",
        "SELECT name FROM nobody_said LIMIT 1 OFFSET 3",
        "SELECT name FROM other.holder LIMIT 1 OFFSET 3",
        "SELECT name FROM holder LIMIT 1 OFFSET (SELECT 3)",
        "SELECT name, random() FROM holder LIMIT 1 OFFSET 3",
        f"{PAGE}UNION SELECT {TAKEN},NULL",
        f"{PAGE}UNION ALL SELECT {TAKEN},{TAKEN}",
        f"{PAGE}UNION ALL SELECT {TAKEN},name FROM policy",
        f"{PAGE}UNION ALL SELECT name,NULL FROM holder OFFSET 3 LIMIT 1",
        'SELECT "__candidate"."__key" FROM holder LIMIT 1 OFFSET 3',
    ],
)
def test_everything_else_stays_as_wide_as_it_was(statement: str) -> None:
    assert scan_of(statement, SCHEMA) is None


def test_what_can_give_another_answer_or_write_is_never_run() -> None:
    assert query_of("SELECT now()", SCHEMA) is None
    assert query_of("DELETE FROM holder RETURNING name", SCHEMA) is None
    assert query_of("SELECT name INTO copy FROM holder", SCHEMA) is None
    assert query_of("SELECT 1; SELECT 2", SCHEMA) is None
    assert query_of("SELECT repeat('x', 1000000000)", SCHEMA) is None
