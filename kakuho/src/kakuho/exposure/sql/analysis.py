"""Statement → blocks. Every step that does not understand widens; none drops."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope

from kakuho.exposure.sql.block import Analysis, Block
from kakuho.exposure.sql.functions import unknown_functions
from kakuho.exposure.sql.names import widen_by_names
from kakuho.exposure.sql.parse import is_harmless, parse
from kakuho.exposure.sql.schema import SAMPLE_TABLES, Schema
from kakuho.exposure.sql.select import NotResolvedError, select_block

_NO_READ = (exp.Set, exp.Transaction, exp.Commit, exp.Rollback, exp.Use, exp.Analyze)
_WRITES = (exp.Insert, exp.Update, exp.Delete, exp.Merge)


def analyse(statement: str, schema: Schema, parameters: Sequence[str | None] = ()) -> Analysis:
    """What ``statement`` (one text of a PostgreSQL log, perhaps several statements) can have read.

    ``why`` of the result is '' where all was resolved, else ``not_parsed``, ``not_resolved``, ``function`` or
    ``system_samples``.
    """
    if is_harmless(statement):
        return Analysis()
    trees = parse(statement, parameters)
    if trees is None:
        return widen_by_names(statement, schema, "not_parsed")
    parts = [_analyse_tree(tree, statement, schema) for tree in trees]
    return Analysis(
        blocks=tuple(dict.fromkeys(block for part in parts for block in part.blocks)),
        everything=any(part.everything for part in parts),
        why=next((part.why for part in parts if part.why), ""),
    )


def _analyse_tree(tree: exp.Expr, statement: str, schema: Schema) -> Analysis:
    if isinstance(tree, _NO_READ):
        return Analysis()
    if isinstance(tree, _WRITES) and tree.find(exp.Returning, exp.Select) is None:
        return Analysis()
    if not isinstance(tree, exp.Query) or tree.find(exp.Into, *_WRITES):
        return widen_by_names(statement, schema, "not_parsed")
    if unknown_functions(tree):
        return Analysis(everything=True, why="function")
    return _analyse_query(tree, statement, schema)


def _analyse_query(tree: exp.Expr, statement: str, schema: Schema) -> Analysis:
    common = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        name, place = table.name.lower(), table.db.lower()
        if name in SAMPLE_TABLES:
            return Analysis(everything=True, why="system_samples")
        if place == schema.name:
            table.set("db", None)
        elif not _is_known(table, schema, common):
            return Analysis(everything=True, why="not_resolved")
    try:
        qualified = qualify(tree, schema=dict(schema.tables), dialect="postgres", validate_qualify_columns=False)
        if qualified.find(exp.TableColumn, exp.Dot):
            return widen_by_names(statement, schema, "not_resolved")
        scopes = traverse_scope(qualified)
        blocks = [_block(scope, qualified, schema) for scope in scopes if isinstance(scope.expression, exp.Select)]
    except (SqlglotError, NotResolvedError, RecursionError):
        return widen_by_names(statement, schema, "not_resolved")
    return Analysis(blocks=tuple(block for block in blocks if block is not None))


def _is_known(table: exp.Table, schema: Schema, common: set[str]) -> bool:
    name, place = table.name.lower(), table.db.lower()
    if isinstance(table.this, exp.Func) or schema.is_system(name, place):
        return True
    return not place and (name in common or name in schema.tables)


def _block(scope: Scope, root: exp.Expr, schema: Schema) -> Block | None:
    return select_block(scope, schema, output=_is_output(scope.expression, root), preamble=_preamble(root))


def _is_output(select: exp.Expr, root: exp.Expr) -> bool:
    """Whether the rows of ``select`` are rows of the whole statement: the root or a branch of unions at the root."""
    node = select
    while node is not root:
        parent = node.parent
        if not isinstance(parent, exp.Union | exp.Subquery) or parent.args.get("limit") or parent.args.get("offset"):
            return False
        if isinstance(parent, exp.Subquery) and parent is not root and not isinstance(parent.parent, exp.Union):
            return False
        node = parent
    return not (isinstance(root, exp.Union | exp.Subquery) and (root.args.get("limit") or root.args.get("offset")))


def _preamble(root: exp.Expr) -> str:
    clause = root.args.get("with_")
    return "" if clause is None else str(clause.sql(dialect="postgres", comments=False))
