"""Names as MySQL compares them, in lower case, and joins as MySQL writes them in a view, without their parentheses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlglot import exp

from kakuho.exposure.sql.dialect import MYSQL
from kakuho.exposure.sql.schema import Schema


def in_lower_case(schema: Schema) -> Schema:
    """``schema`` as MySQL compares its names; how the inventory writes them is kept beside."""
    written = {table.lower(): table for table in schema.tables}
    written |= {f"{table.lower()}.{c.lower()}": c for table, columns in schema.tables.items() for c in columns}
    return replace(
        schema,
        dialect=MYSQL,
        written=written,
        name=schema.name.lower(),
        tables={t.lower(): {c.lower(): kind for c, kind in columns.items()} for t, columns in schema.tables.items()},
        keys=_values(schema.keys),
        unique=_sets(schema.unique),
        few_values=frozenset((table.lower(), column.lower()) for table, column in schema.few_values),
        created_at=_values(schema.created_at),
        changed_at=_values(schema.changed_at),
        links=_sets(schema.links),
        views={name.lower(): query for name, query in schema.views.items()},
        functions=_set(schema.functions),
        unclassified=_set(schema.unclassified),
    )


def _set(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


def _sets(names: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return {name.lower(): _set(columns) for name, columns in names.items()}


def _values(names: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): column.lower() for name, column in names.items()}


def lowered(tree: exp.Expr) -> exp.Expr:
    """``tree`` with every name in lower case, as :class:`Schema` holds them; changes it."""
    for name in tree.find_all(exp.Identifier):
        name.set("this", name.name.lower())
    for select in list(tree.find_all(exp.Select)):
        _without_parentheses(select)
    return tree


def _without_parentheses(select: exp.Select) -> None:
    """``((a JOIN b) JOIN c) JOIN d``: what stands first is joined first, with parentheses or without."""
    start = select.args.get("from_")
    joins: list[exp.Expr] = list(select.args.get("joins") or [])
    first = start.this if start is not None else None
    found = False
    while first is not None:
        inner = first.this if isinstance(first, exp.Subquery) and not first.alias else None
        joins = [*(first.args.pop("joins", None) or []), *joins]
        if not isinstance(inner, exp.Table | exp.Subquery):
            break
        first, found = inner, True
    if start is not None and first is not None and (found or joins):
        start.set("this", first)
        select.set("joins", joins or None)
