"""A document as data: what it says and where each number comes from, without a word about how it looks.

Built once per document and language; each renderer walks the same tree. Strings are data: no renderer reads markup
out of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kakuho.language import Language


@dataclass(frozen=True)
class Text:
    """Words. ``whole``: a name or term that must not be broken over two lines."""

    text: str
    whole: bool = False


@dataclass(frozen=True)
class Figure:
    """A printed number: the fact's id, its exact value, and the words printed for it (約14.3万件)."""

    fact_id: str
    value: int
    text: str


@dataclass(frozen=True)
class Day:
    """A calendar day."""

    day: date


@dataclass(frozen=True)
class Missing:
    """Something that a person has to fill in before this is published; printed so that nobody overlooks it."""

    label: str


@dataclass(frozen=True)
class Strong:
    """Words that the eye should find first."""

    text: str


Inline = Text | Figure | Day | Missing | Strong
Line = tuple[Inline, ...]
Cell = tuple[Line, ...]
"""A table's cell: one or more lines."""


@dataclass(frozen=True)
class Heading:
    level: Literal[2, 3]
    line: Line


@dataclass(frozen=True)
class Paragraph:
    """``end``: the writer's block at the right; ``recipient``: the address in a letter's window."""

    lines: tuple[Line, ...]
    place: Literal["body", "end", "recipient"] = "body"


@dataclass(frozen=True)
class Bullets:
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Notes:
    """Notes under a table, each with its mark (※1)."""

    notes: tuple[tuple[str, Line], ...]


@dataclass(frozen=True)
class Table:
    """The first cell of a row is its heading. ``numeric``: indexes of the columns that hold numbers."""

    caption: Line
    head: tuple[Line, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[int, ...] = ()
    widths: tuple[int, ...] = ()
    """Relative widths of the columns."""


Block = Heading | Paragraph | Bullets | Notes | Table


@dataclass(frozen=True)
class Source:
    """One entry of "where each number comes from": a fact that the document printed, with its exact value."""

    number: int
    fact_id: str
    exact: str
    definition: str


@dataclass(frozen=True)
class Document:
    name: str
    language: Language
    phrases: tuple[str, ...]
    """The title, in the parts between which a line may be broken."""
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...] = ()
    issued: date | None = None

    @property
    def title(self) -> str:
        return "".join(self.phrases)

    def inlines(self) -> Iterator[Inline]:
        """Every inline in reading order."""
        for block in self.blocks:
            for line in _lines(block):
                yield from line

    def figures(self) -> tuple[Figure, ...]:
        return tuple(inline for inline in self.inlines() if isinstance(inline, Figure))

    def placeholders(self) -> tuple[str, ...]:
        """What is still to be filled in, each once."""
        return tuple(dict.fromkeys(inline.label for inline in self.inlines() if isinstance(inline, Missing)))

    def reference(self, fact_id: str) -> int:
        """The number under which ``sources`` lists a fact."""
        return next(source.number for source in self.sources if source.fact_id == fact_id)


def _lines(block: Block) -> Iterator[Line]:
    match block:
        case Heading():
            yield block.line
        case Paragraph() | Bullets():
            yield from block.lines
        case Notes():
            yield from (line for _, line in block.notes)
        case Table():
            yield block.caption
            yield from block.head
            for row in block.rows:
                for cell in row:
                    yield from cell
