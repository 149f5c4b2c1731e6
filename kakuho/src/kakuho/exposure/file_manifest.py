"""The manifest of a file before a case: counts alone, for people and programs; no value of the file is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from kakuho.case import Case
from kakuho.engine.lake import connect, snapshot_table
from kakuho.exposure.manifest.chunks import REASONS
from kakuho.exposure.manifest.manifest import Manifest, manifest_of
from kakuho.inventory import Category, Inventory, load_inventory


def file_manifest(case: Case, path: Path) -> dict[str, Any]:
    """What the file holds, by the case's inventory; persons of sheets are told by the snapshot of the last
    assessment, where there was one (``snapshot``)."""
    inventory = load_inventory(case.inventory_path)
    backend = connect(case)
    try:
        tables = {
            one.name: snapshot_table(backend, case, one.name)
            for one in inventory.personal()
            if (case.lake / "snapshot" / f"{one.name}.parquet").exists()
        }
        made = manifest_of(path, path.name, inventory, tables)
    finally:
        backend.disconnect()
    return described(made, path.name, inventory, snapshot=bool(tables))


def described(made: Manifest, name: str, inventory: Inventory, *, snapshot: bool) -> dict[str, Any]:
    """The manifest as JSON."""
    held = made.holdings
    by_record = _counts(held.cells)
    return {
        "name": name,
        "sha256": made.sha256,
        "size": made.size,
        "snapshot": snapshot,
        "parts": [
            {
                "place": part.place,
                "name": part.name,
                "collection": part.collection,
                "columns": len(part.columns),
                "items": list(part.items),
                "rows": part.rows,
                "unresolved_rows": part.unresolved,
            }
            for part in held.parts
        ],
        "subjects": [
            one for category in inventory.categories if (one := _of(category, inventory, by_record))["records"]
        ],
        "anybody": sorted({item for _, item in held.wide}),
        "unread": [
            {"place": one.place, "reason": one.reason, "ja": REASONS[one.reason][0], "en": REASONS[one.reason][1]}
            for one in held.unread
        ],
    }


def _of(category: Category, inventory: Inventory, counts: dict[str, tuple[int, int]]) -> dict[str, Any]:
    records = [counts.get(record.name, (0, 0)) for record in inventory.records() if record.record_of == category.id]
    return {
        "category": category.id,
        "label": {"ja": category.label.ja, "en": category.label.en},
        "records": sum(every for every, _ in records),
        "exact": sum(exact for _, exact in records),
    }


def _counts(cells: pa.Table) -> dict[str, tuple[int, int]]:
    """record collection → subjects, and those with an exact cell."""
    table: ir.Table = ibis.memtable(cells)
    table = table.mutate(record=table.subject.split(":")[0])
    rows = (
        table.group_by("record")
        .agg(
            every=lambda t: t.subject.nunique(),
            exact=lambda t: t.subject.nunique(where=t.exact),
        )
        .to_pyarrow()
        .to_pylist()
    )
    return {row["record"]: (row["every"], row["exact"]) for row in rows}
