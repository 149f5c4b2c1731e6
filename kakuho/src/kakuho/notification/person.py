"""One person's items: the union over all records that are this person, each item at its strongest verdict."""

from __future__ import annotations

from pathlib import Path

import duckdb

from kakuho.errors import UsageError
from kakuho.exposure.verdict_sets import read_cells
from kakuho.language import Bilingual
from kakuho.reporting.addressed import PersonItem, PersonItems
from kakuho.reporting.wording import Level

RANKS: dict[int, Level | None] = {3: "confirmed", 2: "possible", 1: "reach", 0: None}


def person_items(assessment_dir: Path, reference: str) -> PersonItems:
    """The items of the person that ``reference`` (a subject or a person_id, which is one) belongs to.

    Items are in the order of their ids. Raises UsageError where the assessment knows no such record.
    """
    persons = str(assessment_dir / "persons.parquet")
    with duckdb.connect() as connection:
        read_cells(connection, assessment_dir)
        records = connection.execute(
            """
            SELECT subject, category, person_id, kind FROM read_parquet(?) WHERE person_id =
            (SELECT person_id FROM read_parquet(?) WHERE subject = ?) ORDER BY subject""",
            [persons, persons, reference],
        ).fetchall()
        if not records:
            raise UsageError(
                Bilingual(ja="この評価に、その記録はありません。", en="this assessment knows no such record"),
                where=str(assessment_dir / "persons.parquet"),
                remedy=Bilingual(
                    ja="<コレクション>:<キー> の形で指定してください（例: policyholder:12）。",
                    en="name it as <collection>:<key>, for example policyholder:12",
                ),
            )
        subjects = [record[0] for record in records]
        items = connection.execute(
            """
            SELECT item,
                   max(CASE WHEN verdict = 'confirmed' THEN 3 WHEN verdict <> 'possible' THEN 0
                            WHEN method = 'reach' THEN 1 ELSE 2 END) AS rank,
                   bool_or(masked)
            FROM verdicts WHERE list_contains(?, subject) GROUP BY item ORDER BY item""",
            [subjects],
        ).fetchall()
        categories = connection.execute(
            """
            SELECT DISTINCT category FROM verdicts
            WHERE list_contains(?, subject) AND verdict <> 'ruled_out' ORDER BY category""",
            [subjects],
        ).fetchall()
    return PersonItems(
        person_id=records[0][2],
        kind=records[0][3],
        subjects=tuple(subjects),
        categories=tuple(row[0] for row in categories),
        items=tuple(PersonItem(item, RANKS[rank], bool(masked)) for item, rank, masked in items),
    )
