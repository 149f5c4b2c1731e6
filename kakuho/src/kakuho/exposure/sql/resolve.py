"""A tree in which every column says which table it is of: views and WITH inlined, stars and whole rows spelt out."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify

from kakuho.exposure.sql.inline import NotResolvedError, inline
from kakuho.exposure.sql.schema import Schema

_SYSTEM_COLUMNS = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"})


def resolve(tree: exp.Expr, schema: Schema) -> exp.Expr:
    """Changes ``tree``. Raises NotResolvedError."""
    tree = inline(tree, schema)
    for table in tree.find_all(exp.Table):
        if table.db.lower() == schema.name and not table.catalog:
            table.set("db", None)
    if any(join.method == "NATURAL" for join in tree.find_all(exp.Join)):
        raise NotResolvedError  # which columns it compares is nowhere said
    for node in tree.find_all(exp.Dot):
        _through_row(node)
    if any(column.name.lower() in _SYSTEM_COLUMNS for column in tree.find_all(exp.Column)):
        raise NotResolvedError  # where a row stood in its file is not where it stands in the snapshot
    for column in tree.find_all(exp.Column):
        if column.args.get("db") is not None and column.table:
            column.set("db", None)
    try:
        qualified = qualify(
            tree, schema=dict(schema.tables), dialect=schema.dialect.grammar, validate_qualify_columns=False
        )
    except (SqlglotError, RecursionError) as error:
        raise NotResolvedError from error
    for select in list(qualified.find_all(exp.Select)):
        _spell_out(select, schema)
    return qualified


def _through_row(dot: exp.Dot) -> None:
    """``(p).email`` is ``p.email``, ``(p).*`` is ``p.*``."""
    row, field = dot.this, dot.expression
    named = isinstance(row, exp.Paren) and isinstance(row.this, exp.Column) and not row.this.table
    if named and isinstance(field, exp.Star | exp.Identifier):
        dot.replace(exp.Column(this=field.copy(), table=row.this.this.copy()))


def sources_of(select: exp.Expr) -> list[tuple[str, exp.Expr, exp.Join | None]]:
    """(alias, what stands in FROM, its join) of a SELECT, in order."""
    found: list[tuple[str, exp.Expr, exp.Join | None]] = []
    start = select.args.get("from_")
    if start is not None:
        found.append((start.this.alias_or_name, start.this, None))
    for join in select.args.get("joins") or []:
        found.append((join.this.alias_or_name, join.this, join))
    for lateral in select.args.get("laterals") or []:
        found.append((lateral.alias_or_name, lateral, None))
    return found


def outputs_of(query: exp.Expr) -> list[str]:
    """The names of a query's columns."""
    inner = query
    while not isinstance(inner, exp.Select):
        if isinstance(inner, exp.SetOperation | exp.Subquery):
            inner = inner.this
        else:
            raise NotResolvedError
    names = [projection.alias_or_name for projection in inner.expressions]
    alias = query.args.get("alias")
    given = [column.name for column in alias.columns] if isinstance(alias, exp.TableAlias) else []
    return given + names[len(given) :]


def _spell_out(select: exp.Select, schema: Schema) -> None:
    """Whole rows as their columns; names of the select list in ORDER BY as what they stand for."""
    named = {
        projection.alias: projection.this for projection in select.expressions if isinstance(projection, exp.Alias)
    }
    order = select.args.get("order")
    for term in order.expressions if order is not None else ():
        meant = named.get(term.this.name) if isinstance(term.this, exp.Column) and not term.this.table else None
        if meant is not None and not isinstance(meant, exp.Literal):
            term.set("this", meant.copy())
    for node in list(select.find_all(exp.TableColumn, exp.Column)):
        if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
            continue
        alias = node.table if isinstance(node, exp.Column) else node.name
        if node.find_ancestor(exp.Select) is not select or (node in select.expressions and not alias):
            continue
        columns = _columns(alias, select, schema)
        if columns is not None:
            node.replace(exp.Tuple(expressions=[exp.column(c, table=alias, quoted=True) for c in columns]))


def _columns(alias: str, select: exp.Expr, schema: Schema) -> list[str] | None:
    """Columns of a row; None where it is no table's (a function's value)."""
    at: exp.Expr | None = select
    while at is not None:
        for name, source, _ in sources_of(at):
            if name == alias:
                if isinstance(source, exp.Table) and source.name in schema.tables:
                    return list(schema.tables[source.name])
                if isinstance(source, exp.Lateral) and isinstance(source.this, exp.Subquery):
                    return outputs_of(exp.Subquery(this=source.this.this.copy(), alias=source.args.get("alias")))
                return outputs_of(source) if isinstance(source, exp.Subquery) else None
        at = at.find_ancestor(exp.Select)
    raise NotResolvedError
