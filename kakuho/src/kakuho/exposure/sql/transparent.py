"""Does a column's value stand whole in the value of the expression around it?"""

from __future__ import annotations

from sqlglot import exp

WHOLE_TEXT = 1000
"""A cast to a text type of at least this length cuts nothing that a person's record holds."""

CUT = "cut"
"""Mark on a function that can leave out part of its arguments."""

ROW_KEEPING = (exp.ArrayAgg, exp.GroupConcat, exp.JSONArrayAgg, exp.JSONBObjectAgg, exp.JSONObjectAgg)
"""Aggregates whose result holds every input value."""

_THROUGH = (exp.Alias, exp.Paren, exp.DPipe, exp.Concat, exp.ConcatWs, exp.Tuple)
_FUNCTIONS = frozenset(
    {"json_agg", "jsonb_agg", "array_to_string", "array_to_json", "to_json", "to_jsonb", "row_to_json", "xmlagg",
     "json_build_object", "jsonb_build_object", "json_build_array", "concat_ws", "array_agg", "string_agg"}
)  # fmt: skip


def is_whole(column: exp.Expr, root: exp.Expr) -> bool:
    """Whether ``column``, a node below ``root`` (an expression of a select list), comes through unshortened."""
    node = column
    while node is not root:
        parent = node.parent
        if parent is None or not passes(parent, node):
            return False
        node = parent
    return True


def passes(parent: exp.Expr, child: exp.Expr) -> bool:
    """Whether the value of ``child`` stands whole in that of ``parent``."""
    if parent.meta.get(CUT):
        return False
    if isinstance(parent, exp.Cast | exp.TryCast):
        return _cast_keeps(parent)
    if isinstance(parent, exp.Coalesce | exp.Order | exp.ArrayAgg | exp.GroupConcat | exp.JSONArrayAgg):
        return parent.this is child
    if isinstance(parent, exp.Anonymous):
        return parent.name.lower() in _FUNCTIONS
    if isinstance(parent, exp.DPipe) or (isinstance(parent, exp.Concat) and not parent.args.get("coalesce")):
        return all(_is_something(part) for part in parent.iter_expressions() if part is not child)
    return isinstance(parent, _THROUGH)


def _is_something(part: exp.Expr) -> bool:
    """Whether ``part`` is never NULL: put together with NULL, a value is gone."""
    part = part.unnest()
    if isinstance(part, exp.Coalesce):
        return any(_is_something(value) for value in part.iter_expressions())
    if isinstance(part, exp.Cast | exp.TryCast):
        return _is_something(part.this)
    if isinstance(part, exp.DPipe | exp.Concat | exp.Chr):
        return all(_is_something(value) for value in part.iter_expressions())
    return isinstance(part, exp.Literal | exp.HexString) or (
        isinstance(part, exp.Concat | exp.ConcatWs) and bool(part.args.get("coalesce"))
    )


def _cast_keeps(cast: exp.Expr) -> bool:
    target = cast.args.get("to")
    if not isinstance(target, exp.DataType) or target.this not in exp.DataType.TEXT_TYPES:
        return False
    sizes = [size.this.name for size in target.expressions if isinstance(size, exp.DataTypeParam)]
    return all(size.isdigit() and int(size) >= WHOLE_TEXT for size in sizes)
