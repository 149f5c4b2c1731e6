"""Values that a database printed in an error, and whether the statement's author can have put them there himself.

Messages are those of PostgreSQL 9 to 18 in English and MySQL's and MariaDB's (1062, 1105, 1292, 1366); in other
languages nothing is found, and the statement widens as any that failed. A value is never in a ``repr``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

SHORTEST = 4
"""Characters; a shorter value can have come from anywhere."""
_VALUE = (
    re.compile(r"invalid input syntax for (?:type )?[\w ]+: \"(.*)\"\Z", re.DOTALL),
    re.compile(r"date/time field value out of range: \"(.*)\"\Z", re.DOTALL),
    re.compile(r"value \"(.*)\" is out of range for type [\w ]+\Z", re.DOTALL),
    re.compile(r"invalid input value for enum \w+: \"(.*)\"\Z", re.DOTALL),
    re.compile(r"malformed (?:array|record|range) literal: \"(.*)\"\Z", re.DOTALL),
    re.compile(r"time zone \"(.*)\" not recognized\Z", re.DOTALL),
    re.compile(r"Duplicate entry '(.*)' for key .*\Z", re.DOTALL),
    re.compile(r"XPATH syntax error: '(.*)'\Z", re.DOTALL),
    re.compile(r"(?:Truncated i|I)ncorrect \w+ value: '(.*?)'(?: for column .*)?\Z", re.DOTALL),
)
_KEY = re.compile(
    r"Key \((?P<columns>[^()]*)\)=\((?P<values>.*)\) (?:already exists|is still referenced|is not present|conflicts)",
    re.DOTALL,
)
_ROW = re.compile(r"relation \"([^\"]+)\" violates|relation \"([^\"]+)\" of partition")
_FAILING = "Failing row contains"
_KNOWN = (exp.Cast, exp.TryCast, exp.Coalesce, exp.Concat, exp.Chr, exp.And, exp.Or)
"""Functions that make no letters of their own but of their arguments'."""
_MAKES_OTHERS = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.Bracket, exp.Star)
_TEXT = (exp.DataType.Type.TEXT, exp.DataType.Type.VARCHAR)


@dataclass(frozen=True)
class Printed:
    """``value``: what an expression gave. ``key``: column → value of a row that is there, or is not. ``row_of``: the
    table of which the error printed a whole row.
    """

    value: str | None = field(default=None, repr=False)
    key: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    row_of: str | None = None


def printed(message: str | None, detail: str | None) -> Printed | None:
    """What an error's message and detail print; None where that is no value."""
    for pattern in _VALUE:
        if found := pattern.match(message or ""):
            return Printed(value=found[1])
    if (detail or "").startswith(_FAILING):
        row = _ROW.search(message or "")
        return Printed(row_of=(row[1] or row[2]) if row else "*")
    if found := _KEY.match(detail or ""):
        columns = [name.strip().strip('"') for name in found["columns"].split(",")]
        values = found["values"].split(", ") if len(columns) > 1 else [found["values"]]
        if len(values) == len(columns):
            return Printed(key=tuple(zip(columns, values, strict=True)))
        return Printed(key=tuple((name, "") for name in columns))
    return None


def parts_from_data(
    value: str, statement: str, parameters: Sequence[str | None], holding: frozenset[str], tables: frozenset[str]
) -> Iterator[str]:
    """What of the value certainly came out of a table: all of it, or what stands between the statement's own marks.

    ``holding``: names of columns that hold an item; ``tables``: of the tables that the inventory lists. Nothing where
    the statement reads another table, has a function or an operator that can make another value, prints a column that
    holds no item, or where a literal of it, or the letters of its CHR()s, could have made the part.
    """
    try:
        trees = [tree for tree in sqlglot.parse(statement, dialect="postgres") if tree is not None]
    except (SqlglotError, RecursionError):
        return
    if len(trees) != 1 or not _is_plain(trees[0], holding, tables):
        return
    pieces = {node.name for node in trees[0].find_all(exp.Literal)} | {text for text in parameters if text}
    letters = "".join(_letters(trees[0]))
    heads = {piece for piece in pieces if value.startswith(piece)} | _runs(value, letters, head=True)
    tails = {piece for piece in pieces if value.endswith(piece)} | _runs(value, letters, head=False)
    ends = [(len(head), len(value) - len(tail)) for head in {"", *heads} for tail in {"", *tails}]
    for part in sorted({value[start:end] for start, end in ends}):
        if len(part) >= SHORTEST and not _supplied(part, pieces, letters):
            yield part


def _is_plain(tree: exp.Expr, holding: frozenset[str], tables: frozenset[str]) -> bool:
    """Whether what a cast of the statement prints is put together of whole values and literals alone."""
    if any(not isinstance(node, _KNOWN) for node in tree.find_all(exp.Func)) or tree.find(*_MAKES_OTHERS):
        return False
    if any(table.name.lower() not in tables for table in tree.find_all(exp.Table)) or tree.find(exp.CTE):
        return False
    printing = [cast for cast in tree.find_all(exp.Cast) if cast.to.this not in _TEXT]
    within = any(cast.find_ancestor(exp.Cast, exp.DPipe, exp.Concat) for cast in printing)
    cut = any(cast.to.expressions for cast in tree.find_all(exp.Cast))
    if not printing or within or cut:
        return False
    selected = [one for cast in printing for one in _selected(cast.this)]
    return bool(selected) and all(column.name.lower() in holding for column in selected)


def _selected(tree: exp.Expr) -> Iterator[exp.Column]:
    """The columns whose values an expression gives: those of a query within are what it selects."""
    for column in tree.find_all(exp.Column):
        query = column.find_ancestor(exp.Select)
        if query is None or query.find_ancestor(exp.Cast) is None:
            yield column
            continue
        given = [one for part in query.expressions for one in part.find_all(exp.Column)]
        if any(column is one for one in given):
            yield column


def _supplied(part: str, pieces: set[str], letters: str) -> bool:
    """Whether the statement's own text can have made the part, or a good deal of it."""
    low = part.casefold()
    told = {piece.casefold() for piece in pieces if piece}
    if any(low in piece or (len(piece) > 1 and piece in low) for piece in told):
        return True
    return sum(letter in letters or letter in told for letter in part) * 2 > len(part)


def _letters(tree: exp.Expr) -> Iterator[str]:
    """The letters that CHR(n) gives, in the order of the text."""
    for node in tree.find_all(exp.Chr, bfs=False):
        for number in node.expressions:
            if isinstance(number, exp.Literal) and number.name.isdigit() and int(number.name) < 0x110000:
                yield chr(int(number.name))


def _runs(value: str, letters: str, *, head: bool) -> set[str]:
    """The beginnings (or ends) of the value that the letters of CHR()s, in their order, can have made."""
    found = set()
    for size in range(1, min(len(value), len(letters)) + 1):
        run = value[:size] if head else value[-size:]
        if run in letters:
            found.add(run)
    return found
