"""One SELECT of a statement → one block: its base tables, the columns read of each, and how to find the rows."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from kakuho.exposure.sql.block import Block, Slot, Window
from kakuho.exposure.sql.functions import cannot_be_repeated
from kakuho.exposure.sql.schema import Schema
from kakuho.exposure.sql.transparent import ROW_KEEPING, is_whole

_PLAIN = (exp.EQ, exp.Like, exp.ILike, exp.In)


class NotResolvedError(Exception):
    """A column or star could not be led back to a table."""


def select_block(scope: Scope, schema: Schema, *, output: bool, preamble: str) -> Block | None:
    """None where the SELECT reads no table that has record keys."""
    select = scope.expression
    tables = {
        alias: source.name
        for alias, (_, source) in scope.selected_sources.items()
        if isinstance(source, exp.Table) and source.name in schema.keys and not source.db
    }
    if not tables:
        return None
    if any(isinstance(e, exp.Star) or isinstance(getattr(e, "this", None), exp.Star) for e in select.expressions):
        raise NotResolvedError
    conjuncts = list(_conjuncts(select))
    identity = [c for c in conjuncts if _names_a_row(c, tables, schema)]
    reads: dict[str, dict[str, set[str]]] = {a: {"in_full": set(), "in_part": set(), "probed": set()} for a in tables}
    grouped = _grouped(select)
    for column in scope.columns:
        if not column.table:
            raise NotResolvedError
        if column.table in tables:
            role = _role(column, select, tables, schema, whole_rows=output and not grouped)
            if role:
                reads[column.table][role].add(column.name)
    slots = tuple(
        Slot(alias, table, schema.keys[table], *(frozenset(reads[alias][r]) for r in ("in_full", "in_part", "probed")))
        for alias, table in sorted(tables.items())
    )
    if not any(slot.in_full or slot.in_part or slot.probed for slot in slots):
        return None
    shape = [select.args.get(part) for part in ("from_", "where", "order")] + select.args.get("joins", [])
    recursive = "RECURSIVE" in preamble
    if scope.external_columns or recursive or any(cannot_be_repeated(part) for part in shape if part is not None):
        return Block(slots=slots, source=None)
    window, cut = _window(select, tables, schema, identified=len(conjuncts) == len(identity), grouped=grouped)
    source = " ".join(
        [select.args["from_"].sql("postgres", comments=False)]
        + [join.sql("postgres", comments=False) for join in select.args.get("joins", [])]
    )
    where = select.args.get("where")
    return Block(
        slots=slots,
        source=source,
        condition="" if where is None else where.this.sql("postgres", comments=False),
        identity=" AND ".join(sorted(c.sql("postgres", comments=False) for c in identity)),
        preamble=preamble,
        window=window,
        exact=output and not cut and not grouped,
    )


def _conjuncts(select: exp.Expr) -> Iterator[exp.Expr]:
    where = select.args.get("where")
    if where is not None:
        condition = where.this.unnest()
        yield from condition.flatten() if isinstance(condition, exp.And) else (condition,)


def _names_a_row(conjunct: exp.Expr, tables: dict[str, str], schema: Schema) -> bool:
    conjunct = conjunct.unnest()
    if not isinstance(conjunct, exp.EQ):
        return False
    left, right = conjunct.left.unnest(), conjunct.right.unnest()
    column, value = (left, right) if isinstance(left, exp.Column) else (right, left)
    if not isinstance(column, exp.Column) or column.table not in tables:
        return False
    value = value.this if isinstance(value, exp.Cast) else value
    return isinstance(value, exp.Literal) and schema.identifies(tables[column.table], column.name)


def _grouped(select: exp.Expr) -> bool:
    """Whether output rows are not base rows: DISTINCT, GROUP BY, HAVING or an aggregate that drops values."""
    if any(select.args.get(part) for part in ("distinct", "group", "having")):
        return True
    aggregates = [
        a for e in select.expressions for a in e.find_all(exp.AggFunc) if a.find_ancestor(exp.Select) is select
    ]
    return any(not isinstance(a, ROW_KEEPING) for a in aggregates)


def _role(
    column: exp.Column, select: exp.Expr, tables: dict[str, str], schema: Schema, *, whole_rows: bool
) -> str | None:
    """Where in the SELECT the column stands decides what it tells, and of which rows."""
    node: exp.Expr = column
    while node.parent is not None and node.parent is not select:
        node = node.parent
    if node in select.expressions and node.arg_key == "expressions":
        if column.find_ancestor(exp.Select) is not select:
            return "in_part"
        if isinstance(column.parent, exp.Count):
            return None
        return "in_full" if whole_rows and is_whole(column, node) else "in_part"
    if node.arg_key != "where":
        return "in_part"
    if column.find_ancestor(exp.Select) is select and _is_plain(column, node, tables, schema):
        return "in_part"
    return "probed"


def _is_plain(column: exp.Column, where: exp.Expr, tables: dict[str, str], schema: Schema) -> bool:
    """``column = 'x'`` (LIKE, IN) among the top conjuncts: tells of the rows it keeps, hardly of the others."""
    table = tables[column.table]
    if (table, column.name) in schema.few_values:
        return False
    conjunct = column.parent
    if not isinstance(conjunct, _PLAIN):
        return False
    values: list[exp.Expr] = [v for v in conjunct.iter_expressions() if id(v) != id(column)]
    if not all(isinstance(v, exp.Literal | exp.Column) for v in values):
        return False
    outer: exp.Expr | None = conjunct.parent
    while isinstance(outer, exp.And | exp.Paren):
        outer = outer.parent
    return outer is where


def _window(
    select: exp.Expr,
    tables: dict[str, str],
    schema: Schema,
    *,
    identified: bool,
    grouped: bool,
) -> tuple[Window | None, bool]:
    """LIMIT and OFFSET as a window, and whether rows were cut in a way that no window tells."""
    limit, offset = select.args.get("limit"), select.args.get("offset")
    if limit is None and offset is None:
        return None, False
    if any(a for e in select.expressions for a in e.find_all(exp.AggFunc) if a.find_ancestor(exp.Select) is select):
        return None, not _is_zero(offset)
    first, count = _number(offset), _number(limit)
    if grouped or (offset is not None and first is None) or (limit is not None and count is None):
        return None, True
    order = select.args.get("order")
    keys = [] if order is None else [ordered.this for ordered in order.expressions]
    steady = all(isinstance(k, exp.Column) and schema.identifies(tables.get(k.table, ""), k.name) for k in keys)
    stable = steady and identified and len(tables) == 1
    return Window(
        count, first or 0, tuple(o.sql("postgres", comments=False) for o in order.expressions) if order else (), stable
    ), False


def _number(clause: exp.Expr | None) -> int | None:
    value = None if clause is None else clause.args.get("expression")
    return int(value.this) if isinstance(value, exp.Literal) and str(value.this).isdigit() else None


def _is_zero(offset: exp.Expr | None) -> bool:
    return offset is None or _number(offset) == 0
