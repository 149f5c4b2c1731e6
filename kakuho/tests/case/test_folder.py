"""The case folder: made once, opened anywhere, its inventory sealed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kakuho.case import Case
from kakuho.case.files import sha256_of
from kakuho.errors import IntegrityError, KakuhoError, UsageError


def test_a_new_case_has_its_places_and_says_so_in_the_journal(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "事案", name="2025-04 不正アクセス", by="tanaka")
    names = ["assessments", "case.toml", "evidence", "journal.jsonl", "lake", "publications"]
    assert sorted(path.name for path in case.directory.iterdir()) == names
    (entry,) = case.journal.entries()
    assert (entry.act, entry.who) == ("case.created", "tanaka")
    assert os.fspath(case.journal) == str(case.directory / "journal.jsonl")


def test_unfilled_fields_are_visible_in_what_is_declared(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case", name='引用符"と\\')
    opened = Case.open(case.directory)
    assert opened.settings.name == '引用符"と\\'
    assert opened.settings.time_zone == "Asia/Tokyo"
    assert opened.settings.organisation.ja == "【要記入】"
    assert opened.settings.contact.desk_en == "[TO BE FILLED IN]"


def test_a_folder_with_anything_in_it_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "memo.txt").write_text("x")
    with pytest.raises(UsageError):
        Case.create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["memo.txt"]


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfeA"])
def test_a_case_is_not_made_with_an_inventory_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    inventory = tmp_path / "inventory.yaml"
    if content is not None:
        inventory.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        Case.create(tmp_path / "case", inventory=inventory)
    assert str(inventory) in caught.value.where and caught.value.remedy
    assert not (tmp_path / "case").exists()


def test_the_inventory_is_copied_and_sealed(tmp_path: Path) -> None:
    inventory = tmp_path / "inventory.yaml"
    inventory.write_text("inventory: 1\n")
    case = Case.create(tmp_path / "case", inventory=inventory)
    inventory.write_text("changed later\n")
    assert case.inventory_path.read_text() == "inventory: 1\n"
    case.check_inventory()
    case.inventory_path.write_text("inventory: 2\n")
    with pytest.raises(IntegrityError):
        case.check_inventory()


@pytest.mark.parametrize(
    ("toml", "field"),
    [
        ("name = ", ""),
        ('name = ""', "name"),
        ('name = "a"\ntime_zone = "Tokyo"', "time_zone"),
        ('name = "a"\nx = 1', "x"),
    ],
)
def test_a_wrong_case_toml_is_told_by_its_field(tmp_path: Path, toml: str, field: str) -> None:
    case = Case.create(tmp_path / "case")
    (case.directory / "case.toml").write_text(toml)
    with pytest.raises(UsageError) as caught:
        Case.open(case.directory)
    assert "case.toml" in caught.value.where and field in caught.value.where


def test_a_folder_without_case_toml_is_no_case(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        Case.open(tmp_path)


def test_only_one_kakuho_changes_a_case_at_a_time(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case")
    with case.lock(), pytest.raises(KakuhoError), Case.open(case.directory).lock():
        pass
    with Case.open(case.directory).lock():
        pass


def test_a_medium_that_does_not_give_its_bytes_is_told_in_words() -> None:
    unreadable = Path("/proc/self/mem")  # its first page cannot be read: an input/output error, as of a bad disk
    with pytest.raises(KakuhoError) as caught:
        sha256_of(unreadable)
    assert caught.value.where == str(unreadable) and caught.value.remedy
