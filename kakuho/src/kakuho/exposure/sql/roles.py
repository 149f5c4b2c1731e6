"""Where a column stands in a SELECT decides what it tells, and of which rows."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from kakuho.exposure.sql.transparent import CUT, ROW_KEEPING, is_whole

FULL, PART, PROBED = "in_full", "in_part", "probed"
LOOSE = "loose"
"""Mark on a comparison of a text with a number: it holds of many texts, and tells of those that it does not hold of."""
_PLAIN = (exp.EQ, exp.Like, exp.ILike, exp.In)


def conjuncts(condition: exp.Expr | None) -> list[exp.Expr]:
    """The conditions that all have to hold; of a WHERE, HAVING or the ON of a join."""
    if condition is None:
        return []
    if isinstance(condition, exp.Where | exp.Having):
        condition = condition.this
    found: list[exp.Expr] = []
    waiting = [condition]
    while waiting:
        node = waiting.pop().unnest()
        if isinstance(node, exp.And):
            waiting += [node.right, node.left]
        else:
            found.append(node)
    return found


def own_columns(select: exp.Expr) -> Iterator[exp.Column]:
    """Columns written in the SELECT itself, not in a query below it."""
    for column in select.find_all(exp.Column):
        if column.find_ancestor(exp.Select) is select:
            yield column


def clause_of(node: exp.Expr, select: exp.Expr) -> exp.Expr:
    """The part of ``select`` that ``node`` stands in."""
    while node.parent is not None and node.parent is not select:
        node = node.parent
    return node


def role_of(column: exp.Column, select: exp.Expr, *, rows: bool, few: bool) -> str | None:
    """``rows``: output rows are base rows, one by one; ``few``: the column holds few distinct values."""
    clause = clause_of(column, select)
    if clause.arg_key == "expressions":
        if column.find_ancestor(exp.Window) is not None:  # made of rows that LIMIT cuts off, too
            return PROBED if select.args.get("limit") or select.args.get("offset") else PART
        if isinstance(column.parent, exp.Count) and isinstance(column.parent.parent, exp.Alias | exp.Select):
            return None if isinstance(column.this, exp.Star) else PART
        return FULL if rows and is_whole(column, clause) else PART
    if clause.arg_key == "where":
        return PART if not few and _is_plain(column, conjuncts(clause)) else PROBED
    if clause.arg_key == "joins":
        return PART if not few and _is_plain(column, conjuncts(clause.args.get("on"))) else PROBED
    return PROBED if clause.arg_key == "having" else PART


def _is_plain(column: exp.Column, conditions: list[exp.Expr]) -> bool:
    """``column = 'x'`` (LIKE, IN) among the top conjuncts: tells of the rows it keeps, hardly of the others."""
    conjunct = column.parent
    if not isinstance(conjunct, _PLAIN) or not any(conjunct is c for c in conditions) or conjunct.args.get("query"):
        return False
    if conjunct.args.get("negate") or conjunct.meta.get(LOOSE):  # NOT LIKE
        return False
    values: list[exp.Expr] = [v for v in conjunct.iter_expressions() if id(v) != id(column)]
    return all(isinstance(v, exp.Literal | exp.Column) for v in values)


def aggregates(select: exp.Expr) -> list[exp.Expr]:
    """Aggregates over the rows of ``select``, not those of a window."""
    return [
        a
        for e in select.expressions
        for a in e.find_all(exp.AggFunc)
        if a.find_ancestor(exp.Select) is select and a.find_ancestor(exp.Window) is None
    ]


def keeps_rows(select: exp.Expr, naming: set[str]) -> bool:
    """Whether each output row is one base row, or holds all of several; ``naming``: output names that tell rows apart.

    DISTINCT, GROUP BY, HAVING and an aggregate that drops values end that, unless what is grouped by names rows.
    """
    if select.args.get("having") or (select.args.get("distinct") and not naming):
        return False
    group = select.args.get("group")
    if group is not None:
        terms = [term.alias_or_name for term in group.expressions if isinstance(term, exp.Column)]
        by_row = naming & {p.alias for p in select.expressions if p.unalias().name in terms}
        return bool(by_row) and not any(value for part, value in group.args.items() if part != "expressions")
    return all(isinstance(a, ROW_KEEPING) and not a.meta.get(CUT) for a in aggregates(select))
