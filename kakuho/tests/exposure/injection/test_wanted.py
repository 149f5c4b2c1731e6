"""What a decoded query wanted: columns, constants between them, and what names its row."""

from __future__ import annotations

import pytest

from kakuho.exposure.injection import DecodedValue
from kakuho.exposure.injection.wanted import Part, TableName, Wanted, wanted_of

PG, MY, MS = "PostgreSQL", "MySQL", "Microsoft SQL Server"


def _wanted(query: str, system: str | None) -> Wanted:
    return wanted_of(DecodedValue(query, "public.person", "mail", 0, "x", True, (1,)), system)


@pytest.mark.parametrize(
    ("system", "query", "parts"),
    [
        (PG, "CAST((SELECT COALESCE(mail::TEXT, (' ')) FROM public.person) AS TEXT)", (Part("mail", " "),)),
        (MY, "SELECT IFNULL(CAST(mail AS NCHAR),0x20) FROM shop.person LIMIT 3,1", (Part("mail", " "),)),
        (MS, "SELECT TOP 1 ISNULL(CAST(mail AS NVARCHAR(4000)),CHAR(32)) FROM person", (Part("mail", " "),)),
        (MY, "SELECT CONCAT(id,0x3a,mail) FROM person", (Part("id"), Part(None, ":"), Part("mail"))),
        (PG, "SELECT id||CHR(58)||mail FROM person", (Part("id"), Part(None, ":"), Part("mail"))),
        (PG, "SELECT LOWER(mail) FROM person", None),
        (PG, "SELECT COUNT(*) FROM person", None),
        (PG, "SELECT STRING_AGG(mail, ',') FROM person", None),
    ],
)  # fmt: skip
def test_what_a_value_is_made_of(system: str, query: str, parts: tuple[Part, ...] | None) -> None:
    assert _wanted(query, system).parts == parts


def test_a_row_is_named_by_what_its_column_must_equal() -> None:
    assert _wanted("SELECT MAX(mail) FROM person WHERE id = 247 AND 'x' = kind", PG).named == {"id": "247", "kind": "x"}
    assert _wanted("SELECT mail FROM person WHERE id = 247 OR id = 1", PG).named == {}


def test_columns_of_one_position_share_it_however_the_query_spells_it() -> None:
    first = _wanted("CAST((SELECT COALESCE(id::text,' ') FROM public.person ORDER BY id OFFSET 6 LIMIT 1) AS TEXT)", PG)
    second = _wanted("SELECT mail FROM public.person ORDER BY id LIMIT 1 OFFSET 6", PG)
    assert first.position == second.position is not None
    assert _wanted("SELECT mail FROM public.person ORDER BY id LIMIT 1 OFFSET 7", PG).position != first.position
    assert _wanted("SELECT mail FROM public.person LIMIT 1 OFFSET 6", PG).position is None


def test_what_cannot_be_read_keeps_the_table_and_column_that_the_decoder_named() -> None:
    found = _wanted("SELECT ((( FROM", PG)
    assert (found.tables, found.parts, found.columns) == ((TableName("public", "person"),), None, frozenset({"mail"}))
