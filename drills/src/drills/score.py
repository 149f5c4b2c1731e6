"""kakuho's verdicts against the truth: who was missed, and what was called confirmed without having left.

The first four numbers must be zero whatever evidence was handed over; the precisions say how wide the answer is.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

Cell = tuple[str, str]  # subject, item


@dataclass(frozen=True)
class Score:
    """A person, here, is a data-subject record; a cell is one item of one person."""

    missed_persons: int
    missed_cells: int
    wrong_confirmed_persons: int
    wrong_confirmed_cells: int
    precision_confirmed: float
    precision_possible: float
    precision_affected: float
    true_persons: int
    true_cells: int
    confirmed_cells: int
    possible_cells: int

    @property
    def passed(self) -> bool:
        """Nobody missed, and nothing confirmed that did not leave."""
        return not (
            self.missed_persons or self.missed_cells or self.wrong_confirmed_persons or self.wrong_confirmed_cells
        )

    def as_dict(self) -> dict[str, int | float]:
        return asdict(self)


def compare(truth: Iterable[Cell], confirmed: Iterable[Cell], possible: Iterable[Cell]) -> Score:
    """Set arithmetic, nothing else."""
    true, sure, maybe = set(truth), set(confirmed), set(possible)
    affected = sure | maybe
    missed, wrong = true - affected, sure - true
    return Score(
        missed_persons=len(_persons(true) - _persons(affected)),
        missed_cells=len(missed),
        wrong_confirmed_persons=len(_persons(sure) - _persons(true)),
        wrong_confirmed_cells=len(wrong),
        precision_confirmed=_share(true, sure),
        precision_possible=_share(true, maybe),
        precision_affected=_share(true, affected),
        true_persons=len(_persons(true)),
        true_cells=len(true),
        confirmed_cells=len(sure),
        possible_cells=len(maybe),
    )


CELLS = """
SELECT verdict, collection || ':' || unnest(list_concat(
    list_transform(flatten(list_transform(runs, lambda r: range(r.first, r.last + 1))), lambda n: n::VARCHAR), keys
)) AS subject, item FROM read_parquet(?)"""
"""Cells out of the sets that an assessment writes (docs/dev/interfaces.md, section 6)."""


def read_verdicts(file: Path) -> dict[str, set[Cell]]:
    """Verdict → cells, from an assessment's `verdicts.parquet`."""
    cells: dict[str, set[Cell]] = {"confirmed": set(), "possible": set(), "ruled_out": set()}
    with duckdb.connect() as connection:
        rows = connection.execute(CELLS, [str(file)]).fetchall()
    for verdict, subject, item in rows:
        cells[verdict].add((subject, item))
    return cells


def _persons(cells: set[Cell]) -> set[str]:
    return {subject for subject, _ in cells}


def _share(true: set[Cell], claimed: set[Cell]) -> float:
    """The share of `claimed` that is true; 1.0 where nothing is claimed, since then nothing claimed is wrong."""
    return round(len(true & claimed) / len(claimed), 6) if claimed else 1.0
