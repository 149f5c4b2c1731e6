"""Names are written as they are read, fit the person's sex, and fit the generation."""

import unicodedata
from collections import Counter

import jaconv

from petinsurance.population.names import given_names, romaji, surnames
from petinsurance.population.wordlists import entries


def readings():
    """Every full name that there can be, without space, with its readings."""
    known = {}
    for family, family_kana in zip(surnames().kanji.to_pylist(), surnames().kana.to_pylist(), strict=True):
        for given, given_kana in zip(given_names().kanji.to_pylist(), given_names().kana.to_pylist(), strict=True):
            known.setdefault(family + given, set()).add(family_kana + given_kana)
    return known


def katakana(kana: str) -> str:
    return jaconv.hira2kata(unicodedata.normalize("NFKC", kana)).replace(" ", "")


def test_there_are_enough_names():
    assert len(entries("surnames")) >= 200
    assert len(entries("given_female")) >= 150
    assert len(entries("given_male")) >= 150


def test_lists_are_written_in_kanji_and_read_in_katakana():
    for name in ("surnames", "given_female", "given_male"):
        for _, kana, *_ in entries(name):
            assert all("ァ" <= letter <= "ヶ" or letter == "ー" for letter in kana), kana


def test_every_record_is_read_as_it_is_written(persons):
    known = readings()
    for person in persons:
        name = person["name"].replace("　", "").replace(" ", "")
        assert katakana(person["kana"]) in known[name], person["subject"]


def test_given_names_fit_the_gender(persons):
    women = {name for name, *_ in entries("given_female")}
    men = {name for name, *_ in entries("given_male")}
    for person in persons:
        given = person["name"].replace("　", " ").split(" ")
        if len(given) == 2 and person["gender"] == "female":
            assert given[1] in women, person["subject"]
        if len(given) == 2 and person["gender"] == "male":
            assert given[1] in men, person["subject"]


def test_given_names_fit_the_generation(persons):
    born = [person["birth_date"].year for person in persons if person["name"].endswith("和子") and person["birth_date"]]
    assert born
    assert all(year < 1965 for year in born)


def test_variant_characters_occur():
    assert {"髙橋", "齋藤", "斉藤", "山﨑", "渡邊"} <= set(surnames().kanji.to_pylist())
    plain = surnames().kanji.to_pylist()[surnames().plain[surnames().kanji.to_pylist().index("髙橋")]]
    assert plain == "高橋"


def test_records_are_spelled_in_many_ways(persons):
    spaces = Counter("　" in person["name"] or " " in person["name"] for person in persons)
    assert min(spaces[True], spaces[False]) > 500
    assert any(person["kana"] != unicodedata.normalize("NFKC", person["kana"]) for person in persons)  # half width
    assert any("ぁ" <= letter <= "ん" for person in persons for letter in person["kana"])


def test_mail_addresses_write_long_vowels_short():
    assert (romaji("サトウ"), romaji("オオノ"), romaji("ユウキ"), romaji("ジュンコ")) == (
        "sato",
        "ono",
        "yuki",
        "junko",
    )
