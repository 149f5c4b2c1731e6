"""A resolved query → blocks: for each SELECT its base tables, the columns read of each, and how to find the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from sqlglot import exp

from kakuho.exposure.claims import DIRECT
from kakuho.exposure.sql.block import Block, Slot
from kakuho.exposure.sql.fold import Flow, Leaf, Source, carry, group_distinct, lift, quoted
from kakuho.exposure.sql.functions import cannot_be_repeated
from kakuho.exposure.sql.inline import NotResolvedError
from kakuho.exposure.sql.resolve import outputs_of, sources_of
from kakuho.exposure.sql.roles import (
    FULL,
    PART,
    PROBED,
    aggregates,
    clause_of,
    conjuncts,
    keeps_rows,
    own_columns,
    role_of,
)
from kakuho.exposure.sql.schema import Schema
from kakuho.exposure.sql.steady import Scope, Steady
from kakuho.exposure.sql.tells import tells, through
from kakuho.exposure.sql.transparent import is_whole
from kakuho.exposure.sql.tree import (
    STEADY,
    add_condition,
    bare_of,
    columns_asked_below,
    conditions_text,
    from_text,
    has_distinct_on,
    is_outside,
    is_top,
    is_within,
    is_wrapper,
    renamed,
)
from kakuho.exposure.sql.windows import is_cut, window_of


class Trace:
    """One statement's analysis; ``blocks`` grows as its queries are traced."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.blocks: list[Block] = []
        self._number = 0
        self.steady = Steady(schema)
        self._depends: set[str] = set()
        self._partners: set[str] = set()
        self._compared = False
        """The query's output is compared with something: what it computes of a value may give the value away."""

    @contextmanager
    def _comparing(self, compared: bool) -> Iterator[None]:
        before, self._compared = self._compared, self._compared or compared
        yield
        self._compared = before

    def query(self, query: exp.Expr, demand: Mapping[str, str] | None, *, output: bool) -> None:
        """Blocks of a query that stands alone. ``demand``: which of its columns matter, and how; None: all in full.

        ``output``: its rows are rows of the statement's output.
        """
        if isinstance(query, exp.Subquery):
            names = outputs_of(query)
            inner = None if demand is None else renamed(demand, names, outputs_of(query.this))
            self.query(query.this, inner, output=output and not is_cut(query))
        elif isinstance(query, exp.SetOperation):
            whole = output and isinstance(query, exp.Union) and not is_cut(query)
            left = query.this
            if demand is not None and (query.args.get("distinct") or not isinstance(query, exp.Union)):
                demand = {name: demand.get(name, PART) for name in outputs_of(left)}
            both = None if demand is None else renamed(demand, outputs_of(left), outputs_of(query.expression))
            with self._comparing(not isinstance(query, exp.Union)):
                self.query(left, demand, output=whole)
                self.query(query.expression, both, output=whole)
        elif isinstance(query, exp.Select):
            self._select(query.copy(), demand, output=output)
        elif not isinstance(query, exp.Values):
            raise NotResolvedError

    def _select(self, select: exp.Select, demand: Mapping[str, str] | None, *, output: bool) -> None:
        around, self._depends, self._partners = (self._depends, self._partners), set(), set()
        pristine = select.copy()
        scope = self._sources(select, {})
        rows = keeps_rows(select, self.steady.naming(select, scope))
        full = output and rows
        self._reads(select, scope, demand, rows=full)
        self._depends |= self._below(select, pristine, scope)
        depends, partners = self._depends, self._partners
        self._depends, self._partners = around
        self._apart(select, scope, output=full and is_wrapper(select))
        leaves = [leaf for source in scope.values() for leaf in source.leaves]
        if select.args.get("offset") is not None:  # a row that is skipped counted, too
            for leaf in leaves:
                for column in leaf.asked:
                    leaf.read(column, PROBED, DIRECT)
        if not any(any(leaf.reads.values()) for leaf in leaves):
            return
        self.steady.mark(select, scope)
        condition = select.args.get("where")
        shape = [select.args.get("from_"), condition, select.args.get("order"), *select.args.get("joins", [])]
        repeatable = not any(cannot_be_repeated(part, self.schema) for part in shape if part is not None)
        steady = all(c.meta.get(STEADY) for c in conjuncts(condition)) and len(leaves) == 1 and len(scope) == 1
        terms = select.args["order"].expressions if select.args.get("order") else []
        stable = steady and all(self.steady.is_fixed(term.this, scope) for term in terms)
        window, cut = window_of(select, stable=stable, rows=rows, dialect=self.schema.dialect)
        bare = bare_of(select)
        named = [c for c in conjuncts(condition) if c.meta.get(STEADY) and self.steady.names_row(c, scope)]
        kept = [c for c in conjuncts(condition) if c in named or self.steady.compares_kept(c, scope)]
        self.blocks.append(
            Block(
                slots=tuple(_slot(leaf) for leaf in sorted(leaves, key=lambda leaf: (leaf.alias, leaf.number))),
                source=from_text(select, self.schema.dialect) if repeatable else None,
                condition=self.schema.dialect.sql(condition.this) if condition is not None else "",
                bare=from_text(bare, self.schema.dialect) if _is_repeatable(bare, self.schema) else None,
                identity=conditions_text(named, self.schema.dialect),
                kept=" AND ".join(self.schema.dialect.sql(c) for c in kept),
                existing=conditions_text(self.steady.tokens(select, scope), self.schema.dialect),
                window=window,
                depends=frozenset(depends),
                partners=frozenset(partners),
                exact=output and rows and not cut and not has_distinct_on(select),
            )
        )

    # FROM

    def _sources(self, select: exp.Select, outer: Scope) -> dict[str, Source]:
        """What each alias of the FROM clause is; derived tables are folded in place."""
        scope: dict[str, Source] = {}
        for alias, node, join in sources_of(select):
            side = join.side if join is not None else ""
            if not alias or alias in scope or node.args.get("joins") or node.args.get("sample"):
                raise NotResolvedError
            found = self._source(alias, node, {**outer, **scope})
            before = [leaf for source in scope.values() for leaf in source.leaves]
            lone = found.leaves if side in ("LEFT", "FULL") else []
            for leaf in lone:
                leaf.spares |= {other.number for other in before}
            for leaf in before if side in ("RIGHT", "FULL") else []:
                leaf.spares |= {other.number for other in found.leaves}
            if found.apart is not None:
                self._partners |= self._tables(found.apart)
            scope[alias] = found
        return scope

    def _source(self, alias: str, node: exp.Expr, outer: Scope) -> Source:
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            return self._table(alias, node)
        lateral = isinstance(node, exp.Lateral)
        query = node.this if lateral and isinstance(node.this, exp.Subquery) else node
        if isinstance(query, exp.Subquery):
            names = outputs_of(exp.Subquery(this=query.this, alias=node.args.get("alias")))
            return self._derived(alias, query, names, outer, lateral=lateral)
        if isinstance(query, exp.Table) and (query.args.get("rows_from") or isinstance(query.this, exp.Func)):
            return self._function(query, outer)
        if isinstance(query, exp.Unnest | exp.Lateral | exp.Values | exp.Func):
            return self._function(query, outer)
        raise NotResolvedError

    def _table(self, alias: str, node: exp.Table) -> Source:
        holder = None if node.db else self.schema.holder(node.name)
        if not node.db and not node.args.get("only"):
            for child in self.schema.below(node.name):
                columns = frozenset(self.schema.tables[child])
                slot = Slot(alias=child, table=child, key=self.schema.keys[child], in_part=columns, place="")
                self.blocks.append(Block(slots=(slot,), source=None))
        if holder is None:
            self._partners.add(node.name)
            return Source()
        leaf = Leaf(self._number, alias, node.name, holder, self.schema.keys[holder])
        self._number += 1
        kind = self.schema.tables[holder].get(leaf.key, "")
        leaf.place = self.schema.dialect.as_text(f"{quoted(alias)}.{quoted(leaf.key)}", kind)
        leaf.touched = f'"__touched_{leaf.number}"'
        return Source(leaf=leaf, leaves=[leaf])

    def _function(self, node: exp.Expr, outer: Scope) -> Source:
        """A function's rows are made of its arguments alone: what they read is read in part."""
        for column in node.find_all(exp.Column):
            source = outer.get(column.table)
            if source is not None:
                source.read(column.name, PART)
        for query in node.find_all(exp.Query):
            if query.find_ancestor(exp.Query) is node.find_ancestor(exp.Query) and query is not node:
                self._nested(query, None, demand=PART)
        return Source()

    def _derived(self, alias: str, node: exp.Expr, names: list[str], outer: Scope, *, lateral: bool) -> Source:
        query = node.this.unnest() if isinstance(node.this, exp.Subquery) else node.this
        inner = outer if lateral else {}
        if self._is_foldable(query):
            if query is not node.this:
                node.set("this", query)
            leaves, flows = self._fold(query, inner, node)
            lift(leaves, alias)
            alias_node = (node.parent or node if lateral else node).args.get("alias")
            if isinstance(alias_node, exp.TableAlias) and alias_node.columns:
                for name in outputs_of(query)[len(alias_node.columns) :]:
                    alias_node.append("columns", exp.to_identifier(name, quoted=True))
            return Source(leaves=leaves, outputs=dict(zip(names, flows, strict=False)))
        if lateral:
            self._external(node, outer, PROBED)
            self._whole(node)
            self._partners |= self._tables(node)
            return Source()
        return Source(apart=exp.Subquery(this=query, alias=node.args.get("alias")))

    def _is_foldable(self, query: exp.Expr) -> bool:
        if isinstance(query, exp.Union):
            branches = (query.this.unnest(), query.expression.unnest())
            nested = any(isinstance(branch, exp.SetOperation) and branch.args.get("distinct") for branch in branches)
            return not is_cut(query) and not nested and all(self._is_foldable(branch) for branch in branches)
        if not isinstance(query, exp.Select) or is_cut(query) or has_distinct_on(query):
            return False
        group = query.args.get("group")
        plain = group is None or (all(isinstance(e, exp.Expr) for e in group.expressions) and not group.find(
            exp.Rollup, exp.Cube, exp.GroupingSets))  # fmt: skip
        return plain and not any(w.find_ancestor(exp.Select) is query for w in query.find_all(exp.Window))

    def _fold(self, query: exp.Expr, outer: Scope, node: exp.Expr) -> tuple[list[Leaf], list[tuple[Flow, ...]]]:
        """Add the keys to the output of ``query``; its leaves, and what each of its own output columns holds."""
        if isinstance(query, exp.Union):
            return self._fold_union(query, outer, node)
        if not isinstance(query, exp.Select):
            raise NotResolvedError
        pristine = query.copy()
        scope = self._sources(query, outer)
        together = bool(query.args.get("group") or query.args.get("distinct") or aggregates(query))
        self._reads(query, {**outer, **scope}, {}, rows=False)
        self._depends |= self._below(query, pristine, {**outer, **scope})
        self.steady.mark(query, {**outer, **scope})
        flows = [self._flow(projection, query, {**outer, **scope}, together) for projection in query.expressions]
        for column in columns_asked_below(query):
            _read(column, {**outer, **scope}, PART)
        if query.args.get("distinct"):
            for flow in [flow for column in flows for flow in column]:
                flow.leaf.read(flow.column, PART, flow.form)
        self._apart(query, scope, output=False)
        leaves = [leaf for source in scope.values() for leaf in source.leaves]
        add_condition(query, self.steady.tokens(query, scope))
        if query.args.get("distinct"):
            group_distinct(query)
        carry(query, leaves, self.schema.dialect, together=together)
        return leaves, flows

    def _fold_union(self, query: exp.Union, outer: Scope, node: exp.Expr) -> tuple[list[Leaf], list[tuple[Flow, ...]]]:
        count = len(outputs_of(query))
        for side in ("this", "expression"):
            if isinstance(query.args[side], exp.Subquery):
                query.set(side, query.args[side].unnest())
        left, flows = self._fold(query.this, outer, query)
        right, more = self._fold(query.expression, outer, query)
        for branch, before, after in ((query.this, [], right), (query.expression, left, [])):
            _pad(branch, count, before, after)
        both = [*left, *right]
        if query.args.get("distinct"):
            for flow in [flow for column in (*flows, *more) for flow in column]:
                flow.leaf.read(flow.column, PART, flow.form)
        distinct = query.args.get("distinct")
        if distinct and isinstance(node, exp.Subquery):
            query.set("distinct", False)
            names = outputs_of(query)[:count]
            inner = exp.Subquery(this=query.copy(), alias=exp.TableAlias(this=exp.to_identifier("__u", quoted=True)))
            columns = [exp.column(name, table="__u", quoted=True) for name in names]
            outermost = exp.Select(
                expressions=[exp.alias_(column, column.name, quoted=True) for column in columns],
                from_=exp.From(this=inner),
                group=exp.Group(expressions=[column.copy() for column in columns]),
            )
            lift(both, "__u")
            carry(outermost, both, self.schema.dialect, together=True)
            node.set("this", outermost)
        elif distinct:
            query.set("distinct", False)
        merged = [tuple(dict.fromkeys((*a, *b))) for a, b in zip(flows, more, strict=True)]
        return both, [tuple(Flow(f.leaf, f.column, f.whole, form=f.form) for f in column) for column in merged]

    def _flow(self, projection: exp.Expr, select: exp.Select, scope: Scope, together: bool) -> tuple[Flow, ...]:
        found: list[Flow] = []
        by_row = not together or keeps_rows(select, self.steady.naming(select, scope))
        for column in [c for c in projection.find_all(exp.Column) if c.find_ancestor(exp.Select) is select]:
            source = scope.get(column.table)
            inner = source.flows(column.name) if source is not None else ()
            whole = by_row and is_whole(column, projection)
            alone = not together and projection.unalias() is column
            if isinstance(column.parent, exp.Count) and isinstance(column.this, exp.Star):
                continue
            few = source is not None and self.steady.is_few(column, scope)
            told = self._told(column, projection, few=few)
            found += [Flow(f.leaf, f.column, whole and f.whole, alone and f.alone, told(f.form)) for f in inner]
            if source is not None and source.apart is not None:
                source.read(column.name, PART)
        return tuple(found)

    # what is read

    def _reads(self, select: exp.Select, scope: Scope, demand: Mapping[str, str] | None, *, rows: bool) -> None:
        """``demand`` {}: output columns matter only where somebody reads them."""
        named = {p.alias: p for p in select.expressions}
        for column in own_columns(select):
            if not column.table:
                outside = clause_of(column, select).arg_key != "expressions"
                if column.name.startswith("__") or (outside and column.name in named) or column.name in scope:
                    continue
                if any(source.leaves or source.apart for source in scope.values()):
                    raise NotResolvedError
                continue
            clause = clause_of(column, select)
            if clause.arg_key in ("from_", "laterals"):
                continue
            if clause.arg_key == "joins" and column.find_ancestor(exp.Lateral, exp.Unnest, exp.Table) is not None:
                continue
            if column.table not in scope:
                raise NotResolvedError
            few = self.steady.is_few(column, scope)
            role = role_of(column, select, rows=rows, few=few)
            if role is None:
                continue
            if clause.arg_key in ("where", "having", "joins"):
                scope[column.table].ask(column.name, joined=_is_of(clause, column))
            if clause.arg_key == "expressions" and demand is not None:
                asked = demand.get(clause.alias_or_name, PART if demand and select.args.get("distinct") else None)
                if asked is None:
                    continue
                role = role if asked == FULL or role == PROBED else PART
            scope[column.table].read(column.name, role, self._told(column, clause, few=few))

    def _told(self, column: exp.Column, clause: exp.Expr, *, few: bool) -> Callable[[str], str]:
        """What is told of a value by ``column``, out of what the column itself tells of it."""
        if self._compared:
            return lambda inner: DIRECT
        outer = tells(column, clause, few=few)
        return lambda inner: through(outer, inner, column, clause)

    def _below(self, select: exp.Select, pristine: exp.Select, scope: Scope) -> set[str]:
        """Queries in the expressions of ``select``, ``pristine`` before folding. The tables its conditions read so."""
        depends: set[str] = set()
        for query in list(select.find_all(exp.Query)):
            clause = clause_of(query, select) if query is not select else None
            if clause is None or clause.arg_key in ("from_", "laterals") or not is_top(query, select):
                continue
            if clause.arg_key == "joins" and clause.this.find(exp.Query) is not None and is_within(query, clause.this):
                continue
            exists = isinstance(query.parent, exp.Exists) or query.find_ancestor(exp.Exists) is query.parent
            role = PART if clause.arg_key in ("expressions", "order", "group") else PROBED
            external = self._external(query, scope, role)
            context = (pristine, scope, role) if external else None
            self._nested(query, context, demand=None if exists else PART)
            if clause.arg_key != "expressions":
                depends |= self._tables(query)
        return depends

    def _nested(self, query: exp.Expr, context: tuple[exp.Select, Scope, str] | None, *, demand: str | None) -> None:
        """A query in an expression; with ``context`` it refers to the SELECT around it, and runs beside its rows."""
        query = query.copy() if not isinstance(query, exp.Subquery) else query.unnest().copy()
        wanted = dict.fromkeys(outputs_of(query), demand) if demand else {}
        if context is None:
            with self._comparing(True):
                self.query(query, wanted, output=False)
            return
        select, scope, role = context
        for clause in ("limit", "offset", "distinct"):
            if not (clause == "distinct" and isinstance(query, exp.SetOperation)):
                query.set(clause, None)
        if not self.schema.dialect.lateral:
            self._joined(query, select, scope, role, wanted)
            return
        aside = Trace(self.schema)
        aside._compared = True
        aside._number = 1000 + self._number
        beside = exp.Select(
            expressions=[exp.alias_(exp.column(n, table="__s", quoted=True), n, quoted=True) for n in wanted],
            from_=select.args["from_"].copy() if select.args.get("from_") else None,
            joins=[join.copy() for join in select.args.get("joins") or []],
        )
        beside.append(
            "joins",
            exp.Join(
                this=exp.Lateral(
                    this=exp.Subquery(this=query), alias=exp.TableAlias(this=exp.to_identifier("__s", quoted=True))
                ),
                kind="CROSS",
            ),
        )
        conditions = [c for c in conjuncts(select.args.get("where")) if c.find(exp.Query) is None]
        kept = conditions if role == PART else [c for c in conditions if self.steady.is_steady(c, scope)]
        add_condition(beside, [c.copy() for c in kept])
        if any(name not in self._aliases(select) for name in self._outside(query)):
            self._whole(query)
            return
        try:
            aside.query(beside, wanted, output=False)
        except NotResolvedError:
            self._whole(query)
            return
        self.blocks += aside.blocks

    def _joined(self, query: exp.Expr, select: exp.Select, scope: Scope, role: str, wanted: Mapping[str, str]) -> None:
        """As with a lateral table, where there is none: its rows are joined to those of the SELECT around it.

        Grouping and aggregates put rows together that are found one by one here: the same rows.
        """
        inner = sources_of(query) if isinstance(query, exp.Select) else []
        names = {alias for alias, _, _ in inner}
        outside = self._outside(query)
        plain = bool(inner) and not any(query.args.get(part) for part in ("having", "laterals"))
        if not plain or names & self._aliases(select) or not outside <= self._aliases(select):
            self._whole(query)
            return
        expressions = [
            exp.alias_(p.unalias().copy(), p.alias_or_name, quoted=True)
            for p in query.expressions if p.alias_or_name in wanted
        ]  # fmt: skip
        beside = exp.Select(
            expressions=expressions,
            from_=select.args["from_"].copy() if select.args.get("from_") else exp.From(this=inner[0][1].copy()),
            joins=[join.copy() for join in select.args.get("joins") or []],
        )
        if select.args.get("from_"):
            beside.append("joins", exp.Join(this=inner[0][1].copy(), kind="CROSS"))
        for join in query.args.get("joins") or []:
            beside.append("joins", join.copy())
        conditions = [c for c in conjuncts(select.args.get("where")) if c.find(exp.Query) is None]
        kept = conditions if role == PART else [c for c in conditions if self.steady.is_steady(c, scope)]
        add_condition(beside, [c.copy() for c in [*kept, *conjuncts(query.args.get("where"))]])
        aside = Trace(self.schema)
        aside._compared = True
        aside._number = 1000 + self._number
        try:
            aside.query(beside, wanted, output=False)
        except NotResolvedError:
            self._whole(query)
            return
        self.blocks += aside.blocks

    def _whole(self, query: exp.Expr) -> None:
        """Every row of the tables in ``query``, in every column that it names."""
        names = {column.name for column in query.find_all(exp.Column)}
        for table in sorted(self._tables(query)):
            holder = self.schema.holder(table)
            if holder is not None:
                columns = frozenset(names & set(self.schema.tables[table]))
                if columns:
                    slot = Slot(alias=table, table=holder, key=self.schema.keys[holder], in_part=columns)
                    self.blocks.append(Block(slots=(slot,), source=None))

    def _apart(self, select: exp.Select, scope: Scope, *, output: bool) -> None:
        for source in scope.values():
            if source.apart is not None:
                with self._comparing(source.tested):
                    self.query(source.apart, dict(source.demands), output=output)

    def _external(self, query: exp.Expr, scope: Scope, role: str) -> bool:
        """Note the columns of the SELECTs around ``query`` that it reads; whether there are any."""
        found = False
        for column in query.find_all(exp.Column):
            if column.table and is_outside(column, query):
                found = True
                _read(column, scope, role)
                if role == PROBED and column.table in scope:
                    scope[column.table].ask(column.name, joined=False)
        return found

    def _outside(self, query: exp.Expr) -> set[str]:
        return {c.table for c in query.find_all(exp.Column) if c.table and is_outside(c, query)}

    @staticmethod
    def _aliases(select: exp.Expr) -> set[str]:
        return {alias for alias, _, _ in sources_of(select)}

    def _tables(self, query: exp.Expr) -> set[str]:
        """Their names; those of PostgreSQL's own too."""
        return {t.name for t in query.find_all(exp.Table) if isinstance(t.this, exp.Identifier)}


def _is_repeatable(select: exp.Select, schema: Schema) -> bool:
    """Whether its FROM clause can be run again."""
    parts = [select.args.get("from_"), *(select.args.get("joins") or [])]
    return not any(cannot_be_repeated(part, schema) for part in parts if part is not None)


def _slot(leaf: Leaf) -> Slot:
    full, part, probed = (frozenset(leaf.reads[role]) for role in (FULL, PART, PROBED))
    return Slot(
        leaf.alias,
        leaf.table,
        leaf.key,
        full,
        part,
        probed,
        computed=leaf.told_with(answers=0),
        answered=leaf.told_with(answers=1),
        number=leaf.number,
        place=leaf.place,
        touched=leaf.touched,
        many=leaf.many,
        named=leaf.named,
        anchored=leaf.anchored,
        spares=frozenset(leaf.spares),
    )


def _is_of(join: exp.Expr, column: exp.Column) -> bool:
    """Whether the column is of the table that the join adds."""
    return isinstance(join, exp.Join) and join.this.alias_or_name == column.table


def _read(column: exp.Column, scope: Scope, role: str) -> None:
    source = scope.get(column.table)
    if source is not None:
        source.read(column.name, role)


def _pad(branch: exp.Expr, count: int, before: list[Leaf], after: list[Leaf]) -> None:
    """Empty places for the keys of the other branch's leaves."""
    while isinstance(branch, exp.SetOperation):
        _pad(branch.this, count, before, after)
        branch = branch.expression

    def empty(leaves: list[Leaf]) -> list[exp.Expr]:
        return [
            exp.alias_(exp.cast(exp.null(), kind), f"__{mark}{leaf.number}", quoted=True)
            for leaf in leaves for mark, kind in (("k", "text"), ("t", "boolean"))
        ]  # fmt: skip

    own = branch.expressions
    branch.set("expressions", [*own[:count], *empty(before), *own[count:], *empty(after)])
