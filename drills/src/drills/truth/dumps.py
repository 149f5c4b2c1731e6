"""From the tables that sqlmap, psql and pg_dump wrote at the intruder's side to cells.

Primary key and column say whose and what.
"""

import csv
import html
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from drills.truth.bodies import Cell
from drills.truth.holdings import Holdings
from drills.truth.items import ITEM_OF

_COPY = re.compile(r"COPY \S+ \((.*)\) FROM stdin;")
_NO_VALUE = {"", "NULL", "<blank>"}  # how sqlmap writes null and empty


class UnreadableDumpError(RuntimeError):
    """A dump that cannot be turned into the truth: without it no score may be given."""


def cells_in_dump(file: Path, holdings: Holdings) -> set[Cell]:
    """The cells in one `<table>.csv` of sqlmap or psql. It must hold the primary key."""
    with file.open(encoding="utf-8", newline="") as lines:
        return _cells(file, enumerate(csv.DictReader(lines), start=2), holdings)


def cells_in_copy(file: Path, holdings: Holdings) -> set[Cell]:
    """The cells in one `<table>.sql` of `pg_dump --data-only`: a COPY statement and its rows in the text format."""
    return _cells(file, _copied_rows(file), holdings)


def _cells(file: Path, records: Iterable[tuple[int, Mapping[str, str]]], holdings: Holdings) -> set[Cell]:
    table = file.stem
    if table not in ITEM_OF:
        return set()
    cells: set[Cell] = set()
    for number, record in records:
        row = holdings.rows.get((table, record.get("id", "")))
        if row is None:
            raise UnreadableDumpError(f"{file.name}, line {number}: no such row of {table} was ever in the database")
        for column, value in record.items():
            item = ITEM_OF[table].get(column)
            if item and value.strip() not in _NO_VALUE and row.values.get(column):
                cells.add((row.subject, item))
    return cells


def _copied_rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and column → value; an escape in a value does not matter here, `\\N` is null."""
    columns: list[str] | None = None
    lines = file.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines, start=1):
        if columns is None:
            found = _COPY.fullmatch(line)
            columns = found[1].split(", ") if found else None
        elif line == "\\.":
            return
        else:
            values = ["" if value == "\\N" else value for value in line.split("\t")]
            yield number, dict(zip(columns, values, strict=True))
    raise UnreadableDumpError(f"{file.name} holds no whole COPY statement")


def values_in_dump(file: Path) -> set[str]:
    """Every value of the dump, as HTML would spell it."""
    with file.open(encoding="utf-8", newline="") as lines:
        return {
            html.escape(value).replace("&#x27;", "&#39;")
            for record in csv.DictReader(lines)
            for value in record.values()
            if value.strip() not in _NO_VALUE
        }
