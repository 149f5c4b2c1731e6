"""How many: records (件数), persons (実人数) and organisations, per category and in total.

A person who stands in several categories counts once in each of them and once in the total.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa


@dataclass(frozen=True)
class Count:
    records: int = 0
    persons: int = 0
    organisations: int = 0


@dataclass(frozen=True)
class CategoryCount:
    categories: Mapping[str, Count]
    total: Count

    def of(self, category: str) -> Count:
        """The count of ``category``; zero where none of its records is affected."""
        return self.categories.get(category, Count())


def count_persons(persons: pa.Table, affected: pa.Table | pa.Array | pa.ChunkedArray) -> CategoryCount:
    """Count the records of ``persons`` whose subject is among ``affected`` (subjects; a table's column ``subject``)."""
    subjects = affected["subject"] if isinstance(affected, pa.Table) else affected
    chosen = pa.table({"subject": subjects})
    with duckdb.connect() as connection:
        connection.register("persons", persons)
        connection.register("chosen", chosen)
        rows = connection.execute("""
            SELECT category, count(*),
                   count(DISTINCT person_id) FILTER (WHERE kind = 'person'),
                   count(DISTINCT person_id) FILTER (WHERE kind = 'organisation')
            FROM persons WHERE subject IN (SELECT subject FROM chosen)
            GROUP BY GROUPING SETS ((category), ()) ORDER BY category NULLS FIRST""").fetchall()
    counts = {category: Count(records, people, bodies) for category, records, people, bodies in rows}
    total = counts.pop(None, Count())
    return CategoryCount(counts, total)
