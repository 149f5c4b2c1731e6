"""Names as MySQL compares them, in lower case, and joins as MySQL writes them in a view, without their parentheses."""

from __future__ import annotations

from sqlglot import exp


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
