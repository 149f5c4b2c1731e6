"""From a whole dump of the database, as the intruder has it, to cells."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from drills.handover import programs
from drills.truth.bodies import Cell
from drills.truth.dumps import UnreadableDumpError
from drills.truth.holdings import Holdings
from drills.truth.items import ITEM_OF

_COPY = re.compile(r"COPY (?:public\.)?(\S+) \((.*)\) FROM stdin;")


def cells_in_archive(file: Path, holdings: Holdings) -> set[Cell]:
    """The cells of every table in a `pg_dump -Fc` archive. Primary key and column say whose and what."""
    cells: set[Cell] = set()
    for table, record in _rows(file):
        if table not in ITEM_OF or (table == "account" and "policyholder_id" not in record):
            continue  # an account of staff or of an agency is nobody's record
        row = holdings.rows.get((table, record.get("id", "")))
        if row is None:
            raise UnreadableDumpError(f"{file.name}: a row of {table} that was never in the database")
        cells |= {(row.subject, item) for column, item in ITEM_OF[table].items() if record.get(column, "").strip()}
    return cells


def _rows(file: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Table, and column → value; null is left out."""
    command = [str(programs() / "pg_restore"), "--data-only", "--file=-", str(file)]
    text = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    table, columns = "", []
    for line in text.split("\n"):
        if found := _COPY.fullmatch(line):
            table, columns = found[1], found[2].split(", ")
        elif line == "\\.":
            table = ""
        elif table:
            yield table, {c: v for c, v in zip(columns, line.split("\t"), strict=True) if v != "\\N"}
