"""What a decoded query wanted of which table: the columns that its value is made of, and which row it was of.

Read off the query's text alone (sqlglot); of a query that cannot be read only the table and column stay that the
decoder named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp

from kakuho.exposure.injection.results import DecodedValue
from kakuho.exposure.injection.systems import MYSQL, ORACLE, POSTGRESQL, SQL_SERVER, SQLITE

_DIALECTS = {MYSQL: "mysql", POSTGRESQL: "postgres", SQLITE: "sqlite", SQL_SERVER: "tsql", ORACLE: "oracle"}
_AS_IT_IS = (exp.Cast, exp.TryCast, exp.Paren, exp.Subquery, exp.Collate, exp.Distinct)
"""What leaves the text of a column as it is, or so that comparing with the whole text tells."""
_OF_ROWS = (exp.Min, exp.Max)
ALL = "*"
"""Stands for every column of the tables."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a value: the text of a column (``instead`` where it is null, None: then all is null), or a constant
    (``column`` None)."""

    column: str | None
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class TableName:
    """A table as the query writes it; ``schema`` empty where it names none."""

    schema: str
    name: str


@dataclass(frozen=True)
class Wanted:
    """``parts``: what the value is put together of, None where it is derived (a count, part of a text, a hash).

    ``columns``: every column that the query shows something of; ``asked``: columns that its conditions ask about.
    ``named``: columns that must equal a constant for the row to be read. ``position``: all of the query but the columns
    that it shows, where it names one row of an order; queries that share it are of one row.
    """

    tables: tuple[TableName, ...]
    parts: tuple[Part, ...] | None = None
    columns: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    named: dict[str, str] = field(default_factory=dict)
    position: str | None = None

    @property
    def column(self) -> str | None:
        """The one column whose text the value is."""
        return self.parts[0].column if self.parts is not None and len(self.parts) == 1 else None


def wanted_of(value: DecodedValue, system: str | None) -> Wanted:
    """What the query of a decoded value wanted."""
    text = value.query if value.query.lstrip("( ").upper().startswith("SELECT") else f"SELECT {value.query}"
    try:
        tree = sqlglot.parse_one(text, read=_DIALECTS.get(system or ""))
        return _of_tree(tree)
    except (sqlglot.errors.SqlglotError, RecursionError, _UnreadableError):
        schema, _, name = (value.table or "").rpartition(".")
        tables = (TableName(schema.rpartition(".")[2], name),) if name else ()
        return Wanted(tables, columns=frozenset({value.column} if value.column else ()))


class _UnreadableError(Exception):
    """The text is no query of this kind."""


def _of_tree(tree: exp.Expr) -> Wanted:
    select = _innermost(tree)
    if select is None or len(select.expressions) == 0:
        raise _UnreadableError
    tables = tuple(dict.fromkeys(TableName(table.db, table.name) for table in tree.find_all(exp.Table)))
    shown = {column.name for item in select.expressions for column in item.find_all(exp.Column)}
    shown |= {ALL for item in select.expressions if isinstance(item, exp.Star)}
    where = [column.name for clause in tree.find_all(exp.Where) for column in clause.find_all(exp.Column)]
    parts = _parts_of(select.expressions)
    aggregated = any(select.find(kind) for kind in (*_OF_ROWS, exp.Group))
    named = _named(select) if select is _below_casts(tree) else {}
    if aggregated and not named:
        parts = None if select.args.get("group") else parts
    return Wanted(tables, parts, frozenset(shown), frozenset(where), named, None if aggregated else _position(tree))


def _below_casts(tree: exp.Expr) -> exp.Expr:
    """The query within casts and the like around it."""
    at: exp.Expr = tree
    while True:
        if isinstance(at, exp.Select) and len(at.expressions) == 1 and at.args.get("from_") is None:
            at = at.expressions[0]
        elif isinstance(at, (*_AS_IT_IS, exp.Coalesce)) and isinstance(at.this, exp.Expr):
            at = at.this
        else:
            return at


def _innermost(tree: exp.Expr) -> exp.Select | None:
    """The query that reads a table, below casts and below FROM; one without a table where there is none."""
    at = _below_casts(tree)
    while isinstance(at, exp.Select):
        source = at.args.get("from_")
        below = source.this if source is not None else None
        if not isinstance(below, exp.Subquery):
            return at
        at = below.this
    return tree if isinstance(tree, exp.Select) else None


def _parts_of(items: list[exp.Expr]) -> tuple[Part, ...] | None:
    if len(items) != 1:
        return None
    parts = tuple(_parts(items[0], None))
    return None if any(part is None for part in parts) else tuple(part for part in parts if part is not None)


def _parts(node: exp.Expr, instead: str | None) -> Iterator[Part | None]:
    """The parts of an expression; None where it is more than texts one after the other."""
    constant = _constant(node)
    if constant is not None:
        yield Part(None, constant)
    elif isinstance(node, exp.Column):
        yield Part(node.name, instead)
    elif isinstance(node, exp.Alias):
        yield from _parts(node.this, instead)
    elif isinstance(node, (*_AS_IT_IS, *_OF_ROWS)):
        below = node.expressions[0] if isinstance(node, exp.Distinct) and node.expressions else node.this
        yield from _parts(below, instead) if isinstance(below, exp.Expr) else (None,)
    elif isinstance(node, exp.Coalesce):
        default = _constant(node.expressions[0]) if len(node.expressions) == 1 else None
        yield from _parts(node.this, default) if default is not None else (None,)
    elif isinstance(node, exp.Concat):
        for one in node.expressions:
            yield from _parts(one, instead)
    elif isinstance(node, (exp.DPipe, exp.Add)):
        yield from _parts(node.left, instead)
        yield from _parts(node.right, instead)
    else:
        yield None


def _constant(node: exp.Expr) -> str | None:
    """The text of a constant."""
    if isinstance(node, (exp.Paren, exp.Cast)):
        return _constant(node.this)
    if isinstance(node, exp.Literal):
        return str(node.this)
    if isinstance(node, exp.Chr):
        codes = [one.this for one in node.expressions if isinstance(one, exp.Literal) and str(one.this).isdigit()]
        return "".join(chr(int(code)) for code in codes) if len(codes) == len(node.expressions) else None
    if isinstance(node, exp.HexString):
        return bytes.fromhex(f"{int(str(node.this), 16):x}".rjust(len(str(node.this)), "0")).decode(errors="replace")
    if isinstance(node, (exp.DPipe, exp.Concat)):
        ones = node.expressions if isinstance(node, exp.Concat) else [node.left, node.right]
        texts = [_constant(one) for one in ones]
        return None if any(text is None for text in texts) else "".join(text or "" for text in texts)
    return None


def _named(select: exp.Select) -> dict[str, str]:
    """Columns that the condition wants equal to a constant, whatever else it wants."""
    where = select.args.get("where")
    if where is None or select.args.get("joins"):
        return {}
    found: dict[str, str] = {}
    waiting = [where.this]
    while waiting:
        node = waiting.pop()
        if isinstance(node, exp.And):
            waiting += [node.left, node.right]
        elif isinstance(node, exp.Paren):
            waiting.append(node.this)
        elif isinstance(node, exp.EQ):
            for column, other in ((node.left, node.right), (node.right, node.left)):
                text = _constant(other)
                if isinstance(column, exp.Column) and text is not None:
                    found[column.name] = text
    return found


def _position(tree: exp.Expr) -> str | None:
    """The text without what is shown, where it names one row of an order."""
    if tree.find(exp.Order) is None or tree.find(exp.Limit, exp.Offset, exp.Fetch) is None:
        return None
    bare = tree.copy()
    at: exp.Expr | None = _below_casts(bare)
    while isinstance(at, exp.Select):
        at.set("expressions", [exp.Star()])
        source = at.args.get("from_")
        at = source.this.this if source is not None and isinstance(source.this, exp.Subquery) else None
    found = _below_casts(bare)
    return found.sql() if isinstance(found, exp.Select) else None
