"""Events name subjects and items; whatever could be a personal value does not fit into them."""

from __future__ import annotations

import pytest

from disclosure_ledger import Actor, Disclosure
from disclosure_ledger.errors import InvalidNoteError
from disclosure_ledger.event import merged


def test_items_are_sorted_and_an_item_shown_in_full_is_not_masked() -> None:
    disclosure = Disclosure("policyholder:12", ["phone", "name", "phone"], ["name", "bank_account"])
    assert disclosure.items == ("name", "phone")
    assert disclosure.masked == ("bank_account",)


def test_disclosures_of_one_subject_become_one_sorted_by_subject() -> None:
    assert merged(
        [
            Disclosure("policyholder:2", [], ["phone"]),
            Disclosure("clinic:7", ["name"]),
            Disclosure("policyholder:2", ["phone"], ["bank_account"]),
        ]
    ) == (Disclosure("clinic:7", ["name"]), Disclosure("policyholder:2", ["phone"], ["bank_account"]))


@pytest.mark.parametrize("value", ["試験太郎", "090-0000-0000", "taro@example.jp", "東京都千代田区:1", "a:b c"])
def test_a_personal_value_passed_as_subject_is_refused_and_not_repeated(value: str) -> None:
    with pytest.raises(InvalidNoteError) as refusal:
        Disclosure(value, ["name"])
    assert value not in refusal.value.text("ja")
    assert value not in refusal.value.text("en")


@pytest.mark.parametrize("value", ["試験太郎", "Name", "taro@example.jp", "1980-01-01", ""])
def test_a_personal_value_passed_as_item_is_refused(value: str) -> None:
    with pytest.raises(InvalidNoteError, match="must be a name of a-z"):
        Disclosure("policyholder:12", [value])
    with pytest.raises(InvalidNoteError, match="must be a name of a-z"):
        Disclosure("policyholder:12", [], [value])


def test_an_actor_is_named_by_id_not_by_name() -> None:
    assert Actor("staff", "account:3", "claims").role == "claims"
    with pytest.raises(InvalidNoteError, match=r"Actor\.id must be <collection>:<key>"):
        Actor("staff", "試験花子")
