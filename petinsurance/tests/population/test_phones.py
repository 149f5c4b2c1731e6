"""Telephone numbers are valid by the numbering plan, and never freephone, special or emergency numbers."""

import numpy as np
import phonenumbers
import pytest
from phonenumbers import PhoneNumberType, geocoder

from petinsurance.population.dice import Dice
from petinsurance.population.phones import landlines, mobiles
from petinsurance.population.prefectures import prefectures

ORDINARY = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE}
ROMAN = (
    *("Hokkaido", "Aomori", "Iwate", "Miyagi", "Akita", "Yamagata", "Fukushima", "Ibaraki", "Tochigi"),
    *("Gunma", "Saitama", "Chiba", "Tokyo", "Kanagawa", "Niigata", "Toyama", "Ishikawa", "Fukui"),
    *("Yamanashi", "Nagano", "Gifu", "Shizuoka", "Aichi", "Mie", "Shiga", "Kyoto", "Osaka"),
    *("Hyogo", "Nara", "Wakayama", "Tottori", "Shimane", "Okayama", "Hiroshima", "Yamaguchi", "Tokushima"),
    *("Kagawa", "Ehime", "Kochi", "Fukuoka", "Saga", "Nagasaki", "Kumamoto", "Oita", "Miyazaki"),
    *("Kagoshima", "Okinawa"),
)


def test_every_number_is_valid_and_ordinary(persons, rows):
    for row in [*persons, *rows("clinic")]:
        if row["phone"]:
            number = phonenumbers.parse(row["phone"], "JP")
            assert phonenumbers.is_valid_number(number), row["id"]
            assert phonenumbers.number_type(number) in ORDINARY, row["id"]


def test_mobile_numbers_start_with_070_080_or_090_and_differ():
    numbers = mobiles(Dice(1, "a test"), 20_000).to_pylist()
    assert {number[:3] for number in numbers} == {"070", "080", "090"}
    assert not any(number.startswith("080-0") for number in numbers)  # 0800 is freephone
    assert len(set(numbers)) == 20_000


@pytest.mark.parametrize("place", range(47))
def test_area_codes_fit_the_prefecture(place):
    for text in landlines(Dice(1, "a test"), np.full(60, place)).to_pylist():
        number = phonenumbers.parse(text, "JP")
        assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL) == text
        assert ROMAN[place] in geocoder.description_for_number(number, "en"), prefectures()[place].name
