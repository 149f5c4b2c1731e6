"""What the headings of a sheet say: which columns of the inventory's tables, which items."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kakuho.exposure.manifest.chunks import Row
from kakuho.inventory import Collection, Inventory

_APART = re.compile(r"[\s_\-./:　]+")
Field = tuple[str, str]


@dataclass(frozen=True)
class Heading:
    """``fields``: the columns (collection, field) that a heading can mean; ``items``: the items that it says.

    ``plain``: the inventory has it as a column without an item: it holds nothing that a notice would name.
    """

    fields: frozenset[Field]
    items: frozenset[str]
    plain: bool = False

    @property
    def known(self) -> bool:
        return bool(self.fields or self.items)


def headings_of(names: Sequence[str | None], inventory: Inventory) -> list[Heading]:
    """One for each name; where several tables have a column of that name, those that more of the names fit."""
    labels = {_plain(text): item.id for item in inventory.items for text in (item.id, item.label.ja, item.label.en)}
    fits = [_fields(name or "", inventory) for name in names]
    votes = Counter(collection for fields in fits for collection in {c for c, _ in fields})
    found = []
    for name, fields in zip(names, fits, strict=True):
        most = max((votes[collection] for collection, _ in fields), default=0)
        meant = frozenset(one for one in fields if votes[one[0]] == most)
        items = {item for c, f in meant if (item := inventory.collection(c).item_of(f)) is not None}
        label = labels.get(_plain(name or ""))
        if label is not None:
            items.add(label)
        found.append(Heading(meant, frozenset(items), plain=bool(meant) and not items))
    return found


def collections_meant(headings: Sequence[Heading], inventory: Inventory) -> tuple[Collection, ...]:
    """The tables that most of the headings name, two at least; none where no table stands out."""
    votes = Counter(name for heading in headings for name in {c for c, _ in heading.fields})
    most = max(votes.values(), default=0)
    if most < 2 or 2 * most < len(headings):
        return ()
    return tuple(inventory.collection(name) for name in sorted(votes) if votes[name] == most)


def is_heading(row: Row, inventory: Inventory) -> bool:
    """Whether a sheet's first row names its columns: a name is known, or nothing in it looks like a value."""
    if any(heading.known for heading in headings_of(row, inventory)):
        return True
    words = [cell for cell in row if cell]
    return len(words) > 1 and len(set(words)) == len(words) and not any(re.search(r"[\d@]", word) for word in words)


def _fields(name: str, inventory: Inventory) -> set[Field]:
    written = _plain(name)
    if not written:
        return set()
    last = _plain(name.rpartition(".")[2])
    found: set[Field] = set()
    for collection in inventory.collections:
        own = _plain(collection.name)
        for field in collection.fields:
            called = _plain(field.name)
            if written in (called, own + called) or (last == called and "." in name):
                found.add((collection.name, field.name))
        if written in (own + "id", own + "no", own + "number"):
            found.add((collection.name, collection.key))
    return found


def _plain(name: str) -> str:
    return _APART.sub("", name).casefold()
