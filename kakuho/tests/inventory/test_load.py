"""Reading an inventory: what holds, and each fault told with the line that holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kakuho.errors import KakuhoError
from kakuho.inventory import load_inventory

GOOD = """\
inventory: 1
system: clinic
categories:
- {id: patient, kind: person, label: {ja: 患者, en: Patients}}
items:
- {id: name, data_category: user.name, label: {ja: 氏名, en: name}}
- {id: phone, data_category: user.contact.phone_number, label: {ja: 電話番号, en: phone}}
dataset:
- fides_key: clinic
  collections:
  - name: patient
    kakuho: {key: id, record_of: patient}
    fields:
    - {name: id}
    - {name: name, data_categories: [user.name], kakuho: {item: name}}
  - name: visit
    kakuho: {key: id, subject: [{field: patient_id, collection: patient}]}
    fields:
    - {name: id}
    - {name: patient_id}
    - {name: called_back_on, kakuho: {item: phone}}
access_paths:
- {id: web.visit, kind: route, path: '^/visits/(?P<key>\\d+)$', shows: [{subject: 'visit:{key}', items: [phone]}]}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "inventory.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_record_has_the_items_of_the_rows_that_lead_to_it(tmp_path: Path) -> None:
    inventory = load_inventory(written(tmp_path, GOOD))
    assert inventory.record_items("patient") == ("name", "phone")
    assert inventory.records_of("visit") == ("patient",)
    assert inventory.collection("visit").items() == {"phone": ("called_back_on",)}


@pytest.mark.parametrize(
    ("good", "bad", "line", "said"),
    [
        ("inventory: 1", "inventory: 2", 1, "version 1"),
        ("system: clinic", "system: [", 4, "YAML"),
        ("kind: person, label", "kind: ghost, label", 4, "does not hold"),
        ("record_of: patient}", "record_of: nobody}", 12, "no category 'nobody'"),
        ("{item: name}}", "{item: nmae}}", 15, "no item 'nmae'"),
        ("collection: patient}]", "collection: pateint}]", 17, "no collection 'pateint'"),
        ("subject: [{field: patient_id", "subject: [{field: person_id", 17, "no field 'person_id'"),
        ("(?P<key>\\d+)", "(?P<key>\\d+", 23, "web.visit"),
        ("items: [phone]", "items: [fax]", 23, "no item 'fax'"),
        ("kakuho: {key: id, record_of: patient}", "kakuho: {key: id}", 11, "leads to nobody"),
        ("system: clinic", "system: clinic\nsurprise: 1", 3, "surprise"),
        ("items: [phone]", "items: [phone], pages: {size: 20, order: [phone, id]}", 23, "then its key"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, good: str, bad: str, line: int, said: str) -> None:
    assert good in GOOD
    with pytest.raises(KakuhoError) as caught:
        load_inventory(written(tmp_path, GOOD.replace(good, bad)))
    assert f"line {line}" in caught.value.where
    assert said in caught.value.what + caught.value.where


def test_a_file_that_is_no_text_or_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    with pytest.raises(KakuhoError, match="cannot be read"):
        load_inventory(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KakuhoError, match="cannot be read"):
        load_inventory(path)


def test_a_subject_that_leads_back_to_itself_is_told(tmp_path: Path) -> None:
    text = GOOD.replace("collection: patient}]", "collection: visit}]")
    with pytest.raises(KakuhoError, match="back to itself"):
        load_inventory(written(tmp_path, text))


KEYED = GOOD.replace("{item: phone}", "{item: phone, protection: {encrypted: vault}}") + (
    "- {id: host, kind: host, collections: '*'}\nkeys:\n- {id: vault, reached_by: [host]}\n"
)


def test_a_column_says_under_which_key_it_is_kept_and_the_key_by_which_paths_it_is_reached(tmp_path: Path) -> None:
    inventory = load_inventory(written(tmp_path, KEYED))
    protection = inventory.collection("visit").protection_of("called_back_on")
    assert protection is not None
    assert protection.encrypted == "vault"
    assert [(key.id, key.reached_by) for key in inventory.keys] == [("vault", ("host",))]
    assert inventory.is_encrypted("patient", "phone")
    assert not inventory.is_encrypted("patient", "name")


@pytest.mark.parametrize(
    ("good", "bad", "line", "said"),
    [
        ("encrypted: vault", "encrypted: valt", 21, "no key 'valt'"),
        ("reached_by: [host]", "reached_by: [hots]", 26, "no path 'hots'"),
        ("reached_by: [host]", "reached_by: []", 26, "is empty"),
        ("encrypted: vault", "encrypted: vault, hashed: true", 21, "exactly one of"),
    ],
)
def test_a_key_that_leads_nowhere_is_told_with_its_line(
    tmp_path: Path, good: str, bad: str, line: int, said: str
) -> None:
    with pytest.raises(KakuhoError) as caught:
        load_inventory(written(tmp_path, KEYED.replace(good, bad)))
    assert f"line {line}," in str(caught.value)
    assert said in str(caught.value)
