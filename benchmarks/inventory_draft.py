"""How right a drafted inventory is: petinsurance against its own inventory, foreign schemas against labels made by
hand.

    python -m benchmarks.inventory_draft
    python -m benchmarks.inventory_draft --schema openmrs-platform.sql --truth openmrs-labels.yaml

petinsurance: a column is right where its data category and its item are those of petinsurance/inventory.yaml. A foreign
schema: precision and recall of "personal or not", and how many of the personal columns have the very category (or one
below
it). A truth file maps table → column → category, or a list of categories each of which is right; with ``none`` in the
list the
column is left out of the count (so with a category of the system beside one of a user); a column that is not there is
``none``. The schemas of others, and the labels, are not part
of this repository.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import yaml

import petinsurance
from kakuho.inventory import load_inventory
from kakuho.inventory.draft import Draft, draft
from kakuho.inventory.sources import read_schema

NONE = "none"
PROGRAM = Path(sys.executable).parent / "petinsurance"


@dataclass
class Score:
    """Counts of columns."""

    right: int = 0
    extra: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    missed_unmarked: int = 0
    other_category: list[str] = field(default_factory=list)
    left_out: int = 0
    columns: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.extra))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))

    @property
    def exact(self) -> float:
        return 1 - len(self.other_category) / max(1, self.right)


def score(made: Draft, truth: dict[str, dict[str, str | list[str]]]) -> Score:
    """``made`` against labels."""
    found = Score()
    for collection in made.collections:
        labels = truth.get(collection.table.name, {})
        for one in collection.fields:
            found.columns += 1
            label = labels.get(one.column.name, NONE)
            right = label if isinstance(label, list) else [label]
            if len({category.startswith("user") for category in right}) > 1:
                found.left_out += 1
                continue
            name = f"{collection.table.name}.{one.column.name}: {one.judgement.category} for {', '.join(right)}"
            if not right[0].startswith("user"):
                if one.judgement.personal:
                    found.extra.append(name)
            elif not one.judgement.personal:
                found.missed.append(name)
                found.missed_unmarked += not (one.judgement.review or collection.review)
            else:
                found.right += 1
                if not any(f"{one.judgement.category}.".startswith(f"{category}.") for category in right):
                    found.other_category.append(name)
    return found


def against_own_inventory(url: str) -> tuple[int, int, list[str]]:
    """petinsurance's draft against its inventory: (right, all, what is wrong)."""
    truth = load_inventory(Path(petinsurance.__file__).parent / "inventory.yaml")
    made = draft(read_schema(url), "petinsurance")
    wrong, total = [], 0
    for collection in made.collections:
        for one in collection.fields:
            total += 1
            known = next(f for f in truth.collection(collection.table.name).fields if f.name == one.column.name)
            wanted, got = (known.data_categories[0], known.item), (one.judgement.category, one.judgement.item)
            if wanted != got:
                wrong.append(f"{collection.table.name}.{one.column.name}: {got} for {wanted}")
    return total - len(wrong), total, wrong


def links(url: str) -> tuple[int, int]:
    """Tables whose record, subject or standing as nobody's is that of the inventory: (right, all)."""
    truth = load_inventory(Path(petinsurance.__file__).parent / "inventory.yaml")
    made = draft(read_schema(url), "petinsurance")
    right = 0
    for collection in made.collections:
        known = truth.collection(collection.table.name)
        subject = {(link.field, link.table) for link in collection.subject}
        same = subject == {(link.field, link.collection) for link in known.subject}
        right += (
            same
            and (collection.record_of is None) == (known.record_of is None)
            and collection.personal == known.personal
        )
    return right, len(made.collections)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schema", help="a database's URL, a dump or DDL")
    parser.add_argument("--truth", type=Path, help="labels for it")
    parser.add_argument("--show", action="store_true", help="name the columns that are wrong")
    options = parser.parse_args()
    if options.schema:
        found = score(
            draft(read_schema(options.schema), "foreign"), yaml.safe_load(options.truth.read_text(encoding="utf-8"))
        )
        print(
            f"{options.schema}: {found.columns} columns, {found.left_out} left out as either; "
            "personal or not: precision "
            f"{found.precision:.3f}, recall {found.recall:.3f}; exact category {found.exact:.3f} of {found.right}; "
            f"missed {len(found.missed)}, of which {found.missed_unmarked} without a mark for review"
        )
        if options.show:
            print(
                "\n".join(
                    [
                        *(f"  extra {one}" for one in found.extra),
                        *(f"  missed {one}" for one in found.missed),
                        *(f"  category {one}" for one in found.other_category),
                    ]
                )
            )
        return
    with tempfile.TemporaryDirectory(prefix="petinsurance-") as folder:
        started = subprocess.run(
            [PROGRAM, "database", "start", "--data-dir", folder, "--json"], check=True, capture_output=True
        )
        url = json.loads(started.stdout)["owner_url"]
        try:
            environment = os.environ | {"DATABASE_URL": url}
            subprocess.run([PROGRAM, "migrate"], env=environment, check=True)
            subprocess.run(
                [PROGRAM, "populate", "--scale", "0.002"], env=environment, check=True, stdout=subprocess.DEVNULL
            )
            right, total, wrong = against_own_inventory(url)
            tables, all_tables = links(url)
        finally:
            subprocess.run([PROGRAM, "database", "stop", "--data-dir", folder], check=True)
    print(
        f"petinsurance: {right} of {total} columns right ({right / total:.3f}); "
        f"whose rows: {tables} of {all_tables} tables right"
    )
    print("\n".join(f"  {one}" for one in wrong))


if __name__ == "__main__":
    main()
