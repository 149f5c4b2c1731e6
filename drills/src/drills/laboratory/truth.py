"""What an attacker brought home: cells of the database, as the attacker's own tool wrote them down.

`truth.json` is a list of {"table", "column", "row", "value"}: `row` counts from 0 in the order in which the tool asked
for rows (its OFFSET), null where it cannot know; `value` is text, null where the tool wrote NULL.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cell:
    table: str
    column: str
    row: int | None
    value: str | None


def write(cells: list[Cell], path: Path) -> None:
    path.write_text(json.dumps([asdict(cell) for cell in cells], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> list[Cell]:
    return [Cell(**cell) for cell in json.loads(path.read_text(encoding="utf-8"))]


def from_dump(dump: Path, table: str, columns: tuple[str, ...], first_row: int = 0) -> list[Cell]:
    """The cells of a dump that sqlmap wrote as JSON lines, an object a row, null for the blank that stands for NULL.

    sqlmap doubles every backslash in what it shows; the value that it read has one.
    """
    cells = []
    for number, line in enumerate(dump.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        for column in columns:
            value = None if row[column] is None else row[column].replace("\\\\", "\\")
            cells.append(Cell(table, column, first_row + number, value))
    return cells
