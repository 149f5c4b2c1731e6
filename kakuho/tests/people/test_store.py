"""An assessment's persons are written beside its verdicts, the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kakuho.case import Case
from kakuho.people import write

INVENTORY = """
inventory: 1
system: test
categories: [{id: prospect, kind: person, label: {ja: 見込み, en: prospects}}]
items:
- {id: name, data_category: user.name, label: {ja: 氏名, en: name}}
- {id: birth_date, data_category: user.demographic.date_of_birth, label: {ja: 生年月日, en: birth date}}
- {id: phone, data_category: user.contact.phone_number, label: {ja: 電話番号, en: phone}}
dataset:
- fides_key: db
  collections:
  - name: quote
    kakuho: {key: id, record_of: prospect}
    fields:
    - {name: id}
    - {name: name, kakuho: {item: name}}
    - {name: kana, kakuho: {item: name}}
    - {name: birth_date, kakuho: {item: birth_date}}
    - {name: phone, kakuho: {item: phone}}
"""


@pytest.fixture
def case(tmp_path: Path, taro) -> Case:
    import pyarrow as pa

    inventory = tmp_path / "inventory.yaml"
    inventory.write_text(INVENTORY, encoding="utf-8")
    case = Case.create(tmp_path / "case", inventory=inventory)
    snapshot = case.lake / "snapshot"
    snapshot.mkdir(parents=True)
    columns = {name: [taro[name]] * 2 for name in ("name", "kana", "birth_date", "phone")}
    pq.write_table(pa.table({"id": [1, 2], **columns, "price": ["1", "2"]}), snapshot / "quote.parquet")
    (case.assessments / "001").mkdir()
    return case


def test_persons_and_conflicts_are_written(case):
    folder = case.assessments / "001"
    write(case, folder)
    assert pq.read_table(folder / "persons.parquet").to_pylist() == [
        {"subject": "quote:1", "category": "prospect", "person_id": "quote:1", "kind": "person"},
        {"subject": "quote:2", "category": "prospect", "person_id": "quote:1", "kind": "person"},
    ]
    assert pq.read_table(folder / "person_conflicts.parquet").num_rows == 0
    before = (folder / "persons.parquet").read_bytes()
    write(case, folder)
    assert (folder / "persons.parquet").read_bytes() == before
