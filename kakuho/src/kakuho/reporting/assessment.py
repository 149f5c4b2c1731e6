"""One assessment as the documents see it: facts, window, and how each category's and item's cells stand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from kakuho.errors import IntegrityError, KakuhoError, UsageError
from kakuho.exposure.verdict_sets import FILE
from kakuho.language import Bilingual

ASSESS_FIRST = Bilingual(ja="先に kakuho assess を実行してください。", en="run kakuho assess first")


@dataclass(frozen=True)
class Fact:
    """One number of ``facts.json``."""

    id: str
    value: int
    unit: str
    definition: Mapping[str, str]


@dataclass(frozen=True)
class Cells:
    """How many cells stand how; ``reach``: those of ``possible`` that no claim touches, only an unwitnessed path;
    ``protected``: those affected of which ciphertext alone left, its key out of reach.
    """

    confirmed: int = 0
    possible: int = 0
    reach: int = 0
    ruled_out: int = 0
    protected: int = 0

    @property
    def affected(self) -> int:
        return self.confirmed + self.possible

    def plus(self, other: Cells) -> Cells:
        return Cells(
            self.confirmed + other.confirmed,
            self.possible + other.possible,
            self.reach + other.reach,
            self.ruled_out + other.ruled_out,
            self.protected + other.protected,
        )


@dataclass(frozen=True)
class Assessment:
    """``cells``: (category, item) → cells."""

    number: int
    directory: Path
    facts: Mapping[str, Fact]
    window: Mapping[str, Any]
    cells: Mapping[tuple[str, str], Cells] = field(default_factory=dict)

    def fact(self, name: str) -> Fact:
        """The fact ``A001.<name>``; an assessment without it was made by something else, or not finished."""
        identifier = f"A{self.number:03d}.{name}"
        found = self.facts.get(identifier)
        if found is None:
            raise IntegrityError(
                Bilingual(ja=f"評価に数値 {identifier} がありません。", en=f"the assessment has no fact {identifier}"),
                where=str(self.directory / "facts.json"),
                remedy=Bilingual(ja="kakuho assess を実行し直してください。", en="run kakuho assess again"),
            )
        return found

    def value(self, name: str) -> int:
        return self.fact(name).value

    def of_category(self, category: str) -> Cells:
        total = Cells()
        for (found, _), cells in self.cells.items():
            if found == category:
                total = total.plus(cells)
        return total

    def of_item(self, category: str, item: str) -> Cells:
        return self.cells.get((category, item), Cells())

    @property
    def total(self) -> Cells:
        total = Cells()
        for cells in self.cells.values():
            total = total.plus(cells)
        return total


def assessment_directory(assessments: Path, number: int | None) -> Path:
    """The folder of assessment ``number``, or of the last one; raises UsageError where there is none."""
    finished = sorted(path.parent for path in assessments.glob("[0-9][0-9][0-9]/facts.json"))
    if not finished:
        what = Bilingual(ja="この事案には、まだ評価がありません。", en="this case has no assessment yet")
        raise UsageError(what, where=str(assessments), remedy=ASSESS_FIRST)
    if number is None:
        return finished[-1]
    chosen = assessments / f"{number:03d}"
    if chosen not in finished:
        there = ", ".join(path.name for path in finished)
        what = Bilingual(ja=f"評価 {number:03d} はありません。", en=f"there is no assessment {number:03d}")
        remedy = Bilingual(ja=f"次のいずれかを指定してください: {there}", en=f"choose one of: {there}")
        raise UsageError(what, where=str(assessments), remedy=remedy)
    return chosen


def read_assessment(directory: Path) -> Assessment:
    """Read ``facts.json`` and the standing of all cells."""
    path = directory / "facts.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        facts = {
            identifier: Fact(identifier, int(fact["value"]), str(fact["unit"]), dict(fact["definition"]))
            for identifier, fact in content["facts"].items()
        }
        number = int(content["assessment"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IntegrityError(
            Bilingual(ja="評価の数値表を読めません。", en="the assessment's facts cannot be read"),
            where=f"{path} ({type(error).__name__})",
            remedy=Bilingual(ja="kakuho assess を実行し直してください。", en="run kakuho assess again"),
        ) from None
    return Assessment(number, directory, facts, content.get("window") or {}, _cells(directory))


def _cells(directory: Path) -> dict[tuple[str, str], Cells]:
    path = directory / FILE
    if not path.is_file():
        what = Bilingual(ja="評価に判定の表がありません。", en="the assessment has no table of verdicts")
        raise KakuhoError(what, where=str(path), remedy=ASSESS_FIRST)
    with duckdb.connect() as connection:
        rows = connection.execute(
            """
            SELECT category, item, coalesce(sum(cells) FILTER (verdict = 'confirmed'), 0)::BIGINT,
                   coalesce(sum(cells) FILTER (verdict = 'possible'), 0)::BIGINT,
                   coalesce(sum(cells) FILTER (verdict = 'possible' AND method = 'reach'), 0)::BIGINT,
                   coalesce(sum(cells) FILTER (verdict = 'ruled_out'), 0)::BIGINT,
                   coalesce(sum(cells) FILTER (protected), 0)::BIGINT
            FROM read_parquet(?) GROUP BY ALL""",
            [str(path)],
        ).fetchall()
    return {(category, item): Cells(*counts) for category, item, *counts in rows}
