"""SQL that was made once gives what ibis's own way gives."""

from __future__ import annotations

import ibis
import psycopg
import pyarrow as pa
from ibis.backends.duckdb import Backend

from .compiled import compiled_once
from .test_laws import WOMAN
from .whole.answer import answer
from .whole.deeds import build


def test_a_judgement_with_kept_sql_is_the_judgement_without(database: psycopg.Connection) -> None:
    acts = [("union", "name", ""), ("profile", 0, True), ("staff", 1, "whole"), ("change", 0)]
    world = build(database, [WOMAN, WOMAN], [], acts)
    kept = answer(world, [("database_log", "hours", 1, 1)])
    quick, Backend.compile = Backend.compile, Backend.compile.__wrapped__
    try:
        plain = answer(world, [("database_log", "hours", 1, 1)])
    finally:
        Backend.compile = quick
    assert kept.verdicts.equals(plain.verdicts)
    assert kept.claims.claims.equals(plain.claims.claims)


def test_expressions_of_one_shape_are_compiled_once_and_read_their_own_rows() -> None:
    def doubled(*numbers: int) -> list[int]:
        table = ibis.memtable(pa.table({"n": pa.array(numbers, pa.int64())}))
        return [row["m"] for row in table.select(m=table.n * 2).order_by("m").to_pyarrow().to_pylist()]

    with compiled_once() as kept:
        assert doubled(1, 2) == [2, 4]
        assert doubled(5) == [10]
        assert len(kept) == 1
