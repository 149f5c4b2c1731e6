"""What every restored snapshot offers, whichever database system holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from kakuho.engine.answers import Answers
from kakuho.engine.catalogue import Catalogue


@dataclass(frozen=True)
class CollectionCopy:
    """What to copy of one table: its columns, which of them are keys, and the name of the file."""

    collection: str
    columns: tuple[str, ...]
    keys: frozenset[str] = frozenset()


class Restored(Protocol):
    """A snapshot that can only be read. Tables and columns are called as the dump calls them."""

    @property
    def system(self) -> str:
        """``postgresql`` or ``mysql``."""

    @property
    def database(self) -> str:
        """The name that the database had; '' where the dump does not say, or it does not matter."""

    def schema(self) -> dict[str, dict[str, str]]:
        """Every table and view with its columns, in order, and their types as the system writes them."""

    def primary_keys(self) -> dict[str, tuple[str, ...]]:
        """The primary key's columns of every table that has one."""

    def views(self) -> dict[str, str]:
        """The query of every view."""

    def catalogue(self) -> Catalogue:
        """Foreign keys, partitions, functions."""

    def foreign_keys(self, table: str) -> list[tuple[str, str]]:
        """(column, the table that it leads to) of the foreign keys of one column, sorted."""

    def look_up(
        self, table: str, key: str, columns: Sequence[str], wanted: Sequence[str]
    ) -> Iterable[tuple[object, ...]]:
        """``columns`` of the rows whose ``key``, as text, is wanted."""

    def answers(self, seconds: float) -> Answers:
        """What answers queries, each within ``seconds``."""

    def batches(self, copy: CollectionCopy, schema: pa.Schema, order: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The rows of a table in ``order``, with the types of ``schema``."""
