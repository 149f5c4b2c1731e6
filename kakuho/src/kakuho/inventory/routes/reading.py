"""Which columns of which tables the output columns of a statement come from."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

logging.getLogger("sqlglot").addHandler(logging.NullHandler())
logging.getLogger("sqlglot").propagate = False  # its warnings quote the statement

Base = tuple[str, str]
"""(table, column)."""
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?s")


def outputs(statement: str, dialect: str, schema: Mapping[str, Sequence[str]]) -> list[set[Base]]:
    """For each output column the base columns that go into it; empty where the statement cannot be read.

    ``schema``: table → its columns. Placeholders are those of the Python database API (``%s``, ``%(name)s``).
    """
    try:
        parsed = sqlglot.parse_one(_PLACEHOLDER.sub("NULL", statement), read=dialect)
    except (SqlglotError, RecursionError):
        return []
    while isinstance(parsed, exp.Subquery):
        parsed = parsed.this
    return _query(parsed, schema, {}) if isinstance(parsed, exp.Query) else []


_Relation = Mapping[str, set[Base]]


def _query(query: exp.Expr, schema: Mapping[str, Sequence[str]], above: Mapping[str, _Relation]) -> list[set[Base]]:
    known = dict(above)
    with_ = query.args.get("with_") or query.args.get("with")
    for cte in with_.expressions if with_ is not None else ():
        known[cte.alias] = _named(cte.this, schema, known)
    if isinstance(query, exp.SetOperation):
        left, right = _query(query.left, schema, known), _query(query.right, schema, known)
        return [a | b for a, b in zip(left, right, strict=False)]
    if not isinstance(query, exp.Select):
        return []
    relations = _relations(query, schema, known)
    found: list[set[Base]] = []
    for expression in query.expressions:
        if isinstance(expression, exp.Star) or (
            isinstance(expression, exp.Column) and isinstance(expression.this, exp.Star)
        ):
            wanted = expression.table if isinstance(expression, exp.Column) else ""
            for name, relation in relations.items():
                if wanted in ("", name):
                    found.extend(set(bases) for bases in relation.values())
        else:
            found.append(_bases(expression, relations, schema, known))
    return found


def _named(query: exp.Expr, schema: Mapping[str, Sequence[str]], known: Mapping[str, _Relation]) -> _Relation:
    inner = query.this if isinstance(query, exp.Subquery) else query
    bases = _query(inner, schema, known)
    names = inner.named_selects if isinstance(inner, exp.Query) else []
    return dict(zip(names, bases, strict=False))


def _relations(
    query: exp.Select, schema: Mapping[str, Sequence[str]], known: Mapping[str, _Relation]
) -> dict[str, _Relation]:
    from_ = query.args.get("from_") or query.args.get("from")
    sources = [from_.this] if from_ is not None else []
    sources += [join.this for join in query.args.get("joins") or []]
    found: dict[str, _Relation] = {}
    for source in sources:
        if isinstance(source, exp.Subquery):
            found[source.alias] = _named(source.this, schema, known)
        elif isinstance(source, exp.Table):
            name = source.name if source.db in ("", "public") else f"{source.db}.{source.name}"
            found[source.alias_or_name] = known.get(name) or {
                column: {(name, column)} for column in schema.get(name, ())
            }
    return found


def _bases(
    expression: exp.Expression,
    relations: Mapping[str, _Relation],
    schema: Mapping[str, Sequence[str]],
    known: Mapping[str, _Relation],
) -> set[Base]:
    found: set[Base] = set()
    for inner in expression.find_all(exp.Select):
        for bases in _query(inner, schema, {**known, **relations}):
            found |= bases
    for column in expression.find_all(exp.Column):
        candidates = [relations[column.table]] if column.table in relations else list(relations.values())
        for relation in candidates:
            found |= relation.get(column.name, set())
    return found
