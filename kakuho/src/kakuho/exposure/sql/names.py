"""The safe fall-back: when a statement cannot be understood, every table that its text names was read whole."""

from __future__ import annotations

import re

from kakuho.exposure.sql.block import Analysis, Block, Slot
from kakuho.exposure.sql.dialect import MYSQL
from kakuho.exposure.sql.functions import HARMLESS
from kakuho.exposure.sql.mysql.functions import HARMLESS as MYSQL_HARMLESS
from kakuho.exposure.sql.schema import Schema

_WORD = re.compile(r"[^\W\d]\w*")
_CALL = re.compile(r"([^\W\d]\w*)[\"`]?\s*\(")
_INDIRECT = frozenset({"execute", "do", "call", "fetch", "program"})
_NO_FUNCTION = frozenset(
    """
    and or not in any all some exists as on using values over filter within partition by from where select when then
    else case cast with recursive materialized join union intersect except into set returning array row rollup cube
    sets numeric decimal varchar char character varying bit timestamp time interval precision lateral if copy only
    like ilike is between distinct order group having limit offset fetch table insert update delete merge unique key
    primary check references foreign index view ordinality explain collate tablesample system bernoulli
    """.split()  # noqa: SIM905
)
"""Words that stand before a parenthesis without being a function."""


def widen_by_names(statement: str, schema: Schema, why: str) -> Analysis:
    """Every column of every row of the tables named; everything where none is named or a name can hide others.

    A view stands for the tables of its query; a function that is not known to be harmless can read anything.
    """
    words = {word.lower() for word in _WORD.findall(statement)}
    calls = {call.lower() for call in _CALL.findall(statement)} - _harmless(schema) - _NO_FUNCTION - set(schema.tables)
    if words & (_INDIRECT | schema.dialect.samples | schema.functions | schema.unclassified) or _hides(
        statement, calls
    ):
        return Analysis(everything=True, why=why)
    named = _tables(words, schema)
    if named is None or not named:
        return Analysis(everything=True, why=why)
    return Analysis(blocks=tuple(whole_table(table, schema) for table in sorted(named)), why=why)


def _harmless(schema: Schema) -> frozenset[str]:
    return MYSQL_HARMLESS if schema.dialect is MYSQL else HARMLESS


def _hides(statement: str, calls: set[str]) -> bool:
    """Whether a call can be of a function that reads by itself; ``t (a, b)`` names columns of an alias or a table."""
    arguments = r"[\"`]?\s*\(\s*(?:'|\"?\w+\"?\s*\)|\)|[^)]*['(\d])"
    return any(re.search(rf"\b{re.escape(call)}{arguments}", statement, re.IGNORECASE) for call in calls)


def _tables(words: set[str], schema: Schema, seen: frozenset[str] = frozenset()) -> set[str] | None:
    """Tables with record keys; None where a view's query calls what can read anything."""
    found: set[str] = set()
    for word in words & (set(schema.tables) | set(schema.views)) - seen:
        if word in schema.views:
            text = schema.views[word]
            if {w.lower() for w in _WORD.findall(text)} & (
                schema.functions | schema.unclassified | schema.dialect.samples
            ):
                return None
            below = _tables({w.lower() for w in _WORD.findall(text)}, schema, seen | {word})
            if below is None:
                return None
            found |= below
        else:
            holder = schema.holder(word)
            found |= {*schema.below(word), *([holder] if holder is not None else ())}
            if holder is None and word in schema.unclassified:
                return None
    return found


def whole_table(table: str, schema: Schema) -> Block:
    columns = frozenset(schema.tables[table])
    return Block(slots=(Slot(alias=table, table=table, key=schema.keys[table], in_part=columns),), source=None)
