"""A small system of two categories of persons and two of organisations, with records given as rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from kakuho.inventory import Category, Collection, DataField, Inventory, Item, Label
from kakuho.people import Linkage, link_persons

LABEL = Label(ja="区分", en="category")
PERSON_COLUMNS = {
    "name": "name", "kana": "name", "gender": "gender", "birth_date": "birth_date",
    "postal_code": "address", "address": "address", "phone": "phone", "email": "email",
}  # fmt: skip
ITEMS = {
    "name": "user.name",
    "address": "user.contact.address",
    "gender": "user.demographic.gender",
    "birth_date": "user.demographic.date_of_birth",
    "phone": "user.contact.phone_number",
    "email": "user.contact.email",
}
COLLECTIONS = {"policyholder": "policyholder", "quote": "prospect", "clinic": "clinic", "agency": "agency"}

TARO = {
    "name": "山田 太郎", "kana": "ヤマダ タロウ", "gender": "male", "birth_date": "1970-05-01",
    "postal_code": "1000005", "address": "東京都千代田区丸の内1-2-3",
    "phone": "09012345678", "email": "taro@example.jp",
}  # fmt: skip

Records = dict[str, dict[str, str | None]]


def small_inventory() -> Inventory:
    fields = (DataField(name="id"), *(DataField(name=name, item=item) for name, item in PERSON_COLUMNS.items()))
    return Inventory(
        system="test",
        categories=tuple(
            Category(
                id=category, kind="person" if category in ("policyholder", "prospect") else "organisation", label=LABEL
            )
            for category in COLLECTIONS.values()
        ),
        items=tuple(Item(id=item, data_category=key, label=LABEL) for item, key in ITEMS.items()),
        collections=tuple(
            Collection(name=name, key="id", record_of=category, fields=fields) for name, category in COLLECTIONS.items()
        ),
    )


def tables(records: Records) -> dict[str, pa.Table]:
    """Tables of ``{"quote:2": {column: value}}``; columns that are not given are null."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in COLLECTIONS}
    for subject, values in records.items():
        collection, key = subject.split(":")
        rows[collection].append({"id": int(key), **values})
    schema = pa.schema([("id", pa.int64()), *((column, pa.string()) for column in PERSON_COLUMNS)])
    return {name: pa.Table.from_pylist(found, schema=schema) for name, found in rows.items()}


@pytest.fixture(scope="session")
def inventory() -> Inventory:
    return small_inventory()


@pytest.fixture(scope="session")
def taro() -> dict[str, str | None]:
    return dict(TARO)


@pytest.fixture(scope="session")
def link() -> Callable[[Records], Linkage]:
    return lambda records: link_persons(tables(records), small_inventory())


@pytest.fixture(scope="session")
def persons(link: Callable[[Records], Linkage]) -> Callable[[Records], dict[str, str]]:
    """subject → person_id of some records."""

    def found(records: Records) -> dict[str, str]:
        rows = link(records).persons.to_pylist()
        return {row["subject"]: row["person_id"] for row in rows}

    return found
