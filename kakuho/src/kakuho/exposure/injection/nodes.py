"""The expressions of an injected fragment, as far as they decide what a request asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from kakuho.exposure.injection.tokens import Piece, Token


@dataclass(frozen=True, slots=True)
class Context:
    """What the statement around the fragment has: nobody knows."""


@dataclass(frozen=True, slots=True)
class Literal:
    """``kind``: number, string, hex or list (numbers with commas between). The text is that of the pieces."""

    kind: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A column, a variable or a keyword that is a value (``NULL``, ``CURRENT_USER``)."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function in capitals with its arguments; ``CAST`` and ``CONVERT`` have the type in ``word``."""

    name: str
    arguments: tuple[Node, ...]
    word: str = ""
    tokens: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Unary:
    """``NOT``, ``-``, ``+``, ``~``, ``ISNULL``, ``EXISTS``."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands; comparisons, logic, arithmetic, ``LIKE`` and its kin (negated forms are a ``NOT`` around)."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between:
    """``operand BETWEEN low AND high``."""

    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In:
    """``operand IN (…)``."""

    operand: Node
    values: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """``CASE WHEN … THEN … ELSE … END``; ``IF``, ``IIF`` and ``DECODE`` are read as one too."""

    whens: tuple[tuple[Node, Node], ...]
    otherwise: Node | None


@dataclass(frozen=True, slots=True)
class Select:
    """A query: what it selects, its tokens from FROM on, conditions in it, and all its tokens for its text.

    ``inner``: sub-queries in FROM. ``set_next``: what follows by UNION and the like.
    """

    items: tuple[Node, ...]
    source: tuple[Token, ...]
    where: Node | None
    tokens: tuple[Token, ...]
    inner: tuple[Node, ...] = ()
    set_next: Select | None = None
    item_tokens: tuple[tuple[Token, ...], ...] = ()


Node = Context | Literal | Name | Call | Unary | Binary | Between | In | Case | Select


@dataclass(slots=True)
class Fragment:
    """The expressions at the top of a fragment: conditions, selected columns, stacked statements.

    ``tokens`` of each node by identity are kept in ``spans``: the hidden values are told by their text.
    """

    nodes: list[Node] = field(default_factory=list)
    unions: list[Select] = field(default_factory=list)
    stacked: bool = False
    errors: int = 0
