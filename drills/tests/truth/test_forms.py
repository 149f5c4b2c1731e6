"""A value is found in every form that it is shown in, and not in what only looks like it."""

from datetime import date, datetime

import pytest

from drills.truth.forms import JAPAN, PageText, date_forms, moment_forms


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("name", "山田 花子", "山田　花子 さま"),
        ("name", "髙橋 ｹﾝｲﾁ", "髙橋 ケンイチ"),
        ("kana", "ヤマダ ハナコ", "ﾔﾏﾀﾞ ﾊﾅｺ"),
        ("gender", "female", "性別 女性"),
        ("birth_date", "1980-01-02", "1980年1月2日"),
        ("birth_date", "1980-01-02", "1980/01/02"),
        ("birth_date", "1980-01-02", "昭和55年1月2日"),
        ("phone", "09012345678", "電話 090-1234-5678"),
        ("phone", "03-1234-5678", "０３（１２３４）５６７８"),
        ("postal_code", "1500001", "〒150-0001"),
        ("address", "東京都渋谷区神宮前1-2-3", "東京都渋谷区神宮前１－２－３".replace("－", "-")),
        ("amount_paid", "8400", "8,400円"),
        ("amount_paid", "8400", "¥8400"),
        ("noted_at", "2025-03-01 01:05:00+00", "2025年3月1日 10:05"),
        ("account_number", "0012345", "口座番号 0012345"),
    ],
)
def test_a_value_is_found(column: str, value: str, shown: str) -> None:
    assert PageText(shown).shows(column, value)


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("amount_paid", "400", "8,400円"),
        ("amount_paid", "8400", "18,400円"),
        ("account_number", "0012345", "****345"),
        ("account_number", "0012345", "90012345"),
        ("phone", "09012345678", "090-1234-5679"),
        ("birth_date", "1980-01-02", "1980年1月21日"),
        ("birth_date", "1980-01-02", "11980/01/02"),
        ("gender", "male", "女性"),
        ("policy_number", "P00012", "P000123"),
    ],
)
def test_what_only_looks_like_it_is_not_found(column: str, value: str, shown: str) -> None:
    assert not PageText(shown).shows(column, value)


def test_the_forms_of_a_date() -> None:
    assert date_forms(date(2025, 3, 9)) == [
        "2025-03-09",
        "2025/03/09",
        "2025/3/9",
        "2025年3月9日",
        "2025年03月09日",
        "令和7年3月9日",
        "平成37年3月9日",
        "昭和100年3月9日",
    ]


def test_a_moment_is_shown_in_japans_time() -> None:
    assert "2025年3月1日 9:05" in moment_forms(datetime(2025, 3, 1, 9, 5, tzinfo=JAPAN))
