"""From the tables that sqlmap wrote at the intruder's side to cells: primary key and column say whose and what."""

import csv
import html
from pathlib import Path

from drills.truth.bodies import Cell
from drills.truth.holdings import Holdings
from drills.truth.items import ITEM_OF

_NO_VALUE = {"", "NULL", "<blank>"}  # how sqlmap writes null and empty


class UnreadableDumpError(RuntimeError):
    """A dump that cannot be turned into the truth: without it no score may be given."""


def cells_in_dump(file: Path, holdings: Holdings) -> set[Cell]:
    """The cells in one `<table>.csv` of sqlmap's dump folder. It must hold the primary key."""
    table = file.stem
    if table not in ITEM_OF:
        return set()
    cells: set[Cell] = set()
    with file.open(encoding="utf-8", newline="") as lines:
        for number, record in enumerate(csv.DictReader(lines), start=2):
            row = holdings.rows.get((table, record.get("id", "")))
            if row is None:
                raise UnreadableDumpError(
                    f"{file.name}, line {number}: no such row of {table} was ever in the database"
                )
            for column, value in record.items():
                item = ITEM_OF[table].get(column)
                if item and value.strip() not in _NO_VALUE and row.values.get(column):
                    cells.add((row.subject, item))
    return cells


def values_in_dump(file: Path) -> set[str]:
    """Every value of the dump, as HTML would spell it."""
    with file.open(encoding="utf-8", newline="") as lines:
        return {
            html.escape(value).replace("&#x27;", "&#39;")
            for record in csv.DictReader(lines)
            for value in record.values()
            if value.strip() not in _NO_VALUE
        }
