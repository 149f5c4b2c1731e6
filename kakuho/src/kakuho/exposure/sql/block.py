"""The shapes that the analysis gives out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Slot:
    """One base table of a block and the columns of it that the block read.

    ``in_full``: values that stand whole in the output. ``in_part``: columns that shaped the output of the block's rows
    (derived values, plain filters, what feeds an outer query). ``probed``: columns that a condition asked about, which
    tells of a row whatever the answer was.
    """

    alias: str
    table: str
    key: str
    in_full: frozenset[str] = frozenset()
    in_part: frozenset[str] = frozenset()
    probed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Window:
    """Which rows LIMIT and OFFSET kept. ``order``: the ORDER BY expressions as SQL, empty without one."""

    limit: int | None
    offset: int
    order: tuple[str, ...]
    stable: bool
    """The order is over columns that never change, and no changeable column decides which rows take part."""


@dataclass(frozen=True)
class Block:
    """One SELECT: base rows to find by running ``source`` with ``condition``; every row where ``source`` is None.

    ``source`` is the FROM clause with joins, ``condition`` the text of the WHERE clause or '', ``preamble`` the WITH
    clause. ``identity``: those conditions that name single rows and hold whatever else changed since; '' without one.
    ``exact``: the block's rows are the statement's output rows, one by one.
    """

    slots: tuple[Slot, ...]
    source: str | None
    condition: str = ""
    identity: str = ""
    preamble: str = ""
    window: Window | None = None
    exact: bool = False

    def place(self) -> str:
        """A sort key that depends on the content alone (a frozenset's own order changes from run to run)."""
        slots = [(s.alias, s.table, sorted(s.in_full), sorted(s.in_part), sorted(s.probed)) for s in self.slots]
        return repr((slots, self.source, self.condition, self.identity, self.preamble, self.window, self.exact))


@dataclass(frozen=True)
class Analysis:
    """``everything``: the statement can have read all that its role can read; ``why`` is a reason's key."""

    blocks: tuple[Block, ...] = ()
    everything: bool = False
    why: str = ""
