"""The shapes that the analysis gives out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Slot:
    """One base table of a block and the columns of it that the block read.

    ``in_full``: values that stand whole in the output. ``in_part``: columns that shaped the output of the block's rows
    (derived values, plain filters, what feeds an outer query). ``probed``: columns that a condition asked about, which
    tells of a row whatever the answer was. Of ``computed`` columns no more than hashes, lengths or counts are told, of
    ``answered`` ones a single answer besides.

    ``place`` and ``touched``: SQL over the block's FROM clause for the row's key, and for whether it may have changed.
    ``many``: ``place`` gives several keys in one text, parted by the unit separator. ``named``: the condition by which
    a literal of the statement names this row, over the table alone; ``anchored``: it is named, or led to from a row
    that is. ``spares``: numbers of slots whose rows come out without a row of this one, too (LEFT JOIN).
    """

    alias: str
    table: str
    key: str
    in_full: frozenset[str] = frozenset()
    in_part: frozenset[str] = frozenset()
    probed: frozenset[str] = frozenset()
    computed: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()
    number: int = 0
    place: str = ""
    touched: str = ""
    many: bool = False
    named: str = ""
    anchored: bool = False
    spares: frozenset[int] = frozenset()

    @property
    def reads(self) -> bool:
        return bool(self.in_full or self.in_part or self.probed)


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
    """One SELECT: base rows to find by running ``source`` with ``condition``; see ``bare`` where ``source`` is None.

    ``source`` is the FROM clause, derived tables with the keys of their base rows in it, ``condition`` the text of
    the WHERE clause or ''. ``bare`` is the FROM clause without any condition that can have been answered otherwise
    then, None where it cannot be run; ``identity``: those conditions that name single rows and hold whatever else
    changed since; '' without one; ``kept``: these and all others that hold whatever else changed, such as a range of
    keys, which asks something of every row. In these texts ``"__existing_N"`` and ``"__touched_N"`` stand for
    conditions on the rows of slot N that depend on the time of the statement; ``existing`` joins those of the
    outermost WHERE clause. ``depends``: tables that the conditions read besides; ``partners``: those in FROM of which
    no slot tells.
    ``exact``: the block's rows are the statement's output rows.
    """

    slots: tuple[Slot, ...]
    source: str | None
    condition: str = ""
    bare: str | None = None
    identity: str = ""
    kept: str = ""
    existing: str = ""
    window: Window | None = None
    depends: frozenset[str] = frozenset()
    partners: frozenset[str] = frozenset()
    exact: bool = False

    def place(self) -> str:
        """A sort key that depends on the content alone (a frozenset's own order changes from run to run)."""
        slots = [(s.alias, s.table, sorted(s.in_full), sorted(s.in_part), sorted(s.probed), s.place, s.number,
                  sorted(s.computed), sorted(s.answered)) for s in self.slots]  # fmt: skip
        return repr((slots, self.source, self.condition, self.bare, self.identity, self.kept, self.window, self.exact))


@dataclass(frozen=True)
class Analysis:
    """``everything``: the statement can have read all that its role can read; ``why`` is a reason's key."""

    blocks: tuple[Block, ...] = ()
    everything: bool = False
    why: str = ""
