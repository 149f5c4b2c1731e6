"""What the events of a ledger show, a row an item, out of the tables of a part."""

from __future__ import annotations

from typing import Any

from kakuho.evidence.formats import Part


def shown_items(part: Part) -> list[dict[str, Any]]:
    """The rows of the lake's view ``disclosure``, in the order of the lines."""
    items: dict[int, dict[int, tuple[str, bool]]] = {}
    for row in part.tables["item_set"].to_pylist():
        known = items.setdefault(row["set"], {}).setdefault(row["position"], (row["item"], row["masked"]))
        assert known == (row["item"], row["masked"]), "a key stands for one set of items"
    return [
        {**{name: value for name, value in event.items() if name != "shown"}, **entry, "item": item, "masked": masked}
        for event in part.tables["ledger_event"].to_pylist()
        for entry in event["shown"]
        for _, (item, masked) in sorted(items.get(entry["set"], {}).items())
    ]
