"""What a file's rows mean: whose they are, and which items of theirs it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa

from kakuho.exposure.manifest.chunks import Unread

CELLS = pa.schema([("subject", pa.string()), ("item", pa.string()), ("exact", pa.bool_())])
Cell = tuple[str, str, bool]


@dataclass(frozen=True)
class Part:
    """One table or sheet of the file, for people to read: names and counts, no values.

    ``collection``: the table of the inventory that its rows are of, where one is known; ``unresolved``: rows of which
    nothing tells whose they are.
    """

    place: str
    name: str
    collection: str | None
    columns: tuple[str, ...]
    items: tuple[str, ...]
    rows: int
    unresolved: int


@dataclass(frozen=True)
class Holdings:
    """``cells``: (subject, item, exact); one that is not exact may be in the file. Each once, the exact one kept.

    ``wide``: (record collection, item): some records' value, nothing tells whose. ``unread``: what is not known at
    all: it may hold anything.
    """

    cells: pa.Table
    wide: frozenset[tuple[str, str]] = frozenset()
    unread: tuple[Unread, ...] = ()
    parts: tuple[Part, ...] = field(default=())


def cells_of(rows: Iterable[Cell]) -> pa.Table:
    """A table of ``CELLS``."""
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, CELLS, strict=True)], schema=CELLS)


def together(found: Iterable[Holdings]) -> Holdings:
    """All of them as one; each cell once, sorted."""
    every = list(found)
    joined = pa.concat_tables([CELLS.empty_table(), *(one.cells for one in every)])
    once = joined.group_by(["subject", "item"]).aggregate([("exact", "max")]).rename_columns(CELLS.names)
    unread = dict.fromkeys(one for holdings in every for one in holdings.unread)
    return Holdings(
        once.sort_by([("subject", "ascending"), ("item", "ascending")]),
        frozenset().union(*(one.wide for one in every)),
        tuple(unread),
        tuple(part for one in every for part in one.parts),
    )
