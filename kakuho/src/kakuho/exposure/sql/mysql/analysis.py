"""One text of a MySQL log → blocks. Every step that does not understand widens; none drops."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlglot import exp
from sqlglot.errors import SqlglotError

from kakuho.exposure.sql.block import Analysis
from kakuho.exposure.sql.folded import lowered
from kakuho.exposure.sql.forms import NotParsedError, Session, WidensError
from kakuho.exposure.sql.inline import NotResolvedError
from kakuho.exposure.sql.mysql.forms import mysql_reads, runs_programs
from kakuho.exposure.sql.mysql.functions import HARMLESS
from kakuho.exposure.sql.mysql.names import mark
from kakuho.exposure.sql.mysql.plain import Plain, statements_of
from kakuho.exposure.sql.mysql.words import NotTakenApartError, calls_of
from kakuho.exposure.sql.names import widen_by_names
from kakuho.exposure.sql.parse import DEEPEST, LONGEST, together
from kakuho.exposure.sql.schema import Schema

Query = Callable[[exp.Expr, str, Schema, Session, bool], Analysis]


def analyse_mysql(statement: str, schema: Schema, session: Session, query: Query) -> Analysis:
    """What ``statement`` can have read; ``query`` analyses one query as a tree."""
    if len(statement) > LONGEST or "\x00" in statement:
        return widen_by_names(statement, schema, "not_parsed")
    known = _names(schema)
    try:
        ways = statements_of(statement, lambda name: name.lower() in known)
    except NotTakenApartError:
        return widen_by_names(statement, schema, "not_parsed")
    if any(runs_programs(way) for way in ways):
        return Analysis(everything=True, why="not_parsed")
    return together(_statement(plain, schema, session, query) for way in ways for plain in way)


def _names(schema: Schema) -> set[str]:
    found = {*schema.tables, *schema.views}
    return found | {column for columns in schema.tables.values() for column in columns}


def _statement(plain: Plain, schema: Schema, session: Session, query: Query) -> Analysis:
    text = plain.text
    try:
        if _depth(plain) > DEEPEST:
            raise NotParsedError
        called = calls_of(plain.words)
        if called & schema.functions or (called - HARMLESS - set(schema.tables) and not plain.begins("create")):
            return Analysis(everything=True, why="function")
        parts = []
        for read in mysql_reads(plain, session):
            tree = lowered(read.query)
            mark(tree, schema)
            parts.append(query(tree, text, schema, session, read.shown))
        found = together(parts)
    except WidensError:
        return Analysis(everything=True, why="not_parsed")
    except NotResolvedError:
        return widen_by_names(text, schema, "not_resolved")
    except (NotParsedError, NotTakenApartError, SqlglotError, RecursionError, ValueError):
        return widen_by_names(text, schema, "not_parsed")
    except Exception:  # sqlglot's trees of SQL that is none hold anything: an assessment must not end by one statement
        return widen_by_names(text, schema, "not_resolved")
    if plain.doubtful or session.unsure:
        return replace(found, blocks=tuple(replace(block, source=None, exact=False) for block in found.blocks))
    return found


def _depth(plain: Plain) -> int:
    depth = deepest = 0
    for word in plain.words:
        depth += word.means("(", "case") - word.means(")", "end")
        deepest = max(deepest, depth)
    return deepest
