"""What MySQL makes of names that mean two things, of NULLs and of types: marks on a tree."""

from __future__ import annotations

import re

from sqlglot import exp

from kakuho.exposure.sql.inline import NotResolvedError
from kakuho.exposure.sql.roles import LOOSE
from kakuho.exposure.sql.schema import Schema
from kakuho.exposure.sql.transparent import CUT


def mark(tree: exp.Expr, schema: Schema) -> None:
    """Mark what MySQL's CONCAT, GROUP_CONCAT and loose comparisons make uncertain; changes ``tree``.

    Raises NotResolvedError for an alias that hides a column where MySQL and sqlglot choose differently.
    """
    texts = {c for columns in schema.tables.values() for c, kind in columns.items() if is_text(kind)}
    for node in tree.find_all(exp.EQ, exp.In, exp.Like):
        names = {column.name for column in node.find_all(exp.Column)}
        if names & texts and any(not literal.is_string for literal in node.find_all(exp.Literal)):
            node.meta[LOOSE] = True
    for gathered in tree.find_all(exp.GroupConcat, exp.JSONArrayAgg, exp.JSONObjectAgg):
        gathered.meta[CUT] = True  # group_concat_max_len, 1024 bytes in MySQL, is not in any log
    everywhere = {column for columns in schema.tables.values() for column in columns}
    everywhere |= {word for text in schema.views.values() for word in re.findall(r"\w+", text.lower())}
    for select in tree.find_all(exp.Select):
        hiding = {p.alias for p in select.expressions if isinstance(p, exp.Alias) and p.alias in everywhere
                  and not (isinstance(p.this, exp.Column) and p.this.name == p.alias)}  # fmt: skip
        for part in ("group", "having", "order"):
            clause = select.args.get(part)
            for column in clause.find_all(exp.Column) if clause is not None and hiding else ():
                if not column.table and column.name in hiding:
                    raise NotResolvedError


def is_text(kind: str) -> bool:
    """Whether a column of this type is compared as text."""
    return not kind.lower().startswith(
        ("tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "numeric", "float", "double", "bit", "bool",
         "year", "real", "dec", "fixed")
    )  # fmt: skip
