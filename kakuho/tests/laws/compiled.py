"""SQL compiled once for expressions of one shape: the laws put thousands of small worlds before the same expressions.

Ibis takes four fifths of a judgement to make SQL of its expressions; the data are a handful of rows. Here the SQL of an
expression is kept under its shape, which is the expression itself with the tables in memory numbered in the order in
which they stand in it, and is used again with the names of the tables at hand. What runs is the same SQL on the same
engine; ``test_compiled`` holds it against ibis's own way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend
from ibis.expr.operations.relations import Reference


@contextmanager
def compiled_once() -> Iterator[dict[object, tuple[str, list[str]]]]:
    """Within it DuckDB's backend compiles each shape of expression once. Gives what it keeps."""
    kept: dict[object, tuple[str, list[str]]] = {}
    own = Backend.compile

    def compile_(self: Backend, expr: ir.Expr, /, **how: Any) -> str:
        names: list[str] = []
        shape = (_shape(expr.op(), names), tuple(sorted((key, repr(value)) for key, value in how.items())))
        found = kept.get(shape)
        if found is None:
            found = kept[shape] = (own(self, expr, **how), names)
        text, then = found
        for old, new in zip(then, names, strict=True):
            text = text.replace(f'"{old}"', f'"{new}"')
        return text

    compile_.__wrapped__ = own  # type: ignore[attr-defined]
    Backend.compile = compile_
    try:
        yield kept
    finally:
        Backend.compile = own


def _shape(expression: ops.Node, names: list[str]) -> tuple[object, ...]:
    """A hashable that is equal for expressions that differ in the names and rows of tables in memory only.

    One entry a node, whose parts are the numbers of the entries before it: nodes that are shared stand once.
    """
    entries: list[object] = []
    places: dict[int, int] = {}
    counted: dict[int, int] = {}

    def place(value: object) -> object:
        if isinstance(value, tuple):
            return tuple(place(part) for part in value)
        if isinstance(value, Mapping):
            return tuple((key, place(part)) for key, part in value.items())
        if not isinstance(value, ops.Node):
            return (type(value), value)
        if id(value) not in places:
            if isinstance(value, ops.InMemoryTable):
                names.append(value.name)
                entry: object = ("memory", value.schema)
            elif isinstance(value, Reference):
                number = counted.setdefault(value.identifier, len(counted))
                entry = (type(value), number, place(value.parent))
            else:
                entry = (type(value), *(place(part) for part in value.__args__))
            places[id(value)] = len(entries)
            entries.append(entry)
        return places[id(value)]

    place(expression)
    return tuple(entries)
