"""What a dump program's own statement looks like in the log."""

from __future__ import annotations

import pytest

from kakuho.exposure.methods.export import is_export
from kakuho.exposure.statements import Statement

DUMP = "COPY public.policyholder (id, name) TO stdout;"


def _statement(text: str, *applications: str | None) -> Statement:
    return Statement(text, applications=set(applications), logged=True)


def test_pg_dump_copies_a_table_out() -> None:
    assert is_export(_statement(DUMP, "pg_dump"))
    assert is_export(_statement('COPY public."order" (id, "group") TO stdout;', "pg_dump", "pg_dumpall"))


@pytest.mark.parametrize(
    "statement",
    [
        _statement(DUMP, "pg_dump", "psql"),
        _statement(DUMP),
        _statement("COPY ( SELECT id FROM policyholder ) TO STDOUT csv header", "pg_dump"),
        _statement("LOCK TABLE public.policyholder IN ACCESS SHARE MODE", "pg_dump"),
    ],
)
def test_anything_else_is_a_query(statement: Statement) -> None:
    assert not is_export(statement)
