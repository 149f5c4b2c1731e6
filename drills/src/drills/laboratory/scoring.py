"""The decoder's answer against the truth.

A cell of the truth is *right* when the decoder gives its value as complete, *wrong* when it gives another one as
complete or an incomplete one with a letter that is not there, else *undecided*. In a hidden case it is right when the
decoder names table and column (and the row, where both know it). A value of a cell that nobody took is wrong too.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from drills.laboratory.stock import PERSON_COLUMNS, PERSONS
from drills.laboratory.truth import Cell

UNDECIDED = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Value:
    """One value of the decoder's answer. `row` is None where it named none."""

    query: str
    table: str | None
    column: str | None
    row: int | None
    value: str | None
    complete: bool


@dataclass
class Score:
    true: int = 0
    right: int = 0
    undecided: int = 0
    wrong: int = 0
    remarks: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        self.true += other.true
        self.right += other.right
        self.undecided += other.undecided
        self.wrong += other.wrong
        self.remarks += other.remarks


def values_of(answer: list[dict[str, Any]]) -> list[Value]:
    """The values of `kakuho injection decode --json`, table and column without schema and quotes, in lower case."""
    return [
        Value(
            query=value["query"],
            table=_plain(value["table"]),
            column=_plain(value["column"]),
            row=_row(value["row"]),
            value=value["value"],
            complete=bool(value["complete"]),
        )
        for finding in answer
        for value in finding["values"]
    ]


def score(values: list[Value], truth: list[Cell], *, hidden: bool = False) -> Score:
    result = Score(true=len(truth))
    for table, column in sorted({(cell.table, cell.column) for cell in truth}):
        cells = [cell for cell in truth if (cell.table, cell.column) == (table, column)]
        given = [value for value in values if (value.table, value.column) == (table, column)]
        if hidden:
            _named(result, cells, given)
        else:
            _compared(result, cells, given)
    for value in values:
        if not truth or _of_a_person_not_taken(value, truth):
            _wrong(result, f"{value.query}: {value.value!r}, though nothing of it was taken")
        elif _counts_persons(value) and value.complete and value.value != str(len(PERSONS)):
            _wrong(result, f"{value.query}: {value.value!r}, not {len(PERSONS)}")
    return result


def _compared(result: Score, cells: list[Cell], given: list[Value]) -> None:
    known = {cell.row: cell for cell in cells}
    complete = [value for value in given if value.complete]
    by_row = [value for value in complete if value.row in known and value.row is not None]
    loose = Counter(_comparable(value.value) for value in complete if value not in by_row)
    for row, cell in known.items() if None not in known else ((None, cell) for cell in cells):
        expected = _comparable(cell.value)
        own = {_comparable(value.value) for value in by_row if value.row == row}
        if own - {expected}:
            _wrong(result, f"{cell}: decoded {sorted(own - {expected})}")
        elif own or loose[expected]:
            result.right += 1
            loose[expected] -= not own
        else:
            partial = [value.value for value in given if not value.complete and value.row in (row, None)]
            result.undecided += 1
            result.remarks.append(f"undecided: {cell}: decoded {partial[:3]}")
    for value in given:
        possible = [known[value.row]] if value.row is not None and value.row in known else cells
        if not value.complete and not any(_may_become(value, cell.value) for cell in possible):
            _wrong(result, f"{value.query}: {value.value!r} cannot become what was taken")
    expected_values = {_comparable(cell.value) for cell in cells}
    for value in loose:
        if value not in expected_values:
            _wrong(result, f"{cells[0].table}.{cells[0].column}: {value!r} is no value that was taken")


def _may_become(value: Value, whole: str | None) -> bool:
    """Whether an incomplete value, with undecided letters or without its end, can be it.

    Of a value read through HEX the digits may be given, and an undecided letter by a mark for each of its bytes.
    """
    text = value.value or ""
    begin = text.rstrip(UNDECIDED)  # an undecided letter at the end may be the end itself
    known, letters = re.escape(begin), " " if whole is None else whole
    if "hex(" not in value.query.lower():
        return re.match(known.replace(UNDECIDED, "."), letters, re.DOTALL) is not None
    digits = letters.encode().hex()
    return (
        re.match(known.replace(UNDECIDED, "."), digits, re.IGNORECASE) is not None
        or re.match(known.replace(UNDECIDED, ".?"), letters, re.DOTALL) is not None
    )


def _named(result: Score, cells: list[Cell], given: list[Value]) -> None:
    rows = {value.row for value in given}
    for cell in cells:
        if None in rows or cell.row in rows:
            result.right += 1
        else:
            result.undecided += 1
            result.remarks.append(f"not named: {cell}")
    for value in given:
        if value.complete and value.value is not None and all(_comparable(cell.value) != value.value for cell in cells):
            _wrong(result, f"{value.query}: {value.value!r} is no value that was taken")


def _wrong(result: Score, remark: str) -> None:
    result.wrong += 1
    result.remarks.append(f"WRONG: {remark}")


def _of_a_person_not_taken(value: Value, truth: Iterable[Cell]) -> bool:
    taken = {(cell.table, cell.column) for cell in truth}
    asked = (value.table, value.column)
    return value.table == "person" and value.column in PERSON_COLUMNS and asked not in taken


def _counts_persons(value: Value) -> bool:
    return "count(" in value.query.lower() and "person" in value.query.lower()


def _comparable(value: str | None) -> str | None:
    """sqlmap makes NULL one blank before it travels; which of the two the decoder says is all one."""
    return None if value == " " else value


def _plain(name: str | None) -> str | None:
    return None if name is None else name.rpartition(".")[2].strip('`"[]').lower()


def _row(row: object) -> int | None:
    return row if isinstance(row, int) else int(row) if isinstance(row, str) and row.isdigit() else None
