"""When two records are one person: name and birth date, and one way to reach the person."""

from __future__ import annotations

import pytest


def other(taro: dict, **changed: str | None) -> dict:
    return {**taro, **changed}


ONLY_PHONE = {"email": "another@example.jp", "postal_code": "5300001", "address": "大阪府大阪市北区梅田1"}
ONLY_EMAIL = {"phone": "08099990000", "postal_code": "5300001", "address": "大阪府大阪市北区梅田1"}
ONLY_PLACE = {"phone": "08099990000", "email": "another@example.jp"}
NO_CONTACT = {**ONLY_PHONE, "phone": "08099990000"}


@pytest.mark.parametrize("changed", [{}, ONLY_PHONE, ONLY_EMAIL, ONLY_PLACE], ids=["all", "phone", "email", "place"])
def test_name_birth_date_and_one_contact_make_one_person(persons, taro, changed):
    found = persons({"policyholder:7": taro, "quote:3": other(taro, **changed)})
    assert found == {"policyholder:7": "policyholder:7", "quote:3": "policyholder:7"}


def test_name_and_birth_date_alone_do_not(persons, taro):
    found = persons({"policyholder:7": taro, "quote:3": other(taro, **NO_CONTACT)})
    assert found == {"policyholder:7": "policyholder:7", "quote:3": "quote:3"}


@pytest.mark.parametrize(
    "changed",
    [{"birth_date": "1970-05-02"}, {"birth_date": None}, {"kana": "ヤマダ ジロウ", "name": "山田 次郎"}],
    ids=["birth date differs", "birth date unknown", "name differs"],
)
def test_every_contact_equal_is_not_enough(persons, taro, changed):
    """A family shares its telephone, its mail address and its home."""
    found = persons({"policyholder:7": taro, "quote:3": other(taro, **changed)})
    assert len(set(found.values())) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"kana": "ﾔﾏﾀﾞ ﾀﾛｳ"},
        {"kana": "やまだ　たろう"},
        {"kana": "ヤマダタロウ", "name": "山田太郎"},
        {"kana": None},
        {"kana": "", "name": "山田　太郎"},
        {"phone": "090-1234-5678", "email": None, "address": None},
        {"phone": "+81 90-1234-5678", "email": None, "address": None},
        {"phone": "０９０（１２３４）５６７８", "email": None, "address": None},
        {"phone": None, "email": " Taro@Example.JP ", "address": None},
        {"phone": None, "email": None, "postal_code": "〒100-0005", "address": "東京都千代田区丸の内１丁目２番３号"},
        {"phone": None, "email": None, "address": "東京都千代田区丸の内一丁目2番地の3"},
        {"phone": None, "email": None, "address": "東京都千代田区 丸の内１－２－３"},
        {"birth_date": "1970/05/01"},
        {"birth_date": "19700501"},
    ],
    ids=lambda changed: "、".join(f"{key} {value}" for key, value in changed.items() if value),
)
def test_spelling_is_not_identity(persons, taro, changed):
    found = persons({"policyholder:7": taro, "quote:3": other(taro, **changed)})
    assert set(found.values()) == {"policyholder:7"}


def test_variant_characters_of_a_name_are_one_writing(persons, taro):
    found = persons(
        {
            "quote:1": other(taro, name="髙﨑 渡", kana="タカサキ ワタル"),
            "quote:2": other(taro, name="高崎 渡", kana="タカサキ ワタル"),
        }
    )
    assert found["quote:2"] == "quote:1"


@pytest.mark.parametrize("phone", ["0000000000", "000-000-0000", "なし", "", "12345"])
def test_a_telephone_number_that_says_nothing_joins_nobody(persons, taro, phone):
    nowhere = {"email": None, "postal_code": None, "address": None, "phone": phone}
    found = persons({"quote:1": other(taro, **nowhere), "quote:2": other(taro, **nowhere)})
    assert len(set(found.values())) == 2


def test_matches_are_joined_through_a_third_record(persons, taro):
    """The old record shares the telephone with the middle one, the middle one the mail address with the new one."""
    old = other(taro, **ONLY_PHONE)
    new = other(taro, phone="08099990000", postal_code="9800001", address="宮城県仙台市青葉区1")
    assert len(set(persons({"quote:1": old, "quote:2": new}).values())) == 2
    assert persons({"quote:1": old, "quote:2": new, "quote:3": taro}) == {
        "quote:1": "quote:1",
        "quote:2": "quote:1",
        "quote:3": "quote:1",
    }


def test_records_that_contradict_each_other_stay_apart_and_are_named(link, taro):
    """A record without a reading matches both readings of the same characters."""
    linkage = link(
        {
            "quote:1": other(taro, name="東海林 茂", kana="ショウジ シゲル"),
            "quote:2": other(taro, name="東海林 茂", kana=None),
            "quote:3": other(taro, name="東海林 茂", kana="トウカイリン シゲル"),
        }
    )
    assert [row["person_id"] for row in linkage.persons.to_pylist()] == ["quote:1", "quote:2", "quote:3"]
    assert linkage.conflicts.to_pylist() == [
        {"conflict_id": "quote:1", "subject": f"quote:{n}", "person_id": f"quote:{n}", "differing": "reading"}
        for n in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("changed", "differing"),
    [({"gender": "female"}, "gender"), ({"name": "山田 多郎"}, "name")],
    ids=["gender", "name"],
)
def test_a_secondary_identifier_that_conflicts_prevents_the_merge(link, taro, changed, differing):
    linkage = link({"quote:1": taro, "quote:2": other(taro, **changed), "quote:3": taro})
    assert [row["person_id"] for row in linkage.persons.to_pylist()] == ["quote:1", "quote:2", "quote:1"]
    assert {row["differing"] for row in linkage.conflicts.to_pylist()} == {differing}


def test_an_unspecified_gender_conflicts_with_nothing(link, taro):
    linkage = link({"quote:1": taro, "quote:2": other(taro, gender="unspecified")})
    assert linkage.persons["person_id"].to_pylist() == ["quote:1", "quote:1"]
    assert linkage.conflicts.num_rows == 0


def test_an_organisation_is_never_a_person_and_one_only_with_name_and_place_equal(link, taro):
    linkage = link(
        {
            "quote:1": taro,
            "clinic:1": taro,
            "clinic:2": other(taro, postal_code="1000006"),
            "agency:5": other(taro, phone=None),
            "agency:6": {"name": "山田 太郎"},
            "agency:7": {"name": "山田 太郎"},
        }
    )
    assert [(row["subject"], row["person_id"], row["kind"]) for row in linkage.persons.to_pylist()] == [
        ("agency:5", "agency:5", "organisation"),
        ("agency:6", "agency:6", "organisation"),
        ("agency:7", "agency:7", "organisation"),
        ("clinic:1", "agency:5", "organisation"),
        ("clinic:2", "clinic:2", "organisation"),
        ("quote:1", "quote:1", "person"),
    ]


def test_a_snapshot_without_a_record_table_is_refused(inventory, taro):
    from kakuho.errors import KakuhoError
    from kakuho.people import link_persons

    with pytest.raises(KakuhoError, match="no table for the records of 'policyholder'"):
        link_persons({}, inventory)
