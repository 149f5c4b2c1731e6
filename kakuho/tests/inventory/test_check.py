"""``kakuho inventory check``: an owner's CI fails on what nobody classified and on what is no longer there."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from kakuho.cli import main

INVENTORY = """\
inventory: 1
system: shop
categories:
- {id: customer, kind: person, label: {ja: 顧客, en: Customers}}
items:
- {id: name, data_category: user.name, label: {ja: 氏名, en: name}}
dataset:
- fides_key: shop
  collections:
  - name: customer
    kakuho: {key: id, record_of: customer}
    fields:
    - {name: id, data_categories: [system.operations]}
    - {name: name, data_categories: [user.name], kakuho: {item: name}}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "inventory.yaml").write_text(INVENTORY, encoding="utf-8")
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT)")
        connection.execute("CREATE VIEW names AS SELECT name FROM customer")
    connection.close()
    return tmp_path


def changed(shop: Path, *statements: str) -> None:
    with sqlite3.connect(shop / "shop.db") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def findings(shop: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[tuple[str, int, int]]]:
    code = main(["inventory", "check", str(shop / "inventory.yaml"), "--against", str(shop / "shop.db"), "--json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return code, [(one["kind"], one["line"], one["column"]) for one in found]


def test_an_inventory_that_names_all_there_is_passes_and_views_are_no_tables(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert findings(shop, capsys) == (0, [])


def test_a_new_column_and_a_new_table_fail(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(shop, "ALTER TABLE customer ADD COLUMN phone TEXT", "CREATE TABLE visit (id INTEGER PRIMARY KEY)")
    assert findings(shop, capsys) == (1, [("unlisted_table", 9, 3), ("unlisted_column", 10, 5)])


def test_what_is_gone_fails_with_the_line_of_its_entry(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(shop, "DROP VIEW names", "ALTER TABLE customer RENAME COLUMN name TO names")
    assert findings(shop, capsys) == (1, [("unlisted_column", 10, 5), ("gone_column", 14, 14)])


def test_a_dangling_link_and_a_drafts_doubt_fail(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shop / "inventory.yaml"
    path.write_text(INVENTORY.replace("{item: name}", "{item: name, review: true}"), encoding="utf-8")
    assert findings(shop, capsys) == (1, [("review", 14, 71)])
    path.write_text(
        INVENTORY.replace("record_of: customer", "subject: [{field: id, collection: nobody}]"), encoding="utf-8"
    )
    assert findings(shop, capsys) == (1, [("invalid", 11, 57)])


def test_a_column_without_a_category_fails(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shop / "inventory.yaml"
    path.write_text(
        INVENTORY.replace("{name: id, data_categories: [system.operations]}", "{name: id}"), encoding="utf-8"
    )
    assert findings(shop, capsys) == (1, [("unclassified", 13, 7)])


def test_people_read_file_line_and_column(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(shop, "ALTER TABLE customer ADD COLUMN phone TEXT")
    path = shop / "inventory.yaml"
    assert main(["--lang", "en", "inventory", "check", str(path), "--against", str(shop / "shop.db")]) == 1
    told = capsys.readouterr().out
    assert f"{path}:10:5: column customer.phone is not in the inventory; add it to fields" in told
