"""A schema as it was found, whatever it was found in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

SAMPLES = 200
"""Values looked at in a column, at most."""
LONGEST_SAMPLE = 400
"""Characters of a value that are looked at."""


@dataclass(frozen=True)
class SourceColumn:
    """A column. ``samples`` are not in its ``repr``: personal values reach no log."""

    name: str
    type: str
    nullable: bool = True
    comment: str = ""
    samples: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class ForeignKey:
    """``columns`` of a table hold the key (``target``) of a row of ``table``."""

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceTable:
    """A table or, with ``view``, a view."""

    name: str
    columns: tuple[SourceColumn, ...]
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    comment: str = ""
    view: bool = False

    def has(self, column: str) -> bool:
        return any(one.name == column for one in self.columns)

    def with_samples(self, rows: Mapping[str, Iterable[object]]) -> SourceTable:
        """The table with the values of ``rows`` (column → values) as its samples."""
        return replace(
            self, columns=tuple(replace(one, samples=as_samples(rows.get(one.name, ()))) for one in self.columns)
        )


@dataclass(frozen=True)
class SourceSchema:
    """``dialect``: sqlglot's name of it, or ``files``."""

    name: str
    dialect: str
    tables: tuple[SourceTable, ...]

    def table(self, name: str) -> SourceTable:
        return next(one for one in self.tables if one.name == name)


def as_samples(values: Iterable[object]) -> tuple[str, ...]:
    """Values as text: neither null nor empty, cut short, ``SAMPLES`` at most."""
    texts: list[str] = []
    for value in values:
        if value is None:
            continue
        if isinstance(value, bytes | bytearray | memoryview):
            text = bytes(value[:LONGEST_SAMPLE]).hex()
        else:
            text = str(value)[:LONGEST_SAMPLE].strip()
        if text:
            texts.append(text)
        if len(texts) >= SAMPLES:
            break
    return tuple(texts)
