"""Questions about a tree: which SELECT a node belongs to, what stands around it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from kakuho.exposure.sql.dialect import Dialect
from kakuho.exposure.sql.resolve import sources_of
from kakuho.exposure.sql.roles import conjuncts

STEADY = "steady"
"""Mark on a condition that is answered today as it was then."""


def renamed(demand: Mapping[str, str], names: list[str], inner: list[str]) -> dict[str, str]:
    return {to: demand[name] for name, to in zip(names, inner, strict=False) if name in demand}


def sides_of(conjunct: exp.Expr) -> tuple[exp.Expr, exp.Expr] | None:
    conjunct = conjunct.unnest()
    return (conjunct.left.unnest(), conjunct.right.unnest()) if isinstance(conjunct, exp.EQ) else None


def has_distinct_on(select: exp.Expr) -> bool:
    distinct = select.args.get("distinct")
    return isinstance(distinct, exp.Distinct) and distinct.args.get("on") is not None


def is_wrapper(select: exp.Select) -> bool:
    """Its rows are those of its one source, all of them."""
    others = ("joins", "laterals", "where", "group", "having", "distinct", "limit", "offset")
    return not any(select.args.get(part) for part in others)


def is_top(query: exp.Expr, select: exp.Expr) -> bool:
    """No other query stands between."""
    at = query.parent
    while at is not None and at is not select:
        if isinstance(at, exp.Query):
            return False
        at = at.parent
    return at is select


def is_within(node: exp.Expr, tree: exp.Expr) -> bool:
    at: exp.Expr | None = node
    while at is not None and at is not tree:
        at = at.parent
    return at is tree


def is_outside(column: exp.Column, query: exp.Expr) -> bool:
    """Whether no SELECT from ``column`` up to ``query`` has the column's table in its FROM clause."""
    at: exp.Expr | None = column
    while at is not None:
        if isinstance(at, exp.Select) and column.table in {alias for alias, _, _ in sources_of(at)}:
            return False
        if at is query:
            return True
        at = at.parent
    return True


def columns_asked_below(select: exp.Select) -> list[exp.Column]:
    """Columns of ``select``'s own tables that queries in its select list refer to."""
    return [
        c for p in select.expressions for q in p.find_all(exp.Query) for c in q.find_all(exp.Column)
        if c.table and is_outside(c, q)
    ]  # fmt: skip


def add_condition(select: exp.Select, conditions: list[exp.Expr]) -> None:
    for condition in conditions:
        where = select.args.get("where")
        this = condition if where is None else exp.And(this=exp.paren(where.this, copy=False), expression=condition)
        select.set("where", exp.Where(this=this))


def bare_of(select: exp.Select) -> exp.Select:
    """A copy in which only steady conditions are left, here and in the derived tables of FROM."""
    bare = select.copy()
    for part in [bare, *bare.find_all(exp.Select)]:
        at: exp.Expr | None = part
        while at is not None and not isinstance(at, exp.Where | exp.Having | exp.Order) and at.arg_key != "expressions":
            at = at.parent
        if isinstance(part, exp.Select) and (at is None or part is bare or at is bare):
            where = part.args.get("where")
            part.set("where", None)
            part.set("having", None)
            add_condition(part, [c for c in conjuncts(where) if c.meta.get(STEADY)])
            for join in part.args.get("joins") or []:
                on = join.args.get("on")
                if on is not None:
                    kept = [c for c in conjuncts(on) if c.meta.get(STEADY)]
                    join.set("on", exp.and_(*kept, copy=False) if kept else exp.true())
    return bare


def from_text(select: exp.Select, dialect: Dialect) -> str:
    source = select.args.get("from_")
    parts = [source] if source is not None else []
    return " ".join(dialect.sql(p) for p in [*parts, *(select.args.get("joins") or [])])


def conditions_text(conditions: list[exp.Expr], dialect: Dialect) -> str:
    return " AND ".join(sorted(dialect.sql(c) for c in conditions))
