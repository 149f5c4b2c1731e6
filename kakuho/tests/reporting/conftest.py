"""A case with an assessment in the contract's form, in the real case's proportions, made from a few numbers.

The facts are counted by kakuho's own ``exposure.facts`` from the verdicts, as ``kakuho assess`` does it.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kakuho.case import Case
from kakuho.exposure.facts import facts
from kakuho.exposure.verdict_sets import pack, write_verdicts
from kakuho.inventory import Inventory, load_inventory

HERE = Path(__file__).parent
INVENTORY = HERE / "inventory.yaml"

PERSON_ITEMS = ("name", "address", "gender", "birth_date", "phone", "email")
WINDOW = {
    "first": "2025-03-18T16:02:11.000000Z",
    "last": "2025-04-21T04:40:00.000000Z",
    "start_established": True,
    "reason": "sources_cover_day_before",
}

# record collection → (records, items of each record, with a bank account)
POPULATION = {
    "policyholder": (1430, (*PERSON_ITEMS, "policy_number"), 520),
    "quote": (3990, PERSON_ITEMS, 0),
    "injured_third_party": (10, PERSON_ITEMS, 4),
    "clinic": (100, ("name", "address", "phone"), 5),
    "agency": (20, ("name", "address"), 1),
}
CATEGORY = {"quote": "prospect"}
CONFIRMED = {"policyholder": 37}
SAME_PERSON = 200
"""So many of the quotes were asked for by people who are policyholders."""

CASE_TOML = (HERE / "case.toml").read_text(encoding="utf-8")
PUBLICATION_TOML = (HERE / "publication.toml").read_text(encoding="utf-8")


def verdict_rows(population: dict[str, tuple[int, tuple[str, ...], int]], confirmed: dict[str, int]) -> pa.Table:
    """The first ``confirmed`` records surely lost every item but the bank account; the rest is possible by reach."""
    parts = []
    for collection, (records, items, accounts) in population.items():
        category = CATEGORY.get(collection, collection)
        for item, count in (*((item, records) for item in items), ("bank_account", accounts)):
            sure = 0 if item == "bank_account" else confirmed.get(collection, 0)
            parts.append(f"""
                SELECT '{category}' AS category, '{collection}:' || n AS subject, '{item}' AS item,
                       CASE WHEN n <= {sure} THEN 'confirmed' ELSE 'possible' END AS verdict,
                       CASE WHEN n <= {sure} THEN 'ledger' ELSE 'host' END AS reason_id, false AS masked,
                       CASE WHEN n <= {sure} THEN 'ledger' ELSE 'reach' END AS method
                FROM range(1, {count} + 1) r(n)""")
    with duckdb.connect() as connection:
        rows: pa.Table = connection.sql(" UNION ALL ".join(parts) + " ORDER BY ALL").to_arrow_table()
    return rows


def person_rows(population: dict[str, tuple[int, tuple[str, ...], int]], inventory: Inventory) -> pa.Table:
    parts = []
    for collection, (records, _, _) in population.items():
        category = inventory.category(CATEGORY.get(collection, collection))
        same = f"CASE WHEN n <= {SAME_PERSON} THEN 'policyholder:' || n ELSE 'quote:' || n END"
        person = same if collection == "quote" else f"'{collection}:' || n"
        parts.append(f"""
            SELECT '{collection}:' || n AS subject, '{category.id}' AS category, {person} AS person_id,
                   '{category.kind}' AS kind FROM range(1, {records} + 1) r(n)""")
    with duckdb.connect() as connection:
        rows: pa.Table = connection.sql(" UNION ALL ".join(parts) + " ORDER BY ALL").to_arrow_table()
    return rows


def write_assessment(case: Case, number: int, verdicts: pa.Table, persons: pa.Table, window: dict) -> Path:
    folder = case.assessments / f"{number:03d}"
    folder.mkdir()
    write_verdicts(folder, pack(verdicts))
    pq.write_table(persons, folder / "persons.parquet")
    found = facts(number, pack(verdicts), persons, load_inventory(case.inventory_path))
    content = {"assessment": number, "inputs": {}, "window": window, "facts": found}
    (folder / "facts.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return folder


def write_snapshot(case: Case) -> None:
    person = {
        "kana": "ヤマダ タロウ", "gender": "male", "birth_date": "1970-05-01",
        "phone": "09012345678", "email": "taro@example.jp",
    }  # fmt: skip
    snapshot = case.lake / "snapshot"
    snapshot.mkdir()
    rows = {
        "policyholder": {"id": 7, "updated_at": "2024-01-01", "name": "山田 太郎", "postal_code": "1000005",
                         "address": "東京都千代田区丸の内1-2-3 架空マンション101号室", **person},
        "quote": {"id": 7, "updated_at": "2025-02-01", "name": "山田　太郎", "postal_code": "9800001",
                  "address": "宮城県仙台市青葉区架空町4-5-6", **person},
        "clinic": {"id": 3, "updated_at": "2025-01-01", "name": "架空動物病院", "postal_code": "1000006",
                   "address": "東京都千代田区有楽町1"},
    }  # fmt: skip
    for name, row in rows.items():
        pq.write_table(pa.Table.from_pylist([row]), snapshot / f"{name}.parquet")


def make_case(
    directory: Path,
    population: dict[str, tuple[int, tuple[str, ...], int]] = POPULATION,
    inventory: Path = INVENTORY,
    rows: pa.Table | None = None,
) -> Case:
    """``rows``: the verdicts; absent: those of ``verdict_rows``."""
    Case.create(directory, inventory=inventory)
    (directory / "case.toml").write_text(CASE_TOML, encoding="utf-8")
    (directory / "publication.toml").write_text(PUBLICATION_TOML, encoding="utf-8")
    case = Case.open(directory)
    write_snapshot(case)
    persons = person_rows(population, load_inventory(case.inventory_path))
    write_assessment(case, 1, verdict_rows(population, CONFIRMED) if rows is None else rows, persons, WINDOW)
    return case


@pytest.fixture(scope="session")
def contract() -> ModuleType:
    """This module, for tests that write a further assessment."""
    return sys.modules[__name__]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_case(tmp_path_factory.mktemp("prepared") / "case").directory


@pytest.fixture
def new_case(prepared: Path, tmp_path: Path) -> Callable[..., Case]:
    """``new_case(**changes)``: a case with one assessment; ``case_toml``, ``publication_toml``, ``window``."""

    def copied(**changes: Any) -> Case:
        directory = tmp_path / "case"
        shutil.copytree(prepared, directory)
        for name in ("case_toml", "publication_toml"):
            if name in changes:
                (directory / name.replace("_", ".")).write_text(changes[name], encoding="utf-8")
        facts_path = directory / "assessments/001/facts.json"
        content = json.loads(facts_path.read_text(encoding="utf-8"))
        content["window"] = changes.get("window", WINDOW)
        facts_path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return Case.open(directory)

    return copied
