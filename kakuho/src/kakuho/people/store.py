"""Read the snapshot's record tables; write ``persons.parquet`` and ``person_conflicts.parquet`` of an assessment."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kakuho.case import Case
from kakuho.inventory import Inventory, load_inventory
from kakuho.people.columns import part_columns
from kakuho.people.link import Linkage, link_persons


def read_snapshot(folder: Path, inventory: Inventory) -> dict[str, pa.Table]:
    """The record collections' keys and identifying columns, from ``lake/snapshot/``; absent files are left out."""
    tables: dict[str, pa.Table] = {}
    for collection in inventory.records():
        file = folder / f"{collection.name}.parquet"
        if file.exists():
            there = set(pq.read_schema(file).names)
            wanted = [collection.key, *part_columns(collection, inventory).all()]
            tables[collection.name] = pq.read_table(file, columns=[name for name in wanted if name in there])
    return tables


def write(case: Case, assessment_dir: Path) -> Linkage:
    """Link the case's snapshot and write both tables beside the assessment's verdicts."""
    inventory = load_inventory(case.inventory_path)
    linkage = link_persons(read_snapshot(case.lake / "snapshot", inventory), inventory)
    pq.write_table(linkage.persons, assessment_dir / "persons.parquet", compression="zstd")
    pq.write_table(linkage.conflicts, assessment_dir / "person_conflicts.parquet", compression="zstd")
    return linkage
