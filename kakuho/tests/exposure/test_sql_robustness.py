"""SQL of other projects' tests: nothing crashes, nothing takes long, and what is not understood widens.

sqlglot's fixtures (MIT) and pg_query's fingerprint cases (BSD-3-Clause, PostgreSQL's regression suite among them), read
where the folder of samples is beside the repository, never copied into it.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from kakuho.exposure.sql import Schema, Shapes, session_of

from .oracle import database
from .oracle.grammar import Grammar

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
SCHEMA = Schema(
    tables={
        "x": {"a": "integer", "b": "text", "c": "text"},
        "lineitem": dict.fromkeys(("l_orderkey", "l_quantity", "l_returnflag", "l_comment"), "text"),
        "customer": dict.fromkeys(("c_custkey", "c_name", "c_phone", "c_address"), "text"),
    },
    keys={"x": "a", "lineitem": "l_orderkey", "customer": "c_custkey"},
)


def _fixtures() -> Iterator[str]:
    folder = SAMPLES / "sqlglot-fixtures" / "tests" / "fixtures"
    yield from (folder / "identity.sql").read_text(encoding="utf-8").splitlines()
    for name in ("pretty.sql", "optimizer/tpc-h/tpc-h.sql"):
        yield from (folder / name).read_text(encoding="utf-8").split(";")
    cases = json.loads((SAMPLES / "libpg-query" / "testdata" / "fingerprint.json").read_text(encoding="utf-8"))
    yield from (case["input"] for case in cases)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the folder of shared samples is not beside the repository")
def test_nothing_of_other_projects_tests_crashes_the_analysis() -> None:
    statements = resolved = named = everything = 0
    for text in _fixtures():
        start = time.monotonic()
        analysis = Shapes(SCHEMA, session_of([text])).analyse(text)
        assert time.monotonic() - start < 5, text[:80]
        statements += 1
        everything += analysis.everything
        named += bool(analysis.why) and not analysis.everything
        resolved += not analysis.why
    print(f"\n{statements} statements: resolved {resolved}, by names {named}, to everything {everything}")
    assert statements == 1162
    assert resolved > 300


@pytest.mark.skipif(not SAMPLES.exists(), reason="the folder of shared samples is not beside the repository")
def test_the_benchmark_queries_of_an_order_system_are_resolved_to_their_tables() -> None:
    path = SAMPLES / "sqlglot-fixtures" / "tests" / "fixtures" / "optimizer" / "tpc-h" / "tpc-h.sql"
    query = next(q for q in path.read_text(encoding="utf-8").split(";") if "l_returnflag" in q and "from" in q)
    tables = {"lineitem": dict.fromkeys(
        ("l_orderkey", "l_quantity", "l_extendedprice", "l_discount", "l_tax", "l_returnflag", "l_linestatus",
         "l_shipdate"), "text")}  # fmt: skip
    analysis = Shapes(Schema(tables=tables, keys={"lineitem": "l_orderkey"})).analyse(query)
    (block,) = analysis.blocks
    assert block.slots[0].probed == {"l_shipdate"}
    assert block.slots[0].in_part >= {"l_returnflag", "l_linestatus", "l_quantity", "l_tax"}


def test_statements_torn_and_spliced_do_not_crash_the_analysis() -> None:
    """As a log cuts them off, or an intruder mistypes them."""
    grammar, chance = Grammar(9), random.Random(9)
    shapes = Shapes(database.SCHEMA)
    understood = 0
    for _ in range(40 * settings.default.max_examples):
        one, other = grammar.statement(), grammar.statement()
        words, more = one.split(" "), other.split(" ")
        cut, at = chance.randint(0, len(words)), chance.randint(0, len(more))
        text = " ".join([*words[:cut], *more[at : at + chance.randint(0, 12)]])
        analysis = shapes.analyse(text)
        understood += not analysis.why
    assert understood > 20
