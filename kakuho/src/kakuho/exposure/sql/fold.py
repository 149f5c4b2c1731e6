"""What stands in a FROM clause, led back to base tables.

A derived table is *folded*: it gets one more output column a base table below it, with the keys of the rows behind each
of its rows (provenance by rewriting: Perm, Glavic and Alonso, ICDE 2009), so that the conditions, joins and limits
around it narrow the base rows too. Where rows are put together (GROUP BY, DISTINCT, UNION, an aggregate) the keys are
one text, parted by the unit separator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlglot import exp

from kakuho.exposure.claims import ANSWER, DERIVED, DIRECT
from kakuho.exposure.sql.dialect import Dialect

SEPARATOR = "\x1f"


@dataclass(eq=False)
class Leaf:
    """One mention of a base table with record keys. ``reads``: role → columns; ``asked``: those in plain conditions;
    ``told``: column → what each reading of it tells.
    """

    number: int
    alias: str
    source: str
    table: str
    key: str
    reads: dict[str, set[str]] = field(default_factory=lambda: {"in_full": set(), "in_part": set(), "probed": set()})
    asked: set[str] = field(default_factory=set)
    told: dict[str, list[str]] = field(default_factory=dict)
    place: str = ""
    touched: str = ""
    many: bool = False
    named: str = ""
    anchored: bool = False
    spares: set[int] = field(default_factory=set)

    def read(self, column: str, role: str, form: str) -> None:
        self.reads[role].add(column)
        self.told.setdefault(column, []).append(form)

    def told_with(self, answers: int) -> frozenset[str]:
        """The columns that this many answers and else computed values tell of, and nothing more."""
        return frozenset(c for c, f in self.told.items() if DIRECT not in f and f.count(ANSWER) == answers)


@dataclass(frozen=True)
class Flow:
    """A column of ``leaf`` that an output column holds. ``alone``: its value is that column's and nothing else;
    ``form``: what the output column tells of it.
    """

    leaf: Leaf
    column: str
    whole: bool
    alone: bool = False
    form: str = DIRECT


@dataclass(eq=False)
class Source:
    """One alias of a FROM clause: a base table, a folded derived table, or one analysed ``apart`` from this SELECT."""

    leaf: Leaf | None = None
    leaves: list[Leaf] = field(default_factory=list)
    outputs: dict[str, tuple[Flow, ...]] = field(default_factory=dict)
    apart: exp.Expr | None = None
    demands: dict[str, str] = field(default_factory=dict)
    tested: bool = False
    """Of one analysed apart: a column of it is not just printed, so that what it computes may give a value away."""

    def flows(self, column: str) -> tuple[Flow, ...]:
        if self.leaf is not None:
            return (Flow(self.leaf, column, whole=True, alone=True),)
        return self.outputs.get(column, ())

    def read(self, column: str, role: str, told: Callable[[str], str] = lambda inner: DIRECT) -> None:
        """Note that ``column`` of this source is read in ``role``; ``told``: what that tells of a value, out of what
        the column itself does.
        """
        if self.apart is not None:
            if self.demands.get(column) != "in_full":
                self.demands[column] = "in_full" if role == "in_full" else "in_part"
            self.tested |= told(DERIVED) == DIRECT
            return
        for flow in self.flows(column):
            kind = "in_part" if role == "in_full" and not flow.whole else role
            flow.leaf.read(flow.column, kind, told(flow.form))

    def ask(self, column: str, *, joined: bool) -> None:
        """A condition asks for ``column``; not ``joined``: without a row of its table no other row comes out."""
        for flow in self.flows(column):
            flow.leaf.asked.add(flow.column)
            if not joined:
                flow.leaf.spares.clear()


def quoted(name: str) -> str:
    """A name as SQL, whatever the intruder put in it."""
    return '"' + name.replace('"', '""') + '"'


def token(kind: str, leaf: Leaf) -> exp.Expr:
    """A place for a condition that is known when the time of the statement is: ``existing`` or ``touched``."""
    return exp.Column(this=exp.to_identifier(f"__{kind}_{leaf.number}", quoted=True))


def carry(select: exp.Select, leaves: list[Leaf], dialect: Dialect, *, together: bool) -> None:
    """Add the keys of ``leaves`` to the output of ``select``; ``together``: its output rows stand for several rows."""
    for leaf in leaves:
        place, touched = _parsed(leaf.place), _parsed(leaf.touched)
        if together:
            place = exp.GroupConcat(this=place, separator=exp.Literal.string(SEPARATOR))
            touched = exp.Anonymous(this=dialect.any_true, expressions=[touched])
        select.append("expressions", exp.alias_(place, f"__k{leaf.number}", quoted=True))
        select.append("expressions", exp.alias_(touched, f"__t{leaf.number}", quoted=True))
        leaf.many = leaf.many or together


def lift(leaves: list[Leaf], alias: str) -> None:
    """The leaves as seen from outside of the derived table ``alias``."""
    for leaf in leaves:
        leaf.place, leaf.touched = f'{quoted(alias)}."__k{leaf.number}"', f'{quoted(alias)}."__t{leaf.number}"'


def group_distinct(select: exp.Select) -> None:
    """DISTINCT as GROUP BY, so that keys can be gathered."""
    select.set("distinct", None)
    select.set("group", exp.Group(expressions=[projection.unalias().copy() for projection in select.expressions]))


def _parsed(text: str) -> exp.Expr:
    """``"a"."b"`` or a cast of one, as a tree."""
    return exp.maybe_parse(text, dialect="postgres")
