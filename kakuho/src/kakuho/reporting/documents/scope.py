"""The notice's table: categories × records, people, items; subsets such as bank accounts as numbered notes (※)."""

from __future__ import annotations

from kakuho.inventory import Category
from kakuho.reporting.assessment import Cells
from kakuho.reporting.figures import is_rounded
from kakuho.reporting.material import Writer
from kakuho.reporting.model import Cell, Figure, Line, Notes, Table, Text
from kakuho.reporting.wording import noted_items, unaffected
from kakuho.reporting.words import as_line


def scope_table(writer: Writer) -> tuple[Table, Notes]:
    """The table in the inventory's order of categories, and its notes."""
    words = writer.words
    notes: list[tuple[str, Line]] = []
    rows = tuple(_row(writer, category, notes) for category in writer.inventory.categories)
    sign = words.template("notes.mark")
    rounded = is_rounded(writer.assessment.value("total.records.affected"), writer.form)
    for key in ("counting", "rounding", "items") if rounded else ("counting", "items"):
        notes.append((sign, words.line(f"notes.{key}")))
    head = tuple(words.line(f"scope.{key}") for key in ("category", "records", "persons", _items_head(writer)))
    table = Table(words.line("scope.caption"), head, rows, numeric=(1, 2), widths=(23, 21, 19, 43))
    return table, Notes(tuple(notes))


def _items_head(writer: Writer) -> str:
    """The head of the items' column says the verdict where it is one for the whole table."""
    total = writer.assessment.total
    if total.confirmed:
        return "items_confirmed"
    return "items_reach" if total.possible == total.reach else "items"


def _row(writer: Writer, category: Category, notes: list[tuple[str, Line]]) -> tuple[Cell, ...]:
    unit = "persons" if category.kind == "person" else "organisations"
    records: list[Line] = [(writer.figure(f"{category.id}.records.affected", bare=True),)]
    if writer.assessment.value(f"{category.id}.records.confirmed"):
        confirmed = writer.figure(f"{category.id}.records.confirmed", bare=True)
        records.append(writer.words.line("scope.confirmed_line", confirmed=confirmed))
    return (
        (as_line(writer.category(category)),),
        tuple(records),
        ((writer.figure(f"{category.id}.{unit}.affected"),),),
        _items(writer, category, notes),
    )


def _items(writer: Writer, category: Category, notes: list[tuple[str, Line]]) -> Cell:
    """The items by verdict, each group labelled unless the column's head says it already."""
    affected = writer.affected_items(category)
    if not affected:
        return (as_line(unaffected(writer.assessment, category.id, writer.language)),)
    marks = _marks(writer, category, affected, notes)
    levels = {
        "confirmed": [item for item, cells in affected.items() if cells.confirmed and not cells.possible],
        "partly": [item for item, cells in affected.items() if cells.confirmed and cells.possible],
        "possible": [item for item, cells in affected.items() if not cells.confirmed and cells.possible > cells.reach],
        "reach": [item for item, cells in affected.items() if not cells.confirmed and cells.possible == cells.reach],
    }
    alone = _items_head(writer) == "items_reach"
    cell: list[Line] = []
    for level, found in levels.items():
        if found and not alone:
            cell.append(writer.words.line(f"scope.{level}_label"))
        if found:
            cell.append(_marked(writer, found, marks))
    return tuple(cell)


def _marks(
    writer: Writer, category: Category, affected: dict[str, Cells], notes: list[tuple[str, Line]]
) -> dict[str, str]:
    """Marks of the items that get a note: those that always do, and those that left as ciphertext in part or in all."""
    marks: dict[str, str] = {}
    for item, cells in affected.items():
        if item not in noted_items() and not cells.protected:
            continue
        mark = f"{writer.words.template('notes.mark')}{len(notes) + 1}"
        about: dict[str, Text | Figure] = {
            "item": writer.item(writer.inventory.item(item)),
            "count": writer.figure(f"{category.id}.item.{item}.affected"),
        }
        key = "noted"
        if cells.protected:
            key, about["protected"] = "noted_protected", writer.figure(f"{category.id}.item.{item}.protected")
        notes.append((mark, writer.words.line(f"scope.{key}", **about)))
        marks[item] = mark
    return marks


def _marked(writer: Writer, items: list[str], marks: dict[str, str]) -> Line:
    lines: list[Line] = []
    for item in items:
        label = writer.item(writer.inventory.item(item))
        if item in marks:
            mark = f"（{marks[item]}）" if writer.language == "ja" else f" ({marks[item]})"
            label = Text(label.text + mark, whole=True)
        lines.append((label,))
    return writer.list_of(lines)
