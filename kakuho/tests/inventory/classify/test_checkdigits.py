"""Check digits, on numbers that their issuers publish as examples or that are public."""

from __future__ import annotations

import pytest

from kakuho.inventory.classify.checkdigits import is_card_number, is_corporate_number, is_my_number


def test_a_my_number_has_a_right_check_digit() -> None:
    assert is_my_number("123456789018")
    assert [digit for digit in "0123456789" if is_my_number(f"12345678901{digit}")] == ["8"]
    assert not is_my_number("１２３４５６７８９０１８")
    assert not is_my_number("12345678901")


def test_a_corporate_number_has_a_right_check_digit() -> None:
    assert is_corporate_number("7000012050002")  # 国税庁
    assert is_corporate_number("8700110005901")  # the example of the ordinance
    assert not is_corporate_number("7000012050003")


@pytest.mark.parametrize("number", ["4111111111111111", "5555555555554444", "378282246310005", "3530111333300000"])
def test_test_numbers_of_card_schemes_are_card_numbers(number: str) -> None:
    assert is_card_number(number)
    assert not is_card_number(number[:-1] + str((int(number[-1]) + 1) % 10))


def test_a_number_with_a_right_luhn_digit_but_no_issuer_is_no_card_number() -> None:
    assert not is_card_number("0000000000000000")
