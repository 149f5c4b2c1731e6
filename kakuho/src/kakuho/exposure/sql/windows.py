"""LIMIT, OFFSET and FETCH FIRST as a window over ordered rows."""

from __future__ import annotations

from sqlglot import exp

from kakuho.exposure.sql.block import Window
from kakuho.exposure.sql.dialect import Dialect
from kakuho.exposure.sql.roles import aggregates


def is_cut(query: exp.Expr) -> bool:
    return bool(query.args.get("limit") or query.args.get("offset"))


def window_of(select: exp.Expr, *, stable: bool, rows: bool, dialect: Dialect) -> tuple[Window | None, bool]:
    """The window, and whether rows were cut in a way that no window tells.

    ``stable``: see Window; ``rows``: output rows are base rows.
    """
    limit, offset = select.args.get("limit"), select.args.get("offset")
    if limit is None and offset is None:
        return None, False
    first, count = _number(offset), _number(limit)
    if aggregates(select) and not select.args.get("group"):
        return None, first != 0 or count == 0
    if not rows or first is None or (limit is not None and count is None):
        return None, True
    order = select.args.get("order")
    keys = tuple(dialect.sql(o) for o in order.expressions) if order is not None else ()
    return Window(None if limit is None else count, first, keys, stable), False


def _number(clause: exp.Expr | None) -> int | None:
    """The number of rows; 0 without a clause, None where it is not a plain number (or a percentage, or with ties)."""
    if clause is None:
        return 0
    options = clause.args.get("limit_options")
    if options is not None and (options.args.get("percent") or options.args.get("with_ties")):
        return None
    value = clause.args.get("count") if isinstance(clause, exp.Fetch) else clause.args.get("expression")
    return int(value.this) if isinstance(value, exp.Literal) and str(value.this).isdigit() else None
