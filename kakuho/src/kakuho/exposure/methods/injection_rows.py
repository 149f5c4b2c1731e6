"""The snapshot's rows that a decoded value can be of: by a key, by the value itself, by what of it is decided."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kakuho.exposure.cells import Tables
from kakuho.exposure.history import History
from kakuho.exposure.injection.letters import UNDECIDED
from kakuho.exposure.injection.results import DecodedValue
from kakuho.exposure.injection.wanted import Part
from kakuho.exposure.sql import Schema
from kakuho.inventory import Collection

Rows = list[int]


class Held:
    """One collection of the snapshot, its values as the DBMS writes them. Rows are numbers from 0."""

    def __init__(self, collection: Collection, tables: Tables, schema: Schema, history: History) -> None:
        table = tables[collection.name]
        names = [field.name for field in collection.fields if field.name in table.columns]
        names += [name for name in (collection.key, *collection.unique) if name in table.columns and name not in names]
        self.collection = collection
        self._table = table.select(**{name: table[name].cast("string") for name in names}).to_pyarrow()
        family = schema.family(collection.name)
        self.may_have_lost_rows = any(history.may_have_lost_rows(name) for name in family)
        self._may_have_changed = any(history.may_have_changed(name) for name in family)
        self.keys: list[str] = self._table[collection.key].to_pylist()
        self._by_text: dict[tuple[Part, ...], dict[str, Rows]] = {}

    def column(self, name: str) -> str | None:
        """The collection's column of this name, as written or else however its letters are written."""
        names = [field.name for field in self.collection.fields] + [self.collection.key]
        alike = {one for one in names if one.casefold() == name.casefold()}
        return name if name in names else next(iter(alike)) if len(alike) == 1 else None

    def identifies(self, column: str) -> bool:
        """Whether one value of the column names at most one row, for good."""
        return column == self.collection.key or column in self.collection.unique

    def named(self, column: str, text: str) -> Rows:
        """The rows that hold this text in a column."""
        return self.of_text((Part(column),), text)

    def of_text(self, parts: tuple[Part, ...], text: str) -> Rows:
        """The rows of which these parts make this text."""
        if parts not in self._by_text:
            by_text: dict[str, Rows] = {}
            for row, one in enumerate(self._texts(parts).to_pylist()):
                if one is not None:
                    by_text.setdefault(one, []).append(row)
            self._by_text[parts] = by_text
        return self._by_text[parts].get(text, [])

    def fitting(self, parts: tuple[Part, ...], value: DecodedValue) -> Rows:
        """The rows that can have given a value of which not all is decided."""
        pattern = "".join(
            (f"[{re.escape(value.candidates[at])}]" if value.candidates.get(at) else r"(?s:.)")
            if one == UNDECIDED
            else re.escape(one)
            for at, one in enumerate(value.value or "", start=1)
        )
        matcher = re.compile(pattern)
        texts = self._texts(parts).to_pylist()
        return [row for row, one in enumerate(texts) if one is not None and one != "" and matcher.match(one)]

    def changed(self, first: datetime) -> Rows | None:
        """The rows that can have held another value at ``first``; None where any can have."""
        stamp = self.collection.changed_at
        if stamp is None or stamp not in self._table.column_names:
            return None if self._may_have_changed else []
        later = pc.greater_equal(self._table[stamp], f"{first:%Y-%m-%d %H:%M:%S}")
        return np.flatnonzero(np.asarray(later.combine_chunks().fill_null(False))).tolist()

    def _texts(self, parts: tuple[Part, ...]) -> pa.Array:
        texts = []
        for part in parts:
            if part.column is None:
                texts.append(pa.scalar(part.instead, pa.string()))
                continue
            column = self._table[part.column].combine_chunks()
            texts.append(column if part.instead is None else column.fill_null(part.instead))
        joined = pc.binary_join_element_wise(*texts, "") if len(texts) > 1 else texts[0]
        return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def resolved(held: Held, parts: Sequence[Part] | None) -> tuple[Part, ...] | None:
    """The parts with the collection's own names of columns; None where it has no such column, or there are none."""
    if parts is None:
        return None
    found = [Part(held.column(part.column) if part.column else None, part.instead) for part in parts]
    if any(new.column is None and old.column is not None for new, old in zip(found, parts, strict=True)):
        return None
    return tuple(found)
