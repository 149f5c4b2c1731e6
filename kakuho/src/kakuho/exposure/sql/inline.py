"""Views and common table expressions put in the place of their names, so that one tree holds all that is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from kakuho.exposure.sql.folded import lowered
from kakuho.exposure.sql.schema import Schema

LARGEST = 20_000
"""Nodes of the tree; a statement that grows beyond is not resolved."""


class NotResolvedError(Exception):
    """A name could not be led back to a table."""


@dataclass(frozen=True)
class _Body:
    query: exp.Expr
    columns: tuple[str, ...] = ()


def inline(tree: exp.Expr, schema: Schema) -> exp.Expr:
    """``tree`` without WITH clauses and views. Raises NotResolvedError for a recursive WITH, or one that grows."""
    _visit(tree, {}, schema, _Budget(LARGEST))
    return tree


class _Budget:
    def __init__(self, nodes: int) -> None:
        self._left = nodes

    def spend(self, tree: exp.Expr) -> exp.Expr:
        self._left -= sum(1 for _ in tree.walk())
        if self._left < 0:
            raise NotResolvedError
        return tree


def _visit(node: exp.Expr, known: Mapping[str, _Body], schema: Schema, budget: _Budget) -> None:
    clause = node.args.get("with_")
    if isinstance(clause, exp.With):
        known = _with(clause, known, schema, budget)
        node.set("with_", None)
    for child in list(node.iter_expressions()):
        if isinstance(child, exp.Table) and isinstance(child.this, exp.Identifier):
            _replace(child, known, schema, budget)
        else:
            _visit(child, known, schema, budget)


def _with(clause: exp.With, known: Mapping[str, _Body], schema: Schema, budget: _Budget) -> Mapping[str, _Body]:
    for cte in clause.expressions:
        name = cte.alias.lower()
        body = cte.this
        if not isinstance(body, exp.Query):
            raise NotResolvedError
        if clause.args.get("recursive") and any(t.name.lower() == name and not t.db for t in body.find_all(exp.Table)):
            raise NotResolvedError
        holder = exp.Subquery(this=body)
        _visit(holder, known, schema, budget)
        known = {**known, name: _Body(holder.this, tuple(column.name for column in cte.args["alias"].columns))}
    return known


def _view(name: str, schema: Schema) -> exp.Expr:
    query = sqlglot.parse_one(schema.views[name], dialect=schema.dialect.grammar)
    return lowered(query) if schema.dialect.folds_case else query


def _replace(table: exp.Table, known: Mapping[str, _Body], schema: Schema, budget: _Budget) -> None:
    for join in table.args.get("joins") or []:
        _visit(join, known, schema, budget)
    name = table.name.lower()
    if not table.db and name in known:
        body = known[name]
    elif name in schema.views and table.db.lower() in ("", schema.name):
        if name in schema.stored:
            raise NotResolvedError
        holder = exp.Subquery(this=_view(name, schema))
        _visit(holder, {}, schema, budget)
        body = _Body(holder.this)
    else:
        return
    given = table.args.get("alias")
    columns = [column.name for column in given.columns] if given is not None else []
    columns += list(body.columns[len(columns) :])
    alias = exp.TableAlias(
        this=exp.to_identifier(table.alias or table.name),
        columns=[exp.to_identifier(column) for column in columns] or None,
    )
    kept = {part: table.args[part] for part in ("joins", "laterals") if table.args.get(part)}
    table.replace(exp.Subquery(this=budget.spend(body.query.copy()), alias=alias, **kept))
