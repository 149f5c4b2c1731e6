"""Which column of a record plays which part in telling persons apart.

Fideslang's data category decides; where it is silent (it has no word for a kana reading) the column's name does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kakuho.inventory import Collection, DataField, Inventory

READING = re.compile(r"kana|furigana|reading|yomi", re.IGNORECASE)
POSTCODE = re.compile(r"postal|postcode|post_code|zip", re.IGNORECASE)

PARTS: dict[str, tuple[str, ...]] = {
    "birth_date": ("user.demographic.date_of_birth", "user.demographic.age_range.date_of_birth"),
    "gender": ("user.demographic.gender", "user.gender"),
    "phone": ("user.contact.phone_number", "user.contact.fax_number"),
    "email": ("user.contact.email",),
    "address": ("user.contact.address",),
    "name": ("user.name",),
}
"""Part → Fideslang keys (https://ethyca.github.io/fideslang/taxonomy/data_categories/), their children meant too."""


@dataclass(frozen=True)
class PartColumns:
    """The columns of one collection, by part; a part may be absent, a phone or mail address may be there twice."""

    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def first(self, part: str) -> str | None:
        found = self.columns.get(part, ())
        return found[0] if found else None

    def all(self) -> tuple[str, ...]:
        return tuple(column for columns in self.columns.values() for column in columns)


def part_columns(collection: Collection, inventory: Inventory) -> PartColumns:
    """The parts that this collection's columns play, from the inventory alone."""
    found: dict[str, list[str]] = {}
    for column in collection.fields:
        part = _part(column, inventory)
        if part is not None:
            found.setdefault(part, []).append(column.name)
    return PartColumns({part: tuple(columns) for part, columns in found.items()})


def _part(column: DataField, inventory: Inventory) -> str | None:
    keys = list(column.data_categories)
    if column.item is not None:
        keys.append(inventory.item(column.item).data_category)
    part = next((part for part, wanted in PARTS.items() if _under(keys, wanted)), None)
    if part is None and column.item in PARTS:
        part = column.item
    if part == "name" and READING.search(column.name):
        return "reading"
    if part == "address" and (POSTCODE.search(column.name) or _under(keys, ("user.contact.address.postal_code",))):
        return "postcode"
    return part


def _under(keys: list[str], wanted: tuple[str, ...]) -> bool:
    return any(key == want or key.startswith(f"{want}.") for key in keys for want in wanted)
