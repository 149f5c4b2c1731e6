"""Statement → blocks. Every step that does not understand widens; none drops."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlglot import exp
from sqlglot.errors import SqlglotError

from kakuho.exposure.sql.block import Analysis
from kakuho.exposure.sql.dialect import MYSQL
from kakuho.exposure.sql.forms import NotParsedError, Session, WidensError, reads_of, session_of
from kakuho.exposure.sql.functions import unknown_functions
from kakuho.exposure.sql.inline import NotResolvedError
from kakuho.exposure.sql.mysql.analysis import analyse_mysql
from kakuho.exposure.sql.mysql.forms import mysql_session
from kakuho.exposure.sql.names import widen_by_names
from kakuho.exposure.sql.parse import bind, is_harmless, statements_in, together
from kakuho.exposure.sql.resolve import resolve
from kakuho.exposure.sql.schema import Schema
from kakuho.exposure.sql.trace import Trace

NO_SESSION = Session()
_OUR_NAMES = re.compile(r"__(?:(?:existing|touched)_\d|[kt]\d|[su]\b)")
"""Names that the rewriting gives: a statement that has them could pass itself off as rewritten."""


def analyse(
    statement: str, schema: Schema, parameters: Sequence[str | None] = (), session: Session = NO_SESSION
) -> Analysis:
    """What ``statement`` (one text of a database log, perhaps several statements) can have read.

    ``why`` of the result is '' where all was resolved, else ``not_parsed``, ``not_resolved``, ``function``,
    ``unclassified`` or ``system_samples``.
    """
    if schema.dialect is not MYSQL and is_harmless(statement):
        return Analysis()
    if any(_OUR_NAMES.search(text) for text in (statement, *(p for p in parameters if p))):
        return widen_by_names(statement, schema, "not_resolved")
    if schema.dialect is MYSQL:
        return analyse_mysql(statement, schema, session, _query)
    texts = statements_in(statement)
    if texts is None:
        return widen_by_names(statement, schema, "not_parsed")
    return together(_statement(text, schema, parameters, session) for text in texts)


def session_in(schema: Schema, texts: Iterable[str]) -> Session:
    """What the intruder's statements that succeeded have made and set."""
    return mysql_session(texts, schema.name) if schema.dialect is MYSQL else session_of(texts)


def _statement(text: str, schema: Schema, parameters: Sequence[str | None], session: Session) -> Analysis:
    if is_harmless(text):
        return Analysis()
    try:
        reads = reads_of(text, session)
        return together(_query(bind(r.query, parameters), text, schema, session, r.shown) for r in reads)
    except WidensError:
        return Analysis(everything=True, why="not_parsed")
    except (NotParsedError, SqlglotError, RecursionError, ValueError):
        return widen_by_names(text, schema, "not_parsed")
    except Exception:  # sqlglot's trees of SQL that is none hold anything: an assessment must not end by one statement
        return widen_by_names(text, schema, "not_resolved")


def _query(tree: exp.Expr, text: str, schema: Schema, session: Session, shown: bool) -> Analysis:
    if unknown_functions(tree, schema):
        return Analysis(everything=True, why="function")
    why = _unreadable(tree, schema, session)
    if why:
        return Analysis(everything=True, why=why)
    if _reads_the_catalogue_alone(tree, schema):
        return Analysis()
    try:
        resolved = resolve(tree, schema)
        if unknown_functions(resolved, schema):  # of a view's
            return Analysis(everything=True, why="function")
        why = _unreadable(resolved, schema, session)
        if why:
            return Analysis(everything=True, why=why)
        trace = Trace(schema)
        trace.query(resolved, None, output=shown)
    except (SqlglotError, NotResolvedError, RecursionError):
        return widen_by_names(text, schema, "not_resolved")
    return Analysis(blocks=tuple(dict.fromkeys(trace.blocks)))


def _reads_the_catalogue_alone(tree: exp.Expr, schema: Schema) -> bool:
    """As psql's and pg_dump's own queries do: names of tables and columns, no row of any."""
    own = set(schema.tables) | set(schema.views)
    return not any(table.name.lower() in own for table in tree.find_all(exp.Table))


def _unreadable(tree: exp.Expr, schema: Schema, session: Session) -> str:
    """Why a table of ``tree`` can hold anything; '' where all are known."""
    common = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        name, place = table.name.lower(), table.db.lower()
        if name in schema.dialect.samples or place in schema.dialect.samples:
            return "system_samples"
        if not isinstance(table.this, exp.Identifier) or schema.is_system(name, place):
            continue
        if place not in ("", schema.name) or table.catalog:
            return "not_resolved"
        if (name in session.made and name not in schema.keys) or (not place and name in common):
            continue
        if (name not in schema.tables and name not in schema.views) or (session.elsewhere and not place):
            return "not_resolved"
        if name in schema.unclassified:
            return "unclassified"
    return ""
