"""The safe fall-back: when a statement cannot be understood, every table that its text names was read whole."""

from __future__ import annotations

import re

from kakuho.exposure.sql.block import Analysis, Block, Slot
from kakuho.exposure.sql.schema import SAMPLE_TABLES, Schema

_WORD = re.compile(r"[^\W\d]\w*")
_INDIRECT = frozenset({"execute", "do", "call", "dblink", "query_to_xml", "table_to_xml", "database_to_xml",
                       "schema_to_xml", "pg_read_file", "pg_ls_dir", "lo_get", "lo_export", "fetch"})  # fmt: skip


def widen_by_names(statement: str, schema: Schema, why: str) -> Analysis:
    """Every column of every row of the tables named; everything where none is named or a name can hide others."""
    words = {word.lower() for word in _WORD.findall(statement)}
    tables = sorted(words & set(schema.tables))
    if not tables or words & (_INDIRECT | SAMPLE_TABLES):
        return Analysis(everything=True, why=why)
    return Analysis(blocks=tuple(whole_table(table, schema) for table in tables if table in schema.keys), why=why)


def whole_table(table: str, schema: Schema) -> Block:
    columns = frozenset(schema.tables[table])
    return Block(slots=(Slot(alias=table, table=table, key=schema.keys[table], in_part=columns),), source=None)
