"""Each fault of an inventory: line, column, what is wrong in both languages, and the name that was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from kakuho.inventory import InventoryError, load_inventory

TEXT = """\
inventory: 1
system: clinic
categories:
- {id: patient, kind: person, label: {ja: 患者, en: Patients}}
items:
- {id: name, data_category: user.name, label: {ja: 氏名, en: name}}
dataset:
- fides_key: clinic
  collections:
  - name: patient
    kakuho: {key: id, record_of: patient}
    fields:
    - {name: id, data_categories: [system.operations]}
    - {name: name, data_categories: [user.name], kakuho: {item: name}}
"""


def error_of(tmp_path: Path, good: str, bad: str) -> InventoryError:
    assert good in TEXT
    path = tmp_path / "inventory.yaml"
    path.write_text(TEXT.replace(good, bad), encoding="utf-8")
    with pytest.raises(InventoryError) as caught:
        load_inventory(path)
    return caught.value


@pytest.mark.parametrize(
    ("good", "bad", "line", "column", "remedy"),
    [
        ("record_of: patient}", "recrod_of: patient}", 11, 23, "did you mean 'record_of'?"),
        ("record_of: patient}", "record_of: patiant}", 11, 34, "did you mean 'patient'?"),
        ("kind: person", "kind: persn", 4, 23, "did you mean 'person'?"),
        ("{item: name}}", "{itme: name}}", 14, 59, "did you mean 'item'?"),
        ("{key: id,", "{key: ID_,", 11, 19, "there are: id, name"),
        ("label: {ja: 患者, en: Patients}", "label: {ja: 患者}", 4, 38, "add en"),
        ("data_categories: [user.name]", "data_categories: user.name", 14, 37, "docs/inventory.md"),
    ],
)
def test_a_fault_has_line_column_and_remedy(
    tmp_path: Path, good: str, bad: str, line: int, column: int, remedy: str
) -> None:
    error = error_of(tmp_path, good, bad)
    assert (error.faults[0].position.line, error.faults[0].position.column) == (line, column)
    assert f"line {line}, column {column}" in error.where
    assert remedy in error.remedy


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    error = error_of(tmp_path, "fields:", "feilds:")
    assert [fault.position.line for fault in error.faults] == [10, 12]
    assert "line 12, column 5" in error.remedy


def test_a_fault_is_told_in_japanese_too(tmp_path: Path) -> None:
    error = error_of(tmp_path, "record_of: patient}", "record_of: patiant}")
    assert getattr(error.what, "ja", "") == "表 'patient': 区分 'patiant' がありません。"
    assert getattr(error.remedy, "ja", "") == "'patient' ではありませんか。"


def test_a_name_that_is_there_twice_is_a_fault(tmp_path: Path) -> None:
    error = error_of(
        tmp_path, "    - {name: id, data", "    - {name: name, data_categories: []}\n    - {name: id, data"
    )
    assert "twice" in error.what
    assert error.faults[0].position.line == 15


def test_parts_of_an_object_are_fields_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    nested = "    - {name: home, fields: [{name: street, data_categories: [user.contact.address]}]}\n"
    path.write_text(TEXT + nested, encoding="utf-8")
    assert [field.name for field in load_inventory(path).collection("patient").fields] == [
        "id", "name", "home", "home.street",
    ]  # fmt: skip


BACKUP = """
access_paths:
- {id: nightly, kind: backup, files: ['/b/*'], collections: [patient], items: [name], written: '03:00'}
"""


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ("items: [name]", "items: [nmae]", "did you mean 'name'?"),
        ("collections: [patient]", "collections: [patent]", "did you mean 'patient'?"),
        ("kind: backup", "kind: host", "correct kind"),
        ("written: '03:00'", "written: '3 a.m.'", "docs/inventory.md"),
    ],
)
def test_what_a_backup_says_of_its_files_is_checked(tmp_path: Path, good: str, bad: str, told: str) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(TEXT + BACKUP, encoding="utf-8")
    assert load_inventory(path).access_paths[0].is_by_file
    path.write_text(TEXT + BACKUP.replace(good, bad), encoding="utf-8")
    with pytest.raises(InventoryError) as raised:
        load_inventory(path)
    assert told in raised.value.remedy
