"""Conditions that are answered today as they were then, and the rows that literals lead to."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from kakuho.exposure.sql.fold import Flow, Source, token
from kakuho.exposure.sql.resolve import sources_of
from kakuho.exposure.sql.roles import conjuncts
from kakuho.exposure.sql.schema import Schema
from kakuho.exposure.sql.tree import STEADY, sides_of

Scope = Mapping[str, Source]
_COMPARISONS = (exp.Between, exp.EQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


class Steady:
    """Asks of columns of one SELECT; ``scope``: what its aliases stand for."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def flows(self, node: exp.Expr, scope: Scope) -> tuple[Flow, ...]:
        source = scope.get(node.table) if isinstance(node, exp.Column) else None
        return source.flows(node.name) if source is not None else ()

    def is_fixed(self, node: exp.Expr, scope: Scope) -> bool:
        """A column whose value a row keeps for good, and that names at most one row."""
        flows = self.flows(node, scope)
        return len(flows) == 1 and flows[0].alone and self.schema.identifies(flows[0].leaf.table, flows[0].column)

    def is_kept(self, node: exp.Expr, scope: Scope) -> bool:
        flows = self.flows(node, scope)
        return len(flows) == 1 and flows[0].alone and self.schema.is_steady(flows[0].leaf.table, flows[0].column)

    def names_row(self, conjunct: exp.Expr, scope: Scope) -> bool:
        """``key = 'literal'`` or ``key IN ('literal', …)``"""
        if isinstance(conjunct, exp.In):
            values = conjunct.expressions
            listed = (
                bool(values) and not conjunct.args.get("negate") and all(isinstance(v, exp.Literal) for v in values)
            )
            return listed and self.is_fixed(conjunct.this, scope)
        sides = sides_of(conjunct)
        return sides is not None and any(
            self.is_fixed(a, scope) and isinstance(b.this if isinstance(b, exp.Cast) else b, exp.Literal)
            for a, b in (sides, sides[::-1])
        )

    def compares_kept(self, conjunct: exp.Expr, scope: Scope) -> bool:
        """``key BETWEEN 1 AND 9``, ``key >= 5``, ``owner_id = 7``: a kept value beside literals.

        Answered today as it was then, too; yet it asks something of every row, where a name asks of one.
        """
        if not isinstance(conjunct, _COMPARISONS):
            return False
        operands = [operand.unnest() for operand in conjunct.iter_expressions()]
        columns = [operand for operand in operands if isinstance(operand, exp.Column)]
        literals = [operand for operand in operands if isinstance(operand, exp.Literal)]
        return len(columns) == 1 and len(literals) == len(operands) - 1 and self.is_kept(columns[0], scope)

    def is_steady(self, conjunct: exp.Expr, scope: Scope) -> bool:
        if self.names_row(conjunct, scope):
            return True
        sides = sides_of(conjunct)
        return sides is not None and all(self.is_kept(side, scope) for side in sides)

    def mark(self, select: exp.Select, scope: Scope) -> None:
        """Mark the conditions that are answered today as they were then, and the leaves that literals lead to."""
        links: list[tuple[exp.Expr, exp.Expr]] = []
        conditions = conjuncts(select.args.get("where"))
        conditions += [c for join in select.args.get("joins") or [] for c in conjuncts(join.args.get("on"))]
        for conjunct in conditions:
            if self.is_steady(conjunct, scope):
                conjunct.meta[STEADY] = True
                sides = sides_of(conjunct) or ()
                if self.names_row(conjunct, scope):
                    self._name(conjunct, scope)
                elif len(sides) == 2:
                    links.append(sides)
        for _ in links:
            for one, other in links:
                for a, b in ((one, other), (other, one)):
                    at, to = self.flows(a, scope)[0].leaf, self.flows(b, scope)[0].leaf
                    to.anchored = to.anchored or (at.anchored and self.is_fixed(b, scope))

    def _name(self, conjunct: exp.Expr, scope: Scope) -> None:
        for side in [conjunct.this] if isinstance(conjunct, exp.In) else sides_of(conjunct) or ():
            for flow in self.flows(side, scope):
                named = conjunct.transform(lambda n, s=side, c=flow.column: exp.column(c, quoted=True) if n == s else n)
                flow.leaf.anchored = True
                flow.leaf.named = self.schema.dialect.sql(named)

    def naming(self, select: exp.Select, scope: Scope) -> set[str]:
        """Output columns that name the row, where the SELECT reads one table with record keys."""
        if sum(len(source.leaves) for source in scope.values()) != 1:
            return set()
        return {p.alias for p in select.expressions if p.alias and self.is_fixed(p.unalias(), scope)}

    def is_few(self, column: exp.Column, scope: Scope) -> bool:
        """Whether learning what its value is not tells of it: it has few values, or is made of others'."""
        flows = scope[column.table].flows(column.name)
        return any(not f.alone or (f.leaf.table, f.column) in self.schema.few_values for f in flows)

    def tokens(self, select: exp.Select, scope: Scope) -> list[exp.Expr]:
        """Conditions that leave out rows made later; a joined table's stands in its ON."""
        found: list[exp.Expr] = []
        sides = {join.side for join in select.args.get("joins") or []}
        for alias, _, join in sources_of(select):
            leaf = scope[alias].leaf
            if leaf is None or leaf.table not in self.schema.created_at or sides & {"RIGHT", "FULL"}:
                continue
            condition = token("existing", leaf)
            condition.meta[STEADY] = True
            if join is not None and join.side == "LEFT":
                on = join.args.get("on")
                join.set(
                    "on", condition if on is None else exp.And(this=exp.paren(on, copy=False), expression=condition)
                )
            else:
                found.append(condition)
        return found
