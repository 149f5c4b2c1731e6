"""The forms in which a query comes: a statement as text → the queries that it ran, and whether their rows came back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

_SPACE = r"(?:\s|--[^\n]*\n|/\*.*?\*/)+"
_NAME = r'("[^"]+"|\w+)'
_FLAGS = re.IGNORECASE | re.DOTALL
_CURSOR = re.compile(
    rf"\s*declare\s+{_NAME}\s+(?:(?:binary|insensitive|asensitive|no\s+scroll|scroll)\s+)*cursor\s+"
    r"(?:with(?:out)?\s+hold\s+)?for\s+(.*)\Z",
    _FLAGS,
)
_FETCH = re.compile(r"\s*(fetch|move|close)\b.*?(\"[^\"]+\"|\w+)\s*;?\s*\Z", _FLAGS)
_PREPARE = re.compile(rf"\s*prepare\s+{_NAME}\s*(?:\([^)]*\))?\s+as\s+(.*)\Z", _FLAGS)
_EXECUTE = re.compile(rf"\s*execute\s+{_NAME}\s*(?:\((.*)\))?\s*;?\s*\Z", _FLAGS)
_COPY_QUERY = re.compile(r"\s*copy\s*\((.*)\)\s*to\s+(stdout|program\b|e?')", _FLAGS)
_TARGET = r"\s*to\s+(stdout|program\b|e?')"
_COPY_TABLE = re.compile(r'\s*copy\s+((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)\s*(\([^)]*\))?' + _TARGET, _FLAGS)
_COPY_IN = re.compile(r"\s*copy\b.*?\bfrom\s+(stdin|program\b|e?')", _FLAGS)
_EXPLAIN = re.compile(
    r"\s*explain\s*(?:\([^)]*\)\s*|(?:(?:analyze|analyse|verbose)\s+)*)"
    r"((?:select|with|insert|update|delete|merge)\b.*)\Z",
    _FLAGS,
)
_MADE = re.compile(
    rf"\s*(?:create\s+(?:\w+\s+)*table\s+(?!if\b)(?:\w+\.)?{_NAME}"
    rf"|select\b.*?\binto\s+(?:temp(?:orary)?\s+|unlogged\s+|table\s+)*(?:\w+\.)?{_NAME})",
    _FLAGS,
)

_SEARCH_PATH = re.compile(r"\bsearch_path\s*'?\s*(?:=|,|\bto\b)\s*([^;)]*)", re.IGNORECASE)
_USUAL_PLACES = frozenset({"public", "pg_catalog", "user", "default", "false", "true", "pg_temp"})


@dataclass(frozen=True)
class Read:
    """``query``: a SELECT, set operation or VALUES. ``shown``: its rows are the statement's output."""

    query: exp.Expr
    shown: bool = True


@dataclass(frozen=True)
class Session:
    """What other statements of the intruder's have made: texts of prepared statements and cursors, tables filled."""

    prepared: Mapping[str, frozenset[str]] = field(default_factory=dict)
    cursors: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    elsewhere: bool = False
    """A name without a schema may mean a table outside ``public``."""
    unsure: bool = False
    """A setting of the session can have given other rows, or other values, than the sandbox gives."""


class WidensError(Exception):
    """The statement can have read anything."""


class NotParsedError(Exception):
    """Not SQL that can be understood; its names are all there is."""


def session_of(texts: Iterable[str]) -> Session:
    """Read off the intruder's statements that succeeded, whichever connection they came by.

    A table that the intruder made holds what the intruder's own statements put there: that was claimed then.
    """
    prepared: dict[str, set[str]] = {}
    cursors: set[str] = set()
    made: set[str] = set()
    elsewhere = False
    for text in texts:
        for path in _SEARCH_PATH.findall(text):
            elsewhere |= bool({word.lower() for word in re.findall(r"\w+", path)} - _USUAL_PLACES)
        start = text[:200].lower()
        if "prepare" in start and (found := _PREPARE.match(text)):
            prepared.setdefault(_plain(found[1]), set()).add(found[2])
        elif "cursor" in start and (found := _CURSOR.match(text)):
            cursors.add(_plain(found[1]))
        elif ("create" in start or "into" in text.lower()) and (found := _MADE.match(text)):
            made.add(_plain(found[1] or found[2]))
    return Session(
        {name: frozenset(bodies) for name, bodies in prepared.items()}, frozenset(cursors), frozenset(made), elsewhere
    )


def reads_of(text: str, session: Session) -> list[Read]:
    """The queries of one statement. Raises WidensError, NotParsedError or SqlglotError."""
    if found := _CURSOR.match(text):
        return [Read(read.query, shown=False) for read in reads_of(found[2], session)]
    if found := _FETCH.match(text):
        if found[1].lower() == "close" or _plain(found[2]) in session.cursors:
            return []  # counted where the cursor was declared
        raise WidensError
    if found := _PREPARE.match(text):
        return [Read(read.query, shown=False) for read in reads_of(found[2], session)]
    if found := _EXECUTE.match(text):
        return _executed(found, session)
    if found := _EXPLAIN.match(text):
        return [Read(read.query, shown=False) for read in reads_of(found[1], session)]
    if re.match(r"\s*copy\b", text, re.IGNORECASE):
        return _copied(text, session)
    return from_tree(_tree(text))


def _tree(text: str) -> exp.Expr:
    trees = [tree for tree in sqlglot.parse(text, dialect="postgres") if tree is not None]
    if len(trees) != 1:
        raise NotParsedError
    return trees[0]


def from_tree(tree: exp.Expr) -> list[Read]:
    """The queries of one parsed statement. Raises WidensError or NotParsedError."""
    if tree.find(exp.CTE) is not None and any(isinstance(c.this, exp.DML) for c in tree.find_all(exp.CTE)):
        raise NotParsedError
    if isinstance(tree, exp.Query):
        into = tree.find(exp.Into)
        if into is not None and into.parent is not None:
            into.parent.set("into", None)
        return [Read(tree, shown=into is None)]
    if isinstance(tree, exp.Create):
        if tree.kind in ("TABLE", "VIEW") and isinstance(tree.expression, exp.Query):
            return [Read(tree.expression, shown=False)]
        if tree.find(exp.Query) is None and tree.kind in ("TABLE", "INDEX", "SCHEMA", "SEQUENCE"):
            return []
        raise WidensError
    if isinstance(tree, exp.Insert):
        return _inserted(tree)
    if isinstance(tree, exp.Update | exp.Delete):
        return [Read(_as_select(tree), shown=False)]
    if isinstance(tree, exp.Command):
        raise WidensError if tree.name.upper() in ("DO", "CALL", "EXECUTE", "FETCH", "LOAD") else NotParsedError
    if isinstance(tree, exp.Drop | exp.TruncateTable | exp.Alter | exp.Comment | exp.Set | exp.Transaction
                  | exp.Commit | exp.Rollback | exp.Use | exp.Analyze):  # fmt: skip
        return []
    raise NotParsedError


def _inserted(insert: exp.Insert) -> list[Read]:
    if insert.args.get("conflict") is not None or insert.find(exp.Subquery) is not None:
        raise NotParsedError
    source = insert.expression
    return [Read(source, shown=False)] if isinstance(source, exp.Query) else []


def _as_select(change: exp.Expr) -> exp.Expr:
    """The rows that UPDATE or DELETE reads, and what it returns of them: a SELECT.

    The rows are no longer as they were: nothing of them is certain. What a SET copies stays in the table, where others
    read it.
    """
    select = exp.Select(expressions=[])
    returning = change.args.get("returning")
    returned = list(returning.expressions) if returning is not None else []
    copied = (
        [s.expression for s in change.expressions if isinstance(s, exp.EQ)] if isinstance(change, exp.Update) else []
    )
    if len(copied) != len(change.expressions if isinstance(change, exp.Update) else []):
        raise NotParsedError
    select.set("expressions", [*returned, *copied] or [exp.Literal.number(1)])
    table = change.this
    joins = list(table.args.pop("joins", None) or [])
    select.set("from_", exp.From(this=table))
    more = change.args.get("using") if isinstance(change, exp.Delete) else None
    start = change.args.get("from_")
    others = list(more or ([start.this] if start is not None else []))
    for other in others:
        joins += [exp.Join(this=other), *(other.args.pop("joins", None) or [])]
    select.set("joins", joins or None)
    select.set("where", change.args.get("where"))
    select.set("with_", change.args.get("with_"))
    return select


def _executed(found: re.Match[str], session: Session) -> list[Read]:
    bodies = session.prepared.get(_plain(found[1]))
    if not bodies:
        raise WidensError
    given = _tree(f"SELECT {found[2]}").expressions if found[2] and found[2].strip() else []
    reads = []
    for body in sorted(bodies):
        for read in reads_of(body, session):
            certain = read.shown and len(bodies) == 1
            reads.append(Read(read.query.transform(lambda node: _given(node, given)), shown=certain))
    return reads


def _given(node: exp.Expr, given: list[exp.Expr]) -> exp.Expr:
    if isinstance(node, exp.Parameter) and node.name.isdigit() and 0 < int(node.name) <= len(given):
        return exp.paren(given[int(node.name) - 1])
    return node


def _copied(text: str, session: Session) -> list[Read]:
    """COPY to the client is a SELECT; to a file the values stay on the server; a program can do anything."""
    if found := _COPY_QUERY.match(text):
        reads, target = reads_of(found[1], session), found[2]
    elif found := _COPY_TABLE.match(text):
        columns = found[2][1:-1] if found[2] else "*"
        reads, target = reads_of(f"SELECT {columns} FROM ONLY {found[1]}", session), found[3]
    elif (found := _COPY_IN.match(text)) and found[1].lower() == "stdin":
        return []
    else:
        raise WidensError
    if target.lower() == "program":
        raise WidensError
    return [Read(read.query, shown=read.shown and target.lower() == "stdout") for read in reads]


def _plain(name: str) -> str:
    return name[1:-1] if name.startswith('"') else name.lower()


__all__ = ["NotParsedError", "Read", "Session", "SqlglotError", "WidensError", "from_tree", "reads_of", "session_of"]
