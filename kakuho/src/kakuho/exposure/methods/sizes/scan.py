"""Statements that take one row by its place alone: ``(SELECT … FROM t OFFSET n LIMIT 1)``, nothing else in question.

    SELECT … FROM policy WHERE policy_number = '-1' UNION ALL SELECT (SELECT name FROM holder OFFSET 7 LIMIT 1), NULL

The branch that holds it is turned into a query that gives the branch's output for each row that could stand there.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from kakuho.exposure.sql import Schema
from kakuho.exposure.sql.fold import quoted
from kakuho.exposure.sql.functions import cannot_be_repeated
from kakuho.exposure.sql.parse import statements_in

CANDIDATE = "__candidate"
_PLAIN = frozenset({"kind", "expressions", "from_", "limit", "offset", "hint"})


@dataclass(frozen=True)
class Scan:
    """``output``: a query of (key, output columns) over every row of ``table``; ``beside``: the other branches."""

    table: str
    offset: int
    output: str
    beside: tuple[str, ...]


def query_of(text: str, schema: Schema) -> exp.Expr | None:
    """The one query of a text, where running it again gives the same answer."""
    texts = statements_in(text)
    if texts is None or len(texts) != 1 or CANDIDATE in text:
        return None
    try:
        tree = parse_one(texts[0], dialect="postgres")
    except (SqlglotError, RecursionError, ValueError):
        return None
    if not isinstance(tree, exp.Select | exp.SetOperation) or cannot_be_repeated(tree, schema) or tree.find(exp.Into):
        return None
    return tree


def scan_of(text: str, schema: Schema) -> Scan | None:
    """None for every statement that is not exactly of this kind."""
    tree = query_of(text, schema)
    branches = _branches(tree) if tree is not None else None
    if tree is None or branches is None:
        return None
    cut = [node for node in tree.walk() if node.args.get("limit") or node.args.get("offset")]
    if len(cut) != 1 or not isinstance(cut[0], exp.Select):
        return None
    taken, offset = cut[0], _place(cut[0])
    table = _only_table(taken)
    if offset is None or table is None or table not in schema.keys or schema.family(table) != {table}:
        return None
    branch = next(b for b in branches if b is taken or any(node is taken for node in b.walk()))
    if len(list(branch.find_all(exp.Table))) != 1 or branch.find(exp.AggFunc, exp.Window, exp.Distinct):
        return None
    beside = tuple(b.sql("postgres", comments=False) for b in branches if b is not branch)
    return Scan(table, offset, _output(branch, taken, table, schema.keys[table]), beside)


def _branches(tree: exp.Expr) -> list[exp.Select] | None:
    """The SELECTs of a UNION ALL, in order."""
    if isinstance(tree, exp.Select):
        return None if tree.args.get("with_") else [tree]
    if not isinstance(tree, exp.Union) or tree.args.get("distinct") or tree.args.get("with_") or tree.args.get("order"):
        return None
    left, right = _branches(tree.this), _branches(tree.expression)
    return None if left is None or right is None else left + right


def _place(select: exp.Select) -> int | None:
    """The number of rows passed over before the one that is taken."""
    limit, offset = select.args.get("limit"), select.args.get("offset")
    if not isinstance(limit, exp.Limit) or _number(limit.expression) != 1:
        return None
    return _number(offset.expression) if offset is not None else 0


def _number(value: exp.Expr | None) -> int | None:
    return int(value.name) if isinstance(value, exp.Literal) and value.name.isdigit() else None


def _only_table(select: exp.Select) -> str | None:
    """The table that the SELECT reads, where it does nothing but read it."""
    if any(value and name not in _PLAIN for name, value in select.args.items()):
        return None
    source = select.args.get("from_")
    table = source.this if source is not None else None
    if not isinstance(table, exp.Table) or table.args.get("joins") or table.args.get("sample"):
        return None
    if len(list(select.find_all(exp.Select))) != 1 or table.db not in ("", "public"):
        return None
    return table.name


def _output(branch: exp.Select, taken: exp.Select, table: str, key: str) -> str:
    """One query for all candidates: the branch, with the row in question named by its key."""
    mark = "kakuho_taken"
    taken.set("hint", None)
    taken.meta[mark] = True
    copy = branch.copy()
    inner = next(node for node in copy.walk() if node.meta.get(mark))
    name = inner.args["from_"].this.alias_or_name
    inner.set("limit", None)
    inner.set("offset", None)
    condition = exp.EQ(
        this=exp.column(key, table=name, quoted=True),
        expression=exp.column("__key", table=CANDIDATE, quoted=True),
    )
    inner.set("where", exp.Where(this=condition))
    rows = f"(SELECT {quoted(key)} AS {quoted('__key')} FROM public.{quoted(table)}) AS {quoted(CANDIDATE)}"
    text = copy.sql("postgres", comments=False)
    return f"SELECT {quoted(CANDIDATE)}.{quoted('__key')}::text, q.* FROM {rows} CROSS JOIN LATERAL ({text}) AS q"
